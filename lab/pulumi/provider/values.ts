// Pulumi property values on the wire and in memory.
// Wire format: pulumi/pulumi sdk/go/common/resource/plugin/rpc.go and sdk/nodejs/runtime/rpc.ts.

/** Stands for a value that is not known during a preview. */
export const unknownValue: unique symbol = Symbol("unknown");

/** A property value with secrets already unwrapped; the engine puts their secretness back (see `encodeProperties`). */
export type Value = null | boolean | number | string | typeof unknownValue | Value[] | { [key: string]: Value };

/** The properties of a resource. */
export type Properties = Record<string, Value>;

const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const resourceSignature = "5cf8f73096256a8f31e491e813e4eb8e";
const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** One constant for each type of unknown value; a provider may answer with the string one for any. */
const unknownString = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const unknownConstants: ReadonlySet<unknown> = new Set([
  unknownString,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/**
 * Reads properties from the wire: secrets and output values are unwrapped, unknowns become `UNKNOWN`.
 *
 * @throws Error for assets and archives, which no resource here takes
 */
export function decodeProperties(wire: unknown): Properties {
  const decoded = decodeValue(wire ?? {}, "");
  if (!isObject(decoded)) {
    throw new Error(`properties: expected an object, got ${describe(decoded)}`);
  }
  return decoded;
}

function decodeValue(wire: unknown, path: string): Value {
  if (wire === null || wire === undefined) {
    return null;
  }
  if (typeof wire === "string") {
    return unknownConstants.has(wire) ? unknownValue : wire;
  }
  if (typeof wire === "number" || typeof wire === "boolean") {
    return wire;
  }
  if (Array.isArray(wire)) {
    return wire.map((element, index) => decodeValue(element, `${path}[${index}]`));
  }
  if (typeof wire !== "object") {
    throw new Error(`${path}: a ${typeof wire} is not a Pulumi property value`);
  }
  const fields = wire as Record<string, unknown>;
  switch (fields[signatureKey]) {
    case undefined:
      return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, decodeValue(value, path ? `${path}.${key}` : key)]));
    case secretSignature:
      return decodeValue(fields.value, path);
    case outputSignature:
      return "value" in fields ? decodeValue(fields.value, path) : unknownValue;
    case resourceSignature:
      return "id" in fields ? decodeValue(fields.id, path) : decodeValue(fields.urn, path);
    default:
      throw new Error(`${path}: assets and archives are not supported by this stand-in; give a path or a string`);
  }
}

/**
 * Writes properties to the wire. Nulls are left out, as the official providers leave out what is not set.
 *
 * The stand-ins tell the engine that they do not take secrets, so it hands them plain values and marks an output as
 * secret when the input of the same name was (annotateSecrets in provider_plugin.go). What is secret without being an
 * input (a generated password) must be named here.
 *
 * @param secrets names of top-level properties to mark as secret
 */
export function encodeProperties(properties: Properties, secrets: ReadonlySet<string> = new Set()): Record<string, WireValue> {
  const wire: Record<string, WireValue> = {};
  // JavaScript lets undefined in where a Properties is built from optional parts, whatever the type says.
  for (const [key, value] of Object.entries(properties as Record<string, Value | undefined>)) {
    if (value === null || value === undefined) {
      continue;
    }
    const encoded = encodeValue(value);
    wire[key] = secrets.has(key) ? { [signatureKey]: secretSignature, value: encoded } : encoded;
  }
  return wire;
}

/** What `google.protobuf.Struct` can hold. */
export type WireValue = null | number | string | boolean | WireValue[] | { [key: string]: WireValue };

function encodeValue(value: Value): WireValue {
  if (value === unknownValue) {
    return unknownString;
  }
  if (Array.isArray(value)) {
    return value.map((element) => encodeValue(element ?? null));
  }
  if (isObject(value)) {
    const entries = Object.entries(value as Record<string, Value | undefined>);
    return Object.fromEntries(entries.flatMap(([key, field]) => (field === undefined ? [] : [[key, encodeValue(field)]])));
  }
  return value;
}

export function isObject(value: Value | undefined): value is Record<string, Value> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** True if the value is, or anywhere contains, an unknown one. */
export function containsUnknown(value: Value | undefined): boolean {
  if (value === unknownValue) {
    return true;
  }
  if (Array.isArray(value)) {
    return value.some(containsUnknown);
  }
  return isObject(value) && Object.values(value).some(containsUnknown);
}

/** Deep equality; the order of an object's keys does not matter, an unknown value equals nothing. */
export function equal(left: Value | undefined, right: Value | undefined): boolean {
  if (left === unknownValue || right === unknownValue) {
    return false;
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((element, index) => equal(element, right[index]));
  }
  if (isObject(left) && isObject(right)) {
    const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
    return [...keys].every((key) => equal(left[key] ?? null, right[key] ?? null));
  }
  return (left ?? null) === (right ?? null);
}

/** Names a value's type for an error message, never its content: it may be a secret. */
export function describe(value: Value | undefined): string {
  if (value === unknownValue) {
    return "a value not known yet";
  }
  if (value === null || value === undefined) {
    return "nothing";
  }
  if (Array.isArray(value)) {
    return "a list";
  }
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
