import { mismatch, resourceRule, type Finding } from "../rule";
import { okta } from "../types";
import { at, isTrue, text } from "../value";

export const oktaAuthenticationPolicySet = resourceRule({
  id: "okta-authentication-policy-set",
  candidate: 23,
  title: "An Okta application has its own sign-on policy, and it asks for two factors",
  severity: "high",
  level: "advisory",
  rationale:
    "Without authenticationPolicy the application falls under the organisation's default, which an Okta administrator can weaken for reasons that have nothing to do with backups.",
  remediation: "Give the application an authenticationPolicy, and its rules factorMode 2FA.",
  controls: [],
  unknowns:
    "A policy whose ID is unknown (it is made in the same stack) counts as set. Rules that are made in bulk (SignonPolicyRules) are not judged.",
  types: [okta.app, okta.policyRule],
  settings: {},
  check({ type, properties }) {
    const findings: Finding[] = [];
    if (type === okta.app) {
      if (isTrue(properties, "skipAuthenticationPolicy")) {
        findings.push(mismatch("skipAuthenticationPolicy", "false", true));
      }
      const policy = at(properties, "authenticationPolicy");
      if (policy === undefined && text(properties, "type") !== "service") {
        findings.push(mismatch("authenticationPolicy", "the ID of a policy", undefined));
      }
      return findings;
    }
    const allows = (text(properties, "access") ?? "ALLOW") === "ALLOW";
    if (allows && text(properties, "factorMode") === "1FA") {
      findings.push(mismatch("factorMode", "2FA", "1FA"));
    }
    return findings;
  },
});
