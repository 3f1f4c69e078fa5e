import { InvalidArgumentError } from "commander";
import { choice, flag, parsed, parsedOr, text, textOr } from "./command";

/** Which stack the engine is asked about, and where. */
export const engineOptions = {
  stack: text("--stack <name>", "the stack (default: the selected one)"),
  cwd: text("--cwd <folder>", "the project's folder (default: the present one)"),
  configFile: text("--config-file <file>", "the stack file, where it is not the project's own"),
  pulumi: textOr("--pulumi <path>", "the Pulumi command", "pulumi"),
} as const;

/** Where the environment document comes from: a file, or a stack, whose outputs the engine has. */
export const documentOptions = {
  env: text("--env <file>", "environment document or stack outputs (JSON) instead of a stack; - for standard input"),
  ...engineOptions,
} as const;

/** A result for scripts. */
export const jsonOption = (what: string) => flag("--json", `print the ${what} as JSON on standard output`);

/** What every command has, whether or not it says so: the frame adds them. */
export const commonOptions = {
  cwd: engineOptions.cwd,
  format: choice("--format <format>", "how to print it", ["text", "json"], "text"),
  json: flag("--json", "the same as --format json"),
} as const;

/** The day that stands for today, `YYYY-MM-DD` in UTC. */
export const dayOption = (summary: string) => parsed("--today <day>", summary, day);

/** A second factor that the token must show: any (true), or the named authentication context. */
export const multiFactorOption = parsed(
  "--require-mfa [context]",
  "require the token to show a multi-factor sign-in (amr or acr), or the named context in acrs",
  (context): string | true => context,
);

/** Whole seconds within bounds. */
export function secondsOption(flags: string, summary: string, fallback: number, least: 0 | 1) {
  return parsedOr(
    flags,
    summary,
    (given) => {
      if (!/^\d{1,4}$/.test(given) || Number(given) < least) {
        throw new InvalidArgumentError(`Expected whole seconds from ${least} to 9999.`);
      }
      return Number(given);
    },
    fallback,
  );
}

function day(value: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value) || Number.isNaN(Date.parse(`${value}T00:00:00Z`))) {
    throw new InvalidArgumentError("Expected a day as YYYY-MM-DD.");
  }
  return value;
}
