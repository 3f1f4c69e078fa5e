import { valuesK10AdminFallback } from "../../../policies/rules/values-k10-admin-fallback";
import { releases } from "../../../policies/types";
import { describeRule } from "../harness";

const message = "values.auth.k10AdminGroups: expected at least one group while groupAllowList is set, got []";

describeRule(valuesK10AdminFallback, {
  passing: {
    type: releases[0],
    props: { chart: "k10", values: { auth: { groupAllowList: ["okta:Kasten Users"], k10AdminGroups: ["okta:nobody"] } } },
  },
  alsoPassing: {
    "no list of groups": { change: { "values > auth": { groupAllowList: [] } } },
    "another chart": { change: { chart: "nginx", name: "cluster", values: { auth: { groups: ["a"] } } } },
    "K10's own group as the administrators'": { change: { "values > auth > k10AdminGroups": ["k10:admins"] } },
  },
  violations: {
    "a release whose role is cluster-admin": {
      change: { name: "cluster" },
      messages: ['name: expected a release whose role <release>-admin is not Kubernetes\' own, got "cluster"'],
    },
    "everybody an administrator": {
      change: { "values > auth > k10AdminGroups": ["okta:nobody", "system:authenticated"] },
      messages: [
        'values.auth.k10AdminGroups: expected nobody whom the cluster trusts by itself, and not everybody, got ["system:authenticated"]',
      ],
    },
    "a renamed chart": { change: { chart: "backup", "values > auth > k10AdminGroups": [] }, messages: [message] },
    "every admitted group an administrator": { change: { "values > auth > k10AdminGroups": undefined }, messages: [message] },
    "an empty list of administrators": { change: { "values > auth > k10AdminGroups": [] }, messages: [message] },
  },
});
