import type { Environment } from "../environment/schema";
import { platformOf, type BindingTarget, type GrantSpec } from "../platforms";
import { reviewOf } from "../review/cycle";
import { compareText } from "../text/stable-order";

/** One RBAC binding with everyone whom it serves: one per role and scope, so that a new group is an update in place. */
export interface BindingPlan extends BindingTarget {
  /** Name of the Kubernetes object, and of the Pulumi resource: the role is part of it, since a roleRef cannot change. */
  readonly name: string;
  /** Keys of the groups that it binds, sorted. */
  readonly groups: readonly string[];
  /** Sign-in names of the people whom it binds by name, sorted. */
  readonly users: readonly string[];
  /** Last day of the first review among its grants, or `never` where one was never reviewed; undefined: none is asked for. */
  readonly reviewDue?: string;
  /** Who answers for its grants, sorted; undefined: nobody is named. */
  readonly owner?: string;
}

/** The bindings of one platform, sorted by kind, namespace and name. */
export function bindingPlans(platformName: string, platform: Environment["platforms"][string]): BindingPlan[] {
  if (platformOf(platform).capabilities.authorises === "users-only") {
    // People are bound one by one there: personAccess of people.ts.
    return [];
  }
  const plans = new Map<string, { target: BindingTarget; groups: Set<string>; users: Set<string>; dues: string[]; grants: GrantSpec[] }>();
  for (const grant of platform.access) {
    for (const target of platformOf(platform).bindings(platform, grant)) {
      const key = bindingKey(target);
      const plan = plans.get(key) ?? { target, groups: new Set<string>(), users: new Set<string>(), dues: [], grants: [] };
      (grant.group === undefined ? plan.users : plan.groups).add(grant.group ?? grant.user ?? "");
      const review = reviewOf(platform, grant);
      plan.grants.push(grant);
      plan.dues.push(...(review === undefined ? [] : [review.due ?? "never"]));
      plans.set(key, plan);
    }
  }
  return [...plans.entries()]
    .sort(([left], [right]) => compareText(left, right))
    .map(([, { target, groups, users, dues, grants }]) => ({
      ...target,
      name: bindingName(platformName, target),
      groups: [...groups].sort(compareText),
      users: [...users].sort(compareText),
      ...(dues.length === 0 ? {} : { reviewDue: dues.includes("never") ? "never" : [...dues].sort(compareText)[0] }),
      owner: ownerOf(platform, grants),
    }));
}

/** Who answers for grants, each name once; undefined where nobody is named. */
export function ownerOf(platform: { readonly owner?: string }, grants: readonly GrantSpec[]): string | undefined {
  const owners = [...new Set(grants.flatMap((grant) => grant.owner ?? platform.owner ?? []))].sort(compareText);
  return owners.length === 0 ? undefined : owners.join("; ");
}

/** Name of the binding object of a platform's role. */
export function bindingName(platformName: string, target: BindingTarget): string {
  return `gatehouse-${platformName}-${target.roleRef.name}`;
}

function bindingKey(target: BindingTarget): string {
  return [target.kind, target.namespace ?? target.workspace ?? "", target.roleRef.kind, target.roleRef.name].join("/");
}

/** The keys of the groups that hold at least one grant on a platform: exactly those are assigned to its app. */
export function grantedGroups(platform: Environment["platforms"][string]): string[] {
  return [...new Set(platform.access.flatMap(({ group }) => group ?? []))].sort(compareText);
}

/** The sign-in names of the people who hold a grant on a platform by themselves. */
export function grantedUsers(platform: Environment["platforms"][string]): string[] {
  return [...new Set(platform.access.flatMap(({ user }) => user ?? []))].sort(compareText);
}
