import { Agent, request, type RequestOptions } from "node:https";
import { EngineError } from "./errors";

/**
 * One request at the API server: the status, and the body as it came. With a question, such as a SubjectAccessReview, that is posted:
 * the API server answers it and keeps nothing.
 */
export interface ClusterGet {
  (path: string, question?: unknown): Promise<ClusterAnswer>;
  /** Address of the API server, where the reader knows it. */
  readonly server?: string;
}

export interface ClusterAnswer {
  readonly status: number;
  readonly body: string;
  /** The API server's own time, as HTTP says it. */
  readonly date?: string;
}

/**
 * Opens the cluster that a kubeconfig names, with whatever credentials it has: certificate, token, or a program that gives
 * one (docs/decisions: drift reads the cluster by itself).
 * @throws EngineError when the kubeconfig cannot be used
 */
export async function openCluster(kubeconfig: string | undefined, context: string | undefined): Promise<ClusterGet> {
  // Only this command needs the library, and the package's index loads every API of Kubernetes.
  const { KubeConfig } = await import("@kubernetes/client-node/dist/config.js");
  const config = new KubeConfig();
  try {
    if (kubeconfig === undefined) {
      config.loadFromDefault();
    } else {
      config.loadFromFile(kubeconfig);
    }
  } catch (error) {
    // A YAML parser's message quotes the text, which may hold a key.
    const reason = error instanceof Error && "code" in error ? error.message : "it is no kubeconfig";
    throw new EngineError(
      "kubeconfig",
      `Expected a kubeconfig in ${kubeconfig ?? "KUBECONFIG or the home folder"}: ${reason}.\nFix: name it with --kubeconfig.`,
    );
  }
  if (context !== undefined) {
    config.setCurrentContext(context);
  }
  const cluster = config.getCurrentCluster();
  if (cluster === null) {
    throw new EngineError(
      "kubeconfig",
      `Expected a context with a cluster in the kubeconfig, got '${config.getCurrentContext()}'.\nFix: name it with --context.`,
    );
  }
  let agent: RequestOptions["agent"];
  const ask = async (path: string, question?: unknown): Promise<ClusterAnswer> => {
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    // The library makes an agent, and so a handshake, for each request.
    agent ??= keptAlive(options.agent);
    return send(new URL(path, cluster.server), { ...options, agent }, question);
  };
  return Object.assign(ask, { server: cluster.server });
}

function keptAlive(agent: RequestOptions["agent"]): RequestOptions["agent"] {
  // A proxy's agent is of another kind, and keeps its own connections.
  return agent instanceof Agent && agent.constructor === Agent ? Object.assign(agent, { keepAlive: true, maxSockets: 8 }) : agent;
}

/** How long one answer may take. */
const timeoutMilliseconds = 30_000;

function send(url: URL, options: RequestOptions, question: unknown): Promise<ClusterAnswer> {
  return new Promise((resolve, reject) => {
    const body = question === undefined ? undefined : JSON.stringify(question);
    const headers = Object.assign({}, options.headers, body === undefined ? {} : { "content-type": "application/json" });
    const how = { ...options, headers, method: body === undefined ? "GET" : "POST", timeout: timeoutMilliseconds };
    const outgoing = request(url, how, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8"), date: response.headers.date }),
      );
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error("no answer in time")));
    outgoing.on("error", (error) =>
      reject(
        new EngineError(
          "cluster_unreachable",
          `Expected an answer from the API server ${url.origin}, got none: ${error.message}.\nFix: check --kubeconfig and the network.`,
          { cause: error },
        ),
      ),
    );
    outgoing.end(body);
  });
}
