/**
 * Who may do what: grants as RBAC bindings (grants), the names that bindings carry (subjects), groups expanded into people for platforms
 * that cannot read groups (people), rules of RBAC by themselves (rules), and what those lead to (reach). Pure: what an identity provider
 * must be asked for is handed in. Which roles there are belongs to each platform.
 */
export {
  accessKey,
  adoptedAccess,
  bindingPlace,
  subjectKey,
  type AdoptedAccess,
  type AdoptedGrant,
  type HeldAccess,
  type PresentBinding,
} from "./adopted-grants";
export { ownerAnnotation, reviewDueAnnotation, subjectAnnotations } from "./binding-annotations";
export { bindingName, bindingPlans, grantedGroups, grantedUsers, type BindingPlan } from "./grants";
export {
  expandPeople,
  groupsToExpand,
  usersToLookUp,
  type GroupMembers,
  type KnownPerson,
  type PersonAccess,
  type PersonBinding,
} from "./people";
export { effectiveGroup, effectiveUsername, groupSubject, namesGroupsByDisplayName } from "./subjects";
export * from "./reach";
export * from "./rules";
