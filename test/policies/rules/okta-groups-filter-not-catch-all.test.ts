import { oktaGroupsFilterNotCatchAll } from "../../../policies/rules/okta-groups-filter-not-catch-all";
import { okta } from "../../../policies/types";
import { describeRule } from "../harness";

const expected = "expected a filter that names the platform's groups, got";

describeRule(oktaGroupsFilterNotCatchAll, {
  passing: { type: okta.app, props: { groupsClaim: { type: "FILTER", filterType: "REGEX", name: "groups", value: "Kasten .*" } } },
  alsoPassing: {
    "an expression that some names escape": { change: { "groupsClaim > value": "[A-Za-z].*" } },
    "one group called like an expression": { change: { "groupsClaim > filterType": "EQUALS", "groupsClaim > value": ".*" } },

    "a prefix": { change: { "groupsClaim > filterType": "STARTS_WITH", "groupsClaim > value": "Kasten" } },
    "one group": { change: { "groupsClaim > filterType": "EQUALS", "groupsClaim > value": "Kasten Admins" } },
    "a list of names": { change: { "groupsClaim > value": "(?:Kasten Admins|Kasten Users)" } },
    "an expression that the pack cannot read": { change: { "groupsClaim > value": "(?<x" } },
    "an expression with a name": {
      change: { "groupsClaim > type": "EXPRESSION", "groupsClaim > value": 'Groups.startsWith("OKTA", "Kasten", 100)' },
    },
    "no groups claim": { change: { groupsClaim: undefined } },
  },
  violations: {
    everything: { change: { "groupsClaim > value": ".*" }, messages: [`groupsClaim.value: ${expected} ".*"`] },
    "everything, under a flag of Java's": {
      change: { "groupsClaim > value": "(?i).*" },
      messages: [`groupsClaim.value: ${expected} "(?i).*"`],
    },
    "everything, anchored": { change: { "groupsClaim > value": "^.+$" }, messages: [`groupsClaim.value: ${expected} "^.+$"`] },
    "everything, in other words": {
      change: { "groupsClaim > value": "[\\s\\S]{1,}" },
      messages: [`groupsClaim.value: ${expected} "[\\\\s\\\\S]{1,}"`],
    },
    "an empty prefix": {
      change: { "groupsClaim > filterType": "STARTS_WITH", "groupsClaim > value": "" },
      messages: [`groupsClaim.value: ${expected} ""`],
    },
    "an empty part": {
      change: { "groupsClaim > filterType": "CONTAINS", "groupsClaim > value": "" },
      messages: [`groupsClaim.value: ${expected} ""`],
    },
    "an expression for everything": {
      change: { "groupsClaim > type": "EXPRESSION", "groupsClaim > value": 'Groups.startsWith("OKTA", "", 100)' },
      messages: [
        'groupsClaim.value: expected an expression that names the platform\'s groups, got "Groups.startsWith(\\"OKTA\\", \\"\\", 100)"',
      ],
    },
    "a claim of an authorization server": {
      resources: [{ type: okta.serverClaim, props: { valueType: "GROUPS", groupFilterType: "REGEX", value: ".*" } }],
      messages: [`value: ${expected} ".*"`],
    },
  },
});
