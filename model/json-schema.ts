import { z } from "zod";
import { documentSchema } from "./document/schema";
import { environmentSchema } from "./environment/schema";
import { evidenceSchema } from "./evidence/schema";
import { reviewSchema } from "./review/schema";
import { sortKeys } from "./text/stable-order";

type JsonSchema = Record<string, unknown>;

const fileSchema = { type: "string", pattern: "^[A-Za-z0-9_.][A-Za-z0-9_./-]*\\.(ya?ml|json)$" };
const fromSchema: JsonSchema = {
  description:
    "Files with idp, groups and platforms, or some of them, below the folder of Pulumi.yaml: for environments that are too large for the engine's configuration. " +
    "Groups and platforms are put together key by key; every key stands in one place.",
  anyOf: [fileSchema, { type: "array", items: fileSchema, minItems: 1, maxItems: 100, uniqueItems: true }],
};

/** JSON schema of a file that `gatehouse:from` names, for editors. */
export function descriptionJsonSchema(): JsonSchema {
  const { required: _required, ...environment } = z.toJSONSchema(environmentSchema, {
    io: "input",
    target: "draft-7",
    unrepresentable: "any",
  }) as JsonSchema;
  return sortKeys({ ...environment, title: "A part of a Gatehouse environment, for gatehouse:from" });
}

/**
 * JSON schema of a stack file, for editors (`# yaml-language-server: $schema=...`). Providers' own settings
 * (`okta:orgName`, `kubernetes:context`) stay free; an unknown `gatehouse:` key does not.
 */
export function stackJsonSchema(): JsonSchema {
  const environment = z.toJSONSchema(environmentSchema, { io: "input", target: "draft-7", unrepresentable: "any" }) as JsonSchema;
  const { properties, required } = environment as { properties: Record<string, JsonSchema>; required: string[] };
  const prefixed = Object.fromEntries(Object.entries(properties).map(([key, value]) => [`gatehouse:${key}`, value]));
  return sortKeys({
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "A Gatehouse stack file, Pulumi.<environment>.yaml",
    type: "object",
    required: ["config"],
    properties: {
      config: {
        type: "object",
        // What is not here is in the files that `from` names.
        anyOf: [{ required: required.map((key) => `gatehouse:${key}`) }, { required: ["gatehouse:from"] }],
        properties: { ...prefixed, "gatehouse:from": fromSchema },
        patternProperties: {
          [`^gatehouse:(?!(${[...Object.keys(properties), "from"].join("|")})$)`]: false,
          "^(?!gatehouse:)[a-z][a-z0-9-]*:": true,
        },
        additionalProperties: false,
      },
      encryptionsalt: { type: "string" },
      encryptedkey: { type: "string" },
      secretsprovider: { type: "string" },
    },
    additionalProperties: true,
  });
}

/** JSON schema of the environment document that a stack exports. */
export function documentJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(documentSchema, { target: "draft-7" }) as JsonSchema;
  return sortKeys({ ...schema, title: "Gatehouse environment document" });
}

/** JSON schema of the evidence that `gatehouse evidence` writes; the document in it has a schema of its own, beside this one. */
export function evidenceJsonSchema(): JsonSchema {
  const { properties, ...schema } = z.toJSONSchema(evidenceSchema, { target: "draft-7" }) as { properties: Record<string, JsonSchema> };
  const document = { allOf: [{ $ref: "environment-document.schema.json" }], description: properties["document"]?.["description"] };
  return sortKeys({ ...schema, properties: { ...properties, document }, title: "Gatehouse evidence" });
}

/** JSON schema of the file in which owners decide about access. */
export function reviewJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(reviewSchema, { io: "input", target: "draft-7", unrepresentable: "any" }) as JsonSchema;
  return sortKeys({ ...schema, title: "Gatehouse review" });
}
