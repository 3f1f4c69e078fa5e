// What the kubernetes plugin does with an object without talking to a cluster: names, comparison, replacement.
// The rules are those of pulumi-kubernetes provider/pkg/provider/{provider,diff}.go and pkg/metadata.
import type { ChangeKind, DetailedDiff, Difference } from "../provider/diff";
import { objectOf, textOf } from "../provider/json";
import { fieldsOf, valueAt, withValueAt } from "./ignored-fields";
import { containsUnknown, equal, isObject, unknownValue, type Properties, type Value } from "../provider/values";

const autonamed = "pulumi.com/autonamed";
/** Keys of the state that are the plugin's own. */
export const fieldManagerKey = "__fieldManager";
export const initialApiVersionKey = "__initialApiVersion";
export const inputsKey = "__inputs";

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
  if (inputs.metadata === unknownValue || metadata.name === unknownValue || textOf(metadata.name) || textOf(metadata.generateName)) {
    return inputs;
  }
  const kept = annotationOf(olds, autonamed) === "true" ? nameOf(olds) : undefined;
  const annotations = { ...objectOf(metadata.annotations), [autonamed]: "true" };
  return { ...inputs, metadata: { ...metadata, name: kept ?? `${resourceName}-${randomDigits()}`, annotations } };
}

export function withNamespace(inputs: Properties, namespace: string): Properties {
  const metadata = objectOf(inputs.metadata);
  if (inputs.metadata === unknownValue || metadata.namespace === unknownValue || textOf(metadata.namespace)) {
    return inputs;
  }
  return { ...inputs, metadata: { ...metadata, namespace } };
}

/**
 * A Secret's stringData as the data that the server makes of it, so that the two are one thing to a comparison and to policies; not
 * while any part of the object is unknown (normalizeInputs in provider.go, normalizeSecretStringData in clients/unstructured.go).
 */
export function withData(inputs: Properties, { apiVersion, kind }: ObjectKind): Properties {
  if (apiVersion !== "v1" || kind !== "Secret" || !isObject(inputs.stringData) || containsUnknown(inputs)) {
    return inputs;
  }
  const { stringData, ...rest } = inputs;
  const encoded = Object.entries(stringData).map(([key, value]): [string, string] => [
    key,
    Buffer.from(textOf(value) ?? "").toString("base64"),
  ]);
  return encoded.length === 0 ? inputs : { ...rest, data: { ...objectOf(inputs.data), ...Object.fromEntries(encoded) } };
}

/** Fields whose change needs a new object, by API group and kind (diff.go there). */
const forcesNew: Readonly<Record<string, readonly string[]>> = {
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

/** Whether changed data of these kinds is an update, by the provider's configuration. */
export interface Mutability {
  readonly configMap: boolean;
  readonly secret: boolean;
}

function forceNewFields({ apiVersion, kind, isPatch }: ObjectKind, mutable: Mutability): string[] {
  const identity = ["metadata.name", "metadata.namespace"];
  if (isPatch) {
    return identity;
  }
  const group = apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
  const isMutable = group === "" && ((kind === "ConfigMap" && mutable.configMap) || (kind === "Secret" && mutable.secret));
  const fields = isMutable ? (kind === "Secret" ? ["type"] : []) : (forcesNew[`${group}/${kind}`] ?? []);
  return [...identity, ...fields];
}

/**
 * Compares the wanted object with the one asked for before. What others changed is among the old inputs after a refresh
 * (`refreshedInputs`); what the server filled in is nobody's change.
 */
export function objectDifference(
  kind: ObjectKind,
  oldInputs: Properties,
  news: Properties,
  mutable: Mutability,
  ignoreChanges: readonly string[] = [],
): Difference {
  // The engine has put the old inputs in place already, but not where it compares what a refresh found.
  const wanted = ignoreChanges.reduce((inputs, path) => withValueAt(inputs, fieldsOf(path), valueAt(oldInputs, fieldsOf(path))), news);
  const found = inputDifference(oldInputs, wanted, forceNewFields(kind, mutable));
  const sameObject = nameOf(oldInputs) === nameOf(news) && namespaceOf(oldInputs) === namespaceOf(news);
  const deleteBeforeReplace = found.replaces.length > 0 && sameObject && annotationOf(news, autonamed) !== "true";
  return { ...found, deleteBeforeReplace };
}

/** Compares two sets of inputs field by field; the named fields need a replacement. */
export function inputDifference(old: Properties, news: Properties, forceNew: readonly string[]): Difference {
  const found: Changes = {};
  compareFields(old, news, "", found);
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
    if (replaced) {
      replaces.add(path.split(/[.[]/)[0] ?? path);
    }
  }
  return { detailed, replaces: [...replaces].sort() };
}

function compareFields(old: Properties, wanted: Properties, path: string, found: Changes): void {
  for (const key of new Set([...Object.keys(old), ...Object.keys(wanted)])) {
    // The status is the controllers'; keys with underscores are the plugin's own.
    if (path === "" && (key === "status" || key.startsWith("__"))) {
      continue;
    }
    const field = path === "" ? key : /^[\w-]+$/.test(key) ? `${path}.${key}` : `${path}["${key}"]`;
    compareValue(old[key] ?? null, wanted[key] ?? null, field, found);
  }
}

function compareValue(old: Value, wanted: Value, path: string, found: Changes): void {
  if (isObject(old) && isObject(wanted)) {
    compareFields(old, wanted, path, found);
  } else if (Array.isArray(old) && Array.isArray(wanted)) {
    for (let index = 0; index < Math.max(old.length, wanted.length); index++) {
      compareValue(old[index] ?? null, wanted[index] ?? null, `${path}[${index}]`, found);
    }
  } else if (!equal(old, wanted)) {
    found[path] = old === null ? "add" : wanted === null ? "delete" : "update";
  }
}

/** An object that was read and not made: which it is, and nothing of what is in it (parseLiveInputs in provider.go). */
export function importedInputs(live: Properties): Properties {
  const { name, namespace } = objectOf(live.metadata);
  const metadata: Properties = { name: name ?? "", ...(namespace === undefined ? {} : { namespace }) };
  return { apiVersion: live.apiVersion ?? "", kind: live.kind ?? "", metadata };
}

/**
 * After a refresh: what was asked for, and the value found in its place where that differs from what was found last time.
 * So `1000m` of CPU, which the server writes as `1`, is no drift, and a changed subject is.
 *
 * @param known the state before
 * @param live the state now
 */
export function refreshedInputs(inputs: Properties, known: Properties, live: Properties): Properties {
  const refreshed: Properties = {};
  for (const [key, asked] of Object.entries(inputs)) {
    const value = refreshedValue(asked, known[key] ?? null, live[key] ?? null);
    if (value !== null) {
      refreshed[key] = value;
    }
  }
  return refreshed;
}

function refreshedValue(asked: Value, known: Value, found: Value): Value {
  if (equal(known, found)) {
    return asked;
  }
  if (isObject(asked) && isObject(found)) {
    return refreshedInputs(asked, isObject(known) ? known : {}, found);
  }
  if (Array.isArray(asked) && Array.isArray(found)) {
    const before = Array.isArray(known) ? known : [];
    // Cut to the length of what was asked for (pruneSlice there): an element that somebody added at the end is not seen.
    return found
      .slice(0, asked.length)
      .map((element, index): Value => refreshedValue(asked[index] ?? null, before[index] ?? null, element));
  }
  return found;
}

/** The state of a live object: all of it, what was asked for, and a Secret's stringData as it is now. */
export function liveState(live: Properties, inputs: Properties, fieldManager: string, initialApiVersion: Value | undefined): Properties {
  const state: Properties = {
    ...live,
    [inputsKey]: inputs,
    [fieldManagerKey]: fieldManager,
    [initialApiVersionKey]: initialApiVersion ?? live.apiVersion ?? "",
  };
  const plain = objectOf(inputs.stringData);
  if (Object.keys(plain).length > 0) {
    const data = objectOf(live.data);
    const kept = Object.keys(plain).filter((key) => typeof data[key] === "string");
    state.stringData = Object.fromEntries(kept.map((key) => [key, Buffer.from(textOf(data[key]) ?? "", "base64").toString("utf8")]));
  }
  return state;
}

/** The state's properties that are secret whatever the inputs were. */
export const secretsOf = ({ apiVersion, kind }: ObjectKind): ReadonlySet<string> =>
  new Set([inputsKey, ...(apiVersion === "v1" && kind === "Secret" ? ["data", "stringData"] : [])]);
