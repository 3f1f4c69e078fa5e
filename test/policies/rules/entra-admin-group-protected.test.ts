import { entraAdminGroupProtected } from "../../../policies/rules/entra-admin-group-protected";
import { entra } from "../../../policies/types";
import { describeRule, unknown } from "../harness";

const message = 'assignableToRole: expected true, or an eligibility schedule, for the group "Kasten Admins", got false';

describeRule(entraAdminGroupProtected, {
  passing: [
    { type: entra.group, name: "admins", props: { displayName: "Kasten Admins", assignableToRole: true } },
    { type: entra.group, name: "users", props: { displayName: "Kasten Users" } },
  ],
  alsoPassing: {
    "a group with an eligibility schedule": {
      resources: [
        { type: entra.group, name: "admins", props: { displayName: "Kasten Admins" } },
        { type: entra.groupEligibility, name: "pim", props: { groupId: unknown }, from: { groupId: ["admins"] } },
      ],
    },
    "another pattern": { change: { "0 > assignableToRole": false }, settings: { adminPattern: "^root" } },
  },
  violations: {
    "an ordinary group for administrators": { change: { "0 > assignableToRole": undefined }, messages: [message] },
    "one of the kind without members": {
      resources: [{ type: entra.groupWithoutMembers, props: { displayName: "Kasten Admins" } }],
      messages: [message],
    },
  },
});
