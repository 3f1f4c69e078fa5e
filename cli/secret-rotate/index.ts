import { Command, InvalidArgumentError } from "commander";
import { formatProblem, InvalidEnvironmentError, parseEnvironment, printable, stableJson, type Environment } from "../../model";
import { UsageError, type ExitName } from "../exit-codes";
import { readInput } from "../inputs";
import type { Io } from "../io";
import { addRotationDay, StackFileEditError } from "./add-day";
import { planRotation, type RotationPlan } from "./plan";
import { readStackFile, type StackFile } from "../stack-file";

interface RotateOptions {
  readonly dryRun?: true;
  readonly json?: true;
  readonly today?: string;
}

/** What `gatehouse secret rotate` found and did. */
interface RotationResult extends RotationPlan {
  readonly file: string;
  /** Whether the file was changed: not with --dry-run, and not when the rotation is refused. */
  readonly written: boolean;
}

/** `gatehouse secret`: the client secrets of a stack. */
export function secretCommand(io: Io, end: (name: ExitName) => void): Command {
  return new Command("secret").description("Look after the client secrets of a stack.").addCommand(rotateCommand(io, end));
}

function rotateCommand(io: Io, end: (name: ExitName) => void): Command {
  return new Command("rotate")
    .description("Ask for a new client secret in a stack file; the next `pulumi up` makes it. Comments and formatting stay.")
    .argument("<file>", "the stack file, Pulumi.<stack>.yaml")
    .option("--dry-run", "say what would happen, and change nothing")
    .option("--today <day>", "the day to write (YYYY-MM-DD, UTC; default: today)", day)
    .option("--json", "print the plan as JSON on standard output")
    .action(async (file: string, options: RotateOptions) => {
      end(await rotate(file, options, io));
    });
}

async function rotate(file: string, options: RotateOptions, io: Io): Promise<ExitName> {
  if (file === "-") {
    throw new UsageError("Expected the path of a stack file, got - (standard input), which cannot be changed in place.");
  }
  const today = options.today ?? io.now().toISOString().slice(0, 10);
  const text = await readInput(file, "a stack file", io);
  const stack = readStackFile(text);
  const environment = accepted(file, stack, today, io);
  if (environment === undefined) {
    return "refused";
  }
  const section = stack.keyOf("idp");
  const plan = planRotation(environment, today);
  const edited = plan.refused === null ? edit(file, () => addRotationDay(text, today, section), io) : undefined;
  if (plan.refused === null && edited === undefined) {
    return "refused";
  }
  const written = edited !== undefined && options.dryRun === undefined;
  if (written) {
    await io.writeFile(file, edited);
  }
  const result: RotationResult = { file, written, ...plan };
  io.stderr(describe(result, today, `${section}.secret.rotatedOn`));
  if (options.json) {
    io.stdout(`${stableJson(result, 2)}\n`);
  }
  return plan.refused === null ? "ok" : "refused";
}

/** The environment of the file; undefined when it is refused, which has been said then. */
function accepted(file: string, stack: StackFile, today: string, io: Io): Environment | undefined {
  const wrong = stack.problems.map(formatProblem);
  try {
    if (wrong.length === 0) {
      return parseEnvironment(stack.raw, today).environment;
    }
  } catch (error) {
    if (!(error instanceof InvalidEnvironmentError)) {
      throw error;
    }
    wrong.push(...error.problems.map(formatProblem));
  }
  io.stderr(
    `${[...wrong, `Refused; nothing was written. \`gatehouse validate ${file}\` gives lines and columns.`].map(printable).join("\n")}\n`,
  );
  return undefined;
}

function edit(file: string, change: () => string, io: Io): string | undefined {
  try {
    return change();
  } catch (error) {
    if (!(error instanceof StackFileEditError)) {
      throw error;
    }
    io.stderr(`${printable(`${file}: ${error.message}`)}\n`);
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
  return `${lines.map(printable).join("\n")}\n`;
}

function day(value: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value) || Number.isNaN(Date.parse(`${value}T00:00:00Z`))) {
    throw new InvalidArgumentError("Expected a day as YYYY-MM-DD.");
  }
  return value;
}
