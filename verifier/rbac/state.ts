import type { PolicyRule } from "../../model";

/** A Role or ClusterRole. */
export interface RbacRole {
  readonly kind: "Role" | "ClusterRole";
  /** Empty for a ClusterRole. */
  readonly namespace: string;
  readonly name: string;
  readonly rules: readonly PolicyRule[];
  readonly labels: Readonly<Record<string, string>>;
  /** Set for a ClusterRole whose rules a controller gathers from others; any one of the selectors is enough. */
  readonly aggregation?: readonly LabelSelector[];
}

/** A label selector of Kubernetes (apimachinery, metav1.LabelSelector). Without any demand it selects everything. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

export interface RbacSubject {
  readonly kind: string;
  readonly name: string;
  /** Of a ServiceAccount; a RoleBinding's own where it is empty. */
  readonly namespace: string;
}

/** A RoleBinding or ClusterRoleBinding. */
export interface RbacBinding {
  readonly kind: "RoleBinding" | "ClusterRoleBinding";
  /** Empty for a ClusterRoleBinding. */
  readonly namespace: string;
  readonly name: string;
  readonly roleRef: { readonly kind: string; readonly name: string };
  readonly subjects: readonly RbacSubject[];
}

/** Everything that decides about access by RBAC. */
export interface RbacState {
  readonly roles: readonly RbacRole[];
  readonly bindings: readonly RbacBinding[];
}

/** Who asks, as the API server knows them after authentication. */
export interface RbacIdentity {
  readonly username: string;
  readonly groups: readonly string[];
}

/** `ClusterRole view`, `Role shop/reader` */
export function roleText({ kind, namespace, name }: Pick<RbacRole, "kind" | "namespace" | "name">): string {
  return `${kind} ${namespace === "" ? "" : `${namespace}/`}${name}`;
}

/** `RoleBinding shop/readers` */
export function bindingText({ kind, namespace, name }: Pick<RbacBinding, "kind" | "namespace" | "name">): string {
  return `${kind} ${namespace === "" ? "" : `${namespace}/`}${name}`;
}
