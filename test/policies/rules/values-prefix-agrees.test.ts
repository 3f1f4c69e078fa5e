import { valuesPrefixAgrees } from "../../../policies/rules/values-prefix-agrees";
import { releases } from "../../../policies/types";
import { describeRule, unknown } from "../harness";

const binding = "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding";

describeRule(valuesPrefixAgrees, {
  passing: [
    { type: releases[0], name: "k10", props: { chart: "k10", name: "k10", values: { auth: { oidcAuth: { groupPrefix: "okta:" } } } } },
    {
      type: binding,
      name: "operators",
      props: { roleRef: { kind: "ClusterRole", name: "k10-basic" }, subjects: [{ kind: "Group", name: "okta:Kasten Users" }] },
    },
  ],
  alsoPassing: {
    "a subject that is not known yet": { change: { "1 > subjects > 0 > name": unknown } },
    "a binding to something else": { change: { "1 > roleRef > name": "view", "1 > subjects > 0 > name": "team" } },
    "a release without a prefix": { change: { "0 > values > auth > oidcAuth > groupPrefix": "", "1 > subjects > 0 > name": "team" } },
  },
  violations: {
    "a group without the prefix": {
      change: { "1 > subjects > 0 > name": "Kasten Users" },
      messages: ['subjects[0].name: expected a name starting with "okta:" (groupPrefix of k10), got "Kasten Users"'],
    },
    "a group with another prefix": {
      change: { "0 > values > auth > oidcAuth > groupPrefix": "entra:" },
      messages: ['subjects[0].name: expected a name starting with "entra:" (groupPrefix of k10), got "okta:Kasten Users"'],
    },
    "the half of the administrators": {
      change: { "1 > roleRef": { kind: "Role", name: "k10-ns-admin" }, "1 > subjects > 1": { kind: "Group", name: "k10:admins" } },
      messages: ['subjects[1].name: expected a name starting with "okta:" (groupPrefix of k10), got "k10:admins"'],
    },
  },
});
