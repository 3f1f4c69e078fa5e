import { z } from "zod";
import { readCertificates } from "../../text/certificates";
import { keySchema } from "../../text/names";
import { yamlOrNothing } from "../../text/yaml";

/** What a kubeconfig says of the way to the API server, in the words of a stack file. */
export interface FoundKubeconfig {
  readonly server?: string;
  readonly clusterName?: string;
  readonly certificateAuthority?: string;
  readonly loopbackPorts?: readonly number[];
  readonly refresh?: true;
}

/** The same, with what people's sign-ins ask for. */
export interface KubeconfigAccess {
  readonly settings: FoundKubeconfig;
  /** Left out where nothing says it. */
  readonly scopes?: readonly string[];
}

const kubeconfigSchema = z.looseObject({
  "current-context": z.string().optional(),
  contexts: z
    .array(z.looseObject({ name: z.string(), context: z.looseObject({ cluster: z.string(), user: z.string().optional() }) }))
    .nullish(),
  clusters: z
    .array(
      z.looseObject({
        name: z.string(),
        cluster: z.looseObject({ server: z.string(), "certificate-authority-data": z.string().optional() }),
      }),
    )
    .min(1),
  users: z
    .array(
      z.looseObject({ name: z.string(), user: z.looseObject({ exec: z.looseObject({ args: z.array(z.string()).nullish() }).optional() }) }),
    )
    .nullish(),
});

/** Reads addresses, the authority and kubelogin's ports; keys and tokens that stand there as well are not looked at. */
export function accessOfKubeconfig(text: string): KubeconfigAccess {
  const read = kubeconfigSchema.safeParse(yamlOrNothing(text));
  if (!read.success) {
    return { settings: {} };
  }
  const { contexts, clusters, users } = read.data;
  const context = contexts?.find(({ name }) => name === read.data["current-context"]) ?? contexts?.[0];
  const entry = clusters.find(({ name }) => name === context?.context.cluster) ?? clusters[0];
  if (entry === undefined) {
    return { settings: {} };
  }
  const { name, cluster } = entry;
  const args = users?.find((user) => user.name === context?.context.user)?.user.exec?.args ?? [];
  const authority = Buffer.from(cluster["certificate-authority-data"] ?? "", "base64").toString("utf8");
  const ports = valuesOf(args, "--listen-address").map((address) => Number(address.split(":").at(-1)));
  const scopes = valuesOf(args, "--oidc-extra-scope");
  const settings = {
    server: cluster.server.replace(/\/+$/, ""),
    ...(keySchema.safeParse(name).success ? { clusterName: name } : {}),
    ...(readCertificates(authority) === undefined ? {} : { certificateAuthority: authority }),
    ...(ports.length === 0 ? {} : { loopbackPorts: ports }),
    ...(scopes.includes("offline_access") ? { refresh: true as const } : {}),
  };
  return { settings, ...(args.length === 0 ? {} : { scopes: ["openid", ...scopes] }) };
}

/** `--flag=value` and `--flag value`, lists by comma among them. */
function valuesOf(args: readonly string[], flag: string): string[] {
  return args.flatMap((arg, position) => {
    const value = arg === flag ? args[position + 1] : arg.startsWith(`${flag}=`) ? arg.slice(flag.length + 1) : undefined;
    return value === undefined ? [] : value.split(",");
  });
}
