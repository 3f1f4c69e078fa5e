import { z } from "zod";
import { bindingKinds, platforms, type BindingApi } from "../../model";
import type { ClusterGet } from "../cluster";
import { EngineError, UsageError } from "../errors";
import { helmMark, helmMetadata } from "./helm-mark";
import type { BindingKind, LiveBinding } from "./types";

const bindingSchema = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    ownerReferences: z.array(z.looseObject({ apiVersion: z.string() })).optional(),
    ...helmMetadata,
  }),
  roleRef: z.looseObject({ kind: z.string(), name: z.string() }),
  subjects: z.array(z.looseObject({ kind: z.string(), name: z.string(), namespace: z.string().optional() })).nullish(),
});

const listSchema = z.looseObject({
  metadata: z.looseObject({ continue: z.string().optional() }).optional(),
  items: z.array(bindingSchema),
});

const pageSize = 500;

/** The APIs of platforms that have bindings of their own. */
const bindingApis = [
  ...new Map(
    Object.values(platforms).flatMap(({ bindingApi }) => (bindingApi === undefined ? [] : [[bindingApi.group, bindingApi]])),
  ).values(),
];

/**
 * Reads every binding of the named kinds in the whole cluster.
 * @throws EngineError when the API server refuses one: what cannot be seen must not pass for what is not there
 */
export async function readBindings(get: ClusterGet, kinds: ReadonlySet<BindingKind>): Promise<LiveBinding[]> {
  const rbac = "/apis/rbac.authorization.k8s.io/v1";
  return [
    ...(await list(get, `${rbac}/clusterrolebindings`, "ClusterRoleBinding")),
    ...(await list(get, `${rbac}/rolebindings`, "RoleBinding")),
    ...(await readPlatformBindings(get, kinds)),
  ];
}

/** The bindings of the named kinds that are no Kubernetes' own. @throws EngineError as {@link readBindings} */
export async function readPlatformBindings(get: ClusterGet, kinds: ReadonlySet<BindingKind>): Promise<LiveBinding[]> {
  const found: LiveBinding[] = [];
  for (const api of bindingApis) {
    // Kubernetes' own kinds are in every cluster; the others say that this platform is there.
    if (api.lists.some(({ kind }) => kind !== "RoleBinding" && kind !== "ClusterRoleBinding" && kinds.has(kind))) {
      found.push(...(await readOwnBindings(get, api)));
    }
  }
  return found;
}

async function readOwnBindings(get: ClusterGet, { group, lists }: BindingApi): Promise<LiveBinding[]> {
  const { version } = z
    .looseObject({ preferredVersion: z.looseObject({ version: z.string() }) })
    .parse(JSON.parse(await bodyOf(get, `/apis/${group}`))).preferredVersion;
  const found: LiveBinding[] = [];
  for (const { kind, plural, notIn } of lists) {
    if (notIn !== version) {
      found.push(...(await list(get, `/apis/${group}/${version}/${plural}`, kind)).map((binding) => ofGroup(binding, group)));
    }
  }
  return found;
}

/** Which of the two RoleBindings it is; the other kinds are in one group alone. */
function ofGroup(binding: LiveBinding, group: string): LiveBinding {
  return binding.kind === "RoleBinding" ? { ...binding, apiGroup: group } : binding;
}

async function list(get: ClusterGet, path: string, kind: BindingKind): Promise<LiveBinding[]> {
  const bindings: LiveBinding[] = [];
  let next: string | undefined;
  do {
    const query = new URLSearchParams({ limit: String(pageSize), ...(next === undefined ? {} : { continue: next }) });
    const page = pageOf(JSON.parse(await bodyOf(get, `${path}?${query.toString()}`)), path);
    bindings.push(...page.items.flatMap((item) => liveBinding(kind, item)));
    next = page.metadata?.continue === "" ? undefined : page.metadata?.continue;
  } while (next !== undefined);
  return bindings;
}

function pageOf(answer: unknown, path: string): z.infer<typeof listSchema> {
  const page = listSchema.safeParse(answer);
  if (!page.success) {
    throw new EngineError("engine_answer", `Expected a list of bindings from the API server at ${path}, got something else.`);
  }
  return page.data;
}

/** The bindings of one kind in pages of a list that was read already. @throws EngineError for pages that are none */
export function bindingsOfPages(kind: BindingKind, pages: readonly unknown[], path: string): LiveBinding[] {
  return pages.flatMap((page) => pageOf(page, path).items.flatMap((item) => liveBinding(kind, item)));
}

/** The bindings in a list of several kinds, as kubectl prints one: Kubernetes' own, and those of platforms. */
export function readBindingItems(answer: unknown): LiveBinding[] {
  const item = z.intersection(bindingSchema, z.looseObject({ kind: z.enum(bindingKinds), apiVersion: z.string().optional() }));
  const read = z.looseObject({ items: z.array(item) }).safeParse(answer);
  if (!read.success) {
    throw new UsageError(
      "unusable_input",
      "Expected a list of ClusterRoleBindings, RoleBindings and a platform's own bindings, got something else.",
    );
  }
  return read.data.items.flatMap(({ apiVersion = "", ...binding }) => {
    const own = bindingApis.find(({ group }) => apiVersion.startsWith(`${group}/`));
    return liveBinding(binding.kind, binding).map((one) => (own === undefined ? one : ofGroup(one, own.group)));
  });
}

function liveBinding(kind: BindingKind, { metadata, roleRef, subjects }: z.infer<typeof bindingSchema>): LiveBinding[] {
  // A controller's copy of a binding that is judged itself.
  if (metadata.ownerReferences?.some(({ apiVersion }) => bindingApis.some(({ group }) => apiVersion.startsWith(`${group}/`))) === true) {
    return [];
  }
  const helm = helmMark(metadata);
  return [
    {
      kind,
      name: metadata.name,
      namespace: kind === "RoleBinding" ? metadata.namespace : undefined,
      workspace: kind === "WorkspaceRoleBinding" ? workspaceOf(metadata.labels) : undefined,
      roleRef: { kind: roleRef.kind, name: roleRef.name },
      subjects: (subjects ?? []).map(({ kind: subject, name, namespace }) => ({
        kind: subject,
        name,
        ...(subject === "ServiceAccount" && { namespace: namespace ?? metadata.namespace }),
      })),
      ...(helm !== undefined && { helm }),
    },
  ];
}

function workspaceOf(labels: Readonly<Record<string, string>> = {}): string | undefined {
  return bindingApis.map(({ workspaceLabel }) => labels[workspaceLabel]).find((workspace) => workspace !== undefined);
}

async function bodyOf(get: ClusterGet, path: string): Promise<string> {
  const { status, body } = await get(path);
  if (status !== 200) {
    const rights =
      status === 401 || status === 403
        ? "\nFix: use an identity that may list clusterrolebindings and rolebindings in every namespace."
        : "";
    throw new EngineError(
      "cluster_refused",
      `Expected the API server to list ${path.split("?")[0] ?? path} (200), got ${status}.${rights}`,
    );
  }
  return body;
}
