/**
 * The cluster as dynamic resources reach it: one request at a time, with whatever the stack's kubeconfig says to authenticate by.
 *
 * Holds the client alone; what is asked belongs to the resource that asks. Functions here are carried into the resource's own code and
 * stored with it, so they lean on nothing but JavaScript itself.
 */
import type { RequestOptions } from "node:https";

/** A JSON object. */
export type Json = Record<string, unknown>;

/** Which cluster: what the provider's or the stack's `kubernetes:kubeconfig` and `kubernetes:context` say, else KUBECONFIG and its current context. */
export interface ClusterChoice {
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Name of the cluster in the kubeconfig, instead of the context's. */
  readonly cluster?: string;
  /** A folder from which packages are found. @default the program's own, where Pulumi's plug-in for dynamic resources runs this */
  readonly modules?: string;
}

/** The settings of Pulumi's kubernetes provider that choose a cluster. */
export const clusterSettings = ["kubeconfig", "context", "cluster"] as const;

/**
 * The cluster of a resource: what its inputs say of the provider that it belongs to, else the stack's configuration.
 * @param settings of that provider; something else where there is none, or where a plan does not know them yet
 */
export function choiceOf(settings: unknown, configured: ClusterChoice): ClusterChoice {
  return typeof settings === "object" && settings !== null ? { ...(settings as ClusterChoice), modules: configured.modules } : configured;
}

export interface Reply {
  readonly status: number;
  readonly body: Json;
}

/** One request; a PATCH is a JSON merge patch. @throws Error when there is no answer */
export type ClusterCall = (method: "GET" | "POST" | "PATCH" | "DELETE", path: string, body?: Json) => Promise<Reply>;

/** The part of @kubernetes/client-node that is used here; its index would load a client for every API group. */
interface KubeConfigLike {
  loadFromDefault(): void;
  loadFromFile(file: string): void;
  loadFromString(text: string): void;
  setCurrentContext(context: string): void;
  getContextObject(name: string): { cluster: string } | null;
  getCurrentContext(): string;
  getCurrentCluster(): { server: string } | null;
  applyToHTTPSOptions(options: RequestOptions): Promise<void>;
}

/** Opens the cluster, with whatever the kubeconfig says to authenticate by (certificates, tokens, exec plug-ins). */
export async function openCluster(choice: ClusterChoice): Promise<ClusterCall> {
  // Looked up here: an imported module would be captured with the function, and Node's own cannot be stored as text.
  const https = process.getBuiltinModule("node:https");
  const { createRequire } = process.getBuiltinModule("node:module");
  const load = createRequire(`${choice.modules ?? process.cwd()}/package.json`);
  const { KubeConfig } = load("@kubernetes/client-node/dist/config.js") as { KubeConfig: new () => KubeConfigLike };
  const config = new KubeConfig();
  if (choice.kubeconfig === undefined || choice.kubeconfig === "") {
    config.loadFromDefault();
  } else if (/\n|^\s*\{/.test(choice.kubeconfig)) {
    config.loadFromString(choice.kubeconfig);
  } else {
    config.loadFromFile(choice.kubeconfig);
  }
  if (choice.context !== undefined && choice.context !== "") {
    config.setCurrentContext(choice.context);
  }
  const context = config.getContextObject(config.getCurrentContext());
  if (context !== null && choice.cluster !== undefined && choice.cluster !== "") {
    context.cluster = choice.cluster;
  }
  const server = config.getCurrentCluster()?.server;
  if (server === undefined) {
    throw new Error("kubeconfig: expected the current context to name one of its clusters, got none");
  }
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  return (method, path, body) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
    return new Promise((resolve, reject) => {
      const request = https.request(
        server.replace(/\/$/, "") + path,
        {
          ...options,
          method,
          timeout: 60_000,
          headers: {
            ...(options.headers as Readonly<Record<string, string>> | undefined),
            accept: "application/json",
            ...(text === undefined ? {} : { "content-type": type, "content-length": Buffer.byteLength(text) }),
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.once("error", reject);
          response.once("end", () => {
            const received = Buffer.concat(chunks).toString("utf8");
            const isJson = (response.headers["content-type"] ?? "").includes("json");
            resolve({ status: response.statusCode ?? 0, body: isJson ? (JSON.parse(received) as Json) : {} });
          });
        },
      );
      request.once("timeout", () => request.destroy(new Error("no answer within 60 seconds")));
      request.once("error", reject);
      request.end(text);
    });
  };
}

/** What the API server says of a refusal. */
export function wordsOf(body: Json): string {
  const words = body["message"];
  return typeof words === "string" ? words : "no reason given";
}
