import { mismatch, resourceRule } from "../rule";
import { okta } from "../types";
import { at, isTrue, text, texts, unknownValue } from "../value";

export const oktaPkceRequired = resourceRule({
  id: "okta-pkce-required",
  candidate: 18,
  title: "An Okta application requires PKCE",
  severity: "medium",
  level: "advisory",
  rationale:
    "PKCE makes a stolen authorization code worthless. It is advice, not an order, because some platforms cannot send it: K10 before version 9 does not, and would be locked out.",
  remediation: "Set pkceRequired to true where the platform sends a code challenge.",
  controls: ["asvs-10.4.6"],
  unknowns: "An unknown flag is not judged.",
  types: [okta.app],
  settings: {},
  check({ properties }) {
    const required = at(properties, "pkceRequired");
    const grants = texts(properties, "grantTypes");
    const usesCode = text(properties, "type") !== "service" && (grants.length === 0 || grants.includes("authorization_code"));
    return !usesCode || required === unknownValue || isTrue(properties, "pkceRequired") ? [] : [mismatch("pkceRequired", "true", required)];
  },
});
