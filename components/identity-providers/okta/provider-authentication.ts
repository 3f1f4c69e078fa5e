import * as pulumi from "@pulumi/pulumi";
import type { OktaSpec } from "../../../model";

/** How Okta's provider signs in: with an API token (SSWS), or with OAuth 2.0 credentials. */
export type OktaProviderAuthentication = "api-token" | "oauth" | "unknown";

/** Reads what the default provider will use: configuration before environment, as the provider itself does. */
export function oktaProviderAuthentication(
  config: { get(key: string): string | undefined },
  environment: Readonly<Record<string, string | undefined>>,
): OktaProviderAuthentication {
  const set = (key: string, variable: string): boolean => Boolean(config.get(key) ?? environment[variable]);
  if (set("privateKey", "OKTA_API_PRIVATE_KEY") || set("accessToken", "OKTA_ACCESS_TOKEN")) {
    return "oauth";
  }
  return set("apiToken", "OKTA_API_TOKEN") ? "api-token" : "unknown";
}

/**
 * Refuses the one combination in which the groups claim would silently be left out: okta.app.OAuth.groupsClaim
 * uses an internal endpoint that only an API token may call, and the provider skips it without an error otherwise
 * (okta/terraform-provider-okta resource_okta_app_oauth.go, #1906).
 */
export function requireEffectiveGroupsClaim(spec: OktaSpec, authentication: OktaProviderAuthentication): void {
  if (spec.authorizationServer === "org" && authentication === "oauth") {
    throw new pulumi.RunError(
      "gatehouse:idp.authorizationServer: expected a custom authorization server, or an API token for Okta's provider; got the organisation's own " +
        "server with OAuth 2.0 credentials. Okta's provider then leaves the groups claim out without a word, and nobody's groups would arrive. " +
        "Fix: set okta:apiToken (or OKTA_API_TOKEN) instead of okta:privateKey or okta:accessToken, or write authorizationServer: { existing: default }.",
    );
  }
}
