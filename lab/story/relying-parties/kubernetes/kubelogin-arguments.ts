/** Reads a generated kubeconfig as kubectl and kubelogin would. Pure. */
import { parse } from "yaml";
import { z } from "zod";

/** What kubelogin (`kubectl oidc-login get-token`) is told. */
export interface KubeloginArguments {
  readonly issuer: string;
  readonly clientId: string;
  /** With openid, which kubelogin adds. */
  readonly scopes: readonly string[];
  readonly listen: readonly { readonly host: string; readonly port: number }[];
  /** PEM. */
  readonly certificateAuthority?: string;
}

export interface PersonKubeconfig {
  /** `https://host:port` */
  readonly server: string;
  /** PEM; left out, the machine's own authorities. */
  readonly certificateAuthority?: string;
  readonly kubelogin: KubeloginArguments;
}

const kubeconfigSchema = z.strictObject({
  apiVersion: z.literal("v1"),
  kind: z.literal("Config"),
  clusters: z.tuple([
    z.strictObject({
      name: z.string(),
      cluster: z.strictObject({ server: z.url(), "certificate-authority-data": z.string().optional() }),
    }),
  ]),
  contexts: z.tuple([z.strictObject({ name: z.string(), context: z.strictObject({ cluster: z.string(), user: z.string() }) })]),
  "current-context": z.string(),
  users: z.tuple([
    z.strictObject({
      name: z.string(),
      user: z.strictObject({
        exec: z.strictObject({
          apiVersion: z.literal("client.authentication.k8s.io/v1"),
          command: z.literal("kubectl"),
          args: z.array(z.string()),
          // Required by kubectl from client.authentication.k8s.io/v1 on.
          interactiveMode: z.enum(["Never", "IfAvailable", "Always"]),
          provideClusterInfo: z.boolean().optional(),
          installHint: z.string().optional(),
        }),
      }),
    }),
  ]),
});

/** @throws Error when kubectl or kubelogin would not take it */
export function personKubeconfig(text: string): PersonKubeconfig {
  const config = kubeconfigSchema.parse(parse(text));
  const [{ context, name }] = config.contexts;
  const [cluster] = config.clusters;
  const [user] = config.users;
  if (config["current-context"] !== name || context.cluster !== cluster.name || context.user !== user.name) {
    throw new Error(`kubeconfig: expected a current context that joins its cluster and user, got '${config["current-context"]}'.`);
  }
  return {
    server: cluster.cluster.server,
    certificateAuthority: decoded(cluster.cluster["certificate-authority-data"]),
    kubelogin: kubeloginArguments(user.user.exec.args),
  };
}

/** Flags as kubelogin's docs/usage.md has them; another one ends it with an error, and so does this. */
const known = new Set([
  "--oidc-issuer-url",
  "--oidc-client-id",
  "--oidc-extra-scope",
  "--oidc-pkce-method",
  "--grant-type",
  "--listen-address",
  "--certificate-authority-data",
]);

export function kubeloginArguments(args: readonly string[]): KubeloginArguments {
  const [plugin, command, ...flags] = args;
  if (plugin !== "oidc-login" || command !== "get-token") {
    throw new Error(`kubeconfig: expected the arguments oidc-login get-token, got ${args.slice(0, 2).join(" ")}.`);
  }
  const values = new Map<string, string[]>();
  for (const flag of flags) {
    const at = flag.indexOf("=");
    const name = flag.slice(0, at);
    if (at < 0 || !known.has(name)) {
      throw new Error(`kubelogin: unknown flag: ${at < 0 ? flag : name}`);
    }
    values.set(name, [...(values.get(name) ?? []), flag.slice(at + 1)]);
  }
  const one = (name: string): string => {
    const [value, second] = values.get(name) ?? [];
    if (value === undefined || value === "" || second !== undefined) {
      throw new Error(`kubelogin: expected ${name} once and not empty.`);
    }
    return value;
  };
  if (one("--oidc-pkce-method") !== "S256" || one("--grant-type") !== "authcode") {
    throw new Error("kubelogin: expected the authorization code flow with PKCE S256.");
  }
  return {
    issuer: one("--oidc-issuer-url"),
    clientId: one("--oidc-client-id"),
    scopes: ["openid", ...(values.get("--oidc-extra-scope") ?? [])],
    listen: (values.get("--listen-address") ?? ["127.0.0.1:8000", "127.0.0.1:18000"]).map((address) => {
      const url = new URL(`http://${address}`);
      return { host: url.hostname, port: Number(url.port) };
    }),
    certificateAuthority: decoded(values.get("--certificate-authority-data")?.[0]),
  };
}

function decoded(base64: string | undefined): string | undefined {
  return base64 === undefined ? undefined : Buffer.from(base64, "base64").toString("utf8");
}
