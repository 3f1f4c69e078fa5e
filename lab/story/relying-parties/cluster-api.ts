/**
 * A few calls to the Kubernetes API with the administrator's kubeconfig, and as somebody else by impersonation.
 *
 * Not @kubernetes/client-node: its version 2 does not load on Node 20 (its HTTP library wants `createZstdDecompress`), and its generated
 * methods take no impersonation headers.
 */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { send, type Answer } from "../sign-in/transport";
import { jsonOrNothing } from "../../../model";

/** Whom the API server should take the caller for: K10 forwards every request of a signed-in person so. */
export interface Identity {
  readonly username: string;
  readonly groups: readonly string[];
}

export interface ClusterApi {
  /** Parsed body. Throws {@link ClusterApiError} unless the status is 200 or 201. */
  get<T>(path: string, schema: z.ZodType<T>): Promise<T>;
  /** Any call with the credentials as they are. */
  callAsSelf(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Any call as `identity`; the answer is given as it comes, a denial (403) included. */
  callAs(identity: Identity, method: string, path: string, body?: unknown): Promise<Answer>;
}

export class ClusterApiError extends Error {
  public constructor(
    public readonly path: string,
    public readonly status: number,
    reason: string,
  ) {
    super(`Kubernetes API: expected 200 from GET ${path}, got ${status}${reason ? `: ${reason}` : ""}`);
    this.name = "ClusterApiError";
  }
}

const kubeconfigSchema = z.object({
  "current-context": z.string(),
  contexts: z.array(z.object({ name: z.string(), context: z.object({ cluster: z.string(), user: z.string() }) })),
  clusters: z.array(
    z.object({
      name: z.string(),
      cluster: z.object({
        server: z.url(),
        "certificate-authority": z.string().optional(),
        "certificate-authority-data": z.string().optional(),
      }),
    }),
  ),
  users: z.array(
    z.object({
      name: z.string(),
      user: z.object({
        token: z.string().optional(),
        "client-certificate": z.string().optional(),
        "client-certificate-data": z.string().optional(),
        "client-key": z.string().optional(),
        "client-key-data": z.string().optional(),
      }),
    }),
  ),
});

/**
 * Reads a kubeconfig with certificates or a token, inline or as files; other kinds of credentials are refused.
 * @param token somebody else's, used in place of the kubeconfig's own credentials
 */
export function clusterApi(kubeconfigPath: string, token?: string): ClusterApi {
  const config = kubeconfigSchema.parse(parse(readFileSync(kubeconfigPath, "utf8")));
  const context = found(config.contexts, config["current-context"], "context", kubeconfigPath).context;
  const { cluster } = found(config.clusters, context.cluster, "cluster", kubeconfigPath);
  const own = found(config.users, context.user, "user", kubeconfigPath).user;
  const user = token === undefined ? own : { token };
  const pem = (data: string | undefined, file: string | undefined): string | undefined =>
    data ? Buffer.from(data, "base64").toString("utf8") : file ? readFileSync(file, "utf8") : undefined;
  const cert = pem(user["client-certificate-data"], user["client-certificate"]);
  const key = pem(user["client-key-data"], user["client-key"]);
  if (!(cert && key) && !user.token) {
    throw new Error(`${kubeconfigPath}: expected user ${context.user} with a client certificate and key, or a token; got neither`);
  }
  const route = { ca: pem(cluster["certificate-authority-data"], cluster["certificate-authority"]) ?? "" };
  const call = (method: string, path: string, headers: Record<string, string | string[]>, body?: unknown): Promise<Answer> =>
    send(new URL(path, cluster.server), route, {
      method,
      headers: {
        accept: "application/json",
        ...(user.token ? { authorization: `Bearer ${user.token}` } : {}),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      clientCertificate: cert && key ? { cert, key } : undefined,
    });
  return {
    async get(path, schema) {
      const answer = await call("GET", path, {});
      if (answer.status !== 200) {
        const status = z.object({ message: z.string() }).safeParse(jsonOrNothing(answer.body));
        throw new ClusterApiError(path, answer.status, status.success ? status.data.message : "");
      }
      return schema.parse(jsonOrNothing(answer.body));
    },
    callAsSelf: (method, path, body) => call(method, path, {}, body),
    callAs: (identity, method, path, body) => call(method, path, impersonation(identity), body),
  };
}

/** Impersonation headers (kubernetes.io/docs/reference/access-authn-authz/authentication, "User impersonation"). */
export function impersonation(identity: Identity): Record<string, string | string[]> {
  if (identity.username === "") {
    // Without a user name the API server would ignore the groups and answer as the administrator.
    throw new Error("impersonation: expected a username, got an empty one");
  }
  return {
    "impersonate-user": headerValue(identity.username),
    ...(identity.groups.length > 0 ? { "impersonate-group": identity.groups.map(headerValue) } : {}),
  };
}

/** Node writes header values as Latin-1; the API server reads UTF-8, as client-go sends it. */
function headerValue(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

function found<T extends { readonly name: string }>(list: readonly T[], name: string, what: string, path: string): T {
  const item = list.find((candidate) => candidate.name === name);
  if (!item) {
    throw new Error(`${path}: expected a ${what} named ${name}, got ${list.map((candidate) => candidate.name).join(", ") || "none"}`);
  }
  return item;
}
