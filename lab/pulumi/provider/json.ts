// Reading vendors' JSON without trusting its shape, and writing JSON with sorted keys.
import { isObject, unknownValue, type Properties, type Value } from "./values";

/** The string, or undefined if it is anything else or empty. */
export function textOf(value: Value | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The strings of a list; empty if it is no list. */
export function textsOf(value: Value | undefined): string[] {
  return Array.isArray(value) ? value.filter((element) => typeof element === "string") : [];
}

/** The objects of a list; empty if it is no list. */
export function objectsOf(value: Value | undefined): Properties[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The object; empty if it is anything else. */
export function objectOf(value: Value | undefined): Properties {
  return isObject(value) ? value : {};
}

export function numberOf(value: Value | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** A required string. @throws Error that names the property */
export function requiredText(properties: Properties, key: string): string {
  const value = properties[key];
  if (typeof value === "string" && value !== "") {
    return value;
  }
  throw new Error(`${key}: expected a non-empty string, got ${value === unknownValue ? "a value not known yet" : typeof value}`);
}

/** Parses JSON. @throws Error that names what was parsed, without showing it */
export function parseJson(json: string, what: string): Value {
  try {
    return JSON.parse(json) as Value;
  } catch {
    throw new Error(`${what}: expected JSON, got ${json.length} characters of something else`);
  }
}

/** JSON with sorted keys, so that equal values are equal texts. */
export function sortedJson(value: Value): string {
  return JSON.stringify(value, (_key, field: Value) =>
    isObject(field) ? Object.fromEntries(Object.entries(field).sort(([left], [right]) => (left < right ? -1 : 1))) : field,
  );
}

/** Leaves out what is undefined. */
export function defined(fields: Record<string, Value | undefined>): Properties {
  return Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, Value] => entry[1] !== undefined));
}
