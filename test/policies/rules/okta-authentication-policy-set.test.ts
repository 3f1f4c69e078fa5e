import { oktaAuthenticationPolicySet } from "../../../policies/rules/okta-authentication-policy-set";
import { okta } from "../../../policies/types";
import { describeRule } from "../harness";

describeRule(oktaAuthenticationPolicySet, {
  passing: { type: okta.app, props: { type: "web", authenticationPolicy: "rst1" } },
  alsoPassing: {
    "a service": { change: { type: "service", authenticationPolicy: undefined } },
    "two factors": { resources: [{ type: okta.policyRule, props: { factorMode: "2FA" } }] },
    "a rule that denies": { resources: [{ type: okta.policyRule, props: { access: "DENY", factorMode: "1FA" } }] },
  },
  violations: {
    "the organisation's default": {
      change: { authenticationPolicy: undefined },
      messages: ["authenticationPolicy: expected the ID of a policy, got nothing"],
    },
    "no policy on purpose": {
      change: { skipAuthenticationPolicy: true },
      messages: ["skipAuthenticationPolicy: expected false, got true"],
    },
    "one factor": {
      resources: [{ type: okta.policyRule, props: { access: "ALLOW", factorMode: "1FA" } }],
      messages: ['factorMode: expected 2FA, got "1FA"'],
    },
  },
});
