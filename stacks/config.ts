import * as pulumi from "@pulumi/pulumi";
import { InvalidEnvironmentError, parseEnvironment, type ParsedEnvironment } from "../model";

const keys = ["idp", "groups", "platforms"] as const;

/**
 * Reads the environment from the stack's configuration.
 * @param today the day in UTC, `YYYY-MM-DD`
 * @throws InvalidEnvironmentError before anything is created
 */
export function readEnvironment(today: string): ParsedEnvironment {
  const project = pulumi.getProject();
  const config = new pulumi.Config(project);
  const unknown = Object.keys(pulumi.runtime.allConfig())
    .filter((key) => key.startsWith(`${project}:`))
    .map((key) => key.slice(project.length + 1))
    .filter((key) => !keys.some((known) => known === key));
  if (unknown.length > 0) {
    throw new InvalidEnvironmentError(
      unknown.map((key) => ({
        path: [`${project}:${key}`],
        expected: `one of ${keys.map((known) => `${project}:${known}`).join(", ")}`,
        received: "an unknown key",
      })),
    );
  }
  const written = keys.map((key): [string, unknown] => [key, structured(config.get(key))]).filter(([, value]) => value !== undefined);
  const raw: Record<string, unknown> = Object.fromEntries(written);
  return parseEnvironment(raw, today);
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
