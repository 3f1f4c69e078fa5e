import { matchesGlob } from "../../model/text/glob";
import { bindingsOf, servesOnlyServiceAccounts } from "../reading/rbac";
import { mismatch, resourceRule } from "../rule";
import { bindingTypes } from "../types";

export const rbacNamespaceFirst = resourceRule({
  id: "rbac-namespace-first",
  candidate: 47,
  title: "Cluster-wide bindings for people name roles that are meant to be cluster-wide",
  severity: "medium",
  level: "advisory",
  rationale:
    "A ClusterRoleBinding reaches every namespace, those made tomorrow included. K10's own model needs it for its administrators and viewers only.",
  remediation: "Use a RoleBinding in each namespace, or add the role to allowedClusterRoles.",
  controls: ["kubernetes-namespace-first"],
  unknowns: "Role names are literals; an unknown one is judged at the update. Bindings that serve service accounts only are left alone.",
  types: [bindingTypes],
  settings: {
    allowedClusterRoles: {
      default: ["view", "k10-admin", "*-config-view"],
      schema: {
        type: "array",
        items: { type: "string" },
        description: "ClusterRoles (with * as wildcard) that may be bound cluster-wide to people.",
      },
    },
  },
  check(resource, { allowedClusterRoles }) {
    return bindingsOf(resource).flatMap((binding) => {
      const { path, role, clusterWide } = binding;
      if (!clusterWide || role === undefined || servesOnlyServiceAccounts(binding)) {
        return [];
      }
      if (allowedClusterRoles.some((glob) => matchesGlob(glob, role))) {
        return [];
      }
      return [mismatch(`${path}roleRef.name`, `one of ${allowedClusterRoles.join(", ")} in a ClusterRoleBinding`, role)];
    });
  },
});
