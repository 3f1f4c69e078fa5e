import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startTimeOf } from "./identity";
import { PortTakenError } from "./network";
import { checkName, removeRecord, writeRecord } from "./records";
import type { ProcessRecord } from "./records";
import { signalGroup, stopRecorded } from "./stop";

export interface ProcessSpec {
  /** Lower case letters, digits, dashes; names the log and the record, and is unique among the running ones. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment of the child. @default that of this process */
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Asked again and again until it answers true. @default ready once started */
  readonly ready?: () => Promise<boolean>;
  /** Seconds until an unready process is ended and `start` fails; a busy machine needs many times what an idle one does. @default 300 */
  readonly readyTimeoutSeconds?: number;
  /** Values that must not be seen in a process list: `start` refuses arguments that contain one of them. */
  readonly secrets?: readonly string[];
}

export interface RunningProcess {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** Milliseconds from the start until ready. */
  readonly milliseconds: number;
}

export interface Processes {
  readonly stateDir: string;
  start(spec: ProcessSpec): Promise<RunningProcess>;
  /** Ends one process; a name that does not run is no error. */
  stop(name: string): Promise<void>;
  /** Ends all, last started first. */
  stopAll(): Promise<void>;
  /** Leaves all running when this program ends (`--keep`); `down(stateDir)` ends them later. */
  keep(): void;
  list(): RunningProcess[];
}

/**
 * Supervises child processes whose logs and records live under `stateDir` (`logs/`, `processes/`).
 *
 * Each child leads a process group of its own and writes to its log file directly: a Ctrl-C in the terminal reaches only
 * this program, which then ends them in order, and a kept child outlives this program. SIGINT, SIGTERM and SIGHUP end all
 * children and then this program with the usual status (128 + signal); so does any other end of this program, unless `keep`
 * was called.
 */
export function createProcesses(options: { stateDir: string }): Processes {
  return new Supervisor(options.stateDir);
}

const statusOfSignal = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
const signals = Object.keys(statusOfSignal) as (keyof typeof statusOfSignal)[];

class Supervisor implements Processes {
  private readonly running = new Map<string, { record: ProcessRecord; process: RunningProcess }>();
  private order = 0;
  private stopping: Promise<void> | undefined;
  private hooked = false;
  private interrupted = false;

  constructor(readonly stateDir: string) {}

  async start(spec: ProcessSpec): Promise<RunningProcess> {
    checkName(spec.name);
    if (this.interrupted) {
      throw new Error(`process ${spec.name}: not started, because this program is being interrupted`);
    }
    if (this.running.has(spec.name)) {
      throw new Error(`process ${spec.name}: expected a name that is not running, but it is already`);
    }
    refuseSecrets(spec);
    const began = Date.now();
    const logFile = join(this.stateDir, "logs", `${spec.name}.log`);
    this.hook();
    const child = new Child(spec, logFile);
    const startTime = child.pid === undefined ? undefined : startTimeOf(child.pid);
    if (child.pid === undefined || startTime === undefined) {
      await child.end;
      throw didNotStart(spec, `it ended at once (${child.ended ?? "no reason given"})`, logFile);
    }
    const record = { name: spec.name, pid: child.pid, startTime, order: this.order++, command: basename(spec.command), logFile };
    const started = { name: spec.name, pid: child.pid, logFile, milliseconds: 0 };
    this.running.set(spec.name, { record, process: started });
    writeRecord(this.stateDir, record);

    const problem = await unreadiness(spec, child, began);
    if (problem !== undefined) {
      await this.stop(spec.name);
      throw didNotStart(spec, problem, logFile);
    }
    const ready = { ...started, milliseconds: Date.now() - began };
    this.running.set(spec.name, { record, process: ready });
    return ready;
  }

  async stop(name: string): Promise<void> {
    const entry = this.running.get(name);
    if (entry === undefined) {
      return;
    }
    await stopRecorded(entry.record);
    this.running.delete(name);
    removeRecord(this.stateDir, name);
    if (this.running.size === 0) {
      this.unhook();
    }
  }

  stopAll(): Promise<void> {
    this.stopping ??= this.stopInOrder().finally(() => (this.stopping = undefined));
    return this.stopping;
  }

  keep(): void {
    this.unhook();
  }

  list(): RunningProcess[] {
    return [...this.running.values()].map((entry) => entry.process);
  }

  private async stopInOrder(): Promise<void> {
    for (const name of [...this.running.keys()].reverse()) {
      await this.stop(name);
    }
  }

  private hook(): void {
    if (!this.hooked) {
      this.hooked = true;
      signals.forEach((signal) => process.on(signal, this.onSignal));
      process.on("exit", this.killNow);
    }
  }

  private unhook(): void {
    this.hooked = false;
    signals.forEach((signal) => process.off(signal, this.onSignal));
    process.off("exit", this.killNow);
  }

  private readonly onSignal = (signal: NodeJS.Signals): void => {
    this.interrupted = true;
    void this.stopAll().finally(() => process.exit(statusOfSignal[signal as keyof typeof statusOfSignal]));
  };

  private readonly killNow = (): void => {
    for (const { record } of [...this.running.values()].reverse()) {
      if (startTimeOf(record.pid) === record.startTime) {
        signalGroup(record.pid, "SIGKILL");
      }
      removeRecord(this.stateDir, record.name);
    }
  };
}

/** A child with a process group and a log file of its own. */
class Child {
  readonly pid: number | undefined;
  /** How it ended; undefined while it runs. */
  ended: string | undefined;
  /** Settles when it has ended, or could not be started. */
  readonly end: Promise<void>;

  constructor(spec: ProcessSpec, logFile: string) {
    mkdirSync(dirname(logFile), { recursive: true, mode: 0o700 });
    // Opened anew for each start: whoever starts it reads there why a process did not come up.
    const log = openSync(logFile, "w", 0o600);
    const child = spawn(spec.command, [...spec.args], {
      cwd: spec.cwd,
      env: spec.env ?? process.env,
      stdio: ["ignore", log, log],
      detached: true,
    });
    closeSync(log);
    this.end = new Promise((resolve) => {
      const end = (how: string): void => {
        this.ended ??= how;
        resolve();
      };
      child.once("error", (error) => end(error.message));
      child.once("exit", (code, signal) => end(signal === null ? `exit status ${code}` : `signal ${signal}`));
    });
    child.unref();
    this.pid = child.pid;
  }
}

/** Waits until the process is ready. @returns why it will not be, undefined when it is */
async function unreadiness(spec: ProcessSpec, child: Child, began: number): Promise<string | undefined> {
  const limit = spec.readyTimeoutSeconds ?? 300;
  const deadline = began + limit * 1000;
  for (let pause = 25; child.ended === undefined && spec.ready !== undefined; pause = Math.min(pause * 1.5, 200)) {
    if (await spec.ready()) {
      break;
    }
    if (Date.now() > deadline) {
      return `it was not ready after ${limit} s`;
    }
    await sleep(pause);
  }
  return child.ended === undefined ? undefined : `it ended before it was ready (${child.ended})`;
}

function refuseSecrets(spec: ProcessSpec): void {
  const position = spec.args.findIndex((arg) => (spec.secrets ?? []).some((secret) => secret !== "" && arg.includes(secret)));
  if (position >= 0) {
    throw new Error(
      `process ${spec.name}: argument ${position} contains a secret, and every user of the machine can read arguments; pass a file or an environment variable`,
    );
  }
}

function didNotStart(spec: ProcessSpec, what: string, logFile: string): Error {
  let log = "";
  try {
    log = readFileSync(logFile, "utf8");
  } catch {
    // The log could not even be opened; the reason is in `what`.
  }
  const tail = log.trimEnd().split("\n").slice(-12).join("\n");
  const message = `${spec.name}: expected ${basename(spec.command)} to become ready, but ${what}. Log: ${logFile}\n${tail}`;
  return /address already in use/i.test(log) ? new PortTakenError(message) : new Error(message);
}
