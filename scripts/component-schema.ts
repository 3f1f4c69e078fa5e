import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ComponentProvider, getPulumiComponents } from "@pulumi/pulumi/provider/experimental/provider";
import ts from "typescript";
import * as library from "../components";
import { stackJsonSchema } from "../model";
import { environmentTypes } from "./environment-schema";
import type { ComponentSchema, PackageSchema, Properties, PropertySchema } from "./package-schema";

/** What a doc comment says beside its text: `@default "k10"`, `@secret`. */
interface Tags {
  readonly default?: string;
  readonly secret: boolean;
}

/**
 * The components as other languages see them: what Pulumi's own analyser infers from the sources, completed by what it leaves out
 * of their comments (defaults, what is secret), with types named as generated code wants them.
 * @param root folder of the repository
 */
export async function componentSchema(root: string): Promise<PackageSchema> {
  const folder = join(root, "components");
  // The analyser reads classes; an environment's types are those of the stack file, which zod infers.
  const components = getPulumiComponents(library).filter((component) => component !== library.Environment);
  const provider = new ComponentProvider({ name: "gatehouse", dirname: folder, components });
  return withEnvironment(complete(JSON.parse(await provider.getSchema()) as PackageSchema, tagsOf(folder)));
}

const environmentInputs: Readonly<Record<string, string>> = {
  idp: "The identity provider, as `gatehouse:idp` of a stack file.",
  groups: "The groups by key, as `gatehouse:groups` of a stack file: made here, or there already.",
  protectBindings:
    "Who alone may change the bindings, as `gatehouse:protectBindings` of a stack file. Left out: whoever may change bindings.",
  platforms: "The platforms by key, as `gatehouse:platforms` of a stack file, each with who may do what.",
};

/** The component for a whole environment, with the stack file's own descriptions. */
function withEnvironment(schema: PackageSchema): PackageSchema {
  const { inputs, types } = environmentTypes(stackJsonSchema());
  const environment: ComponentSchema = {
    type: "object",
    isComponent: true,
    description:
      "A whole environment: app registrations, groups and secrets at the identity provider, the platforms' installations, and the bindings of every grant.",
    inputProperties: {
      ...Object.fromEntries(
        Object.entries(inputs).map(([name, property]) => [name, { ...property, plain: true, description: environmentInputs[name] }]),
      ),
      displayName: {
        type: "string",
        plain: true,
        description: "Name for people, in labels at the identity provider and in the document. Default: the component's name.",
      },
    },
    requiredInputs: Object.keys(inputs)
      .filter((name) => name !== "protectBindings")
      .sort(),
    properties: {
      document: {
        $ref: "pulumi.json#/Any",
        description: "The environment document: who may do what, through which group, until when. What `gatehouse` reads. No secrets.",
      },
    },
    required: ["document"],
  };
  return {
    ...schema,
    resources: { ...schema.resources, "gatehouse:index:Environment": environment },
    types: { ...schema.types, ...types },
  };
}

/** The analyser's schema with what the comments' tags say. */
function complete(schema: PackageSchema, tags: ReadonlyMap<string, Tags>): PackageSchema {
  const renamed = JSON.parse(
    // Generated SDKs append `Args` to the name of each type that is an input: KastenChartArgs would become KastenChartArgsArgs.
    JSON.stringify(schema).replaceAll(/(gatehouse:index:\w+?)Args"/g, '$1"'),
  ) as PackageSchema;
  const each = <Of>(record: Readonly<Record<string, Of>>, change: (token: string, of: Of) => Of) =>
    Object.fromEntries(Object.entries(record).map(([token, of]) => [token, change(nameOf(token), of)]));
  return {
    ...renamed,
    resources: each(renamed.resources, (name, component) => ({
      ...component,
      properties: tagged(component.properties, [name], tags),
      inputProperties: tagged(component.inputProperties, [`${name}Args`], tags),
    })),
    types: each(renamed.types, (name, type) =>
      type.properties === undefined ? type : { ...type, properties: tagged(type.properties, [`${name}Args`, name], tags) },
    ),
  };
}

/** Inputs of each component that must be known before an update, by its token: what its constructor reads to decide what to make. */
export function plainInputs(schema: PackageSchema): Record<string, readonly string[]> {
  return Object.fromEntries(
    Object.entries(schema.resources).map(([token, { inputProperties }]) => [
      token,
      Object.entries(inputProperties)
        .filter(([, property]) => property.plain === true)
        .map(([name]) => name),
    ]),
  );
}

/**
 * The schema as it is published. Objects, and lists and maps of them, are no plain types there: Pulumi's generator for Go makes none of
 * the types that plain ones need, and its code does not compile. What they hold must be known all the same (`plainInputs`).
 */
export function published(schema: PackageSchema): PackageSchema {
  const open = (properties: Properties | undefined) =>
    properties && Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, opened(property)]));
  return {
    ...schema,
    resources: Object.fromEntries(
      Object.entries(schema.resources).map(([token, component]) => [
        token,
        { ...component, inputProperties: open(component.inputProperties) ?? {} },
      ]),
    ),
    types: Object.fromEntries(
      Object.entries(schema.types).map(([token, type]) => [
        token,
        type.properties === undefined ? type : { ...type, properties: open(type.properties) },
      ]),
    ),
  };
}

function opened(property: PropertySchema): PropertySchema {
  const { plain: _, ...rest } = property;
  const isObject = (of: PropertySchema | undefined) => of?.$ref?.startsWith("#/types/") === true;
  if (isObject(property)) {
    return rest;
  }
  const inner = property.items ?? property.additionalProperties;
  if (!isObject(inner) || inner === undefined) {
    return property;
  }
  return { ...rest, ...(property.items === undefined ? { additionalProperties: opened(inner) } : { items: opened(inner) }) };
}

function nameOf(token: string): string {
  return token.split(":").at(-1) ?? token;
}

function tagged(properties: Properties, owners: readonly string[], tags: ReadonlyMap<string, Tags>): Properties {
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => {
      const found = owners.map((owner) => tags.get(`${owner}.${name}`)).find((tag) => tag !== undefined);
      const written = found?.default === undefined ? undefined : literal(found.default);
      return [
        name,
        {
          ...property,
          ...(found?.default === undefined ? {} : { description: described(property.description, found.default) }),
          // Pulumi's schema takes a default for values of these types alone.
          ...(written !== undefined && ["string", "boolean", "integer", "number"].includes(property.type ?? "")
            ? { default: written }
            : {}),
          // Arguments may be inherited: what is a secret under this name is one everywhere.
          ...(found?.secret === true || tags.get(`*.${name}`)?.secret === true ? { secret: true } : {}),
        },
      ];
    }),
  );
}

function described(description: string | undefined, written: string): string {
  return `${description === undefined || description === "" ? "" : `${description} `}Default: ${written}.`;
}

function literal(text: string): string | number | boolean | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Tags by `<interface or class>.<property>`, of every source file below a folder. */
function tagsOf(folder: string): Map<string, Tags> {
  const found = new Map<string, Tags>();
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  for (const name of files) {
    const source = ts.createSourceFile(name, readFileSync(join(folder, name), "utf8"), ts.ScriptTarget.ES2022, true);
    source.forEachChild((node) => {
      if (ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node)) {
        node.members.forEach((member) => {
          if (member.name !== undefined && (ts.isPropertySignature(member) || ts.isPropertyDeclaration(member))) {
            const [name, tags] = [member.name.getText(source), tagsOfMember(member)];
            found.set(`${node.name?.text ?? ""}.${name}`, tags);
            if (tags.secret) {
              found.set(`*.${name}`, tags);
            }
          }
        });
      }
    });
  }
  return found;
}

function tagsOfMember(member: ts.Node): Tags {
  const all = ts.getJSDocTags(member);
  const written = all.find((tag) => tag.tagName.text === "default");
  return {
    default: written === undefined ? undefined : ts.getTextOfJSDocComment(written.comment)?.trim(),
    secret: all.some((tag) => tag.tagName.text === "secret"),
  };
}
