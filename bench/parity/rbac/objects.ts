import type { PolicyRule } from "../../../model";
import type { Random } from "./random";

/** An RBAC object as it is sent. */
export interface RbacObject {
  readonly apiVersion: "rbac.authorization.k8s.io/v1";
  readonly kind: "Role" | "ClusterRole" | "RoleBinding" | "ClusterRoleBinding";
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels: Readonly<Record<string, string>> };
  readonly [key: string]: unknown;
}

export const namespaces = ["shop", "billing", "ops"] as const;
/** What rules and questions are made of: common words, words that look like others, and the stars in every place. */
export const verbs = [
  "get",
  "list",
  "watch",
  "create",
  "update",
  "patch",
  "delete",
  "deletecollection",
  "*",
  "bind",
  "escalate",
  "impersonate",
  "impersonate:user-info",
  "impersonate-on:user-info:list",
  "use",
  "approve",
  "Get",
  "get*",
] as const;
export const apiGroups = ["", "apps", "rbac.authorization.k8s.io", "authentication.k8s.io", "*", "Apps"] as const;
export const resources = [
  "pods",
  "pods/log",
  "pods/exec",
  "pods/*",
  "*/log",
  "*/*",
  "*",
  "*/scale",
  "deployments",
  "deployments/scale",
  "secrets",
  "serviceaccounts/token",
  "users",
  "userextras/example.com/team",
  "*/example.com/team",
  "pod",
] as const;
export const names = ["a", "b", "a-b", "*", "A", ""] as const;
export const urls = ["/metrics", "/metrics/*", "/a*", "/a**", "/a*/b", "*", "/healthz", "/livez/*", "/"] as const;
const users = ["ana", "bob", "system:node:n1", "okta:ana"] as const;
const groups = ["admins", "okta:admins", "everybody", "okta:"] as const;

/** One set of objects, whose names and subjects no other set has. */
export interface ObjectSet {
  readonly objects: readonly RbacObject[];
  readonly users: readonly [string, ...string[]];
  readonly groups: readonly [string, ...string[]];
  /** Names of service accounts; each namespace has them all. */
  readonly accounts: readonly [string, ...string[]];
}

export function randomSet(random: Random, number: number): ObjectSet {
  const mark = (name: string): string => `${name}.${number}`;
  const own = {
    users: users.map(mark) as [string, ...string[]],
    groups: groups.map(mark) as [string, ...string[]],
    accounts: [`robot-${number}`, `agent-${number}`] as [string, ...string[]],
  };
  const labels = { set: `s${number}` };
  const roleNames = Array.from({ length: 12 }, (_, position) => `parity-${number}-${position}`) as [string, ...string[]];
  const clusterRoles = roleNames.map((name, position) => randomClusterRole(random, name, position, labels));
  const roles = namespaces.flatMap((namespace) =>
    roleNames.slice(0, 4).map((name): RbacObject => object("Role", { name, namespace, labels }, { rules: someRules(random, false) })),
  );
  const bindings = Array.from({ length: 24 }, (_, position): RbacObject => {
    const namespace = random.chance(0.4) ? undefined : random.one(namespaces);
    const kind = namespace !== undefined && random.chance(0.4) ? "Role" : "ClusterRole";
    // One in twelve names a role that is not there.
    const name = random.chance(0.08) ? "parity-not-there" : random.one(roleNames);
    return object(
      namespace === undefined ? "ClusterRoleBinding" : "RoleBinding",
      { name: `parity-${number}-${position}`, namespace, labels },
      {
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind, name },
        subjects: Array.from({ length: random.below(4) }, () => randomSubject(random, own, namespace)),
      },
    );
  });
  return { objects: [...clusterRoles, ...roles, ...bindings], ...own };
}

function object(kind: RbacObject["kind"], metadata: RbacObject["metadata"], more: Readonly<Record<string, unknown>>): RbacObject {
  return { apiVersion: "rbac.authorization.k8s.io/v1", kind, metadata, ...more };
}

/** One role in four gathers its rules, by labels or expressions, some of roles that gather too. */
function randomClusterRole(random: Random, name: string, position: number, labels: Readonly<Record<string, string>>): RbacObject {
  const set = labels["set"] ?? "";
  const own = { ...labels, [`tier-${set}`]: String(position % 4), ...(random.chance(0.3) && { [`extra-${set}`]: "true" }) };
  if (position % 4 !== 3) {
    return object("ClusterRole", { name, labels: own }, { rules: someRules(random, true) });
  }
  const tier = { key: `tier-${set}`, values: random.some(["0", "1", "2", "3"], 1, 2) };
  const selectors = [
    { matchLabels: { set, [`extra-${set}`]: "true" } },
    { matchLabels: { set }, matchExpressions: [{ ...tier, operator: "In" }] },
    { matchLabels: { set }, matchExpressions: [{ ...tier, operator: "NotIn" }] },
    { matchLabels: { set }, matchExpressions: [{ key: `extra-${set}`, operator: random.one(["Exists", "DoesNotExist"]) }] },
  ];
  return object("ClusterRole", { name, labels: own }, { aggregationRule: { clusterRoleSelectors: random.some(selectors, 1, 2) } });
}

/** @param paths whether rules may name paths, which a Role may not */
function someRules(random: Random, paths: boolean): PolicyRule[] {
  return Array.from({ length: random.below(4) }, () =>
    paths && random.chance(0.25)
      ? { verbs: random.some(verbs, 1, 3), nonResourceURLs: random.some(urls, 1, 2) }
      : {
          verbs: random.some(verbs, 1, 4),
          apiGroups: random.some(apiGroups, 1, 2),
          resources: random.some(resources, 1, 3),
          ...(random.chance(0.35) && { resourceNames: random.some(names, 1, 3) }),
        },
  );
}

function randomSubject(random: Random, { users, groups, accounts }: Omit<ObjectSet, "objects">, namespace: string | undefined) {
  const apiGroup = "rbac.authorization.k8s.io";
  switch (random.below(3)) {
    case 0:
      return { apiGroup, kind: "User", name: random.chance(0.2) ? accountUser(random, accounts) : random.one(users) };
    case 1:
      return { apiGroup, kind: "Group", name: random.one(groups) };
    default: {
      const own = namespace !== undefined && random.chance(0.4);
      return { kind: "ServiceAccount", name: random.one(accounts), ...(!own && { namespace: random.one(namespaces) }) };
    }
  }
}

export function accountUser(random: Random, accounts: ObjectSet["accounts"]): string {
  return `system:serviceaccount:${random.one(namespaces)}:${random.one(accounts)}`;
}
