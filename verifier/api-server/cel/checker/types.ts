/** A type of CEL (cel-go v0.26.0, common/types/types.go). Of what has no parts the name says all. */
export interface Type {
  readonly kind: "any" | "dyn" | "error" | "list" | "map" | "null" | "opaque" | "param" | "plain" | "type";
  readonly name: string;
  readonly parameters: readonly Type[];
  /** Whole, as cel-go writes it: equal for equal types. */
  readonly text: string;
}

const kinds: Readonly<Record<string, Type["kind"] | undefined>> = {
  any: "any",
  dyn: "dyn",
  list: "list",
  map: "map",
  null: "null",
  type: "type",
  ...Object.fromEntries(["bool", "bytes", "double", "int", "string", "uint"].map((name) => [name, "plain"])),
};

export function typeOf(name: string, ...parameters: readonly Type[]): Type {
  const text = parameters.length === 0 ? name : `${name}(${parameters.map((each) => each.text).join(", ")})`;
  return { kind: kinds[name] ?? "opaque", name, parameters, text };
}

export function paramOf(name: string): Type {
  return { kind: "param", name, parameters: [], text: name };
}

export const dyn = typeOf("dyn");
export const bool = typeOf("bool");
export const int = typeOf("int");

/** Reads `map(string, list(A))`. */
export function readType(text: string): Type {
  const open = text.indexOf("(");
  const name = open < 0 ? text : text.slice(0, open);
  return /^[A-Z]$/.test(name) ? paramOf(name) : typeOf(name, ...(open < 0 ? [] : readTypes(text.slice(open + 1, -1))));
}

/** Reads types between commas. */
export function readTypes(text: string): Type[] {
  const parts: string[] = [];
  let [depth, start] = [0, 0];
  for (let at = 0; at <= text.length; at++) {
    if (at === text.length || (text[at] === "," && depth === 0)) {
      parts.push(text.slice(start, at).trim());
      start = at + 1;
    }
    depth += text[at] === "(" ? 1 : text[at] === ")" ? -1 : 0;
  }
  return parts.filter((part) => part !== "").map(readType);
}

export function isDyn({ kind }: Type): boolean {
  return kind === "dyn" || kind === "any";
}

export function isDynOrError(type: Type): boolean {
  return isDyn(type) || type.kind === "error";
}

/** What is in an optional; undefined of any other type. */
export function inOptional({ name, parameters }: Type): Type | undefined {
  return name === "optional_type" ? parameters[0] : undefined;
}
