// How the Node.js language host starts a program: pure functions from what the engine asks to arguments and environment.
// The shape follows pulumi/pulumi sdk/nodejs/cmd/pulumi-language-nodejs/main.go (constructArguments, constructConfig).
import { resolve } from "node:path";

/** `runtime.options` of Pulumi.yaml, as the official Node.js host reads them. */
export interface RuntimeOptions {
  /** Whether ts-node loads the program. Default true. */
  readonly typescript: boolean;
  /** Path of a tsconfig file, absolute; undefined means tsconfig.json in the working directory, if there is one. */
  readonly tsconfig?: string;
  /** Arguments for node itself, split as a shell would. */
  readonly nodeargs: readonly string[];
}

/** What the engine passes for one run of a program. */
export interface ProgramRun {
  readonly monitorAddress: string;
  readonly engineAddress: string;
  readonly organization: string;
  readonly project: string;
  readonly stack: string;
  readonly rootDirectory: string;
  readonly workingDirectory: string;
  readonly dryRun: boolean;
  readonly parallel: number;
  readonly queryMode: boolean;
  readonly entryPoint: string;
  readonly programArguments: readonly string[];
  readonly config: Readonly<Record<string, string>>;
  readonly configSecretKeys: readonly string[];
}

/**
 * Reads `runtime.options`.
 *
 * @param options the options as the engine sends them
 * @param rootDirectory where Pulumi.yaml is; a relative `tsconfig` is relative to it
 * @throws Error when an option is unknown or has the wrong type
 */
export function parseRuntimeOptions(options: Readonly<Record<string, unknown>>, rootDirectory: string): RuntimeOptions {
  let typescript = true;
  let tsconfig: string | undefined;
  let nodeargs: string[] = [];
  for (const [name, value] of Object.entries(options)) {
    switch (name) {
      case "typescript":
        if (typeof value !== "boolean") {
          throw optionError(name, "true or false", value);
        }
        typescript = value;
        break;
      case "tsconfig":
        if (typeof value !== "string" || value === "") {
          throw optionError(name, "a path", value);
        }
        tsconfig = resolve(rootDirectory, value);
        break;
      case "nodeargs":
        if (typeof value !== "string") {
          throw optionError(name, "a string of node arguments", value);
        }
        nodeargs = splitShellWords(value);
        break;
      case "packagemanager":
        // Only installation reads it, and that runs npm (see dependencies.ts).
        if (value !== "npm") {
          throw optionError(name, '"npm", the only one this host can run', value);
        }
        break;
      default:
        throw new Error(`runtime.options.${name}: unknown option; expected one of nodeargs, packagemanager, tsconfig, typescript`);
    }
  }
  return { typescript, tsconfig, nodeargs };
}

function optionError(name: string, expected: string, value: unknown): Error {
  return new Error(`runtime.options.${name}: expected ${expected}, got ${JSON.stringify(value)}`);
}

/** Splits words at blanks; single and double quotes group, a backslash outside single quotes takes the next character as it is. */
export function splitShellWords(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === "\\" && quote !== "'") {
      index++;
      word = (word ?? "") + text.charAt(index);
    } else if (quote) {
      if (character === quote) {
        quote = "";
      } else {
        word = (word ?? "") + character;
      }
    } else if (character === "'" || character === '"') {
      quote = character;
      word ??= "";
    } else if (/\s/.test(character)) {
      if (word !== undefined) {
        words.push(word);
      }
      word = undefined;
    } else {
      word = (word ?? "") + character;
    }
  }
  if (quote) {
    throw new Error(`runtime.options.nodeargs: the ${quote} quote is not closed`);
  }
  if (word !== undefined) {
    words.push(word);
  }
  return words;
}

/** Arguments for `node`. Config is not among them: arguments are visible to every process of the machine. */
export function programArguments(runner: string, run: ProgramRun, options: RuntimeOptions): string[] {
  const flags: [string, string][] = [
    ["monitor", run.monitorAddress],
    ["engine", run.engineAddress],
    ["organization", run.organization],
    ["project", run.project],
    ["root-directory", run.rootDirectory],
    ["stack", run.stack],
    ["pwd", run.workingDirectory],
  ];
  return [
    ...options.nodeargs,
    runner,
    ...flags.filter(([, value]) => value !== "").flatMap(([flag, value]) => [`--${flag}`, value]),
    ...(run.dryRun ? ["--dry-run"] : []),
    "--query-mode",
    String(run.queryMode),
    "--parallel",
    String(run.parallel),
    // "." lets the runner look for the entry point in package.json ("exports", then "main").
    run.entryPoint || ".",
    ...run.programArguments,
  ];
}

/** What the program's environment gets on top of the host's own. */
export function programEnvironment(run: ProgramRun, options: RuntimeOptions): Record<string, string> {
  return {
    PULUMI_CONFIG: JSON.stringify(run.config, Object.keys(run.config).sort()),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify([...run.configSecretKeys].sort()),
    ...(options.typescript ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
    ...(options.tsconfig ? { PULUMI_NODEJS_TSCONFIG_PATH: options.tsconfig } : {}),
  };
}

/** Exit status with which the runner says that it has already told the user what is wrong (@pulumi/pulumi/cmd/run). */
const exitAlreadyReported = 32;

/** Turns the program's end into what the engine expects: no error, `bail`, or a message. */
export function runOutcome(status: number | null, signal: NodeJS.Signals | null): { error: string; bail: boolean } {
  if (status === 0) {
    return { error: "", bail: false };
  }
  if (status === exitAlreadyReported) {
    return { error: "", bail: true };
  }
  if (signal) {
    return { error: `Program was ended by signal ${signal}`, bail: false };
  }
  return { error: `Program exited with non-zero exit code: ${status}`, bail: false };
}
