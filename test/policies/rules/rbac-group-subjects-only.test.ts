import { rbacGroupSubjectsOnly } from "../../../policies/rules/rbac-group-subjects-only";
import { describeRule } from "../harness";

const type = "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding";

describeRule(rbacGroupSubjectsOnly, {
  passing: {
    type,
    props: {
      roleRef: { kind: "ClusterRole", name: "view" },
      subjects: [
        { kind: "Group", name: "okta:Kasten Users" },
        { kind: "ServiceAccount", name: "backup", namespace: "kasten-io" },
        { kind: "User", name: "system:kube-scheduler" },
      ],
    },
  },
  violations: {
    "a person": {
      change: { "subjects > 0": { kind: "User", name: "okta:ana@example.com" } },
      messages: ['subjects[0].name: expected a group, got "User okta:ana@example.com"'],
    },
    "a person in a list of bindings": {
      resources: [{ type: `${type}List`, props: { items: [{ subjects: [] }, { subjects: [{ kind: "User", name: "ana" }] }] } }],
      messages: ['items[1].subjects[0].name: expected a group, got "User ana"'],
    },
  },
});
