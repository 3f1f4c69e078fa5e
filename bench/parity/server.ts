import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { join } from "node:path";
import { parse } from "yaml";
import { startCluster } from "../../lab/machine/cluster";
import { createProcesses } from "../../lab/machine/processes";
import type { Toolchain } from "../../lab/machine/toolchain";

/** A real API server with its etcd and controllers, for one part of the comparison. */
export interface Server {
  /** `https://127.0.0.1:<port>` */
  readonly address: string;
  /** Of a member of system:masters. */
  readonly kubeconfigPath: string;
  /** Asks as the administrator, or with `token` as its bearer. Status 0 when the connection was closed instead. */
  readonly send: (
    method: string,
    path: string,
    body?: unknown,
    token?: string,
  ) => Promise<{ readonly status: number; readonly body: unknown }>;
  /** Resolves when the API server uses the new text. @throws Error with its words when it refuses the text */
  readonly configure: (authenticationConfiguration: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: { readonly "certificate-authority-data": string } }[];
  readonly users: readonly { readonly user: { readonly "client-certificate-data": string; readonly "client-key-data": string } }[];
}

let started = 0;

/** Starts etcd, kube-apiserver and kube-controller-manager on loopback, in a folder of their own under `folder`. */
export async function startServer(options: {
  readonly folder: string;
  readonly toolchain: Toolchain<"etcd" | "kube-apiserver" | "kube-controller-manager">;
  readonly authenticationConfiguration: string;
  readonly oidcFlags?: readonly string[];
}): Promise<Server> {
  const stateDir = join(options.folder, `server-${++started}`);
  const processes = createProcesses({ stateDir });
  const { toolchain, authenticationConfiguration, oidcFlags } = options;
  const cluster = await startCluster({ stateDir, toolchain, processes, authenticationConfiguration, oidcFlags });
  const { clusters, users } = parse(readFileSync(cluster.kubeconfigPath, "utf8")) as Kubeconfig;
  const decoded = (text: string | undefined): string => Buffer.from(text ?? "", "base64").toString("utf8");
  const ca = decoded(clusters[0]?.cluster["certificate-authority-data"]);
  const [cert, key] = [users[0]?.user["client-certificate-data"], users[0]?.user["client-key-data"]].map(decoded);
  const administrator = new Agent({ ca, cert, key, keepAlive: true, maxSockets: 8 });
  const anybody = new Agent({ ca, keepAlive: false });
  return {
    address: cluster.server,
    kubeconfigPath: cluster.kubeconfigPath,
    configure: (text) => cluster.updateAuthenticationConfiguration(text),
    send: async (method, path, body, token) => {
      const once = (): ReturnType<Server["send"]> =>
        send(token === undefined ? administrator : anybody, method, cluster.server + path, body, token);
      const answer = await once();
      // A connection that was kept open may be closed just when it is used again.
      return answer.status === 0 && token === undefined ? once() : answer;
    },
    stop: async () => {
      administrator.destroy();
      anybody.destroy();
      await cluster.stop();
      await processes.stopAll();
    },
  };
}

function send(agent: Agent, method: string, url: string, body: unknown, token?: string): Promise<{ status: number; body: unknown }> {
  const content = body === undefined ? undefined : JSON.stringify(body);
  const headers = {
    ...(content === undefined ? {} : { "content-type": "application/json" }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  return new Promise((resolve) => {
    const broken = (error: Error): void => {
      resolve({ status: 0, body: error.message });
    };
    const outgoing = request(url, { method, headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", broken);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        resolve({ status: response.statusCode ?? 0, body: text.startsWith("{") ? JSON.parse(text) : text });
      });
    });
    outgoing.on("error", broken);
    outgoing.end(content);
  });
}
