import { z } from "zod";
import { documentSchema } from "./document/schema";
import { environmentSchema } from "./environment/schema";
import { sortKeys } from "./text/stable-order";

type JsonSchema = Record<string, unknown>;

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
        required: required.map((key) => `gatehouse:${key}`),
        properties: prefixed,
        patternProperties: { [`^gatehouse:(?!(${Object.keys(properties).join("|")})$)`]: false, "^(?!gatehouse:)[a-z][a-z0-9-]*:": true },
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
