// What the kubernetes plugin does with an object without talking to a cluster: names, comparison, replacement.
// The rules are those of pulumi-kubernetes provider/pkg/provider/{provider,diff}.go and pkg/metadata.
import type { ChangeKind, DetailedDiff, Difference } from "../provider/diff";
import { objectOf, textOf } from "../provider/json";
import { isObject, UNKNOWN, type Properties, type Value } from "../provider/values";

const AUTONAMED = "pulumi.com/autonamed";
/** Keys of the state that are the plugin's own. */
export const FIELD_MANAGER_KEY = "__fieldManager";
export const INITIAL_API_VERSION_KEY = "__initialApiVersion";

/** What a type token and an object's fields say about its kind. */
export interface ObjectKind {
  readonly apiVersion: string;
  readonly kind: string;
  /** A `...Patch` type: it applies to an object that somebody else made, and lets go of it when deleted. */
  readonly isPatch: boolean;
}

/** `kubernetes:apps/v1:DeploymentPatch` and the object's own apiVersion, which wins. */
export function kindOf(token: string, inputs: Properties): ObjectKind {
  const [, groupVersion = "", typeName = ""] = token.split(":");
  const isPatch = typeName.endsWith("Patch") && textOf(inputs.kind) !== typeName;
  return {
    apiVersion: textOf(inputs.apiVersion) ?? (groupVersion.startsWith("core/") ? groupVersion.slice("core/".length) : groupVersion),
    kind: textOf(inputs.kind) ?? (isPatch ? typeName.slice(0, -"Patch".length) : typeName),
    isPatch,
  };
}

export const nameOf = (object: Properties): string | undefined => textOf(objectOf(object.metadata).name);
export const namespaceOf = (object: Properties): string | undefined => textOf(objectOf(object.metadata).namespace);
export const annotationOf = (object: Properties, key: string): string | undefined =>
  textOf(objectOf(objectOf(object.metadata).annotations)[key]);

/** The id: `namespace/name`, or the name alone outside namespaces. */
export function objectId(object: Properties): string {
  const namespace = namespaceOf(object);
  return namespace ? `${namespace}/${nameOf(object)}` : (nameOf(object) ?? "");
}

export function parseId(id: string): { namespace?: string; name: string } {
  const [first = id, second] = id.split("/");
  return second === undefined ? { name: first } : { namespace: first, name: second };
}

/** Gives an object without a name the old one, if that was made up too, or a new one: the Pulumi name and eight random hexadecimal digits. */
export function withName(inputs: Properties, olds: Properties, resourceName: string, randomDigits: () => string): Properties {
  const metadata = objectOf(inputs.metadata);
  if (inputs.metadata === UNKNOWN || metadata.name === UNKNOWN || textOf(metadata.name) || textOf(metadata.generateName)) return inputs;
  const kept = annotationOf(olds, AUTONAMED) === "true" ? nameOf(olds) : undefined;
  const annotations = { ...objectOf(metadata.annotations), [AUTONAMED]: "true" };
  return { ...inputs, metadata: { ...metadata, name: kept ?? `${resourceName}-${randomDigits()}`, annotations } };
}

export function withNamespace(inputs: Properties, namespace: string): Properties {
  const metadata = objectOf(inputs.metadata);
  if (inputs.metadata === UNKNOWN || metadata.namespace === UNKNOWN || textOf(metadata.namespace)) return inputs;
  return { ...inputs, metadata: { ...metadata, namespace } };
}

/** Fields whose change needs a new object, by API group and kind (diff.go there). */
const FORCE_NEW: Readonly<Record<string, readonly string[]>> = {
  "/ConfigMap": ["binaryData", "data"],
  "/PersistentVolumeClaim": ["spec"],
  "/ResourceQuota": ["spec.scopes"],
  "/Secret": ["type", "stringData", "data"],
  "/Service": ["spec.clusterIP"],
  "apps/DaemonSet": ["spec.selector"],
  "apps/Deployment": ["spec.selector"],
  "apps/StatefulSet": [
    "spec.podManagementPolicy",
    "spec.revisionHistoryLimit",
    "spec.selector",
    "spec.serviceName",
    "spec.volumeClaimTemplates",
  ],
  "batch/Job": ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
  "rbac.authorization.k8s.io/ClusterRoleBinding": ["roleRef"],
  "rbac.authorization.k8s.io/RoleBinding": ["roleRef"],
  "storage.k8s.io/StorageClass": ["parameters", "provisioner"],
};

function forceNewFields({ apiVersion, kind }: ObjectKind, mutable: { configMap: boolean; secret: boolean }): string[] {
  const group = apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
  const isMutable = group === "" && ((kind === "ConfigMap" && mutable.configMap) || (kind === "Secret" && mutable.secret));
  const fields = isMutable ? (kind === "Secret" ? ["type"] : []) : (FORCE_NEW[`${group}/${kind}`] ?? []);
  return ["metadata.name", "metadata.namespace", ...fields];
}

/**
 * Compares the wanted object with the last known live one, but only in the fields that are, or were, asked for: what the
 * server filled in is nobody's change.
 */
export function objectDifference(
  kind: ObjectKind,
  oldInputs: Properties,
  live: Properties,
  news: Properties,
  mutable: { configMap: boolean; secret: boolean },
): Difference {
  const found: Changes = {};
  if (kind.kind === "Secret" && kind.apiVersion === "v1") comparePlainData(oldInputs, live, news, found);
  compareFields(oldInputs, live, news, "", found);
  const { detailed, replaces } = withReplacements(found, forceNewFields(kind, mutable));
  const sameObject = nameOf(oldInputs) === nameOf(news) && namespaceOf(oldInputs) === namespaceOf(news);
  const deleteBeforeReplace = replaces.length > 0 && sameObject && annotationOf(news, AUTONAMED) !== "true";
  return { detailed, replaces, deleteBeforeReplace };
}

/** Compares two sets of inputs field by field; the named fields need a replacement. */
export function inputDifference(old: Properties, news: Properties, forceNew: readonly string[]): Difference {
  const found: Changes = {};
  compareFields(old, old, news, "", found);
  return { ...withReplacements(found, forceNew), deleteBeforeReplace: false };
}

/** Changed fields by their path. */
type Changes = Record<string, "add" | "delete" | "update">;

function withReplacements(found: Changes, fields: readonly string[]): { detailed: DetailedDiff; replaces: string[] } {
  const detailed: DetailedDiff = {};
  const replaces = new Set<string>();
  for (const [path, change] of Object.entries(found)) {
    const replaced = fields.some((field) => path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`));
    detailed[path] = replaced ? (`${change}-replace` satisfies ChangeKind) : change;
    if (replaced) replaces.add(path.split(/[.[]/)[0] ?? path);
  }
  return { detailed, replaces: [...replaces].sort() };
}

/** A Secret's stringData is never read back; it is compared with what it became, data. */
function comparePlainData(oldInputs: Properties, live: Properties, news: Properties, found: Changes): void {
  const [before, after, data] = [objectOf(oldInputs.stringData), objectOf(news.stringData), objectOf(live.data)];
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const encoded = textOf(data[key]);
    const current = encoded === undefined ? (data[key] === "" ? "" : undefined) : Buffer.from(encoded, "base64").toString("utf8");
    const wanted = after[key];
    if (wanted === undefined || wanted === null) {
      if (current !== undefined && objectOf(news.data)[key] === undefined) found[`stringData.${key}`] = "delete";
    } else if (current === undefined) found[`stringData.${key}`] = "add";
    else if (wanted !== current) found[`stringData.${key}`] = "update";
  }
}

function compareFields(old: Properties, live: Properties, wanted: Properties, path: string, found: Changes): void {
  for (const key of new Set([...Object.keys(old), ...Object.keys(wanted)])) {
    if (path === "" && (key === "stringData" || key === "status" || key.startsWith("__"))) continue;
    const field = path === "" ? key : `${path}.${/^[\w-]+$/.test(key) ? key : `["${key}"]`}`.replace(".[", "[");
    const [before, current, after]: (Value | undefined)[] = [old[key], live[key], wanted[key]];
    if (after === undefined || after === null) {
      if (before !== undefined && before !== null && current !== undefined && current !== null) found[field] = "delete";
    } else compareValue(before, current, after, field, found);
  }
}

function compareValue(before: Value | undefined, current: Value | undefined, after: Value, path: string, found: Changes): void {
  if (isObject(after) && (isObject(current) || isEmptyish(current))) {
    compareFields(objectOf(before), objectOf(current), after, path, found);
  } else if (Array.isArray(after) && (Array.isArray(current) || isEmptyish(current))) {
    const [was, is] = [Array.isArray(before) ? before : [], Array.isArray(current) ? current : []];
    for (let index = 0; index < Math.max(after.length, is.length); index++) {
      const element = after[index];
      if (element === undefined) found[`${path}[${index}]`] = "delete";
      else compareValue(was[index], is[index], element, `${path}[${index}]`, found);
    }
  } else if (current === undefined || current === null) {
    found[path] = "add";
  } else if (!sameScalar(current, after)) {
    found[path] = "update";
  }
}

function isEmptyish(value: Value | undefined): boolean {
  return value === undefined || value === null;
}

/** The server writes some numbers and booleans as text (quantities, ports by name). */
function sameScalar(current: Value, wanted: Value): boolean {
  if (typeof current === "symbol" || typeof wanted === "symbol" || typeof current === "object" || typeof wanted === "object") return false;
  return String(current) === String(wanted);
}

/** Fields of a live object that nobody asks for. */
const SERVER_METADATA = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "selfLink",
  "uid",
];

/** An object as an import writes it: without what the server filled in of itself. */
export function importedInputs(live: Properties): Properties {
  const metadata = Object.fromEntries(Object.entries(objectOf(live.metadata)).filter(([key]) => !SERVER_METADATA.includes(key)));
  const { status: _status, ...rest } = live;
  return { ...rest, metadata };
}

/** After a refresh: the fields that were asked for, with the values that were found. */
export function refreshedInputs(inputs: Properties, live: Properties): Properties {
  const refreshed: Properties = {};
  for (const [key, value] of Object.entries(inputs)) {
    const found = live[key];
    if (found === undefined || found === null) continue;
    refreshed[key] = restricted(value, found);
  }
  return refreshed;
}

function restricted(asked: Value | undefined, found: Value): Value {
  if (isObject(asked) && isObject(found)) return refreshedInputs(asked, found);
  if (Array.isArray(asked) && Array.isArray(found)) return found.map((element, index): Value => restricted(asked[index], element));
  return found;
}

/** The state of a live object: everything but the bookkeeping of field managers; a Secret's stringData as it is now. */
export function liveState(live: Properties, inputs: Properties, fieldManager: string, initialApiVersion: Value | undefined): Properties {
  const { managedFields: _managedFields, ...metadata } = objectOf(live.metadata);
  const state: Properties = {
    ...live,
    metadata,
    [FIELD_MANAGER_KEY]: fieldManager,
    [INITIAL_API_VERSION_KEY]: initialApiVersion ?? live.apiVersion ?? "",
  };
  const plain = objectOf(inputs.stringData);
  if (Object.keys(plain).length > 0) {
    const data = objectOf(live.data);
    const kept = Object.keys(plain).filter((key) => typeof data[key] === "string");
    state.stringData = Object.fromEntries(kept.map((key) => [key, Buffer.from(String(data[key]), "base64").toString("utf8")]));
  }
  return state;
}

/** The state's properties that are secret whatever the inputs were. */
export const secretsOf = ({ apiVersion, kind }: ObjectKind): ReadonlySet<string> =>
  new Set(apiVersion === "v1" && kind === "Secret" ? ["data", "stringData"] : []);
