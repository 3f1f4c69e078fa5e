import type { z } from "zod";
import { isGuardedNamespace } from "../access/guarded-namespaces";
import { addProblem } from "../text/problems";
import type { AdoptedSettings, FoundGrant } from "./adoption";
import type { BindingTarget, GrantSpec } from "./definition";

/** The roles of Kubernetes itself, for platforms through which people reach the API server: built-in ClusterRoles, by scope. */
export const clusterRoles = {
  "cluster-admin": { permits: "does anything in the whole cluster, reading every Secret included", scope: "cluster" },
  "cluster-view": { permits: "reads most objects of every namespace, no Secrets", scope: "cluster" },
  admin: { permits: "administers the named namespaces, their roles and bindings included", scope: "namespaced", writes: true },
  edit: { permits: "changes workloads and reads Secrets in the named namespaces", scope: "namespaced", writes: true },
  view: { permits: "reads most objects of the named namespaces, no Secrets", scope: "namespaced" },
} as const;

/** The bindings of one grant of {@link clusterRoles}. */
export function clusterRoleBindings(grant: GrantSpec): BindingTarget[] {
  const role = grant.role as keyof typeof clusterRoles;
  switch (role) {
    case "cluster-admin":
      return [{ kind: "ClusterRoleBinding", roleRef: { kind: "ClusterRole", name: "cluster-admin" } }];
    case "cluster-view":
      return [{ kind: "ClusterRoleBinding", roleRef: { kind: "ClusterRole", name: "view" } }];
    case "admin":
    case "edit":
    case "view":
      return (grant.namespaces ?? []).map((namespace) => ({
        kind: "RoleBinding",
        namespace,
        roleRef: { kind: "ClusterRole", name: role },
      }));
    default:
      return role satisfies never;
  }
}

/** cluster-admin reads every Secret and changes every binding, so a stack has to say that it means it. */
export function checkClusterAdmin(
  spec: { readonly access: readonly GrantSpec[]; readonly insecureClusterAdmin: boolean },
  context: z.core.$RefinementCtx,
): void {
  spec.access.forEach((grant, position) => {
    if (grant.role === "cluster-admin" && !spec.insecureClusterAdmin) {
      addProblem(context, ["access", position, "role"], {
        expected: "a role with fewer rights, or insecureClusterAdmin: true written out on the platform",
        received: `"cluster-admin"`,
        fix: "grant admin, edit or view in named namespaces, or cluster-view; or acknowledge with insecureClusterAdmin: true",
      });
    }
    for (const [at, namespace] of (grant.namespaces ?? []).entries()) {
      if (comesToClusterAdmin(grant.role, namespace) && !spec.insecureClusterAdmin) {
        addProblem(context, ["access", position, "namespaces", at], {
          expected: `namespaces without controllers that rule the cluster: with '${grant.role}' in ${namespace} a person can take cluster-admin`,
          received: JSON.stringify(namespace),
          fix: "grant view there; or acknowledge with insecureClusterAdmin: true",
        });
      }
    }
  });
}

/** Both roles may use any service account of the namespace: in kube-system that of clusterrole-aggregation-controller, which may escalate. */
function comesToClusterAdmin(role: string, namespace: string): boolean {
  return (role === "admin" || role === "edit") && isGuardedNamespace(namespace);
}

/** The sentence for the plan and the report, where cluster-admin was written out. */
export function clusterAdminRisks(spec: { readonly insecureClusterAdmin: boolean }): string[] {
  return spec.insecureClusterAdmin ? ["insecureClusterAdmin: whoever holds cluster-admin can give themselves anything, and hide it."] : [];
}

/** What a stack file must say for grants that are there already. */
export function adoptedClusterAdmin(grants: readonly FoundGrant[]): AdoptedSettings {
  const roles = grants.flatMap(({ subject, role, namespaces = [] }) =>
    role === "cluster-admin"
      ? [`${subject.name} ${role}`]
      : namespaces
          .filter((namespace) => comesToClusterAdmin(role, namespace))
          .map((namespace) => `${subject.name} ${role} in ${namespace}`),
  );
  return roles.length === 0
    ? { settings: {}, remarks: [] }
    : {
        settings: { insecureClusterAdmin: true },
        remarks: [
          {
            setting: "insecureClusterAdmin",
            text: `found as it is: ${roles.join(", ")}; safe: grant admin, edit or view in named namespaces, or cluster-view, and leave it out.`,
          },
        ],
      };
}
