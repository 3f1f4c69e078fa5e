/** `gatehouse validate`: says about stack files what `pulumi up` would say, without an engine. */
import {
  compareText,
  dayOf,
  formatProblem,
  judgeEnvironment,
  readStackFile,
  textLines,
  withheld,
  type Environment,
  type JudgedEnvironment,
  type Position,
  type Problem,
  type StackFile,
} from "../../model";
import { anyNumber, defineCommand, text } from "../command";
import { completeDescription, projectFolder, type Description } from "../description";
import { readConfiguration, type Configuration, type EngineOptions } from "../engine";
import { UsageError } from "../errors";
import type { ExitName } from "../exit-codes";
import { readInput } from "../inputs";
import type { Io } from "../io";
import { dayOption, engineOptions, jsonOption } from "../options";
import { outputText } from "../outputs";

type PlacedProblem = Problem &
  Partial<Position> & {
    /** The file that the stack file names, where it stands there. */
    readonly file?: string;
  };

interface FileResult {
  readonly file: string;
  readonly ok: boolean;
  /** With line and column where a file was read. */
  readonly problems: readonly PlacedProblem[];
  readonly warnings: readonly string[];
  /** In words what was accepted; absent when refused. */
  readonly summary?: string;
}

export const validateCommand = defineCommand({
  name: "validate",
  summary:
    "Check stack files (Pulumi.<stack>.yaml) without an engine: every problem with line and column. Or a stack's configuration as the engine has it.",
  arguments: { files: anyNumber("[file...]", "stack files; - for standard input") },
  options: {
    ...engineOptions,
    stack: text(
      "--stack <name>",
      "the configuration of this stack as the engine gives it, environments (Pulumi ESC) included, instead of files",
    ),
    today: dayOption("judge ended grants by this day (YYYY-MM-DD, UTC)"),
    json: jsonOption("findings"),
  },
  run: validate,
});

interface ValidateInput extends EngineOptions {
  readonly files: readonly string[];
  readonly today?: string;
  readonly json: boolean;
}

async function validate({ files, today, json, ...engine }: ValidateInput, io: Io): Promise<ExitName> {
  if (files.length > 0 === (engine.stack !== undefined)) {
    throw new UsageError("flags", `Expected stack files, or --stack, got ${files.length > 0 ? "both" : "neither"}.`);
  }
  const day = today ?? dayOf(io.now());
  const results: FileResult[] = [];
  for (const file of files) {
    results.push(await validateStackFile(file, await readInput(file, "a stack file", io), day, io));
  }
  if (engine.stack !== undefined) {
    results.push(await validateConfiguration(`stack ${engine.stack}`, await readConfiguration(engine, io), day, io));
  }
  results.forEach((result) => io.stderr(describe(result)));
  if (json) {
    io.stdout(outputText("validation", { files: results }));
  }
  return results.every(({ ok }) => ok) ? "ok" : "refused";
}

/** Judges the configuration that the engine gave: the same questions as to a file, without lines. */
async function validateConfiguration(
  file: string,
  { raw, encrypted, settings }: Configuration,
  today: string,
  io: Io,
): Promise<FileResult> {
  // The folder of --cwd, which may be one below the project's: the engine looks upwards too.
  const description = await completeDescription(raw, await projectFolder("-", io), io);
  const { problems, accepted }: JudgedEnvironment =
    description.problems.length > 0 ? { problems: description.problems } : judgeEnvironment(description.raw, today, settings);
  const placed = problems.map((problem): PlacedProblem => ({ ...problem, path: ["config", ...inNamespace(problem.path)] }));
  const refused = [
    ...placed,
    ...encrypted.map((key) => ({ path: ["config", `gatehouse:${key}`], ...encryptedFault([]), received: "an encrypted value" })),
  ];
  return accepted === undefined || refused.length > 0
    ? { file, ok: false, problems: refused, warnings: [] }
    : { file, ok: true, problems: [], warnings: accepted.warnings, summary: summarise(accepted.environment) };
}

function inNamespace([first, ...rest]: readonly (string | number)[]): (string | number)[] {
  return first === undefined ? [] : [`gatehouse:${first}`, ...rest];
}

/** Judges the text of one stack file, and the files that it names. */
async function validateStackFile(file: string, text: string, today: string, io: Io): Promise<FileResult> {
  const stack = readStackFile(text);
  if (!stack.usable) {
    return { file, ok: false, problems: stack.problems, warnings: [] };
  }
  const description = await completeDescription(stack.raw, await projectFolder(file, io), io);
  const { problems: judged, accepted }: JudgedEnvironment =
    description.problems.length > 0 ? { problems: description.problems } : judgeEnvironment(description.raw, today, stack.settings);
  const found = withoutPlaceholders(
    judged.map((problem) => placed(problem, stack, description)),
    stack,
  );
  const problems = [...found, ...stack.problems.map((problem): PlacedProblem => problem)].sort(
    (left, right) =>
      compareText(left.file ?? "", right.file ?? "") || (left.line ?? 0) - (right.line ?? 0) || (left.column ?? 0) - (right.column ?? 0),
  );
  return problems.length > 0 || accepted === undefined
    ? { file, ok: false, problems, warnings: [] }
    : { file, ok: true, problems, warnings: [...rewrittenDates(text), ...accepted.warnings], summary: summarise(accepted.environment) };
}

/** The problem with the file and the place where it stands. `idp.kind` of the environment is `config.gatehouse:idp.kind` in the stack file. */
function placed(problem: Problem, stack: StackFile, description: Description): PlacedProblem {
  const elsewhere = description.locate(problem.path);
  if (elsewhere !== undefined) {
    // The first step is what a path in a stack file begins with, which is not shown.
    const path = problem.path[0] === elsewhere.file ? problem.path : [elsewhere.file, ...problem.path];
    return { ...stack.withoutSecrets({ ...problem, path }), ...elsewhere };
  }
  const [first, ...rest] = problem.path;
  const path = first === undefined ? ["config"] : ["config", stack.keyOf(String(first)), ...rest];
  return { ...stack.withoutSecrets({ ...problem, path }), ...stack.locate(path) };
}

/**
 * A finding about an encrypted value judges its placeholder: what is wrong is that it is encrypted, unless it is that no secret belongs
 * there at all. Pulumi hands the program plain text, and what Gatehouse reads reaches the state and the cluster as such.
 */
function withoutPlaceholders(problems: readonly PlacedProblem[], stack: StackFile): PlacedProblem[] {
  const at = (path: Problem["path"]): string => JSON.stringify(path);
  const secret = new Map(stack.encrypted.map((path) => [at(path), path]));
  const kept = problems.filter(({ path, received }) => received === withheld || !secret.has(at(path)));
  const told = new Set(kept.map(({ path }) => at(path)));
  const encrypted = [...secret.values()]
    .filter((path) => !told.has(at(path)))
    .map((path) => ({ path, ...encryptedFault(path), received: "an encrypted value", ...stack.locate(path) }));
  return [...kept, ...encrypted];
}

function encryptedFault(path: Problem["path"]): Pick<Problem, "expected" | "fix"> {
  return path[3] === "values"
    ? {
        expected: "no secret in chart values: they stand in plain text in the cluster and in the state, however they are written here",
        fix: "put it into a Kubernetes Secret, and name that",
      }
    : { expected: "a value that can be read in the file: this setting is no secret", fix: "set it again without --secret" };
}

function summarise({ idp, groups, platforms }: Environment): string {
  const grants = Object.values(platforms).reduce((sum, { access }) => sum + access.length, 0);
  return `${idp.kind}; ${count(Object.keys(groups).length, "group")}, ${count(Object.keys(platforms).length, "platform")}, ${count(grants, "grant")}`;
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}

function placeText({ line, column }: Partial<Position>): string {
  return line === undefined || column === undefined ? "" : `:${line}:${column}`;
}

/** Midnight of a day: so the engine writes dates back when it adds a passphrase's salt. They are still read as days. */
function rewrittenDates(text: string): string[] {
  const found = /\d{4}-\d{2}-\d{2} 00:00:00 \+0000 UTC/.exec(text);
  return found === null
    ? []
    : [
        `the engine has rewritten dates such as '${found[0]}', when it added encryptionsalt: each counts as its day; write the day in quotes ('${found[0].slice(0, 10)}'), which the engine leaves as it is.`,
      ];
}

function describe({ file, problems, warnings, summary }: FileResult): string {
  const lines = [
    ...problems.map(
      (problem) => `${problem.file ?? file}${placeText(problem)}: ${formatProblem({ ...problem, path: problem.path.slice(1) })}`,
    ),
    ...warnings.map((warning) => `${file}: warning: ${warning}`),
    summary === undefined ? `${file}: refused, ${count(problems.length, "problem")}.` : `${file}: accepted (${summary}).`,
  ];
  return textLines(lines);
}
