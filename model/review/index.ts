/**
 * Reviews of access: when one is due (cycle, missed), the file in which owners decide (schema, rows), what keeps it from being carried
 * out (check), and what was decided (decisions). Never how the file is found, written or applied: that is cli/review-open and its neighbours.
 */
export { reviewProblems } from "./check";
export { carriedOut, type CarriedOutBy } from "./carried-out";
export { isMissed, missedText, reviewCycles, reviewDue, reviewOf, type GrantReview, type ReviewCycle } from "./cycle";
export { decisionText, reviewDecisions, type ReviewDecision } from "./decisions";
export { missedReviews, missedReviewWarnings, type MissedReview } from "./missed";
export { openReview, reviewDigest, reviewRows, rowFacts, type ReviewSupplement } from "./rows";
export { reviewSchema, reviewVersion, type Review, type ReviewMembers, type ReviewRow } from "./schema";
