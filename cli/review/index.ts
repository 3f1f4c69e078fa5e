/**
 * `gatehouse review`: open writes the file in which owners decide, check refuses what is not decided well, apply writes the decisions into
 * the stack file. What a review is, and what keeps it from being carried out, is in model/review.
 */
export { reviewApplyCommand } from "./apply";
export { reviewCheckCommand } from "./check";
export { reviewOpenCommand } from "./open";
