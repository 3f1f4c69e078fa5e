// A client of any Kubernetes API: kubeconfig, discovery, one request method, one error class.
import { existsSync } from "node:fs";
import * as https from "node:https";
import type { KubeConfig } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import { sendRequest } from "../provider/http";
import { objectOf, objectsOf, parseJson, sortedJson, textOf, textsOf } from "../provider/json";
import type { Properties } from "../provider/values";
import type { KubernetesConfig } from "./config";

/** A refusal by the API server, with its own reason (`AlreadyExists`, `NotFound`, `Conflict`, ...) and message. */
export class KubernetesError extends Error {
  constructor(
    readonly status: number,
    readonly reason: string,
    message: string,
    /** The single conflicts or invalid fields. */
    readonly causes: readonly string[] = [],
  ) {
    super(message);
  }
}

/** The API server did not answer at all. */
export class UnreachableError extends Error {}

/** Where objects of a kind are. */
export interface ResourceLocation {
  /** For example `/apis/apps/v1`. */
  readonly root: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

export interface RequestOptions {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Properties | Properties[];
  readonly contentType?: string;
}

/** What the operations ask of it; the recorded answers stand in for a cluster behind the same three. */
export type KubernetesClient = Pick<KubernetesApi, "defaultNamespace" | "locate" | "request">;

export class KubernetesApi {
  private readonly discovered = new Map<string, Map<string, ResourceLocation>>();
  private agent: https.Agent | undefined;

  private constructor(
    private readonly kubeConfig: KubeConfig,
    readonly defaultNamespace: string,
  ) {}

  /** Reads the configuration; does not connect. @throws Error naming what is missing in it */
  static async load(config: KubernetesConfig): Promise<KubernetesApi> {
    const { KubeConfig } = await import("@kubernetes/client-node/dist/config.js");
    const kubeConfig = new KubeConfig();
    try {
      if (config.kubeconfig === undefined) {
        kubeConfig.loadFromDefault();
      } else if (existsSync(config.kubeconfig)) {
        kubeConfig.loadFromFile(config.kubeconfig);
      } else {
        kubeConfig.loadFromString(config.kubeconfig);
      }
    } catch (error) {
      // The message of a YAML parser quotes the text, which may hold a key; a failure to open names only the file.
      const reason = error instanceof Error && "code" in error ? error.message : "it is not a kubeconfig in YAML";
      throw new Error(`kubeconfig: expected one that can be read (from the provider's kubeconfig or KUBECONFIG), ${reason}`, {
        cause: error,
      });
    }
    if (config.context) {
      kubeConfig.setCurrentContext(config.context);
    }
    const context = kubeConfig.getContextObject(kubeConfig.getCurrentContext());
    if (!context) {
      throw new Error(`kubeconfig: expected a context named ${JSON.stringify(kubeConfig.getCurrentContext())}, got none`);
    }
    if (config.cluster) {
      kubeConfig.contexts = kubeConfig.contexts.map((each) => (each === context ? { ...each, cluster: config.cluster ?? "" } : each));
    }
    if (!kubeConfig.getCurrentCluster()) {
      throw new Error("kubeconfig: expected the context's cluster among the clusters, got none of that name");
    }
    return new KubernetesApi(kubeConfig, config.namespace ?? context.namespace ?? "default");
  }

  /** The kubeconfig as one text, for a program started for us. */
  exportKubeConfig(): string {
    return this.kubeConfig.exportConfig();
  }

  /** @throws KubernetesError for a status of 400 or more, UnreachableError when there is no answer */
  async request(method: string, path: string, options: RequestOptions = {}): Promise<Properties> {
    const server = this.kubeConfig.getCurrentCluster()?.server ?? "";
    const url = new URL(server.replace(/\/$/, "") + path);
    for (const [key, value] of Object.entries(options.query ?? {})) {
      url.searchParams.set(key, value);
    }
    const prepared = await this.prepare();
    const reply = await sendRequest({
      method,
      url,
      headers: {
        accept: "application/json",
        ...prepared.headers,
        ...(options.body ? { "content-type": options.contentType ?? "application/json" } : {}),
      },
      // Server-side apply takes YAML, of which JSON is a part.
      body: options.body && sortedJson(options.body),
      timeout: 60,
      agent: prepared.agent,
    }).catch((error: unknown) => {
      throw new UnreachableError(
        `configured Kubernetes cluster is unreachable: ${error instanceof Error ? error.message : String(error)}`,
        {
          cause: error,
        },
      );
    });
    const isJson = (reply.headers["content-type"] ?? "").includes("json");
    const body = isJson ? objectOf(parseJson(reply.body, `${method} ${path}`)) : {};
    if (reply.status < 400) {
      return body;
    }
    const words = textOf(body.message) ?? reply.body.slice(0, 500);
    const causes = objectsOf(objectOf(body.details).causes).map((cause) => textOf(cause.message) ?? "");
    throw new KubernetesError(reply.status, textOf(body.reason) ?? "", words || `${method} ${path}: status ${reply.status}`, causes);
  }

  /** @throws KubernetesError with reason `NoKindMatch` when the server does not serve that kind */
  async locate(apiVersion: string, kind: string): Promise<ResourceLocation> {
    const known = this.discovered.get(apiVersion)?.get(kind);
    if (known) {
      return known;
    }
    // Not from the cache: the kind may be a custom one that was defined a moment ago.
    const kinds = await this.discover(apiVersion);
    this.discovered.set(apiVersion, kinds);
    const found = kinds.get(kind);
    if (!found) {
      throw new KubernetesError(404, "NoKindMatch", `no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}`);
    }
    return found;
  }

  private async discover(apiVersion: string): Promise<Map<string, ResourceLocation>> {
    const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const list = await this.request("GET", root).catch((error: unknown): Properties => {
      if (error instanceof KubernetesError && error.status === 404) {
        return {};
      }
      throw error;
    });
    const kinds = new Map<string, ResourceLocation>();
    for (const resource of objectsOf(list.resources)) {
      const name = textOf(resource.name) ?? "";
      // A name with a slash is a part of an object (status, scale); one without verbs cannot be used.
      if (name.includes("/") || textsOf(resource.verbs).length === 0) {
        continue;
      }
      kinds.set(textOf(resource.kind) ?? "", { root, plural: name, namespaced: resource.namespaced === true });
    }
    return kinds;
  }

  private async prepare(): Promise<{ headers: Record<string, string>; agent: https.Agent | undefined }> {
    const options: https.RequestOptions = {};
    await this.kubeConfig.applyToHTTPSOptions(options);
    const { ca, cert, key, servername, rejectUnauthorized, auth } = options;
    // One agent for all requests: a TLS handshake each would cost more than the request.
    this.agent ??= new https.Agent({ keepAlive: true, ca, cert, key, servername, rejectUnauthorized });
    const headers = Object.fromEntries(Object.entries(options.headers ?? {}).map(([name, value]) => [name, String(value)]));
    if (auth) {
      headers.Authorization = `Basic ${Buffer.from(auth).toString("base64")}`;
    }
    return { headers, agent: this.agent };
  }
}

/** Path of a collection or, with a name, of one object. */
export function objectPath(location: ResourceLocation, namespace: string | undefined, name?: string): string {
  const scope = location.namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  return `${location.root}${scope}/${location.plural}${name ? `/${encodeURIComponent(name)}` : ""}`;
}
