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
    "another chart": { change: { chart: "nginx", "values > auth > k10AdminGroups": [] } },
  },
  violations: {
    "every admitted group an administrator": { change: { "values > auth > k10AdminGroups": undefined }, messages: [message] },
    "an empty list of administrators": { change: { "values > auth > k10AdminGroups": [] }, messages: [message] },
  },
});
