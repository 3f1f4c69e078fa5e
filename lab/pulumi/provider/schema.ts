// How a resource type's properties are described, and checked. The words are those of Terraform's provider SDK, which
// the official okta, azuread and random plugins are made with: required, computed, default, force new, sensitive.
import { describe, isObject, unknownValue, type Properties, type Value } from "./values";

/** One property of a resource type or function. */
export interface Property {
  readonly type: "string" | "boolean" | "number" | "list" | "set" | "map" | "object";
  /** Of a list's, set's or map's members. */
  readonly element?: Property;
  /** Of an object. */
  readonly fields?: Schema;
  readonly required?: boolean;
  /** The provider fills it in when it is not given. */
  readonly computed?: boolean;
  /** It cannot be given at all. */
  readonly outputOnly?: boolean;
  readonly default?: Value;
  /** A change means a new resource. */
  readonly forceNew?: boolean;
  /** Sensitive although it may not have been given as a secret. */
  readonly secret?: boolean;
  readonly allowed?: readonly string[];
  /** When not given: the resource's name and seven random hexadecimal digits, as the Terraform bridge names things. */
  readonly autoName?: boolean;
  /** A text of JSON: one of empty values is as good as nothing. */
  readonly json?: boolean;
  /** Takes every value. */
  readonly anything?: boolean;
  /** The official provider has this property, this stand-in does not implement it. */
  readonly notImplemented?: boolean;
}

export type Schema = Readonly<Record<string, Property>>;

/** A reason why an input cannot be accepted. */
export interface CheckFailure {
  /** Path of the property, for example `redirectUris[0]`. */
  readonly property: string;
  readonly reason: string;
}

type Options = Omit<Property, "type" | "element" | "fields">;

export const text = (options: Options = {}): Property => ({ type: "string", ...options });
export const flag = (options: Options = {}): Property => ({ type: "boolean", ...options });
export const integer = (options: Options = {}): Property => ({ type: "number", ...options });
export const list = (element: Property, options: Options = {}): Property => ({ type: "list", element, ...options });
export const set = (element: Property, options: Options = {}): Property => ({ type: "set", element, ...options });
export const map = (element: Property, options: Options = {}): Property => ({ type: "map", element, ...options });
export const object = (fields: Schema, options: Options = {}): Property => ({ type: "object", fields, ...options });
/** A property that only the official plugin can handle. */
export const notImplemented: Property = { type: "string", notImplemented: true };

/** Key under which the inputs remember which of them were filled in, as the Terraform bridge does. */
export const defaultsKey = "__defaults";

/** Refuses unknown and unimplemented properties, wrong types, values not allowed, and missing required properties. */
export function validate(schema: Schema, inputs: Properties, path = ""): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const at = (key: string): string => (path ? `${path}.${key}` : key);
  for (const [key, value] of Object.entries(inputs)) {
    if (key === defaultsKey || value === null) {
      continue;
    }
    const property = schema[key];
    if (!property || property.outputOnly) {
      failures.push({ property: at(key), reason: `unknown property ${at(key)}` });
    } else {
      failures.push(...validateValue(property, value, at(key)));
    }
  }
  for (const [key, property] of Object.entries(schema)) {
    if (property.required && (inputs[key] === undefined || inputs[key] === null)) {
      failures.push({ property: at(key), reason: `missing required property ${at(key)}` });
    }
  }
  return failures;
}

function validateValue(property: Property, value: Value, path: string): CheckFailure[] {
  if (value === unknownValue || value === null || property.anything) {
    return [];
  }
  if (property.notImplemented) {
    return [
      { property: path, reason: `property ${path} is not implemented by the lab's stand-in; put the official plugin on PATH to use it` },
    ];
  }
  const wrongType = (expected: string): CheckFailure[] => [
    { property: path, reason: `${path}: expected ${expected}, got ${describe(value)}` },
  ];
  switch (property.type) {
    case "string":
      if (typeof value !== "string") {
        return wrongType("a string");
      }
      if (property.allowed && !property.allowed.includes(value)) {
        return [{ property: path, reason: `${path}: expected one of ${property.allowed.join(", ")}, got ${JSON.stringify(value)}` }];
      }
      return [];
    case "boolean":
      return typeof value === "boolean" ? [] : wrongType("true or false");
    case "number":
      return typeof value === "number" ? [] : wrongType("a number");
    case "list":
    case "set": {
      if (!Array.isArray(value)) {
        return wrongType("a list");
      }
      return value.flatMap((element, index) => (property.element ? validateValue(property.element, element, `${path}[${index}]`) : []));
    }
    case "map": {
      if (!isObject(value)) {
        return wrongType("an object");
      }
      return Object.entries(value).flatMap(([key, element]) =>
        key !== defaultsKey && property.element ? validateValue(property.element, element, `${path}.${key}`) : [],
      );
    }
    case "object":
      return isObject(value) ? validate(property.fields ?? {}, value, path) : wrongType("an object");
    default:
      return property.type satisfies never;
  }
}

/** The bridge fills in no default that is the type's own empty value: it comes with the state. */
const isZero = (value: Value): boolean => value === false || value === 0 || value === "";

/** Each block inside carries its own list of what was filled in. */
function withNestedDefaults(property: Property, value: Value): Value {
  if (Array.isArray(value)) {
    return property.element?.fields ? value.map((each) => (property.element ? withNestedDefaults(property.element, each) : each)) : value;
  }
  if (!property.fields || !isObject(value)) {
    return value;
  }
  const fields = property.fields;
  const filled = Object.entries(fields).filter(([key, field]) => (value[key] ?? null) === null && isFilledIn(field));
  const nested = Object.entries(value).map(([key, each]): [string, Value] => [
    key,
    fields[key] ? withNestedDefaults(fields[key], each) : each,
  ]);
  return {
    ...Object.fromEntries(nested),
    ...Object.fromEntries(filled.map(([key, field]): [string, Value] => [key, field.default ?? null])),
    [defaultsKey]: filled.map(([key]) => key).sort(),
  };
}

const isFilledIn = (property: Property): boolean => property.default !== undefined && !isZero(property.default);

/**
 * Fills in defaults and names. A name that was filled in before is kept, unless the resource is new.
 *
 * @param olds the resource's inputs so far, empty for a new one
 * @param resourceName the Pulumi name
 * @param randomDigits gives that many random hexadecimal digits
 */
export function applyDefaults(
  schema: Schema,
  inputs: Properties,
  olds: Properties,
  resourceName: string,
  randomDigits: (count: number) => string,
): Properties {
  const filled: Properties = { ...inputs };
  const defaults: string[] = [];
  const oldDefaults = Array.isArray(olds[defaultsKey]) ? olds[defaultsKey] : [];
  for (const [key, property] of Object.entries(schema)) {
    if (filled[key] !== undefined && filled[key] !== null) {
      filled[key] = withNestedDefaults(property, filled[key]);
      continue;
    }
    const old = olds[key];
    if (property.autoName) {
      filled[key] = oldDefaults.includes(key) && old ? old : `${resourceName}-${randomDigits(7)}`;
    } else if (isFilledIn(property)) {
      filled[key] = property.default ?? null;
    } else {
      continue;
    }
    defaults.push(key);
  }
  filled[defaultsKey] = defaults.sort();
  return filled;
}
