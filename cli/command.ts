import type { ExitName } from "./exit-codes";
import type { Io } from "./io";

/**
 * An argument or an option as data, in the manner of wrangler's `createCommand`
 * (github.com/cloudflare/workers-sdk, packages/wrangler/src/core/create-command.ts): its value's type follows from it.
 */
export interface Parameter<Value> {
  /** As commander writes it: `<file>`, `[file]`, `<file...>`; `--format <format>`, `--json`, `--no-open`. */
  readonly flags: string;
  readonly summary: string;
  readonly choices?: readonly string[];
  /** What an absent one is; left out: undefined. */
  readonly fallback?: Value;
  /** How help names the fallback, where its value would not be read. */
  readonly fallbackText?: string;
  /**
   * Reads the text that was given.
   * @throws commander's InvalidArgumentError with 'Expected …'
   */
  readonly parse?: (text: string) => Value;
}

type Parameters = Readonly<Record<string, Parameter<unknown>>>;
type Values<Of extends Parameters> = { readonly [Name in keyof Of]: Of[Name] extends Parameter<infer Value> ? Value : never };

/** A command: data, and one function that gives back how it ends. */
export interface CommandDefinition<Arguments extends Parameters, Options extends Parameters> {
  /** One word, or two: `token verify` stands in the group `token`. */
  readonly name: string;
  /** What it is for, in one sentence. */
  readonly summary: string;
  /** In the order of the command line. */
  readonly arguments: Arguments;
  /** By the name that commander gives the value: `configFile` of `--config-file`. */
  readonly options: Options;
  /** False for a command whose output is for people, or for a shell, alone. Left out: true. */
  readonly printsJson?: boolean;
  /**
   * Does the work. Data goes to `io.stdout`, words go to `io.stderr`.
   * @throws GatehouseError, which says itself how the command ends
   */
  run(input: Values<Arguments> & Values<Options>, io: Io): Promise<ExitName>;
}

/** A command in the list of all, where the types of its input do not matter any more. */
export type Command = CommandDefinition<Parameters, Parameters>;

/** Types a command's input by its own arguments and options. */
export function defineCommand<const Arguments extends Parameters, const Options extends Parameters>(
  definition: CommandDefinition<Arguments, Options>,
): Command {
  // The frame hands over exactly what the definition's own parameters made (cli/frame.ts).
  return { ...definition, run: (input, io) => definition.run(input as Values<Arguments> & Values<Options>, io) };
}

/** An argument that must be there. */
export function required(flags: `<${string}>`, summary: string): Parameter<string> {
  return { flags, summary };
}

/** Any number of arguments. */
export function anyNumber(flags: `[${string}...]`, summary: string): Parameter<readonly string[]> {
  return { flags, summary, fallback: [] };
}

/** An argument or option with a text that may be left out. */
export function text(flags: string, summary: string): Parameter<string | undefined> {
  return { flags, summary };
}

/** An option with one text or more that may be left out. */
export function texts(flags: `--${string} <${string}...>`, summary: string): Parameter<readonly string[] | undefined> {
  return { flags, summary };
}

/** An argument or option with a text that stands for one that is left out. */
export function textOr(flags: string, summary: string, fallback: string): Parameter<string> {
  return { flags, summary, fallback };
}

/** A switch that is off; `--no-…` makes one that is on. */
export function flag(flags: `--${string}`, summary: string): Parameter<boolean> {
  return { flags, summary, fallback: flags.startsWith("--no-") };
}

/** An option whose text is one of a few. */
export function choice<const Choice extends string>(
  flags: string,
  summary: string,
  choices: readonly Choice[],
  fallback: Choice,
): Parameter<Choice> {
  return { flags, summary, choices, fallback };
}

/** An option with a value of its own kind. */
export function parsed<Value>(flags: string, summary: string, parse: (text: string) => Value): Parameter<Value | undefined> {
  return { flags, summary, parse };
}

/** The same with a value for one that is left out. */
export function parsedOr<Value>(
  flags: string,
  summary: string,
  parse: (text: string) => Value,
  fallback: Value,
  fallbackText?: string,
): Parameter<Value> {
  return { flags, summary, parse, fallback, fallbackText };
}
