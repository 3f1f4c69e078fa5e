import { entraGroupClaimsBounded } from "../../../policies/rules/entra-group-claims-bounded";
import { entra } from "../../../policies/types";
import { describeRule } from "../harness";

describeRule(entraGroupClaimsBounded, {
  passing: { type: entra.application, props: { groupMembershipClaims: ["ApplicationGroup"] } },
  alsoPassing: { "no group claim": { change: { groupMembershipClaims: undefined } } },
  violations: {
    "all groups": {
      change: { groupMembershipClaims: ["All"] },
      messages: ['groupMembershipClaims: expected ApplicationGroup (or None), got ["All"]'],
    },
    "all groups in one text, as older providers have it": {
      change: { groupMembershipClaims: "SecurityGroup, ApplicationGroup" },
      messages: ['groupMembershipClaims: expected ApplicationGroup (or None), got ["SecurityGroup"]'],
    },
    "all security groups, on a registration": {
      resources: [{ type: entra.registration, props: { groupMembershipClaims: ["SecurityGroup", "ApplicationGroup"] } }],
      messages: ['groupMembershipClaims: expected ApplicationGroup (or None), got ["SecurityGroup"]'],
    },
  },
});
