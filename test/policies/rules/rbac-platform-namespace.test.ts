import { rbacPlatformNamespace } from "../../../policies/rules/rbac-platform-namespace";
import { describeRule, type Fixture } from "../harness";

const release: Fixture = {
  type: "kubernetes:helm.sh/v3:Release",
  name: "backup",
  props: { chart: "k10", name: "k10", namespace: "backup" },
};
const binding = (role: string, namespace: string, kind = "ClusterRole"): Fixture => ({
  type: "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
  name: "helpers",
  props: { metadata: { namespace }, roleRef: { kind, name: role }, subjects: [{ kind: "Group", name: "okta:Helpers" }] },
});
const message = (role: string, chart = "k10") =>
  `roleRef.name: expected the platform's own role where ${chart} runs, got "${role} in backup"`;

describeRule(rbacPlatformNamespace, {
  passing: [release, binding("edit", "shop")],
  alsoPassing: {
    "the platform's own role": { resources: [release, binding("k10-ns-admin", "backup", "Role")] },
    "a role that only reads": { resources: [release, binding("view", "backup")] },
    "a Role of the same name": { resources: [release, binding("edit", "backup", "Role")] },
    "another chart's namespace": { change: { "0 > chart": "postgresql", "1 > metadata > namespace": "backup" } },
    "a binding of the whole cluster, which another rule judges": {
      resources: [release, { ...binding("edit", "backup"), type: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding" }],
    },
  },
  violations: {
    "edit beside K10": { change: { "1 > metadata > namespace": "backup" }, messages: [message("edit")] },
    "admin beside OpenUnison": {
      change: { "0 > chart": "orchestra", "1 > metadata > namespace": "backup", "1 > roleRef > name": "admin" },
      messages: [message("admin", "orchestra")],
    },
    "edit beside KubeSphere": {
      change: { "0 > chart": "ks-core", "1 > metadata > namespace": "backup" },
      messages: [message("edit", "ks-core")],
    },
  },
});
