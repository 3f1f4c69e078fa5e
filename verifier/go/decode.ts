import { GoJsonError, type JsonNode, type JsonObject } from "./json";

/**
 * Decoding as `json.Unmarshal` into Go types: a null leaves what is there, another type is an error, and a struct's members are found
 * whatever their case (encoding/json, `foldName`: 's' is also 'ſ', 'k' also the Kelvin sign; of several the later wins).
 */
export function foldName(name: string): string {
  return name
    .toLowerCase()
    .replace(/\u017f/g, "s")
    .replace(/\u212a/g, "k");
}

/** The members of a struct by folded name, in order. @throws GoJsonError where the value is neither an object nor null */
export function structMembers(node: JsonNode): readonly (readonly [string, JsonNode])[] {
  if (node.type === "null") {
    return [];
  }
  return objectOf(node).members.map(([name, value]) => [foldName(name), value] as const);
}

export function objectOf(node: JsonNode): JsonObject {
  if (node.type !== "object") {
    throw new GoJsonError(`cannot unmarshal ${node.type} into an object`);
  }
  return node;
}

/** A `string`: null leaves the earlier value. */
export function stringOf(node: JsonNode, earlier = ""): string {
  if (node.type === "null") {
    return earlier;
  }
  if (node.type !== "string") {
    throw new GoJsonError(`cannot unmarshal ${node.type} into a string`);
  }
  return node.value;
}

/** A `[]string`: null is none, a null among the texts is an empty one. */
export function stringsOf(node: JsonNode): string[] {
  if (node.type === "null") {
    return [];
  }
  if (node.type !== "array") {
    throw new GoJsonError(`cannot unmarshal ${node.type} into a list of strings`);
  }
  return node.items.map((item) => stringOf(item));
}

/** A `map[string]T`: null is none. A name that comes again replaces the earlier one. */
export function mapOf<T>(node: JsonNode, value: (node: JsonNode) => T): Map<string, T> {
  return new Map(node.type === "null" ? [] : objectOf(node).members.map(([name, item]) => [name, value(item)]));
}
