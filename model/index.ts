/** The pure part of Gatehouse: what an environment is, and everything that follows from it. No Pulumi. */
export { bindingPlans, grantedGroups, type BindingPlan } from "./access";
export { compatibility, type Compatibility } from "./compatibility";
export {
  documentSchema,
  documentVersion,
  environmentDocument,
  environmentRisks,
  InvalidDocumentError,
  readDocument,
  type DocumentGrant,
  type DocumentPlatform,
  type EnvironmentDocument,
  type ResolvedEnvironment,
} from "./document";
export {
  environmentSchema,
  expiredGrantGraceDays,
  groupName,
  parseEnvironment,
  type Environment,
  type GroupSpec,
  type ParsedEnvironment,
} from "./environment";
export * from "./identity-providers";
export * from "./platforms";
export { expandPeople, groupsToExpand, type GroupMembers, type KnownPerson, type PersonAccess, type PersonBinding } from "./people";
export { rotationRuleOf, rotationSchedule, type RotationRule, type RotationSchedule, type ScheduledSecret } from "./rotation";
export { explainFailures, graphPermissions, type FailureExplanation } from "./failures";
export { diagnosticRedirectUri } from "./diagnostic";
export { effectiveGroup, effectiveUsername } from "./prefix";
export { printable } from "./printable";
export { describeReceived, formatPath, formatProblem, InvalidEnvironmentError, withheld, type Problem } from "./problems";
export { documentJsonSchema, stackJsonSchema } from "./json-schema";
export { compareText, contentHash, sortKeys, stableJson } from "./stable";
