import { rbacNamespaceFirst } from "../../../policies/rules/rbac-namespace-first";
import { describeRule } from "../harness";

describeRule(rbacNamespaceFirst, {
  passing: {
    type: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
    props: { roleRef: { kind: "ClusterRole", name: "k10-config-view" }, subjects: [{ kind: "Group", name: "okta:Auditors" }] },
  },
  alsoPassing: {
    "a role binding": {
      resources: [
        {
          type: "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
          props: { roleRef: { kind: "ClusterRole", name: "edit" }, subjects: [{ kind: "Group", name: "okta:Team" }] },
        },
      ],
    },
    "a service account": {
      change: { "roleRef > name": "operator", "subjects > 0": { kind: "ServiceAccount", name: "op", namespace: "x" } },
    },
  },
  violations: {
    "another role": {
      change: { "roleRef > name": "k10-basic" },
      messages: ['roleRef.name: expected one of view, k10-admin, *-config-view in a ClusterRoleBinding, got "k10-basic"'],
    },
    "a role that is not configured": {
      settings: { allowedClusterRoles: ["view"] },
      messages: ['roleRef.name: expected one of view in a ClusterRoleBinding, got "k10-config-view"'],
    },
    "a person beside a service account": {
      change: { "roleRef > name": "operator", "subjects > 1": { kind: "ServiceAccount", name: "op", namespace: "x" } },
      messages: ['roleRef.name: expected one of view, k10-admin, *-config-view in a ClusterRoleBinding, got "operator"'],
    },
  },
});
