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
  alsoPassing: {
    "a person of KubeSphere, which reads no groups": {
      change: {
        metadata: { labels: { "iam.kubesphere.io/user-ref": "ana" } },
        "subjects > 0": { kind: "User", name: "ana" },
      },
    },
    "a person whose access is reviewed": {
      change: {
        metadata: { annotations: { "gatehouse.dev/review-due": "2027-01-31" } },
        "subjects > 0": { kind: "User", name: "google:ana@example.com" },
      },
    },
  },
  violations: {
    "a person whose access was never reviewed": {
      change: {
        metadata: { annotations: { "gatehouse.dev/review-due": "never" } },
        "subjects > 0": { kind: "User", name: "okta:ana@example.com" },
      },
      messages: ['subjects[0].name: expected a group, got "User okta:ana@example.com"'],
    },
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
