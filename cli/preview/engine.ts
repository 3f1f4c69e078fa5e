import type { Command } from "commander";
import { EngineError } from "../exit-codes";
import type { Io, RunResult } from "../io";

/** How the Pulumi engine is asked. */
export interface EngineOptions {
  readonly stack?: string;
  readonly cwd?: string;
  readonly configFile?: string;
  readonly pulumi: string;
}

/** The flags that say which stack is meant, and where. */
export function engineOptions(command: Command): Command {
  return command
    .option("--stack <name>", "the stack (default: the selected one)")
    .option("--cwd <folder>", "the project's folder (default: the present one)")
    .option("--config-file <file>", "the stack file, where it is not the project's own")
    .option("--pulumi <path>", "the Pulumi command", "pulumi");
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
