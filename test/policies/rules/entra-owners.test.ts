import { entraOwners } from "../../../policies/rules/entra-owners";
import { entra } from "../../../policies/types";
import { describeRule, unknown } from "../harness";

describeRule(entraOwners, {
  passing: { type: entra.application, props: { owners: ["a", "b"] } },
  alsoPassing: { "owners that are not known yet": { change: { owners: [unknown, unknown] } } },
  violations: {
    "no owners": { change: { owners: undefined }, messages: ["owners: expected 2 to 5 entries, got 0"] },
    "one owner": { change: { owners: ["a"] }, messages: ["owners: expected 2 to 5 entries, got 1"] },
    "too many owners": { change: { owners: ["a", "b", "c", "d", "e", "f"] }, messages: ["owners: expected 2 to 5 entries, got 6"] },
    "fewer than configured": { settings: { minOwners: 3 }, messages: ["owners: expected 3 to 5 entries, got 2"] },
    "more than configured": { settings: { minOwners: 1, maxOwners: 1 }, messages: ["owners: expected 1 to 1 entries, got 2"] },
  },
});
