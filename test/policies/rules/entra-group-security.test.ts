import { entraGroupSecurity } from "../../../policies/rules/entra-group-security";
import { entra } from "../../../policies/types";
import { describeRule } from "../harness";

describeRule(entraGroupSecurity, {
  passing: { type: entra.group, props: { securityEnabled: true, preventDuplicateNames: true, owners: ["a"] } },
  violations: {
    "a group that is no security group": { change: { securityEnabled: false }, messages: ["securityEnabled: expected true, got false"] },
    "a group whose members others manage": {
      resources: [{ type: entra.groupWithoutMembers, props: { securityEnabled: true, preventDuplicateNames: true } }],
      messages: ["owners: expected at least one entry, got 0"],
    },
    "a mail group": { change: { mailEnabled: true }, messages: ["mailEnabled: expected false, got true"] },
    "no owners": { change: { owners: undefined }, messages: ["owners: expected at least one entry, got 0"] },
    "a name that may be taken": {
      change: { preventDuplicateNames: undefined },
      messages: ["preventDuplicateNames: expected true, got nothing"],
    },
  },
});
