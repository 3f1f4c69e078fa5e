import { markdownTable } from "./markdown-table";
import type { PackageSchema, PropertySchema } from "./package-schema";

/** docs/components.md between its markers: every component with its arguments and outputs, and the types that they are made of. */
export function componentsPage(schema: PackageSchema, plain: Readonly<Record<string, readonly string[]>>): string {
  const components = Object.entries(schema.resources).map(([token, component]) =>
    [
      `### ${nameOf(token)}`,
      component.description ?? "",
      table(component.inputProperties, component.requiredInputs, plain[token]),
      Object.keys(component.properties).length === 0 ? "" : `Outputs:\n\n${table(component.properties, component.required ?? [])}`,
    ].join("\n\n"),
  );
  const types = Object.entries(schema.types).map(([token, type]) =>
    [
      `### ${nameOf(token)}`,
      type.description ?? "",
      type.properties === undefined ? values(type.enum ?? []) : table(type.properties, type.required ?? []),
    ].join("\n\n"),
  );
  return ["## Components", ...components, "## Types", ...types].join("\n\n");
}

function nameOf(token: string): string {
  return token.split(/[:/]/).at(-1) ?? token;
}

function values(members: readonly { readonly value: string; readonly description?: string }[]): string {
  return members.map(({ value, description }) => `- \`${value}\`${description === undefined ? "" : `: ${description}`}`).join("\n");
}

function table(properties: Readonly<Record<string, PropertySchema>>, required: readonly string[], plain?: readonly string[]): string {
  const rows = Object.entries(properties).map(([name, property]) => [
    `\`${name}\`${required.includes(name) ? "" : " (optional)"}`,
    `${typeOf(property)}${property.secret === true ? ", secret" : ""}${plain !== undefined && !plain.includes(name) ? ", or an output" : ""}`,
    property.description ?? "",
  ]);
  return markdownTable(["name", "type", "what it is"], rows);
}

function typeOf(property: PropertySchema): string {
  if (property.items !== undefined) {
    return `list of ${typeOf(property.items)}`;
  }
  if (property.additionalProperties !== undefined) {
    return `map of ${typeOf(property.additionalProperties)}`;
  }
  if (property.$ref === "pulumi.json#/Any") {
    return "any value";
  }
  const reference = property.$ref === undefined ? undefined : nameOf(property.$ref);
  return reference === undefined ? (property.type ?? "nothing") : `[${reference}](#${reference.toLowerCase()})`;
}
