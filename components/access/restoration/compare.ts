/**
 * What somebody changed by hand in an object that the stack declares, and what puts it back. Pure.
 *
 * Functions here are carried into the resource's own code (see provider.ts), so they lean on nothing but JavaScript itself.
 */
import type { Json } from "../../cluster";

/** An object as the stack declares it: a binding, or a User of KubeSphere. */
export interface DeclaredObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  /** Cannot be changed: another one means deleting the object and making it again. */
  readonly roleRef?: Json;
  readonly subjects?: readonly Json[];
  readonly spec?: Json;
}

/** How an object is put back. */
export interface Restoration {
  /** Patched where it is, or deleted (where it is there) and made again. */
  readonly how: "patch" | "make again";
  /** `takes away Group okta:Intruders` */
  readonly words: readonly string[];
}

/** Path of the collection, or of the object in it. All kinds here have regular plurals. */
export function pathOf({ apiVersion, kind, metadata }: DeclaredObject, part: "collection" | "object"): string {
  const place = metadata.namespace === undefined ? "" : `/namespaces/${encodeURIComponent(metadata.namespace)}`;
  const collection = `/apis/${apiVersion}${place}/${kind.toLowerCase()}s`;
  return part === "collection" ? collection : `${collection}/${encodeURIComponent(metadata.name)}`;
}

/** `RoleBinding shop/gatehouse-k10-k10-basic` */
export function placeOf({ kind, metadata: { name, namespace } }: DeclaredObject): string {
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}

function jsonOf(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function subjectText(subject: Json): string {
  const place = typeof subject["namespace"] === "string" ? `${subject["namespace"]}/` : "";
  return `${String(subject["kind"])} ${place}${String(subject["name"])}`;
}

function subjectsOf(object: unknown): string[] {
  const list = jsonOf(object)["subjects"];
  return Array.isArray(list) ? list.map((subject) => subjectText(jsonOf(subject))) : [];
}

/** Paths of the declared values that are others in the live object; a list counts as one value. */
function changedValues(declared: unknown, live: unknown, path: string): string[] {
  if (typeof declared === "object" && declared !== null && !Array.isArray(declared)) {
    return Object.entries(declared).flatMap(([key, value]) =>
      changedValues(value, jsonOf(live)[key], path === "" ? key : `${path}.${key}`),
    );
  }
  return JSON.stringify(declared) === JSON.stringify(live) ? [] : [path];
}

/** Declared values that others changed; not those that the stack itself has just changed. */
function handMade(declared: unknown, before: unknown, live: unknown, path: string): string[] {
  const own = changedValues(declared, before, path);
  return changedValues(declared, live, path).filter((changed) => !own.includes(changed));
}

/**
 * What puts the object back; undefined where nothing is to be done.
 *
 * A subject that the stack declared before, or declares from now on, is no work of others: the binding's own update gives and takes it.
 * Labels, annotations and subjects that the stack never declared are compared with nothing, except that a subject gives access.
 *
 * @param before as the stack declared it at the last update; undefined where it did not
 * @param live as the cluster has it; undefined where it is not there
 */
export function restorationOf(
  declared: DeclaredObject,
  before: DeclaredObject | undefined,
  live: Json | undefined,
): Restoration | undefined {
  if (live === undefined) {
    return before === undefined ? undefined : { how: "make again", words: ["makes it again, since it is not there"] };
  }
  const role = jsonOf(live["roleRef"]);
  if (declared.roleRef !== undefined && changedValues(declared.roleRef, role, "").length > 0) {
    const words = `makes it again, since it binds ${String(role["kind"])} ${String(role["name"])} instead of ${String(declared.roleRef["kind"])} ${String(declared.roleRef["name"])}`;
    return { how: "make again", words: [words] };
  }
  const [wanted, known, there] = [subjectsOf(declared), subjectsOf(before), subjectsOf(live)];
  const words = [
    ...there.filter((subject) => ![...wanted, ...known].includes(subject)).map((subject) => `takes away ${subject}`),
    ...wanted.filter((subject) => known.includes(subject) && !there.includes(subject)).map((subject) => `gives back ${subject}`),
    ...(before === undefined ? [] : changedContent(declared, before, live).map((path) => `puts back ${path}`)),
  ];
  return words.length === 0 ? undefined : { how: "patch", words };
}

function changedContent(declared: DeclaredObject, before: DeclaredObject, live: Json): string[] {
  const metadata = jsonOf(live["metadata"]);
  return [
    ...handMade(declared.metadata.labels, before.metadata.labels, metadata["labels"], "label"),
    ...handMade(declared.metadata.annotations, before.metadata.annotations, metadata["annotations"], "annotation"),
    ...(declared.spec === undefined ? [] : handMade(declared.spec, before.spec, live["spec"], "spec")),
  ].map((path) => path.replace(/^(label|annotation)\./, "$1 "));
}

/** A JSON merge patch, which replaces lists whole and leaves every field that it does not name. */
export function patchOf({ metadata: { labels, annotations }, subjects, spec }: DeclaredObject, live: Json): Json {
  return {
    // The API server refuses the patch when somebody else wrote in between (409): it is then worked out anew.
    metadata: { resourceVersion: jsonOf(live["metadata"])["resourceVersion"], labels, annotations },
    subjects,
    spec,
  };
}

/** So that a deletion hits the object that was read and no later one. */
export function deletionOf(live: Json): Json {
  const { uid, resourceVersion } = jsonOf(live["metadata"]) as { uid?: string; resourceVersion?: string };
  return { apiVersion: "v1", kind: "DeleteOptions", preconditions: { uid, resourceVersion } };
}
