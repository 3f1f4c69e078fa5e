// Configuration of the azuread provider: names and environment variables of terraform-provider-azuread internal/provider/provider.go.
import { readFileSync } from "node:fs";
import { flag, text, type Schema } from "../provider/schema";
import { textOf } from "../provider/json";
import type { Properties } from "../provider/values";

export const configSchema: Schema = {
  adoPipelineServiceConnectionId: { type: "string", notImplemented: true },
  clientCertificate: { type: "string", notImplemented: true },
  clientCertificatePassword: { type: "string", notImplemented: true },
  clientCertificatePath: { type: "string", notImplemented: true },
  clientId: text(),
  clientIdFilePath: text(),
  clientSecret: text({ secret: true }),
  clientSecretFilePath: text(),
  disableTerraformPartnerId: flag(),
  environment: text(),
  metadataHost: text(),
  msiEndpoint: text(),
  oidcRequestToken: { type: "string", notImplemented: true },
  oidcRequestUrl: { type: "string", notImplemented: true },
  oidcToken: text({ secret: true }),
  oidcTokenFilePath: text(),
  partnerId: text(),
  tenantId: text(),
  useAksWorkloadIdentity: flag(),
  useCli: flag(),
  useMsi: flag(),
  useOidc: flag(),
};

/** How the client proves who it is: a secret, or a signed assertion of a federated issuer. */
export type Credentials = { readonly kind: "secret"; readonly value: string } | { readonly kind: "assertion"; readonly value: string };

export interface AzureConfig {
  readonly tenantId: string;
  readonly clientId: string;
  readonly credentials: Credentials;
  /** `host[:port]` of the metadata document; left out, the public cloud. */
  readonly metadataHost?: string;
}

/** Configuration first, then the environment. @throws Error naming what is missing */
export function resolveConfig(config: Properties, environment: NodeJS.ProcessEnv): AzureConfig {
  const setting = (key: string, variable: string): string | undefined => textOf(config[key]) ?? textOf(environment[variable]);
  const fromFile = (key: string, variable: string): string | undefined => {
    const file = setting(key, variable);
    return file === undefined ? undefined : readFileSync(file, "utf8").trim();
  };
  const clientId = setting("clientId", "ARM_CLIENT_ID") ?? fromFile("clientIdFilePath", "ARM_CLIENT_ID_FILE_PATH");
  const tenantId = setting("tenantId", "ARM_TENANT_ID");
  const secret = setting("clientSecret", "ARM_CLIENT_SECRET") ?? fromFile("clientSecretFilePath", "ARM_CLIENT_SECRET_FILE_PATH");
  const useOidc = config.useOidc === true || environment.ARM_USE_OIDC === "true";
  const assertion = useOidc
    ? (setting("oidcToken", "ARM_OIDC_TOKEN") ?? fromFile("oidcTokenFilePath", "ARM_OIDC_TOKEN_FILE_PATH"))
    : undefined;
  if (!clientId || !tenantId) {
    throw new Error("azuread: expected clientId and tenantId (or ARM_CLIENT_ID and ARM_TENANT_ID), got not both");
  }
  // The official plugin tries certificate, secret, OIDC in this order; certificates are not implemented here.
  if (secret) {
    return {
      tenantId,
      clientId,
      credentials: { kind: "secret", value: secret },
      metadataHost: setting("metadataHost", "ARM_METADATA_HOSTNAME"),
    };
  }
  if (!assertion) {
    throw new Error("azuread: expected clientSecret or, with useOidc, oidcToken or oidcTokenFilePath; got none of them");
  }
  return {
    tenantId,
    clientId,
    credentials: { kind: "assertion", value: assertion },
    metadataHost: setting("metadataHost", "ARM_METADATA_HOSTNAME"),
  };
}
