import { oktaGroupsFilterNotCatchAll } from "../../../policies/rules/okta-groups-filter-not-catch-all";
import { okta } from "../../../policies/types";
import { describeRule } from "../harness";

const expected = "expected a filter that names the platform's groups, got";

describeRule(oktaGroupsFilterNotCatchAll, {
  passing: { type: okta.app, props: { groupsClaim: { type: "FILTER", filterType: "REGEX", name: "groups", value: "Kasten .*" } } },
  alsoPassing: {
    "names under a flag of Java's": { change: { "groupsClaim > value": "(?i)\\Qkasten-\\E.*+" } },
    "names by their end": { change: { "groupsClaim > value": ".*-k10-admins" } },
    "lookups put together": {
      change: {
        "groupsClaim > type": "EXPRESSION",
        "groupsClaim > value":
          'Arrays.flatten(Groups.startsWith("OKTA", "Kasten", 100), Groups.startsWith("active_directory", "k10-", 100) == null ? {} : Groups.startsWith("active_directory", "k10-", 100))',
      },
    },
    "groups by their IDs": {
      change: { "groupsClaim > type": "EXPRESSION", "groupsClaim > value": 'getFilteredGroups({"00g1a", "00g2b"}, "group.name", 100)' },
    },
    "a claim of a server that is not about groups": {
      resources: [{ type: okta.serverClaim, props: { name: "department", valueType: "EXPRESSION", value: "user.department" } }],
    },
    "one group called like an expression": { change: { "groupsClaim > filterType": "EQUALS", "groupsClaim > value": ".*" } },

    "a prefix": { change: { "groupsClaim > filterType": "STARTS_WITH", "groupsClaim > value": "Kasten" } },
    "one group": { change: { "groupsClaim > filterType": "EQUALS", "groupsClaim > value": "Kasten Admins" } },
    "a list of names": { change: { "groupsClaim > value": "(?:Kasten Admins|Kasten Users)" } },
    "an expression with a name": {
      change: { "groupsClaim > type": "EXPRESSION", "groupsClaim > value": 'Groups.startsWith("OKTA", "Kasten", 100)' },
    },
    "no groups claim": { change: { groupsClaim: undefined } },
  },
  violations: {
    ...Object.fromEntries(
      ["[A-Za-z].*", "[^0].*", ".*+", "(?>.*)", ".{2,}", "(a|.*)", "(?s).*\\z", "[\\p{Alpha} ]+.*"].map((value) => [
        `nearly everything: ${value}`,
        { change: { "groupsClaim > value": value }, messages: [`groupsClaim.value: ${expected} ${JSON.stringify(value)}`] },
      ]),
    ),
    "an expression that nobody can read": {
      change: { "groupsClaim > value": "(?<x" },
      messages: ['groupsClaim.value: expected a regular expression that can be read, got "(?<x"'],
    },
    "one letter": {
      change: { "groupsClaim > filterType": "CONTAINS", "groupsClaim > value": "e" },
      messages: [`groupsClaim.value: ${expected} "e"`],
    },
    ...Object.fromEntries(
      [
        'Groups.contains("OKTA", "a", 100)',
        "user.getGroups()",
        '{"Kasten Admins"}',
        'isMemberOfGroupName("Everyone") ? {"Kasten Admins"} : {}',
        'Arrays.flatten(Groups.startsWith("OKTA", "Kasten", 100), {"Kasten Admins"})',
        "user.k10Groups",
      ].map((value) => [
        `an expression: ${value}`,
        {
          change: { "groupsClaim > type": "EXPRESSION", "groupsClaim > value": value },
          messages: [`groupsClaim.value: expected an expression that names the platform's groups, got ${JSON.stringify(value)}`],
        },
      ]),
    ),
    "an expression of a server's groups claim": {
      resources: [{ type: okta.serverClaim, props: { name: "groups", valueType: "EXPRESSION", value: "user.team" } }],
      messages: ['value: expected an expression that names the platform\'s groups, got "user.team"'],
    },
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
