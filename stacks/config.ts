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
  const raw = Object.fromEntries(keys.map((key) => [key, config.getObject<unknown>(key)]).filter(([, value]) => value !== undefined));
  return parseEnvironment(raw, today);
}
