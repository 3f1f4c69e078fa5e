import { spawn } from "node:child_process";
import { signalGroup } from "./stop";

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What the command reads from its standard input. @default nothing */
  readonly input?: string;
  /** Called with each line that the command writes (output and errors), as it comes. */
  readonly onLine?: (line: string) => void;
  /** Ends the command, with all that it started, when aborted. */
  readonly signal?: AbortSignal;
  /** Milliseconds after which the command is ended. @default no limit */
  readonly timeoutMilliseconds?: number;
}

export interface RunResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command to its end and answers its status and output; throws only when it cannot be started or was ended by a
 * signal. It leads a process group of its own which ends with this program: a compiler's children do not linger after Ctrl-C.
 */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], { cwd: options.cwd, env: options.env, stdio: ["pipe", "pipe", "pipe"], detached: true });
    // A command that ends without reading breaks the pipe, which is no fault.
    child.stdin.on("error", () => undefined).end(options.input ?? "");
    const end = () => {
      if (child.pid !== undefined && child.exitCode === null) {
        signalGroup(child.pid, "SIGKILL");
      }
    };
    const onSignal = (signal: NodeJS.Signals) => {
      end();
      release();
      // Nobody else listens: then the signal does what it does by default.
      if (process.listenerCount(signal) === 0) {
        process.kill(process.pid, signal);
      }
    };
    const timer = options.timeoutMilliseconds === undefined ? undefined : setTimeout(end, options.timeoutMilliseconds);
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
    const release = () => {
      clearTimeout(timer);
      process.off("exit", end);
      signals.forEach((signal) => process.off(signal, onSignal));
      options.signal?.removeEventListener("abort", end);
    };
    process.on("exit", end);
    signals.forEach((signal) => process.on(signal, onSignal));
    options.signal?.addEventListener("abort", end);
    if (options.signal?.aborted) {
      end();
    }

    const output = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      let rest = "";
      child[stream].setEncoding("utf8").on("data", (text: string) => {
        output[stream] += text;
        const lines = (rest + text).split("\n");
        rest = lines.pop() ?? "";
        lines.forEach((line) => options.onLine?.(line));
      });
    }
    child.once("error", (error) => {
      release();
      reject(error);
    });
    child.once("close", (status, signal) => {
      release();
      if (status === null) {
        reject(new Error(`${command} ${args[0] ?? ""}: expected it to finish, but it was ended by ${signal ?? "a signal"}`));
      } else {
        resolve({ status, ...output });
      }
    });
  });
}
