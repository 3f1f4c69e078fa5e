import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import {
  descriptionFiles,
  InvalidEnvironmentError,
  mergeDescriptions,
  parseEnvironment,
  readDescriptionFile,
  type DescriptionFile,
  type ParsedEnvironment,
  type Problem,
} from "../model";

const keys = ["idp", "groups", "platforms", "protectBindings", "from"] as const;

/** The same in every project, so that a stack file and its schema fit whatever the project is called. */
const namespace = "gatehouse";

/**
 * Reads the environment from the stack's configuration, and from the files that it names.
 * @param today the day in UTC, `YYYY-MM-DD`
 * @throws InvalidEnvironmentError before anything is created
 */
export function readEnvironment(today: string): ParsedEnvironment {
  const config = new pulumi.Config(namespace);
  const all = Object.keys(pulumi.runtime.allConfig());
  if (!all.some((key) => key.startsWith(`${namespace}:`))) {
    refuse([notFound(all)]);
  }
  const written = keys.map((key): [string, unknown] => [key, structured(config.get(key))]).filter(([, value]) => value !== undefined);
  const own: Record<string, unknown> = Object.fromEntries(written);
  const { files, problems } = descriptionFiles(own["from"]);
  refuse([...unknownKeys(all), ...secretKeys(), ...problems]);
  const read = files.map(readFile);
  refuse(read.flatMap((file) => file.problems));
  const merged = mergeDescriptions(own, read);
  refuse(merged.problems);
  return parseEnvironment(merged.raw, today, providerSettings());
}

function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0) {
    throw new InvalidEnvironmentError(problems);
  }
}

function unknownKeys(all: readonly string[]): Problem[] {
  return all
    .filter((key) => key.startsWith(`${namespace}:`))
    .map((key) => key.slice(namespace.length + 1))
    .filter((key) => !keys.some((known) => known === key))
    .map((key) => ({
      path: [`${namespace}:${key}`],
      expected: `one of ${keys.map((known) => `${namespace}:${known}`).join(", ")}`,
      received: "an unknown key",
    }));
}

/** A key without a namespace is the project's, and the engine puts the project's name before it. */
function notFound(all: readonly string[]): Problem {
  const found = [...all].sort();
  return {
    path: [],
    expected: `configuration under ${keys.map((key) => `${namespace}:${key}`).join(", ")}`,
    received: found.length === 0 ? "none" : `the keys ${found.join(", ")}`,
    fix: `write the namespace ${namespace}: before each key, whatever the project is called`,
  };
}

/**
 * A mapping with an encrypted value in it arrives in plain text, and what stands in chart values or settings stays so in the state. The
 * engine lists such keys in this variable, as every language's SDK reads it.
 */
function secretKeys(): Problem[] {
  const listed: unknown = structured(process.env["PULUMI_CONFIG_SECRET_KEYS"] ?? "[]");
  const secret = Array.isArray(listed) ? listed.map(String) : [];
  return keys
    .filter((key) => secret.includes(`${namespace}:${key}`))
    .map((key) => ({
      path: [`${namespace}:${key}`],
      expected: "no encrypted value in it: what stands there reaches the state and the cluster in plain text",
      received: "one or more",
      fix: "put the secret into a Kubernetes Secret, and name that in the values",
    }));
}

function readFile(name: string): DescriptionFile {
  try {
    return readDescriptionFile(name, readFileSync(join(pulumi.runtime.getRootDirectory(), name), "utf8"));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown reason";
    throw new InvalidEnvironmentError([
      { path: ["from"], expected: `a file ${name} in the project's folder`, received: `none that can be read (${code})` },
    ]);
  }
}

/** Settings of providers as they will be used: configuration before the variables that the providers read instead. */
function providerSettings(): Record<string, string> {
  const variables = {
    "okta:orgName": "OKTA_ORG_NAME",
    "okta:baseUrl": "OKTA_BASE_URL",
    "azuread:tenantId": "ARM_TENANT_ID",
  };
  const fromVariables = Object.entries(variables).flatMap(([key, variable]): [string, string][] => {
    const value = process.env[variable];
    return value === undefined || value === "" ? [] : [[key, value]];
  });
  return { ...Object.fromEntries(fromVariables), ...pulumi.runtime.allConfig() };
}

/** A mapping arrives as JSON. Anything else is handed on as it came: the schema says what was expected, and where. */
function structured(text: string | undefined): unknown {
  if (text === undefined) {
    return undefined;
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
