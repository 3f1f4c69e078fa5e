import { show } from "./decode";
import { check } from "./protocol-checks";
import type { Check } from "./verdict";

/** `true`: any multi-factor sign-in. Otherwise an authentication context that the token's `acrs` must name (Entra ID: `c1` to `c99`). */
export type MultiFactorRequirement = true | { readonly authenticationContext: string };

/**
 * Classes (`acr`) that mean more than one factor: OpenID EAP phishing-resistant sign-in, Okta's level of assurance, and the
 * PAPE policy that other providers reuse.
 */
const multiFactorClasses = ["phr", "phrh", "urn:okta:loa:2fa:any", "http://schemas.openid.net/pape/policies/2007/06/multi-factor"];

/** Whether the token itself shows a multi-factor sign-in: `amr` holding `mfa` (RFC 8176), a class that means it, or the named context. */
export function multiFactorCheck(claims: Readonly<Record<string, unknown>>, requirement: MultiFactorRequirement): Check {
  if (requirement !== true) {
    const wanted = requirement.authenticationContext;
    const contexts = list(claims["acrs"]);
    return check(
      "multi-factor",
      contexts.includes(wanted),
      `acrs with ${show(wanted)}`,
      `acrs ${show(claims["acrs"])}`,
      "multi_factor_missing",
    );
  }
  const ok = list(claims["amr"]).includes("mfa") || multiFactorClasses.includes(String(claims["acr"]));
  const got = `amr ${show(claims["amr"])}, acr ${show(claims["acr"])}`;
  return check("multi-factor", ok, `amr with "mfa", or acr one of ${multiFactorClasses.join(", ")}`, got, "multi_factor_missing");
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : typeof value === "string" ? value.split(" ") : [];
}
