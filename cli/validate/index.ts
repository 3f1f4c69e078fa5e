/** `gatehouse validate`: says about stack files what `pulumi up` would say, without an engine. */
import {
  dayOf,
  formatPath,
  formatProblem,
  jsonText,
  judgeEnvironment,
  textLines,
  withheld,
  type Environment,
  type Problem,
} from "../../model";
import { anyNumber, defineCommand, text } from "../command";
import { readConfiguration, type Configuration, type EngineOptions } from "../engine";
import { UsageError } from "../errors";
import type { ExitName } from "../exit-codes";
import { readInput } from "../inputs";
import type { Io } from "../io";
import { dayOption, engineOptions, jsonOption } from "../options";
import { readStackFile, type Position, type StackFile } from "../stack-file";

interface FileResult {
  readonly file: string;
  readonly ok: boolean;
  /** With line and column where a file was read. */
  readonly problems: readonly (Problem & Partial<Position>)[];
  readonly warnings: readonly string[];
  /** In words what was accepted; absent when refused. */
  readonly summary?: string;
}

/** Version of the JSON form. */
const validationVersion = "gatehouse.dev/validation/v1";

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
    results.push(validateStackFile(file, await readInput(file, "a stack file", io), day));
  }
  if (engine.stack !== undefined) {
    results.push(validateConfiguration(`stack ${engine.stack}`, await readConfiguration(engine, io), day));
  }
  results.forEach((result) => io.stderr(describe(result)));
  if (json) {
    io.stdout(jsonText({ version: validationVersion, files: results }));
  }
  return results.every(({ ok }) => ok) ? "ok" : "refused";
}

/** Judges the configuration that the engine gave: the same questions as to a file, without lines. */
function validateConfiguration(file: string, { raw, encrypted }: Configuration, today: string): FileResult {
  const { problems, accepted } = judgeEnvironment(raw, today);
  const warnings = encrypted.map((key) => `gatehouse:${key} is encrypted; only the engine can check it.`);
  const placed = problems.map((problem) => ({ ...problem, path: ["config", ...inNamespace(problem.path)] }));
  return accepted === undefined
    ? { file, ok: false, problems: placed, warnings }
    : { file, ok: true, problems: [], warnings: [...warnings, ...accepted.warnings], summary: summarise(accepted.environment) };
}

function inNamespace([first, ...rest]: readonly (string | number)[]): (string | number)[] {
  return first === undefined ? [] : [`gatehouse:${first}`, ...rest];
}

/** Judges the text of one stack file. */
export function validateStackFile(file: string, text: string, today: string): FileResult {
  const stack = readStackFile(text);
  if (!stack.usable) {
    return { file, ok: false, problems: stack.problems, warnings: [] };
  }
  const judged = judge(stack, today);
  const problems = [...stack.problems, ...judged.problems.map((problem) => ({ ...problem, ...stack.locate(problem.path) }))].sort(
    (left, right) => left.line - right.line || left.column - right.column,
  );
  const refused = new Set(problems.map((problem) => JSON.stringify(problem.path)));
  const warnings = stack.encrypted
    .filter((path) => !refused.has(JSON.stringify(path)))
    .map((path) => `${formatPath(path.slice(1))} is encrypted; only the engine can check it.`);
  return problems.length > 0
    ? { file, ok: false, problems, warnings }
    : { file, ok: true, problems, warnings: [...warnings, ...judged.warnings], summary: judged.summary };
}

function judge(stack: StackFile, today: string): { problems: Problem[]; warnings: readonly string[]; summary?: string } {
  const { problems, accepted } = judgeEnvironment(stack.raw, today);
  return accepted === undefined
    ? {
        problems: problems.map((problem) => stack.withoutSecrets(readable({ ...problem, path: inFile(problem.path, stack) }, stack))),
        warnings: [],
      }
    : { problems: [], warnings: accepted.warnings, summary: summarise(accepted.environment) };
}

/** `idp.kind` of the environment is `config.gatehouse:idp.kind` in the file. */
function inFile(path: readonly (string | number)[], stack: StackFile): (string | number)[] {
  const [first, ...rest] = path;
  return first === undefined ? ["config"] : ["config", stack.keyOf(String(first)), ...rest];
}

/**
 * A finding about an encrypted value judges its placeholder: what is wrong is that it cannot be read here, unless it is that
 * no secret belongs there at all. None of Gatehouse's own settings is a secret; free chart values may hold encrypted ones.
 */
function readable(problem: Problem, stack: StackFile): Problem {
  const at = JSON.stringify(problem.path);
  return problem.received === withheld || !stack.encrypted.some((path) => JSON.stringify(path) === at)
    ? problem
    : {
        path: problem.path,
        expected: "a value that can be read in the file: this setting is no secret",
        received: "an encrypted value",
        fix: "set it again without --secret",
      };
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

function describe({ file, problems, warnings, summary }: FileResult): string {
  const lines = [
    ...problems.map((problem) => `${file}${placeText(problem)}: ${formatProblem({ ...problem, path: problem.path.slice(1) })}`),
    ...warnings.map((warning) => `${file}: warning: ${warning}`),
    summary === undefined ? `${file}: refused, ${count(problems.length, "problem")}.` : `${file}: accepted (${summary}).`,
  ];
  return textLines(lines);
}
