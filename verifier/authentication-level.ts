import { show } from "./decode";
import { check, type Check } from "./steps";

/**
 * Whether the token shows the level of authentication that the stack requires. Levels that are numbers are in order (OpenID Connect Core
 * 1.0, section 2, acr; Keycloak maps names to levels); names are not, and must be the same. No platform asks for it itself.
 */
export function authenticationLevelCheck(claims: Readonly<Record<string, unknown>>, required: string): Check {
  const acr = claims["acr"];
  const level = (value: string): number | undefined => (/^\d{1,9}$/.test(value) ? Number(value) : undefined);
  const [wanted, got] = [level(required), typeof acr === "string" ? level(acr) : undefined];
  const ok = acr === required || (wanted !== undefined && got !== undefined && got >= wanted);
  const expected = `acr ${show(required)}${wanted === undefined ? "" : " or a higher level"}`;
  return check("authentication level", ok, expected, `acr ${show(acr)}`, "authentication_level");
}
