import path from "node:path";
import { ComponentProvider, getPulumiComponents } from "@pulumi/pulumi/provider/experimental/provider";
import * as library from "../../components";
import projectManifest from "../../package.json";
import publishedSchema from "../../schema.json";
import stackFileSchema from "../../schemas/environment.schema.json";
import { face, types } from "./public-face";

// What `pulumi package get-schema ./components` prints: the components as YAML, Python and Go see them. The table below is
// their public face; a private field that leaks shows up as another output, a new component needs a row.

interface PropertySchema {
  readonly type?: string;
  readonly $ref?: string;
  readonly plain?: boolean;
  readonly items?: PropertySchema;
  readonly additionalProperties?: PropertySchema;
  readonly description?: string;
  readonly secret?: boolean;
}

interface ObjectSchema {
  readonly properties: Record<string, PropertySchema>;
  readonly required: string[];
}

interface ComponentSchema extends ObjectSchema {
  readonly isComponent: boolean;
  readonly description?: string;
  readonly inputProperties: Record<string, PropertySchema>;
  readonly requiredInputs: string[];
}

interface Schema {
  readonly name: string;
  readonly version: string;
  readonly resources: Record<string, ComponentSchema>;
  readonly types: Record<string, ObjectSchema>;
}

let schema: Schema;

/** All but the whole environment, whose types are those of the stack file; scripts/component-schema.ts adds it. */
const inferred = getPulumiComponents(library).filter((component) => component !== library.Environment);

beforeAll(async () => {
  const provider = new ComponentProvider({
    name: "gatehouse",
    dirname: path.join(__dirname, "../../components"),
    components: inferred,
  });
  schema = JSON.parse(await provider.getSchema()) as Schema;
});

/** `Input<string>[]?`: the type as it would be written in TypeScript. */
function written(property: PropertySchema, required: boolean): string {
  const inner =
    property.items !== undefined
      ? `${written(property.items, true)}[]`
      : property.additionalProperties !== undefined
        ? `Record<${written(property.additionalProperties, true)}>`
        : (property.type ?? property.$ref?.split(/[:/]/).at(-1) ?? "nothing");
  const isAny = property.$ref === "pulumi.json#/Any";
  return `${property.plain === true || isAny ? inner : `Input<${inner}>`}${required ? "" : "?"}`;
}

function writtenAll(properties: Record<string, PropertySchema>, required: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, written(property, required.includes(name))]));
}

/** Outputs are never plain; they are written without their wrapping. */
function outputs({ properties, required }: ObjectSchema): Record<string, string> {
  const plain = (property: PropertySchema): PropertySchema => ({
    ...property,
    plain: true,
    items: property.items && plain(property.items),
    additionalProperties: property.additionalProperties && plain(property.additionalProperties),
  });
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, written(plain(value), required.includes(name))]));
}

test("every exported component is found, documented, and nothing else is", () => {
  const exported = inferred.map(({ name }) => `gatehouse:index:${name}`);
  expect(Object.keys(schema.resources).sort()).toEqual(exported.sort());
  expect(exported).toEqual(Object.keys(face).sort());
  for (const component of Object.values(schema.resources)) {
    expect(component.isComponent).toBe(true);
    expect(component.description).toMatch(/\w+/);
  }
});

test("the package is named as its type tokens say, in the project's version", () => {
  expect([schema.name, schema.version]).toEqual(["gatehouse", projectManifest.version]);
});

test.each(Object.keys(face))("%s: its inputs and outputs, and no private field among them", (token) => {
  const component = schema.resources[token];
  expect(component && { inputs: writtenAll(component.inputProperties, component.requiredInputs), outputs: outputs(component) }).toEqual(
    face[token],
  );
});

test("the published schema has every component, each argument described, what is secret marked, no ArgsArgs", () => {
  const published = publishedSchema as unknown as Schema;
  expect(Object.keys(published.resources).sort()).toEqual([...Object.keys(face), "gatehouse:index:Environment"].sort());
  const secrets = Object.entries(published.resources).flatMap(([token, { inputProperties }]) =>
    Object.entries(inputProperties).flatMap(([name, { secret }]) => (secret === true ? [`${token.split(":")[2] ?? ""}.${name}`] : [])),
  );
  expect(secrets.sort()).toEqual([
    "EntraApplication.adoptedSecret",
    "Kasten.clientSecret",
    "KubeSphere3.clientSecret",
    "KubeSphere4.clientSecret",
    "OktaApplication.adoptedSecret",
    "OpenUnison.clientSecret",
    "OpenUnison.dashboardSecret",
    "OpenUnison.keystorePassword",
  ]);
  const undescribed = Object.entries(published.resources).flatMap(([token, component]) =>
    Object.entries({ ...component.inputProperties, ...component.properties }).flatMap(([name, { description = "" }]) =>
      description === "" ? [`${token}.${name}`] : [],
    ),
  );
  expect(undescribed).toEqual([]);
  expect(JSON.stringify(published)).not.toContain('Args"');
});

test("the types that inputs are made of", () => {
  const found = Object.entries(schema.types).map(([token, type]) => [token, writtenAll(type.properties, type.required)]);
  expect(Object.fromEntries(found)).toEqual(types);
});

/** Paths of the fields below a JSON schema, whatever the kind: `platforms.*.chart.wait`. */
function settings(schema: JsonSchema, path: string): string[] {
  const variants = schema.oneOf ?? schema.anyOf ?? [];
  const items = schema.items === undefined || Array.isArray(schema.items) ? [] : [schema.items as JsonSchema];
  const values = typeof schema.additionalProperties === "object" ? settings(schema.additionalProperties, `${path}.*`) : [];
  const fields = Object.entries(schema.properties ?? {}).flatMap(([key, value]) => [
    `${path}.${key}`,
    ...settings(value, `${path}.${key}`),
  ]);
  return [...fields, ...values, ...variants.flatMap((each) => settings(each, path)), ...items.flatMap((each) => settings(each, path))];
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: unknown;
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
}

/** What the package's types say at such a path; undefined for none. A map's key may stand where a stack file's schema names the keys. */
function typeAt(published: Schema, path: readonly string[], property: PropertySchema): PropertySchema | undefined {
  const [key, ...rest] = path;
  if (property.items !== undefined) {
    return typeAt(published, path, property.items);
  }
  if (key === undefined || property.$ref === "pulumi.json#/Any") {
    return property;
  }
  const fields = published.types[property.$ref?.replace("#/types/", "") ?? ""]?.properties;
  const next = property.additionalProperties ?? fields?.[key];
  return next === undefined ? undefined : typeAt(published, rest, next);
}

test("every setting of a stack file, of whatever kind, has a field in the package's types", () => {
  const published = publishedSchema as unknown as Schema;
  const config = (stackFileSchema as unknown as { properties: { config: { properties: Record<string, JsonSchema> } } }).properties.config
    .properties;
  const inputs = published.resources["gatehouse:index:Environment"]?.inputProperties ?? {};
  const paths = ["idp", "groups", "platforms"].flatMap((key) => settings(config[`gatehouse:${key}`] ?? {}, key));
  expect(paths).toContain("platforms.*.access.workspaces");
  expect(paths).toContain("platforms.*.chart.wait");
  const missing = paths.filter((path) => {
    const [top = "", ...rest] = path.split(".");
    return typeAt(published, rest, inputs[top] ?? {}) === undefined;
  });
  expect([...new Set(missing)]).toEqual([]);
});
