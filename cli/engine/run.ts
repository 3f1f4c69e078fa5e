import { EngineError } from "../errors";
import type { Io, RunResult } from "../io";

/** How the Pulumi engine is asked. */
export interface EngineOptions {
  readonly stack?: string;
  readonly cwd?: string;
  readonly configFile?: string;
  readonly pulumi: string;
}

/** A whole argument list; the engine neither asks nor colours. */
export function engineArguments(command: readonly string[], options: EngineOptions, more: readonly string[] = []): string[] {
  return [
    ...command,
    "--non-interactive",
    "--color",
    "never",
    ...(options.stack === undefined ? [] : ["--stack", options.stack]),
    ...(options.cwd === undefined ? [] : ["--cwd", options.cwd]),
    ...(options.configFile === undefined ? [] : ["--config-file", options.configFile]),
    ...more,
  ];
}

export async function runEngine(
  { pulumi }: EngineOptions,
  args: readonly string[],
  io: Io,
  variables: Readonly<Record<string, string>> = {},
): Promise<RunResult> {
  const result = await io.run(pulumi, args, { variables });
  if (result.status === null) {
    throw new EngineError(
      "engine_not_started",
      `Expected to run \`${pulumi}\`, but it could not be started: ${errorText(result.stderr)}\nFix: install Pulumi, or name it with --pulumi.`,
    );
  }
  return result;
}

/** What an engine's error says, in one line. */
export function errorText(text: string): string {
  const lines = text
    .trim()
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^at |^warning: /.test(line));
  return lines.slice(0, 4).join(" ").slice(0, 600);
}
