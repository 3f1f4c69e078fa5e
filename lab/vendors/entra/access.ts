import type { ConditionalAccessPolicy, ServicePrincipal, User } from "./graph/entities";
import { groupsOf, type TenantStore } from "./graph/store";

/** What the enforced Conditional Access policies ask of one person for one application, taken together. */
export interface Demands {
  readonly mfa: boolean;
  readonly blocked: boolean;
  /** A control that a plain browser cannot meet (compliant device and the like). */
  readonly device: boolean;
}

/** Whether a policy covers the sign-in. Exclusions win over inclusions; group conditions follow nested groups. */
function covers(store: TenantStore, policy: ConditionalAccessPolicy, user: User, appId: string): boolean {
  const { applications, users, clientAppTypes } = policy.fields.conditions;
  if (!(clientAppTypes ?? ["all"]).some((type) => type === "all" || type === "browser")) {
    return false;
  }
  const appListed = (ids: readonly string[] = []): boolean => ids.some((id) => id === "All" || id.toLowerCase() === appId);
  if (!appListed(applications.includeApplications) || appListed(applications.excludeApplications)) {
    return false;
  }
  const memberOf = new Set(groupsOf(store, user.id, true).map((group) => group.id));
  const listed = (people: readonly string[] = [], groups: readonly string[] = []): boolean =>
    people.some(
      (id) => id === "All" || id.toLowerCase() === user.id || (id === "GuestsOrExternalUsers" && user.fields.userType === "Guest"),
    ) || groups.some((id) => memberOf.has(id.toLowerCase()));
  return listed(users.includeUsers, users.includeGroups) && !listed(users.excludeUsers, users.excludeGroups);
}

/** `enabledForReportingButNotEnforced` and `disabled` never ask for anything. */
export function demandsOf(store: TenantStore, user: User, appId: string): Demands {
  const demands = { mfa: false, blocked: false, device: false };
  for (const policy of store.policies()) {
    const grant = policy.fields.grantControls;
    if (policy.fields.state !== "enabled" || grant === null || !covers(store, policy, user, appId)) {
      continue;
    }
    const controls = grant.builtInControls ?? [];
    const mfa = controls.includes("mfa") || (grant.authenticationStrength ?? null) !== null;
    const others = controls.filter((control) => control !== "mfa" && control !== "block");
    if (controls.includes("block")) {
      demands.blocked = true;
    }
    // With OR the second factor alone satisfies the policy.
    if (mfa) {
      demands.mfa = true;
    }
    if (others.length > 0 && !(mfa && grant.operator !== "AND")) {
      demands.device = true;
    }
  }
  return demands;
}

/**
 * Assignments of a person to a principal: direct, or through a group of which the person is a direct member.
 * "Group-based assignment ... Nested group memberships aren't currently supported" (assign-user-or-group-access-portal).
 */
export function rolesAssigned(store: TenantStore, principal: ServicePrincipal, user: User): { assigned: boolean; values: string[] } {
  const through = new Set([user.id, ...groupsOf(store, user.id, false).map((group) => group.id)]);
  const assignments = store.assignments(principal.id).filter((one) => through.has(one.principalId));
  const held = new Set(assignments.map((one) => one.appRoleId));
  const values = store
    .rolesOf(principal)
    .flatMap((role) => (held.has(role.id) && role.isEnabled !== false && role.value ? [role.value] : []));
  return { assigned: assignments.length > 0, values: [...new Set(values)].sort() };
}
