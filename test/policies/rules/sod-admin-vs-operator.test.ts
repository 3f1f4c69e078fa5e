import { sodAdminVsOperator } from "../../../policies/rules/sod-admin-vs-operator";
import { describeRule } from "../harness";

const type = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding";
const binding = (name: string, role: string, group: string) => ({
  type,
  name,
  props: { roleRef: { kind: "ClusterRole", name: role }, subjects: [{ kind: "Group", name: group }] },
});

describeRule(sodAdminVsOperator, {
  passing: [binding("admins", "k10-admin", "okta:Admins"), binding("auditors", "k10-config-view", "okta:Auditors")],
  alsoPassing: {
    "two administrators' roles": { change: { "1 > roleRef > name": "k10-mc-admin", "1 > subjects > 0 > name": "okta:Admins" } },
  },
  violations: {
    "one group with both": {
      change: { "1 > subjects > 0 > name": "okta:Admins" },
      messages: ['subjects: expected no group with both *-admin and *-config-view, got "okta:Admins with k10-admin and k10-config-view"'],
    },
    "a pair that is configured": {
      change: { "0 > subjects > 0 > name": "okta:Auditors" },
      settings: { conflictingRoles: [["k10-config-view", "k10-admin"]] },
      messages: [
        'subjects: expected no group with both k10-config-view and k10-admin, got "okta:Auditors with k10-config-view and k10-admin"',
      ],
    },
  },
});
