import { isAbsolute, join } from "node:path";
import { Argument, Command as Commander, Option } from "commander";
import manifest from "../package.json";
import type { Command, Parameter } from "./command";
import { UsageError } from "./errors";
import { exitCodes, type ExitName } from "./exit-codes";
import type { Io } from "./io";
import { commonOptions } from "./options";

/**
 * Commander's tree of the commands: the only place that knows how the command line is parsed.
 * @param groups what a group is for, by the first word of its commands' names
 * @param done told how the command that ran has ended
 */
export function commandTree(
  commands: readonly Command[],
  groups: Readonly<Record<string, string>>,
  io: Io,
  done: (exit: ExitName) => void,
): Commander {
  const program = new Commander("gatehouse")
    .description("Kubernetes platforms behind an identity provider: check a stack file, a token, an environment.")
    .version(manifest.version, "--version", "print the version")
    .addHelpText("after", `\nExit status:\n${exitTable()}`);
  for (const command of commands) {
    const [first, second] = command.name.split(" ") as [string, string?];
    const parent = second === undefined ? program : groupOf(program, first, groups[first] ?? "");
    parent.addCommand(leaf(second ?? first, command, io, done));
  }
  prepare(program, io);
  return program;
}

function groupOf(program: Commander, name: string, summary: string): Commander {
  const there = program.commands.find((child) => child.name() === name);
  if (there !== undefined) {
    return there;
  }
  const made = new Commander(name).description(summary);
  program.addCommand(made);
  return made;
}

function leaf(name: string, command: Command, io: Io, done: (exit: ExitName) => void): Commander {
  const built = new Commander(name).description(command.summary);
  const names = Object.keys(command.arguments);
  Object.values(command.arguments).forEach((parameter) => built.addArgument(argumentOf(parameter)));
  const options: Command["options"] = { ...missingOptions(command), ...command.options };
  Object.values(options).forEach((parameter) => built.addOption(optionOf(parameter)));
  return built.action(async () => {
    // Commander leaves out what was not given; every name of the definition is there for the command.
    const given: Record<string, unknown> = built.opts();
    const ofOptions = Object.entries(options).map(([option, { fallback }]): [string, unknown] => [option, given[option] ?? fallback]);
    const ofArguments = names.map((argument, position): [string, unknown] => [argument, built.processedArgs[position]]);
    // A fallback is no choice.
    const chosen = built.getOptionValueSource("format") === "cli" && typeof given["format"] === "string" ? given["format"] : undefined;
    const input = oneFormat(Object.fromEntries([...ofOptions, ...ofArguments]), given["json"] === true, chosen);
    done(await command.run(input, inFolder(io, input["cwd"])));
  });
}

/** `--cwd`, `--format` and `--json` mean the same everywhere; a command names those that it has more to say about. */
function missingOptions({ options, printsJson = true }: Command): Command["options"] {
  return Object.fromEntries(Object.entries(commonOptions).filter(([name]) => !(name in options) && (name === "cwd" || printsJson)));
}

/** `--json` and `--format json` are one choice, whichever of the two a command reads. */
function oneFormat(input: Readonly<Record<string, unknown>>, json: boolean, chosen: string | undefined): Record<string, unknown> {
  if (json && chosen !== undefined && chosen !== "json") {
    throw new UsageError("flags", `Expected one of --json and --format ${chosen}, got both.`);
  }
  return json || chosen === "json" ? { ...input, json: true, format: "json" } : { ...input };
}

/** Files as a command sees them that was started in another folder. */
function inFolder(io: Io, folder: unknown): Io {
  if (typeof folder !== "string") {
    return io;
  }
  const at = (path: string): string => join(isAbsolute(path) ? "" : folder, path);
  return {
    ...io,
    readFile: (path) => io.readFile(at(path)),
    readBytes: (path) => io.readBytes(at(path)),
    writeFile: (path, text) => io.writeFile(at(path), text),
    createFile: (path, text) => io.createFile(at(path), text),
    createFolder: (path, files) => io.createFolder(at(path), files),
    readFolder: (path) => io.readFolder(at(path)),
    openCluster: (kubeconfig, context) => io.openCluster(kubeconfig === undefined ? undefined : at(kubeconfig), context),
  };
}

function argumentOf({ flags, summary, fallback, parse }: Parameter<unknown>): Argument {
  const argument = new Argument(flags, summary);
  return withParser(fallback === undefined ? argument : argument.default(fallback), parse);
}

function optionOf({ flags, summary, choices, fallback, fallbackText, parse }: Parameter<unknown>): Option {
  const option = new Option(flags, summary);
  if (choices !== undefined) {
    option.choices([...choices]);
  }
  // A switch is off where nothing is said; help need not say so.
  if (fallback !== undefined && typeof fallback !== "boolean") {
    option.default(fallback, fallbackText);
  }
  return withParser(option, parse);
}

function withParser<Of extends Argument | Option>(parameter: Of, parse: ((text: string) => unknown) | undefined): Of {
  if (parse !== undefined) {
    parameter.argParser((text: string) => parse(text));
  }
  return parameter;
}

/** Commander would write to the process and exit by itself; both belong to the caller. */
function prepare(command: Commander, io: Io): void {
  // `evidence verify` stands below `evidence`, which has options too: what is written behind the second word is the second word's.
  command.enablePositionalOptions().exitOverride().configureOutput({ writeOut: io.stdout, writeErr: io.stderr });
  command.commands.forEach((child) => prepare(child, io));
}

function exitTable(): string {
  return Object.values(exitCodes)
    .map(({ status, meaning }) => `  ${String(status).padStart(2)}  ${meaning}`)
    .join("\n");
}
