import { request, type RequestOptions } from "node:https";
import { z } from "zod";
import { EngineError } from "../exit-codes";
import type { BindingKind, LiveBinding } from "./types";

/** One GET at the API server: the status, and the body as it came. */
export type ClusterGet = (path: string) => Promise<{ readonly status: number; readonly body: string }>;

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
      `Expected a kubeconfig in ${kubeconfig ?? "KUBECONFIG or the home folder"}: ${reason}.\nFix: name it with --kubeconfig.`,
    );
  }
  if (context !== undefined) {
    config.setCurrentContext(context);
  }
  const cluster = config.getCurrentCluster();
  if (cluster === null) {
    throw new EngineError(
      `Expected a context with a cluster in the kubeconfig, got '${config.getCurrentContext()}'.\nFix: name it with --context.`,
    );
  }
  return async (path) => {
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    return get(new URL(path, cluster.server), options);
  };
}

/** How long one answer may take. */
const timeoutMilliseconds = 30_000;

function get(url: URL, options: RequestOptions): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { ...options, method: "GET", timeout: timeoutMilliseconds }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") }));
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error("no answer in time")));
    outgoing.on("error", (error) =>
      reject(
        new EngineError(
          `Expected an answer from the API server ${url.origin}, got none: ${error.message}.\nFix: check --kubeconfig and the network.`,
        ),
      ),
    );
    outgoing.end();
  });
}

const bindingSchema = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    labels: z.record(z.string(), z.string()).optional(),
    ownerReferences: z.array(z.looseObject({ apiVersion: z.string() })).optional(),
  }),
  roleRef: z.looseObject({ kind: z.string(), name: z.string() }),
  subjects: z.array(z.looseObject({ kind: z.string(), name: z.string() })).nullish(),
});

const listSchema = z.looseObject({
  metadata: z.looseObject({ continue: z.string().optional() }).optional(),
  items: z.array(bindingSchema),
});

/** KubeSphere's own access control; release 3 and 4 differ in the version. */
const kubeSphere = "/apis/iam.kubesphere.io";
const pageSize = 500;

/**
 * Reads every binding of the named kinds in the whole cluster.
 * @throws EngineError when the API server refuses one: what cannot be seen must not pass for what is not there
 */
export async function readBindings(get: ClusterGet, kinds: ReadonlySet<BindingKind>): Promise<LiveBinding[]> {
  const rbac = "/apis/rbac.authorization.k8s.io/v1";
  const found = [
    ...(await list(get, `${rbac}/clusterrolebindings`, "ClusterRoleBinding")),
    ...(await list(get, `${rbac}/rolebindings`, "RoleBinding")),
  ];
  if (!kinds.has("GlobalRoleBinding") && !kinds.has("WorkspaceRoleBinding")) {
    return found;
  }
  const version = z
    .looseObject({ preferredVersion: z.looseObject({ version: z.string() }) })
    .parse(JSON.parse(await bodyOf(get, kubeSphere))).preferredVersion.version;
  const iam = `${kubeSphere}/${version}`;
  return [
    ...found,
    ...(await list(get, `${iam}/globalrolebindings`, "GlobalRoleBinding")),
    ...(await list(get, `${iam}/workspacerolebindings`, "WorkspaceRoleBinding")),
    // Release 4 has role bindings of its own, and copies them into Kubernetes RBAC under the same name.
    ...(version === "v1alpha2" ? [] : await list(get, `${iam}/rolebindings`, "RoleBinding")),
  ];
}

async function list(get: ClusterGet, path: string, kind: BindingKind): Promise<LiveBinding[]> {
  const bindings: LiveBinding[] = [];
  let next: string | undefined;
  do {
    const query = new URLSearchParams({ limit: String(pageSize), ...(next === undefined ? {} : { continue: next }) });
    const page = listSchema.safeParse(JSON.parse(await bodyOf(get, `${path}?${query.toString()}`)));
    if (!page.success) {
      throw new EngineError(`Expected a list of bindings from the API server at ${path}, got something else.`);
    }
    bindings.push(...page.data.items.flatMap((item) => liveBinding(kind, item)));
    next = page.data.metadata?.continue === "" ? undefined : page.data.metadata?.continue;
  } while (next !== undefined);
  return bindings;
}

function liveBinding(kind: BindingKind, { metadata, roleRef, subjects }: z.infer<typeof bindingSchema>): LiveBinding[] {
  // A controller's copy of a binding that is judged itself.
  if (metadata.ownerReferences?.some(({ apiVersion }) => apiVersion.startsWith("iam.kubesphere.io/")) === true) {
    return [];
  }
  return [
    {
      kind,
      name: metadata.name,
      namespace: kind === "RoleBinding" ? metadata.namespace : undefined,
      workspace: kind === "WorkspaceRoleBinding" ? metadata.labels?.["kubesphere.io/workspace"] : undefined,
      roleRef: { kind: roleRef.kind, name: roleRef.name },
      subjects: (subjects ?? []).map(({ kind: subject, name }) => ({ kind: subject, name })),
    },
  ];
}

async function bodyOf(get: ClusterGet, path: string): Promise<string> {
  const { status, body } = await get(path);
  if (status !== 200) {
    const rights =
      status === 401 || status === 403
        ? "\nFix: use an identity that may list clusterrolebindings and rolebindings in every namespace."
        : "";
    throw new EngineError(`Expected the API server to list ${path.split("?")[0] ?? path} (200), got ${status}.${rights}`);
  }
  return body;
}
