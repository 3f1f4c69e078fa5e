import { entraAssignmentRequired } from "../../../policies/rules/entra-assignment-required";
import { entra } from "../../../policies/types";
import { describeRule, unknown } from "../harness";

describeRule(entraAssignmentRequired, {
  passing: { type: entra.servicePrincipal, props: { clientId: "c", appRoleAssignmentRequired: true } },
  alsoPassing: {
    "the principal of Microsoft Graph": {
      change: { appRoleAssignmentRequired: undefined, useExisting: true, clientId: "00000003-0000-0000-c000-000000000000" },
    },
    "a principal that was there before": { change: { useExisting: true } },
  },
  violations: {
    "everybody, by default": {
      change: { appRoleAssignmentRequired: undefined },
      messages: ["appRoleAssignmentRequired: expected true, got nothing"],
    },
    "everybody, at an application that was there before": {
      change: { appRoleAssignmentRequired: undefined, useExisting: true },
      messages: ["appRoleAssignmentRequired: expected true, got nothing"],
    },
    "everybody, at one whose ID is not known yet": {
      change: { appRoleAssignmentRequired: undefined, useExisting: true, clientId: unknown },
      messages: ["appRoleAssignmentRequired: expected true, got nothing"],
    },
    "everybody, at an application that calls itself Graph's": {
      change: { appRoleAssignmentRequired: undefined, clientId: "00000003-0000-0000-c000-000000000000" },
      messages: ["appRoleAssignmentRequired: expected true, got nothing"],
    },
    "everybody, written out": {
      change: { appRoleAssignmentRequired: false },
      messages: ["appRoleAssignmentRequired: expected true, got false"],
    },
  },
});
