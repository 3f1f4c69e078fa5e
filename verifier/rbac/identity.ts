import type { RbacIdentity, RbacSubject } from "./state";

const accountPrefix = "system:serviceaccount:";

/** Names that the API server itself gives meaning to (k8s.io/apiserver v0.36.3, pkg/authentication/user/user.go). */
export const systemNames = {
  /** Allowed everything, before RBAC is asked (pkg/kubeapiserver/authorizer). */
  masters: "system:masters",
  authenticated: "system:authenticated",
  unauthenticated: "system:unauthenticated",
  anonymous: "system:anonymous",
  accounts: "system:serviceaccounts",
} as const;

/** The user name of a service account. */
export function accountUsername(namespace: string, name: string): string {
  return `${accountPrefix}${namespace}:${name}`;
}

/** Namespace and name of the service account that a user name is of; undefined for other names. */
export function accountOf(username: string): { readonly namespace: string; readonly name: string } | undefined {
  const [namespace = "", name = "", ...rest] = username.startsWith(accountPrefix) ? username.slice(accountPrefix.length).split(":") : [];
  return namespace === "" || name === "" || rest.length > 0 ? undefined : { namespace, name };
}

/**
 * The identity with the groups that the API server adds by itself: everybody who signed in is in system:authenticated
 * (pkg/authentication/group/authenticated_group_adder.go), a service account in two more (pkg/authentication/serviceaccount/util.go).
 */
export function withImplicitGroups({ username, groups }: RbacIdentity): RbacIdentity {
  return { username, groups: [...new Set([...groups, ...implicitGroups(username, groups)])] };
}

function implicitGroups(username: string, groups: readonly string[]): string[] {
  if (username === systemNames.anonymous) {
    return [systemNames.unauthenticated];
  }
  if (groups.includes(systemNames.unauthenticated)) {
    return [];
  }
  const account = accountOf(username);
  return account === undefined
    ? [systemNames.authenticated]
    : [systemNames.accounts, `${systemNames.accounts}:${account.namespace}`, systemNames.authenticated];
}

/**
 * What a subject of a binding is matched by: `User <name>` or `Group <name>`; undefined for one that matches nobody. A service
 * account is its user name (pkg/registry/rbac/validation/rule.go, appliesToUser).
 * @param bindingNamespace empty for a ClusterRoleBinding
 */
export function subjectKey(subject: RbacSubject, bindingNamespace: string): string | undefined {
  switch (subject.kind) {
    case "User":
    case "Group":
      return `${subject.kind} ${subject.name}`;
    case "ServiceAccount": {
      const namespace = subject.namespace || bindingNamespace;
      return namespace === "" ? undefined : `User ${accountUsername(namespace, subject.name)}`;
    }
    default:
      return undefined;
  }
}

/** The keys of all that an identity is. */
export function identityKeys({ username, groups }: RbacIdentity): string[] {
  return [...new Set([`User ${username}`, ...groups.map((group) => `Group ${group}`)])];
}
