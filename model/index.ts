/**
 * The pure part of Gatehouse: what an environment is, and everything that follows from it. No Pulumi, no network, no file, no clock.
 * Everybody imports it; it imports nothing of ours.
 */
export * from "./access";
export * from "./document";
export * from "./environment";
export * from "./evidence";
export * from "./identity-providers";
export * from "./platforms";
export * from "./review";
export * from "./stack-file";
export * from "./text";
export { failureKinds, runAgain, takeInOrDelete, type FailureCause } from "./failure-causes";
export { descriptionJsonSchema, documentJsonSchema, evidenceJsonSchema, reviewJsonSchema, stackJsonSchema } from "./json-schema";
export { checklistOf, type Checklist, type ChecklistClient } from "./checklist";
