import { spawn } from "node:child_process";
import { statSync } from "node:fs";
import type { RunResult } from "../../machine/processes";

/** What a run of the Pulumi command gave. */
export type EngineResult = RunResult;

export interface EngineRun {
  /** Called with each line that the command writes, as it comes. */
  readonly onLine?: (line: string) => void;
  /** Statuses besides 0 that are no failure. */
  readonly accept?: readonly number[];
  /** Ends the command: first as Ctrl-C does, so that the engine closes its plugins and writes its state, then for good. */
  readonly signal?: AbortSignal;
}

/** Runs Pulumi commands on one stack of the lab. */
export interface Engine {
  readonly stack: string;
  /** `pulumi <args>` with stack and configuration file filled in. Throws with the command's own words when it fails. */
  run(args: readonly string[], options?: EngineRun): Promise<EngineResult>;
  /** The stack's outputs, as `pulumi stack output --json` gives them. */
  outputs(): Promise<Record<string, unknown>>;
  /** Starts a command and hands over its process, for tests that end it in mid-run. */
  start(args: readonly string[]): ReturnType<typeof spawn>;
}

export interface EngineOptions {
  /** Path of the pulumi binary. */
  readonly pulumi: string;
  readonly stack: string;
  /** A copy of the stack file: Pulumi writes the encryption salt into it. */
  readonly configFile: string;
  /** The folder of Pulumi.yaml. */
  readonly project: string;
  readonly environment: NodeJS.ProcessEnv;
  /** The file that has the stack's state: while it is the same, so are the outputs. Left out: they are asked for each time. */
  readonly stateFile?: string;
}

/** Milliseconds between the first request to end, as Ctrl-C makes it, and the end: the engine first waits for what is under way. */
const graceMilliseconds = 300_000;

export function createEngine(options: EngineOptions): Engine {
  const start = (args: readonly string[]): ReturnType<typeof spawn> =>
    spawn(
      options.pulumi,
      [...args, "--stack", options.stack, ...configFileFlag(args, options.configFile), "--non-interactive", "--color", "never"],
      {
        cwd: options.project,
        env: options.environment,
        stdio: ["ignore", "pipe", "pipe"],
        detached: true,
      },
    );

  async function run(args: readonly string[], { onLine, accept = [], signal }: EngineRun = {}): Promise<EngineResult> {
    const result = await collect(start(args), onLine, signal);
    if (result.status !== 0 && !accept.includes(result.status)) {
      throw new Error(`pulumi ${args[0] ?? ""}: expected it to succeed, got exit status ${result.status}:\n${diagnosticsOf(result)}`);
    }
    return result;
  }

  let known: { readonly state: string; readonly outputs: string } | undefined;
  async function outputs(): Promise<Record<string, unknown>> {
    const state = options.stateFile === undefined ? undefined : stateOf(options.stateFile);
    const text = known !== undefined && known.state === state ? known.outputs : (await run(["stack", "output", "--json"])).stdout;
    known = state === undefined ? undefined : { state, outputs: text };
    return JSON.parse(text) as Record<string, unknown>;
  }

  return { stack: options.stack, run, start, outputs };
}

/** Changes with each writing of the file; undefined while there is none. */
function stateOf(file: string): string | undefined {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? undefined : [found.ino, found.size, found.mtimeNs].join(" ");
}

/** Only the commands that read configuration know the flag. */
function configFileFlag(args: readonly string[], file: string): string[] {
  return ["preview", "up", "refresh", "destroy", "import", "config"].includes(args[0] ?? "") ? ["--config-file", file] : [];
}

/** What a failed command said of its failure: the diagnostics without warnings and without the outputs, which come after them and are long. */
function diagnosticsOf({ stdout, stderr }: EngineResult): string {
  const lines = stdout.split("\n");
  const from = lines.findIndex((line) => line.startsWith("Diagnostics:"));
  const to = lines.findIndex((line, position) => position > from && /^(Outputs|Resources|Duration):?/.test(line));
  const said = from < 0 ? lines.slice(-40) : lines.slice(from, to < 0 ? undefined : to).filter((line) => !/^\s+warning: /.test(line));
  return [...said.slice(0, 80), stderr].join("\n").trim();
}

function collect(child: ReturnType<typeof spawn>, onLine?: (line: string) => void, signal?: AbortSignal): Promise<EngineResult> {
  return new Promise((resolve, reject) => {
    const output = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      let rest = "";
      child[name]?.setEncoding("utf8").on("data", (text: string) => {
        output[name] += text;
        const lines = (rest + text).split("\n");
        rest = lines.pop() ?? "";
        lines.forEach((line) => onLine?.(line));
      });
    }
    let killer: NodeJS.Timeout | undefined;
    const end = (): void => {
      child.kill("SIGINT");
      killer = setTimeout(() => child.kill("SIGKILL"), graceMilliseconds);
    };
    signal?.addEventListener("abort", end, { once: true });
    if (signal?.aborted === true) {
      end();
    }
    const release = (): void => {
      clearTimeout(killer);
      signal?.removeEventListener("abort", end);
    };
    child.once("error", (error) => {
      release();
      reject(error);
    });
    child.once("close", (status, ended) => {
      release();
      resolve({ status: status ?? (ended === "SIGINT" ? 130 : 137), ...output });
    });
  });
}
