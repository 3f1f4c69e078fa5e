import type { RequestOptions } from "node:https";
import type { Json } from "./merge";

/** Where the one ClusterConfiguration of a KubeSphere 3 is; its installer watches this name only. */
export const configurationPath = "/apis/installer.kubesphere.io/v1alpha1/namespaces/kubesphere-system/clusterconfigurations/ks-installer";

/** Which cluster: what the stack's `kubernetes:kubeconfig` and `kubernetes:context` say, else KUBECONFIG and its current context. */
export interface ClusterChoice {
  readonly kubeconfig?: string;
  readonly context?: string;
}

export interface Reply {
  readonly status: number;
  readonly body: Json;
}

/** The part of @kubernetes/client-node that is used here; its index would load a client for every API group. */
interface KubeConfigLike {
  loadFromDefault(): void;
  loadFromFile(file: string): void;
  loadFromString(text: string): void;
  setCurrentContext(context: string): void;
  getCurrentCluster(): { server: string } | null;
  applyToHTTPSOptions(options: RequestOptions): Promise<void>;
}

/** Reads or patches the ClusterConfiguration, with whatever the kubeconfig says to authenticate by (certificates, tokens, exec plug-ins). */
export async function callCluster(choice: ClusterChoice, method: "GET" | "PATCH", body?: Json): Promise<Reply> {
  // Looked up here: an imported module would be captured with the function, and Node's own cannot be stored as text.
  const https = process.getBuiltinModule("node:https");
  const { createRequire } = process.getBuiltinModule("node:module");
  // From the program's own folder, where Pulumi's plug-in for dynamic resources runs this.
  const load = createRequire(`${process.cwd()}/package.json`);
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
  const server = config.getCurrentCluster()?.server;
  if (server === undefined) {
    throw new Error("kubeconfig: expected the current context to name one of its clusters, got none");
  }
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const request = https.request(
      server.replace(/\/$/, "") + configurationPath,
      {
        ...options,
        method,
        timeout: 60_000,
        headers: {
          ...(options.headers as Readonly<Record<string, string>> | undefined),
          accept: "application/json",
          ...(text === undefined ? {} : { "content-type": "application/merge-patch+json", "content-length": Buffer.byteLength(text) }),
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
}
