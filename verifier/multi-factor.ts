import { multiFactorClasses } from "../model/identity-providers/tokens";
import { show } from "./decode";
import { check, type Check } from "./steps";

/** `true`: any multi-factor sign-in. Otherwise an authentication context that the token's `acrs` must name (Entra ID: `c1` to `c99`). */
export type MultiFactorRequirement = true | { readonly authenticationContext: string };

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
  const classes = multiFactorClasses();
  const ok = list(claims["amr"]).includes("mfa") || classes.includes(String(claims["acr"]));
  const got = `amr ${show(claims["amr"])}, acr ${show(claims["acr"])}`;
  return check("multi-factor", ok, `amr with "mfa", or acr one of ${classes.join(", ")}`, got, "multi_factor_missing");
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : typeof value === "string" ? value.split(" ") : [];
}
