// Not from the package's index: that starts gRPC and @pulumi/pulumi (a second), which documents and tests do not need.
import { UnknownValueError } from "@pulumi/policy/proxy";

/**
 * Stands in a snapshot for a value that the engine does not know yet (an output of a resource that is still to be created).
 * A mandatory rule that touches such a value through the SDK's proxy silently becomes advisory (pulumi/pulumi-policy
 * `server.ts`, `UnknownValueError`): so rules never see the proxy, only a snapshot in which unknowns are marked.
 */
export const unknownValue: unique symbol = Symbol("unknown until the update");

/** A property as plain JSON, with the places that are not known yet marked. */
export type Value = null | boolean | number | string | typeof unknownValue | readonly Value[] | Properties;
/** The properties of one object. */
export interface Properties {
  readonly [name: string]: Value;
}

/** Copies what is known of `source` (usually the SDK's `unknownCheckingProxy`) and marks what is not. Never throws `UnknownValueError`. */
export function snapshot(source: unknown): Value {
  if (source === null || typeof source === "boolean" || typeof source === "number" || typeof source === "string") {
    return source;
  }
  if (Array.isArray(source)) {
    return Array.from({ length: source.length }, (_, index) => take(source, index));
  }
  if (typeof source === "object") {
    const copy: Record<string, Value> = {};
    for (const key of Object.keys(source)) {
      copy[key] = take(source, key);
    }
    return copy;
  }
  return null;
}

/** `snapshot` for a property bag. */
export function snapshotProperties(source: Record<string, unknown>): Properties {
  const copy = snapshot(source);
  return isProperties(copy) ? copy : {};
}

function take(holder: object, key: string | number): Value {
  try {
    return snapshot((holder as Record<string | number, unknown>)[key]);
  } catch (error) {
    if (error instanceof UnknownValueError) {
      return unknownValue;
    }
    throw error;
  }
}

export function isProperties(value: Value | undefined): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

/** The value at `path`; `undefined` when absent (or null), `UNKNOWN` when it, or something on the way to it, is not known yet. */
export function at(value: Value | undefined, ...path: readonly (string | number)[]): Value | undefined {
  let here = value;
  for (const step of path) {
    if (here === unknownValue) {
      return unknownValue;
    }
    if (isList(here) && typeof step === "number") {
      here = here[step];
    } else if (isProperties(here) && typeof step === "string") {
      here = Object.hasOwn(here, step) ? here[step] : undefined;
    } else {
      return undefined;
    }
  }
  return here ?? undefined;
}

/** The known string at `path`, else `undefined` (absent, of another type, or unknown). */
export function text(value: Value | undefined, ...path: readonly (string | number)[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === "string" ? found : undefined;
}

/** The items of the list at `path`; an absent or unknown list has none. */
export function items(value: Value | undefined, ...path: readonly (string | number)[]): readonly Value[] {
  const found = at(value, ...path);
  return isList(found) ? found : [];
}

/** The known strings of the list at `path`. */
export function texts(value: Value | undefined, ...path: readonly (string | number)[]): string[] {
  return items(value, ...path).filter((item): item is string => typeof item === "string");
}

/** Whether the value at `path`, something on the way to it, or an item of the list there is not known yet. */
export function hasUnknown(value: Value | undefined, ...path: readonly (string | number)[]): boolean {
  const found = at(value, ...path);
  return found === unknownValue || (isList(found) && found.includes(unknownValue));
}

/** Whether the flag at `path` is true; Helm users also write the word. */
export function isTrue(value: Value | undefined, ...path: readonly (string | number)[]): boolean {
  const found = at(value, ...path);
  return found === true || found === "true";
}

/** Whether a chart's template takes the value at `path` for true: everything but false, zero and what is empty (Go's text/template). */
export function isOn(value: Value | undefined, ...path: readonly (string | number)[]): boolean {
  const found = at(value, ...path);
  const empty = isList(found) ? found.length === 0 : isProperties(found) && Object.keys(found).length === 0;
  return found !== undefined && found !== unknownValue && found !== false && found !== 0 && found !== "" && !empty;
}

/** One leaf of a deep walk: its path as a person would write it (`auth.oidcAuth.clientSecret`, `items[0].name`), its key and its value. */
export interface Leaf {
  readonly path: string;
  readonly key: string;
  readonly value: Value;
}

/** Every scalar or unknown value below `value`, depth first. */
export function* leaves(value: Value, path = "", key = ""): Generator<Leaf> {
  if (isList(value)) {
    for (const [index, item] of value.entries()) {
      yield* leaves(item, `${path}[${index}]`, key);
    }
  } else if (isProperties(value)) {
    for (const [name, child] of Object.entries(value)) {
      yield* leaves(child, path === "" ? name : `${path}.${name}`, name);
    }
  } else {
    yield { path, key, value };
  }
}
