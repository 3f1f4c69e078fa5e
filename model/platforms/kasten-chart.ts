import { compare, valid } from "semver";

/**
 * What a version of the k10 chart understands. A key that a chart does not know previews green and fails in the middle
 * of an update, so the version is held against this contract before anything is created.
 *
 * Read from the vendor's charts 4.5 to 9.0 (shared facts: relying-parties.md section 1, kasten-9.md).
 */
export type KastenChartContract =
  | { readonly supported: false; readonly expected: string }
  | {
      readonly supported: true;
      /**
       * `credentials`: a Secret with client-id and client-secret, named by auth.oidcAuth.clientSecretName (from 6.0).
       * `configuration`: the whole OIDC configuration in a Secret named by auth.oidcAuth.secretName (before 6.0).
       */
      readonly secretHolds: "credentials" | "configuration";
      /** Whether auth.oidcAuth.sessionDuration and refreshTokenSupport exist. */
      readonly sessions: boolean;
      /** Whether auth.secureCookies exists, which must be off for a plain-HTTP port-forward. */
      readonly secureCookies: boolean;
    };

const lowest = "4.5.0";
const above = "10.0.0-0";

export function kastenChartContract(version: string): KastenChartContract {
  if (valid(version) === null || compare(version, lowest) < 0 || compare(version, above) >= 0) {
    return { supported: false, expected: "a k10 chart from 4.5.0 up to, not including, 10.0.0: the versions whose contract was read" };
  }
  const six = compare(version, "6.0.0-0") >= 0;
  return {
    supported: true,
    secretHolds: six ? "credentials" : "configuration",
    sessions: six,
    secureCookies: compare(version, "9.0.0-0") >= 0,
  };
}
