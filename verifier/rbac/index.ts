/**
 * What a person may really do in a cluster, by Kubernetes' RBAC: pure, without a cluster.
 * Holds the evaluator (as the API server decides), who can, the proof that a change gives nobody more, impersonation and reach.
 * Never reads a cluster, a file or a chart: the command does, and hands objects in.
 */
export { aggregated, aggregatedFrom, selects } from "./aggregation";
export { builtInState, merged } from "./built-in";
export { declaredBindings, groupSubjects, peopleOf, type GroupSubject } from "./declared";
export { accessOf, decideAccess, indexRbac, pathText, whoCan, type AccessDecision, type AccessPath, type RbacIndex } from "./decide";
export { accountOf, accountUsername, identityKeys, subjectKey, systemNames, withImplicitGroups } from "./identity";
export {
  decideImpersonation,
  impersonationModes,
  type ImpersonationDecision,
  type ImpersonationMode,
  type Requester,
  type WantedIdentity,
} from "./impersonation";
export { proveNoNewAccess, type AccessProof, type AccessState, type Gain } from "./proof";
export { InvalidRbacObjectError, rbacObjectCodes, readRbacObjects, type RbacObjectCode } from "./read-objects";
export { heldRules, sceneOf } from "./scene";
export {
  bindingText,
  roleText,
  type LabelSelector,
  type RbacBinding,
  type RbacIdentity,
  type RbacRole,
  type RbacState,
  type RbacSubject,
} from "./state";
