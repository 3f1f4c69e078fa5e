import { compare, valid } from "semver";

/**
 * What a version of the k10 chart understands. A key that a chart does not know previews green and fails in the middle
 * of an update, or has no effect, so the version is held against this contract before anything is created.
 *
 * Read from the vendor's charts 4.5 to 9.0: templates/secrets.yaml, _k10_template.tpl and values.yaml of each line. Where a key
 * came in the middle of a line, the next line counts: mirrors number the vendor's 6.5.11 as 6.5.1101, above all later 6.5.x.
 */
export type KastenChartContract =
  | { readonly supported: false; readonly expected: string }
  | {
      readonly supported: true;
      /**
       * `credentials`: a Secret with client-id and client-secret, named by auth.oidcAuth.clientSecretName (6.5.11 is the first that knows it).
       * `configuration`: the whole OIDC configuration in a Secret named by auth.oidcAuth.secretName.
       */
      readonly secretHolds: "credentials" | "configuration";
      /** Whether auth.oidcAuth.sessionDuration and refreshTokenSupport exist (6.0.4 knows neither, 6.0.7 both). */
      readonly sessions: boolean;
      /** Whether auth.secureCookies exists, which must be off for a plain-HTTP port-forward (not in 8.0.15, in 8.5.13; a chart without it lets it pass). */
      readonly secureCookies: boolean;
      /** Whether auth.oidcAuth.pkceRequired exists (not in 8.5.13, in 9.0.4). */
      readonly pkce: boolean;
      /** Whether ingress.urlPath counts only where the chart makes the Ingress (7.5.4); before, K10 serves itself under it anyway (v0services.yaml to 6.5.1). */
      readonly pathNeedsIngress: boolean;
    };

const lowest = "4.5.0";
const above = "10.0.0-0";

export function kastenChartContract(version: string): KastenChartContract {
  if (valid(version) === null || compare(version, lowest) < 0 || compare(version, above) >= 0) {
    return { supported: false, expected: "a k10 chart from 4.5.0 up to, not including, 10.0.0: the versions whose contract was read" };
  }
  const from = (line: string): boolean => compare(version, `${line}.0-0`) >= 0;
  return {
    supported: true,
    secretHolds: from("7.0") ? "credentials" : "configuration",
    sessions: from("6.5"),
    secureCookies: from("8.5"),
    pkce: from("9.0"),
    pathNeedsIngress: from("7.5"),
  };
}
