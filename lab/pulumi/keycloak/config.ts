// Configuration of the keycloak provider: names, environment variables and defaults of keycloak/terraform-provider-keycloak provider/provider.go.
import { flag, integer, notImplemented, text, type CheckFailure, type Schema } from "../provider/schema";
import { numberOf, textOf } from "../provider/json";
import type { Properties } from "../provider/values";

export const configSchema: Schema = {
  accessToken: notImplemented,
  additionalHeaders: notImplemented,
  adminUrl: text(),
  basePath: text(),
  clientId: text(),
  clientSecret: text({ secret: true }),
  clientTimeout: integer(),
  initialLogin: flag(),
  jwtSigningAlg: notImplemented,
  jwtSigningKey: notImplemented,
  password: notImplemented,
  realm: text(),
  redHatSso: notImplemented,
  rootCaCertificate: text(),
  tlsInsecureSkipVerify: notImplemented,
  url: text(),
  username: notImplemented,
};

/** How the stand-in reaches a Keycloak server: with the credentials of a service account. */
export interface KeycloakConfig {
  /** `https://host[:port]`, and the base path after it. */
  readonly baseUrl: string;
  /** The realm in which the service account lives. */
  readonly realm: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Seconds. */
  readonly timeout: number;
  /** PEM; in place of the system's authorities, as the official plugin takes it. */
  readonly rootCaCertificate?: string;
  readonly initialLogin: boolean;
}

/** The official plugin signs in with a password too; this one does not. */
export function validateConfig(config: Properties): CheckFailure[] {
  return Object.keys(config)
    .filter((key) => configSchema[key]?.notImplemented === true && config[key] !== null)
    .map((property) => ({
      property,
      reason: `${property} is not implemented by the lab's stand-in for the keycloak plugin; use clientId and clientSecret of a service account`,
    }));
}

/** Configuration first, then the environment. @throws Error naming what is missing */
export function resolveConfig(config: Properties, environment: NodeJS.ProcessEnv): KeycloakConfig {
  const setting = (key: string, variable: string): string | undefined => textOf(config[key]) ?? (environment[variable] || undefined);
  const url = setting("url", "KEYCLOAK_URL");
  const clientId = setting("clientId", "KEYCLOAK_CLIENT_ID");
  const clientSecret = setting("clientSecret", "KEYCLOAK_CLIENT_SECRET");
  if (url === undefined || clientId === undefined || clientSecret === undefined) {
    throw new Error(
      "keycloak: expected url, clientId and clientSecret (or KEYCLOAK_URL, KEYCLOAK_CLIENT_ID and KEYCLOAK_CLIENT_SECRET), got fewer",
    );
  }
  return {
    baseUrl: `${url}${setting("basePath", "KEYCLOAK_BASE_PATH") ?? ""}`,
    realm: setting("realm", "KEYCLOAK_REALM") ?? "master",
    clientId,
    clientSecret,
    timeout: numberOf(config.clientTimeout) ?? (Number(environment["KEYCLOAK_CLIENT_TIMEOUT"]) || 15),
    rootCaCertificate: textOf(config.rootCaCertificate),
    initialLogin: config.initialLogin !== false,
  };
}
