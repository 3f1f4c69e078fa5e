// Configuration of the okta provider: names, environment variables and defaults of terraform-provider-okta okta/config/config.go.
import { flag, integer, list, text, type CheckFailure, type Schema } from "../provider/schema";
import { numberOf, textOf, textsOf } from "../provider/json";
import type { Properties } from "../provider/values";

export const configSchema: Schema = {
  accessToken: text({ secret: true }),
  apiToken: text({ secret: true }),
  backoff: flag(),
  baseUrl: text(),
  clientId: text(),
  httpProxy: text(),
  logLevel: integer(),
  maxApiCapacity: integer(),
  maxRetries: integer(),
  maxWaitSeconds: integer(),
  minWaitSeconds: integer(),
  orgName: text(),
  parallelism: integer(),
  privateKey: text({ secret: true }),
  privateKeyId: text(),
  requestTimeout: integer(),
  scopes: list(text()),
};

/** How the client proves who it is. */
export type Credentials =
  | { readonly kind: "apiToken"; readonly token: string }
  | { readonly kind: "accessToken"; readonly token: string }
  | {
      readonly kind: "privateKey";
      readonly clientId: string;
      /** PEM. */
      readonly privateKey: string;
      readonly keyId?: string;
      readonly scopes: readonly string[];
    };

export interface OktaConfig {
  /** The org's URL, or the proxy's in place of it. */
  readonly orgUrl: URL;
  readonly credentials: Credentials;
  readonly backoff: boolean;
  /** Seconds. */
  readonly minWait: number;
  readonly maxWait: number;
  readonly maxRetries: number;
  /** Seconds; 0 means no limit. */
  readonly requestTimeout: number;
}

/** The three kinds of credentials exclude each other. */
export function validateConfig(config: Properties): CheckFailure[] {
  const given = ["apiToken", "accessToken", "privateKey"].filter((key) => config[key] !== undefined && config[key] !== "");
  if (given.length <= 1) {
    return [];
  }
  return [{ property: given[1] ?? "", reason: `expected one of apiToken, accessToken and privateKey, got ${given.join(" and ")}` }];
}

/** Configuration first, then the environment (config.go reads it in that order). @throws Error naming what is missing */
export function resolveConfig(config: Properties, environment: NodeJS.ProcessEnv): OktaConfig {
  const setting = (key: string, variable: string): string | undefined => textOf(config[key]) ?? (environment[variable] || undefined);
  const count = (key: string, otherwise: number): number => numberOf(config[key]) ?? otherwise;
  return {
    orgUrl: orgUrl(setting("httpProxy", "OKTA_HTTP_PROXY"), setting("orgName", "OKTA_ORG_NAME"), setting("baseUrl", "OKTA_BASE_URL")),
    credentials: resolveCredentials(config, setting, environment),
    backoff: config.backoff !== false,
    minWait: count("minWaitSeconds", 30),
    maxWait: count("maxWaitSeconds", 300),
    maxRetries: count("maxRetries", 5),
    requestTimeout: count("requestTimeout", 0),
  };
}

function orgUrl(httpProxy: string | undefined, orgName: string | undefined, baseUrl: string | undefined): URL {
  // The official plugin uses httpProxy as the org's URL itself (terraform-provider-okta, okta/config/config.go).
  if (httpProxy) {
    return new URL(httpProxy);
  }
  if (!orgName || !baseUrl) {
    throw new Error("okta: expected orgName and baseUrl (or OKTA_ORG_NAME and OKTA_BASE_URL), or httpProxy, got neither");
  }
  return new URL(`https://${orgName}.${baseUrl}`);
}

function resolveCredentials(
  config: Properties,
  setting: (key: string, variable: string) => string | undefined,
  environment: NodeJS.ProcessEnv,
): Credentials {
  // A credential in the configuration wins over one of another kind in the environment.
  const configured = ["apiToken", "accessToken", "privateKey"].some((key) => textOf(config[key]));
  const pick = (key: string, variable: string): string | undefined => (configured ? textOf(config[key]) : setting(key, variable));
  const accessToken = pick("accessToken", "OKTA_ACCESS_TOKEN");
  if (accessToken) {
    return { kind: "accessToken", token: accessToken };
  }
  const apiToken = pick("apiToken", "OKTA_API_TOKEN");
  if (apiToken) {
    return { kind: "apiToken", token: apiToken };
  }
  const privateKey = pick("privateKey", "OKTA_API_PRIVATE_KEY");
  if (!privateKey) {
    throw new Error("okta: expected one of apiToken, accessToken and privateKey, got none");
  }
  const clientId = setting("clientId", "OKTA_API_CLIENT_ID");
  const configuredScopes = textsOf(config.scopes);
  const scopes = configuredScopes.length > 0 ? configuredScopes : (environment.OKTA_API_SCOPES ?? "").split(",").filter(Boolean);
  if (!clientId || scopes.length === 0) {
    throw new Error("okta: privateKey also needs clientId and scopes");
  }
  return { kind: "privateKey", clientId, privateKey, keyId: setting("privateKeyId", "OKTA_API_PRIVATE_KEY_ID"), scopes };
}
