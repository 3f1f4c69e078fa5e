import { entraAssignmentRequired } from "../../../policies/rules/entra-assignment-required";
import { entra } from "../../../policies/types";
import { describeRule } from "../harness";

describeRule(entraAssignmentRequired, {
  passing: { type: entra.servicePrincipal, props: { clientId: "c", appRoleAssignmentRequired: true } },
  alsoPassing: { "a principal that was there before": { change: { appRoleAssignmentRequired: undefined, useExisting: true } } },
  violations: {
    "everybody, by default": {
      change: { appRoleAssignmentRequired: undefined },
      messages: ["appRoleAssignmentRequired: expected true, got nothing"],
    },
    "everybody, written out": {
      change: { appRoleAssignmentRequired: false },
      messages: ["appRoleAssignmentRequired: expected true, got false"],
    },
  },
});
