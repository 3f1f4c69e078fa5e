/**
 * What K10's sign-in service is told by the chart: names of the Secrets that it mounts, and their content. Pure.
 *
 * Keys, mixed case included, as the vendor's templates/secrets.yaml writes them in 5.5 to 9.0.
 */
import { z } from "zod";

/** The Deployments whose pods read the sign-in configuration. */
export const kastenDeployments = ["auth-svc", "controllermanager-svc", "dashboardbff-svc"] as const;
export type KastenDeployment = (typeof kastenDeployments)[number];

export const deploymentSchema = z.object({
  spec: z.object({
    template: z.object({
      metadata: z.looseObject({}).optional(),
      spec: z.looseObject({
        containers: z.array(
          z.looseObject({ name: z.string(), env: z.array(z.looseObject({ name: z.string(), value: z.string().optional() })).optional() }),
        ),
        volumes: z.array(z.looseObject({ name: z.string(), secret: z.looseObject({ secretName: z.string() }).optional() })).optional(),
      }),
    }),
  }),
});
export type Deployment = z.infer<typeof deploymentSchema>;

export interface KastenConfiguration {
  /** Issuer, byte for byte. */
  readonly providerUrl: string;
  /** Base URL of the gateway; the callback is this, the prefix path and `/auth-svc/v0/oidc/redirect`. */
  readonly redirectUrl: URL;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: readonly string[];
  readonly prompt: string;
  readonly usernameClaim: string;
  readonly usernamePrefix: string;
  /** Empty: no groups at all. */
  readonly groupClaim: string;
  readonly groupPrefix: string;
  /** Prefixed group names; empty: no filter. */
  readonly groupAllowList: readonly string[];
  readonly sessionSeconds: number;
  /** 9.x: required sends S256 always, disabled never, auto when the provider says that it knows S256. */
  readonly pkce: "auto" | "required" | "disabled";
}

/** Names of the Secrets that `auth-svc` mounts: the configuration, and the client's credentials when they are apart. */
export function mountedSecrets(deployment: Deployment): { readonly configuration: string; readonly credentials?: string } {
  const volumes = deployment.spec.template.spec.volumes ?? [];
  const secretOf = (volume: string): string | undefined => volumes.find((candidate) => candidate.name === volume)?.secret?.secretName;
  const configuration = secretOf("k10-oidc-auth");
  if (!configuration) {
    const names = volumes.map((volume) => volume.name).join(", ") || "none";
    throw new Error(`Deployment auth-svc: expected a volume k10-oidc-auth (auth.oidcAuth.enabled=true), got volumes: ${names}`);
  }
  return { configuration, credentials: secretOf("k10-oidc-auth-creds") };
}

/** Environment PREFIX_PATH of `auth-svc` (charts with K10's own gateway: 8.0, not 6.5.4); undefined in older charts. */
export function prefixOfAuthService(deployment: Deployment): string | undefined {
  return deployment.spec.template.spec.containers
    .flatMap((container) => container.env ?? [])
    .find((variable) => variable.name === "PREFIX_PATH")?.value;
}

/**
 * @param configuration content of the Secret `k10-oidc-auth` or of the one named by `auth.oidcAuth.secretName`
 * @param credentials content of the Secret named by `clientSecretName`; it wins over keys in `configuration` (vendor's documentation)
 */
export function kastenConfiguration(
  configuration: Readonly<Record<string, string>>,
  credentials: Readonly<Record<string, string>> | undefined,
  source: string,
): KastenConfiguration {
  const need = (texts: Readonly<Record<string, string>>, key: string): string => {
    const text = texts[key];
    if (!text) {
      throw new Error(`${source}: expected a key ${key} with a value, got keys ${Object.keys(texts).sort().join(", ") || "none"}`);
    }
    return text;
  };
  const pkce = configuration["pkce"];
  if (pkce !== undefined && pkce !== "true" && pkce !== "false") {
    throw new Error(`${source}: key pkce: expected "true", "false" or no key, got "${pkce}"`);
  }
  const redirectUrl = need(configuration, "redirect-url");
  if (!URL.canParse(redirectUrl) || !/^https?:$/.test(new URL(redirectUrl).protocol)) {
    throw new Error(`${source}: key redirect-url: expected the http(s) base URL of the gateway, got "${redirectUrl}"`);
  }
  return {
    providerUrl: need(configuration, "provider-url"),
    redirectUrl: new URL(redirectUrl),
    clientId: need(credentials ?? configuration, "client-id"),
    clientSecret: need(credentials ?? configuration, "client-secret"),
    scopes: need(configuration, "scopes").split(/\s+/).filter(Boolean),
    prompt: configuration["prompt"] || "select_account",
    usernameClaim: configuration["usernameClaim"] || "sub",
    usernamePrefix: configuration["usernamePrefix"] ?? "",
    groupClaim: configuration["groupClaim"] ?? "",
    groupPrefix: configuration["groupPrefix"] ?? "",
    groupAllowList: (configuration["groupAllowList"] ?? "").split("\n").filter(Boolean),
    sessionSeconds: durationSeconds(configuration["sessionDuration"] || "1h", source),
    pkce: pkce === undefined ? "auto" : pkce === "true" ? "required" : "disabled",
  };
}

/** What auth-svc adds to the prefix path. */
const callbackTail = "auth-svc/v0/oidc/redirect";

/** The callback: base URL, prefix and the fixed tail; a slash at the end of the base is tolerated. A path in the base is kept, and so doubled. */
export function callbackUrl(redirectUrl: URL, prefix: string): string {
  return `${redirectUrl.origin}${redirectUrl.pathname.replace(/\/+$/, "")}${prefix}/${callbackTail}`;
}

/** The dashboard that belongs to a callback, with a slash at the end. */
export function dashboardUrl(callback: string): string {
  return callback.slice(0, -callbackTail.length);
}

/** `/k10` from `k10`, `/k10/` and the like. */
export function normalPrefix(path: string): string {
  return `/${path.replace(/^\/+|\/+$/g, "")}`;
}

const unitSeconds: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 0.001 };

/** Seconds of a Go duration such as `1h30m`. */
export function durationSeconds(text: string, source: string): number {
  if (!/^(\d+(\.\d+)?(h|ms|m|s))+$/.test(text)) {
    throw new Error(`${source}: key sessionDuration: expected a Go duration such as 1h or 90m, got "${text}"`);
  }
  return [...text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g)].reduce(
    (sum, part) => sum + Number(part[1]) * (unitSeconds[part[2] ?? ""] ?? 0),
    0,
  );
}
