import { builtInRoles, builtInRules } from "../../model";
import { systemNames } from "./identity";
import type { RbacBinding, RbacState } from "./state";

const toGroups: Readonly<Record<string, readonly string[]>> = {
  "cluster-admin": [systemNames.masters],
  "system:basic-user": [systemNames.authenticated],
  "system:discovery": [systemNames.authenticated],
  "system:public-info-viewer": [systemNames.authenticated, systemNames.unauthenticated],
  "system:service-account-issuer-discovery": [systemNames.accounts],
};

/**
 * What every cluster has before anybody makes a role: the roles that people and charts are bound to, and the bindings that everybody
 * has (k8s.io/kubernetes v1.36.3, plugin/pkg/auth/authorizer/rbac/bootstrappolicy). Stands in where no cluster is read.
 */
export function builtInState(): RbacState {
  const label = (name: string): string => `rbac.authorization.k8s.io/aggregate-to-${name}`;
  return {
    roles: builtInRoles.map(({ name, joins, gathers }) => ({
      kind: "ClusterRole",
      namespace: "",
      name,
      labels: joins === undefined ? {} : { [label(joins)]: "true" },
      rules: builtInRules(name) ?? [],
      ...(gathers !== undefined && { aggregation: [{ matchLabels: { [label(gathers)]: "true" } }] }),
    })),
    bindings: Object.entries(toGroups).map(([name, groups]): RbacBinding => ({
      kind: "ClusterRoleBinding",
      namespace: "",
      name,
      roleRef: { kind: "ClusterRole", name },
      subjects: groups.map((group) => ({ kind: "Group", name: group, namespace: "" })),
    })),
  };
}

/** Several states as one. Of two objects with one name the later counts. */
export function merged(...states: readonly RbacState[]): RbacState {
  return { roles: states.flatMap(({ roles }) => roles), bindings: states.flatMap(({ bindings }) => bindings) };
}
