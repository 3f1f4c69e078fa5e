import { rbacK10Pair } from "../../../policies/rules/rbac-k10-pair";
import { releases } from "../../../policies/types";
import { describeRule, unknown } from "../harness";

const rbac = "kubernetes:rbac.authorization.k8s.io/v1:";
const subjects = [{ kind: "Group", name: "okta:Kasten Admins" }];
const expected = "subjects: expected a RoleBinding to k10-ns-admin in kasten-io for the same subjects, got";

describeRule(rbacK10Pair, {
  passing: [
    { type: releases[0], name: "k10", props: { chart: "k10", name: "k10", namespace: "kasten-io" } },
    { type: `${rbac}ClusterRoleBinding`, name: "admins", props: { roleRef: { kind: "ClusterRole", name: "k10-admin" }, subjects } },
    {
      type: `${rbac}RoleBinding`,
      name: "ns-admins",
      props: { metadata: { namespace: "kasten-io" }, roleRef: { kind: "Role", name: "k10-ns-admin" }, subjects },
    },
  ],
  alsoPassing: {
    "subjects that are not known yet": { change: { "1 > subjects > 0 > name": unknown, "2 > subjects > 0 > name": unknown } },
    "another role bound cluster-wide, and the administrators' role bound in a namespace": {
      resources: [
        { type: releases[0], name: "k10", props: { chart: "k10", name: "k10", namespace: "kasten-io" } },
        { type: `${rbac}ClusterRoleBinding`, name: "view", props: { roleRef: { kind: "ClusterRole", name: "view" }, subjects } },
        {
          type: `${rbac}RoleBinding`,
          name: "local",
          props: { metadata: { namespace: "shop" }, roleRef: { kind: "ClusterRole", name: "k10-admin" }, subjects },
        },
      ],
    },
    "no administrators": { change: { "1 > roleRef > name": "k10-config-view" } },
  },
  violations: {
    "half of the role": { change: { "2 > roleRef > name": "other" }, messages: [`${expected} "none for okta:Kasten Admins"`] },
    "the other half in another namespace": {
      change: { "2 > metadata > namespace": "default" },
      messages: [`${expected} "none for okta:Kasten Admins"`],
    },
    "a subject with half of the role": {
      change: { "1 > subjects > 1": { kind: "Group", name: "okta:Second" } },
      messages: [`${expected} "none for okta:Second"`],
    },
    "an unknown subject with half of the role": {
      change: { "1 > subjects > 1": { kind: "Group", name: unknown } },
      messages: [`${expected} "none for 1 not known yet"`],
    },
    "a release of which only the name is known": {
      change: { "0 > namespace": undefined, "2 > roleRef > name": "other" },
      messages: [
        'subjects: expected a RoleBinding to k10-ns-admin in K10\'s namespace for the same subjects, got "none for okta:Kasten Admins"',
      ],
    },
  },
});
