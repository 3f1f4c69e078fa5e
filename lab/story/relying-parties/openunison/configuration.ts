/** What OpenUnison and its proxy are told by the vendor's charts, read from the cluster's objects. Pure but for `readPortal`. */
import { z } from "zod";
import type { ClusterApi } from "../cluster-api";
import { secretSchema, secretTexts } from "../secrets";
import { directoryConfiguration, targetSchema, type DirectoryConfiguration } from "./directory";
import type { Mapping, ProxyConfiguration } from "./identity";

export const namespace = "openunison";
const group = `/apis/openunison.tremolo.io`;

const textParams = z.record(z.string(), z.union([z.string(), z.boolean(), z.number(), z.array(z.string())]));
const chainSchema = z.object({
  spec: z.object({
    authMechs: z.array(
      z.object({
        name: z.string(),
        params: textParams.default({}),
        secretParams: z.array(z.object({ name: z.string(), secretName: z.string(), secretKey: z.string() })).default([]),
      }),
    ),
  }),
});
export type Chain = z.infer<typeof chainSchema>;

const mechanismSchema = z.object({ spec: z.object({ uri: z.string() }) });
const applicationSchema = z.object({ spec: z.object({ cookieConfig: z.object({ timeout: z.number() }) }) });
const openUnisonSchema = z.object({
  spec: z.object({
    source_secret: z.string(),
    hosts: z.array(z.object({ names: z.array(z.object({ env_var: z.string(), name: z.string() })) })),
    non_secret_data: z.array(z.object({ name: z.string(), value: z.string() })),
    key_store: z.object({ trusted_certificates: z.array(z.object({ name: z.string(), pem_data: z.string() })) }),
  }),
  metadata: z.object({ annotations: z.record(z.string(), z.string()).default({}) }),
});
export type OpenUnisonResource = z.infer<typeof openUnisonSchema>;

const proxySchema = z.object({
  spec: z.object({
    template: z.object({
      spec: z.object({ serviceAccountName: z.string(), containers: z.array(z.object({ args: z.array(z.string()).default([]) })) }),
    }),
  }),
});

/** Named after the release of its chart. */
const proxyDeployment = "kube-oidc-proxy-orchestra-kube-oidc-proxy";

/** How a person's claims become attributes, one line of the `map` mechanism each: `memberOf|user|groups`. */
export interface PortalConfiguration {
  /** `k8sou.example.com` */
  readonly host: string;
  /** `/auth/oidc` */
  readonly callbackPath: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: readonly string[];
  readonly forceAuthentication: boolean;
  readonly claimsFrom: "userinfo" | "id-token";
  readonly mappings: readonly Mapping[];
  readonly sessionSeconds: number;
  /** PEM of the authorities trusted beside public ones. */
  readonly trusted: readonly string[];
  /** The proxy that acts as the person; left out where the API server trusts OpenUnison's tokens itself. */
  readonly proxy?: ProxyConfiguration & {
    /** Whom the proxy is to the API server. */
    readonly serviceAccount: string;
  };
  /** Where the included chain looks groups up; left out: groups are as the claim has them. */
  readonly directory?: DirectoryConfiguration;
  /** Changes when OpenUnison would be started anew. */
  readonly generation: string;
}

/** Reads everything that a running portal would have been started with. */
export async function readPortal(api: ClusterApi): Promise<PortalConfiguration> {
  const object = <T>(version: string, plural: string, name: string, schema: z.ZodType<T>): Promise<T> =>
    api.get(`${group}/${version}/namespaces/${namespace}/${plural}/${name}`, schema);
  const [unison, chain, mechanism, application] = await Promise.all([
    object("v6", "openunisons", "orchestra", openUnisonSchema),
    object("v1", "authchains", "enterprise-idp", chainSchema),
    object("v1", "authmechs", "oidc", mechanismSchema),
    object("v1", "applications", "k8sidp", applicationSchema),
  ]);
  const impersonates = unison.spec.non_secret_data.some(({ name, value }) => name === "K8S_IMPERSONATION" && value === "true");
  const proxy = impersonates
    ? await api.get(`/apis/apps/v1/namespaces/${namespace}/deployments/${proxyDeployment}`, proxySchema)
    : undefined;
  const { data } = await api.get(`/api/v1/namespaces/${namespace}/secrets/${unison.spec.source_secret}`, secretSchema);
  const included = includedChain(chain);
  const [lookup, target] =
    included === undefined
      ? []
      : await Promise.all([object("v1", "authchains", included, chainSchema), object("v1", "targets", "azuread", targetSchema)]);
  return {
    ...chainConfiguration(chain, secretTexts(data), unison.spec.source_secret),
    directory:
      lookup === undefined || target === undefined ? undefined : directoryConfiguration(target, scriptOf(lookup), secretTexts(data)),
    host: hostOf(unison, "OU_HOST"),
    callbackPath: mechanism.spec.uri,
    sessionSeconds: application.spec.cookieConfig.timeout,
    trusted: unison.spec.key_store.trusted_certificates.map(({ pem_data }) => Buffer.from(pem_data, "base64").toString("utf8")),
    proxy:
      proxy === undefined
        ? undefined
        : {
            ...proxyConfiguration(proxy.spec.template.spec.containers[0]?.args ?? []),
            serviceAccount: proxy.spec.template.spec.serviceAccountName,
          },
    generation: generationOf(unison),
  };
}

/** The annotations whose change makes the operator start OpenUnison anew: the vendor's time of the render, where it is on, and the forced update. */
export function generationOf({ metadata: { annotations } }: OpenUnisonResource): string {
  return ["helm-update", "tremolo.io/force-update-from-chart"].map((name) => annotations[name] ?? "").join("/");
}

function hostOf({ spec }: OpenUnisonResource, variable: string): string {
  const found = spec.hosts.flatMap(({ names }) => names).find(({ env_var }) => env_var === variable);
  if (found === undefined) {
    throw new Error(`OpenUnison orchestra: expected a host for ${variable}, got none.`);
  }
  return found.name;
}

/** @param secrets content of the Secret that OpenUnison reads */
export function chainConfiguration(
  chain: Chain,
  secrets: Readonly<Record<string, string>>,
  secretName: string,
): Pick<PortalConfiguration, "issuer" | "clientId" | "clientSecret" | "scopes" | "forceAuthentication" | "claimsFrom" | "mappings"> {
  const oidc = mechanismOf(chain, "oidc");
  const text = (name: string): string => {
    const value = oidc.params[name];
    if (typeof value !== "string" || value === "") {
      throw new Error(
        `AuthenticationChain enterprise-idp: expected oidc.params.${name} as a text, got ${value === undefined ? "none" : "another kind"}.`,
      );
    }
    return value;
  };
  const reference = oidc.secretParams.find(({ name }) => name === "secretid");
  const clientSecret = reference === undefined ? undefined : secrets[reference.secretKey];
  if (clientSecret === undefined || clientSecret === "" || /[\r\n]$/.test(clientSecret)) {
    throw new Error(
      `Secret ${secretName}: expected ${reference?.secretKey ?? "a key named by secretParams"} without a line feed at its end, got none such.`,
    );
  }
  const lookup = text("userLookupClassName");
  const map = mechanismOf(chain, "map").params["map"];
  return {
    issuer: text("issuer"),
    clientId: text("clientid"),
    clientSecret,
    scopes: text("scope").split(/\s+/).filter(Boolean),
    forceAuthentication: text("forceAuthentication") === "true",
    claimsFrom: lookup.endsWith(".LoadAttributesFromWS") ? "userinfo" : "id-token",
    mappings: (Array.isArray(map) ? map : []).map(mapping),
  };
}

/** The chain that enterprise-idp includes after the claim map; undefined without one. */
function includedChain(chain: Chain): string | undefined {
  const name = chain.spec.authMechs.find((mechanism) => mechanism.name === "include")?.params["chainName"];
  return typeof name === "string" ? name : undefined;
}

function scriptOf(chain: Chain): string {
  const script = mechanismOf(chain, "js").params["js"];
  return typeof script === "string" ? script : "";
}

function mechanismOf(chain: Chain, name: string): Chain["spec"]["authMechs"][number] {
  const found = chain.spec.authMechs.find((mechanism) => mechanism.name === name);
  if (found === undefined) {
    throw new Error(`AuthenticationChain: expected the mechanism ${name}, got none.`);
  }
  return found;
}

function mapping(line: string): Mapping {
  const [target = "", kind = "", source = ""] = line.split("|");
  if (target === "" || source === "" || (kind !== "composite" && kind !== "user")) {
    throw new Error(`AuthenticationChain enterprise-idp: expected a mapping target|composite or user|source, got '${line}'.`);
  }
  return { target, kind, source };
}

/** The flags as kube-apiserver reads them: without a prefix flag, a username claim other than email gets `<issuer>#` before it. */
export function proxyConfiguration(args: readonly string[]): ProxyConfiguration {
  const flag = (name: string): string | undefined => args.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
  const issuer = flag("oidc-issuer-url");
  const usernameClaim = flag("oidc-username-claim") ?? "sub";
  if (issuer === undefined || flag("oidc-groups-claim") === undefined) {
    throw new Error(`kube-oidc-proxy: expected --oidc-issuer-url and --oidc-groups-claim, got ${args.join(" ") || "no arguments"}.`);
  }
  return {
    issuer,
    usernameClaim,
    usernamePrefix: flag("oidc-username-prefix") ?? (usernameClaim === "email" ? "" : `${issuer}#`),
    groupsPrefix: flag("oidc-groups-prefix") ?? "",
  };
}
