/** The pure part of Gatehouse: what an environment is, and everything that follows from it. No Pulumi. */
export { bindingPlans, grantedGroups, type BindingPlan } from "./access/grants";
export * from "./access/rules";
export { compatibility, type Compatibility } from "./environment/compatibility";
export {
  documentCodes,
  documentSchema,
  documentVersion,
  environmentDocument,
  environmentRisks,
  InvalidDocumentError,
  readDocument,
  type DocumentCode,
  type DocumentGrant,
  type DocumentPlatform,
  type EnvironmentDocument,
  type ResolvedEnvironment,
} from "./document/schema";
export {
  environmentSchema,
  expiredGrantGraceDays,
  groupName,
  parseEnvironment,
  type Environment,
  type GroupSpec,
  type ParsedEnvironment,
} from "./environment/schema";
export * from "./identity-providers";
export * from "./platforms";
export { expandPeople, groupsToExpand, type GroupMembers, type KnownPerson, type PersonAccess, type PersonBinding } from "./access/people";
export { rotationRuleOf, rotationSchedule, type RotationRule, type RotationSchedule, type ScheduledSecret } from "./environment/rotation";
export { diagnosticRedirectUri } from "./identity-providers/diagnostic-redirect";
export { effectiveGroup, effectiveUsername } from "./access/subjects";
export { printable } from "./text/printable";
export { failureExits, GatehouseError, type FailureExit } from "./text/errors";
export { describeReceived, formatPath, formatProblem, InvalidEnvironmentError, withheld, type Problem } from "./text/problems";
export { documentJsonSchema, stackJsonSchema } from "./json-schema";
export { compareText, contentHash, sortKeys, stableJson } from "./text/stable-order";
