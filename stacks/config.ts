import * as pulumi from "@pulumi/pulumi";
import { InvalidEnvironmentError, parseEnvironment, type ParsedEnvironment, type Problem } from "../model";

const keys = ["idp", "groups", "platforms"] as const;

/** The same in every project, so that a stack file and its schema fit whatever the project is called. */
const namespace = "gatehouse";

/**
 * Reads the environment from the stack's configuration.
 * @param today the day in UTC, `YYYY-MM-DD`
 * @throws InvalidEnvironmentError before anything is created
 */
export function readEnvironment(today: string): ParsedEnvironment {
  const config = new pulumi.Config(namespace);
  const all = Object.keys(pulumi.runtime.allConfig());
  const own = all.filter((key) => key.startsWith(`${namespace}:`)).map((key) => key.slice(namespace.length + 1));
  if (own.length === 0) {
    throw new InvalidEnvironmentError([notFound(all)]);
  }
  const unknown = own.filter((key) => !keys.some((known) => known === key));
  if (unknown.length > 0) {
    throw new InvalidEnvironmentError(
      unknown.map((key) => ({
        path: [`${namespace}:${key}`],
        expected: `one of ${keys.map((known) => `${namespace}:${known}`).join(", ")}`,
        received: "an unknown key",
      })),
    );
  }
  const written = keys.map((key): [string, unknown] => [key, structured(config.get(key))]).filter(([, value]) => value !== undefined);
  const raw: Record<string, unknown> = Object.fromEntries(written);
  return parseEnvironment(raw, today);
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
