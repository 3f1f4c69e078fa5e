import type { PropertySchema, TypeSchema } from "./package-schema";

/** The part of JSON schema that a stack file's schema is written in. */
interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema | readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

const any: PropertySchema = { $ref: "pulumi.json#/Any" };
const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/**
 * The typed description of an environment as types of Pulumi's package schema. Kinds, which a stack file tells apart by `kind`, become
 * one type with the settings of all: Pulumi's unions are no types that every language can write. What belongs to which kind is said
 * by the same refusals as for a stack file, before anything is made.
 */
export function environmentTypes(stackFile: JsonSchema): {
  readonly inputs: Record<string, PropertySchema>;
  readonly types: Record<string, TypeSchema>;
} {
  const types: Record<string, TypeSchema> = {};
  const config = stackFile.properties?.["config"]?.properties ?? {};
  const singular: Readonly<Record<string, string>> = {
    idp: "IdentityProvider",
    groups: "Group",
    platforms: "Platform",
    protectBindings: "BindingProtection",
  };
  const inputs = Object.fromEntries(
    Object.entries(singular).map(([key, name]) => [key, property(config[`gatehouse:${key}`] ?? {}, name, types)]),
  );
  return { inputs, types };
}

/** The property for a schema; objects are put into `types` under `gatehouse:index:<name>`. */
function property(schema: JsonSchema, name: string, types: Record<string, TypeSchema>): PropertySchema {
  const described = schema.description === undefined ? {} : { description: schema.description };
  const variants = (schema.oneOf ?? schema.anyOf)?.filter(({ type }) => type === "object");
  if (variants !== undefined) {
    const whole =
      variants.length === (schema.oneOf ?? schema.anyOf)?.length && variants.every(({ properties }) => properties !== undefined);
    return { ...(whole ? object(variants, name, types) : any), ...described };
  }
  if (schema.type === "array") {
    const items = schema.items === undefined || Array.isArray(schema.items) ? {} : (schema.items as JsonSchema);
    return { type: "array", items: property(items, singularOf(name), types), ...described };
  }
  if (schema.type === "object") {
    const { properties, additionalProperties: values } = schema;
    if (properties !== undefined) {
      return { ...object([schema], name, types), ...described };
    }
    return { type: "object", additionalProperties: typeof values === "object" ? property(values, name, types) : any, ...described };
  }
  return ["string", "boolean", "integer", "number"].includes(schema.type ?? "")
    ? { type: schema.type, ...described }
    : { ...any, ...described };
}

function singularOf(name: string): string {
  return name.endsWith("s") && !name.endsWith("ss") ? name.slice(0, -1) : name;
}

/** One type with the settings of all variants; required is what every variant requires. */
function object(variants: readonly JsonSchema[], name: string, types: Record<string, TypeSchema>): PropertySchema {
  const token = `gatehouse:index:${name}`;
  const names = [...new Set(variants.flatMap(({ properties }) => Object.keys(properties ?? {})))];
  if (!names.every((key) => /^\w+$/.test(key))) {
    // Names such as those of charts are no names of fields in every language: they are keys of a map.
    return {
      type: "object",
      additionalProperties: property({ oneOf: variants.flatMap(({ properties }) => Object.values(properties ?? {})) }, name, types),
    };
  }
  const properties = Object.fromEntries(names.map((key) => [key, merged(variants, key, name, types)]));
  const type: TypeSchema = {
    type: "object",
    properties,
    required: names.filter((key) => variants.every(({ required = [] }) => required.includes(key))).sort(),
  };
  if (types[token] !== undefined && JSON.stringify(types[token]) !== JSON.stringify(type)) {
    throw new Error(`expected one meaning of the type ${token}, got two: name one of its places otherwise`);
  }
  types[token] = type;
  return { $ref: `#/types/${token}` };
}

function merged(variants: readonly JsonSchema[], key: string, owner: string, types: Record<string, TypeSchema>): PropertySchema {
  const found = variants.flatMap(({ properties }) => properties?.[key] ?? []);
  const values = [...new Set(found.flatMap(({ const: only, enum: several = [] }) => [...(only === undefined ? [] : [only]), ...several]))];
  const described = found.flatMap(({ description: text }) => (text === undefined ? [] : [text.replace(/\.?$/, ".")]));
  const description = [...new Set(described)].join(" ");
  const defaults = [...new Set(found.flatMap(({ default: value }) => (value === undefined ? [] : JSON.stringify(value))))];
  const words = [
    description,
    values.length === 0 ? "" : `One of ${values.map(String).join(", ")}.`,
    defaults.length === 1 ? `Default: ${defaults.join("")}.` : "",
  ].filter((text) => text !== "");
  const items = found.flatMap(({ type, items: item }) =>
    type === "array" && item !== undefined && !Array.isArray(item) ? [item as JsonSchema] : [],
  );
  const entries = items.flatMap((item) => item.oneOf ?? item.anyOf ?? [item]);
  const only = found.every(withFields)
    ? property({ oneOf: found }, `${owner}${capital(key)}`, types)
    : items.length === found.length && entries.every(withFields)
      ? property({ type: "array", items: { oneOf: entries } }, `${owner}${capital(key)}`, types)
      : same(found.map((schema) => property(schema, `${owner}${capital(key)}`, types)));
  return { ...only, ...(words.length === 0 ? {} : { description: words.join(" ") }) };
}

function withFields({ type, properties }: JsonSchema): boolean {
  return type === "object" && properties !== undefined;
}

/** The type that all share, or any value where kinds disagree. */
function same(properties: readonly PropertySchema[]): PropertySchema {
  const [first = any, ...rest] = properties.map(({ description: _, ...type }) => type);
  return rest.every((other) => JSON.stringify(other) === JSON.stringify(first)) ? first : any;
}
