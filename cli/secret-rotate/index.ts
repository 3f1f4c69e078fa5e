/**
 * `gatehouse secret rotate`: asks for a new client secret in a stack file. It writes one day into the file and nothing else; the
 * secret itself is made by the next `pulumi up` (docs/secrets.md).
 */
import {
  dayOf,
  formatProblem,
  judgeEnvironment,
  readStackFile,
  textLines,
  type Environment,
  type JudgedEnvironment,
  type StackFile,
} from "../../model";
import { defineCommand, flag, text } from "../command";
import { UsageError } from "../errors";
import type { ExitName } from "../exit-codes";
import { completeDescription, projectFolder } from "../description";
import { readInput } from "../inputs";
import type { Io } from "../io";
import { dayOption, engineOptions, jsonOption } from "../options";
import { stackFilePath } from "../stack-file";
import { StackFileEditError } from "../yaml-edit";
import { addRotationDay } from "./add-day";
import { planRotation, type RotationPlan } from "./plan";
import { outputText } from "../outputs";

/** What `gatehouse secret rotate` found and did. */
interface RotationResult extends RotationPlan {
  readonly file: string;
  /** Whether the file was changed: not with --dry-run, and not when the rotation is refused. */
  readonly written: boolean;
}

export const rotateCommand = defineCommand({
  name: "secret rotate",
  summary: "Ask for a new client secret in a stack file; the next `pulumi up` makes it. Comments and formatting stay.",
  arguments: { file: text("[file]", "the stack file, Pulumi.<stack>.yaml; or --stack") },
  options: {
    stack: text("--stack <name>", "the stack whose file it is"),
    configFile: engineOptions.configFile,
    dryRun: flag("--dry-run", "say what would happen, and change nothing"),
    today: dayOption("the day to write (YYYY-MM-DD, UTC; default: today)"),
    json: jsonOption("plan"),
  },
  run: rotate,
});

interface RotateInput {
  readonly file?: string;
  readonly stack?: string;
  readonly configFile?: string;
  readonly dryRun: boolean;
  readonly today?: string;
  readonly json: boolean;
}

async function rotate({ dryRun, today: given, json, ...named }: RotateInput, io: Io): Promise<ExitName> {
  if (named.file !== undefined && named.stack !== undefined) {
    throw new UsageError("flags", "Expected a stack file, or --stack, got both.");
  }
  const file = await stackFilePath(named, io);
  const today = given ?? dayOf(io.now());
  const content = await readInput(file, "a stack file", io);
  const stack = readStackFile(content);
  const environment = await accepted(file, stack, today, io);
  if (environment === undefined) {
    return "refused";
  }
  const section = stack.keyOf("idp");
  const plan = planRotation(environment, today);
  const edited = plan.refused === null ? edit(file, () => addRotationDay(content, today, section), io) : undefined;
  if (plan.refused === null && edited === undefined) {
    return "refused";
  }
  const written = edited !== undefined && !dryRun;
  if (written) {
    await io.writeFile(file, edited);
  }
  const result: RotationResult = { file, written, ...plan };
  io.stderr(describe(result, today, `${section}.secret.rotatedOn`));
  if (json) {
    io.stdout(outputText("rotation", { ...result }));
  }
  return plan.refused === null ? "ok" : "refused";
}

/** The environment of the file; undefined when it is refused, which has been said then. */
async function accepted(file: string, stack: StackFile, today: string, io: Io): Promise<Environment | undefined> {
  const description = await completeDescription(stack.raw, await projectFolder(file, io), io);
  const { raw, problems } = description;
  const unreadable = [...stack.problems, ...problems];
  const judged: JudgedEnvironment = unreadable.length > 0 ? { problems: unreadable } : judgeEnvironment(raw, today, stack.settings);
  const wrong = judged.problems.map((problem) => formatProblem(stack.withoutSecrets(problem)));
  const elsewhere = description.locate(["idp"])?.file;
  if (elsewhere !== undefined) {
    wrong.push(`idp: expected it in the stack file, got it in ${elsewhere}. Fix: add "${today}" to idp.secret.rotatedOn there.`);
  }
  if (judged.accepted !== undefined && wrong.length === 0) {
    return judged.accepted.environment;
  }
  io.stderr(textLines([...wrong, `Refused; nothing was written. \`gatehouse validate ${file}\` gives lines and columns.`]));
  return undefined;
}

function edit(file: string, change: () => string, io: Io): string | undefined {
  try {
    return change();
  } catch (error) {
    if (!(error instanceof StackFileEditError)) {
      throw error;
    }
    io.stderr(textLines([`${file}: ${error.message}`]));
    return undefined;
  }
}

function describe(result: RotationResult, today: string, place: string): string {
  const { file, written, refused, steps, warnings } = result;
  const head =
    refused !== null
      ? `${file}: refused; nothing was written. ${refused}`
      : written
        ? `${file}: ${today} was added to ${place}.`
        : `${file}: ${today} would be added to ${place}; nothing was written (--dry-run).`;
  const lines = [head, ...(refused === null ? steps : []), ...warnings.map((warning) => `Warning: ${warning}`)];
  return textLines(lines);
}
