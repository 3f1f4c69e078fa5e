import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
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
  /** Seconds until an unready process is ended and `start` fails. @default 60 */
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
  const { stateDir } = options;
  const running = new Map<string, { record: ProcessRecord; process: RunningProcess }>();
  let order = 0;
  let stopping: Promise<void> | undefined;
  let hooked = false;
  let interrupted = false;

  const killNow = () => {
    for (const { record } of [...running.values()].reverse()) {
      if (startTimeOf(record.pid) === record.startTime) {
        signalGroup(record.pid, "SIGKILL");
      }
      removeRecord(stateDir, record.name);
    }
  };
  const onSignal = (signal: NodeJS.Signals) => {
    const status = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }[signal as "SIGINT" | "SIGTERM" | "SIGHUP"];
    interrupted = true;
    void stopAll().finally(() => process.exit(status));
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const hook = () => {
    if (!hooked) {
      hooked = true;
      signals.forEach((signal) => process.on(signal, onSignal));
      process.on("exit", killNow);
    }
  };
  const unhook = () => {
    hooked = false;
    signals.forEach((signal) => process.off(signal, onSignal));
    process.off("exit", killNow);
  };

  async function stop(name: string): Promise<void> {
    const entry = running.get(name);
    if (entry === undefined) {
      return;
    }
    await stopRecorded(entry.record);
    running.delete(name);
    removeRecord(stateDir, name);
    if (running.size === 0) {
      unhook();
    }
  }

  function stopAll(): Promise<void> {
    stopping ??= (async () => {
      try {
        for (const name of [...running.keys()].reverse()) {
          await stop(name);
        }
      } finally {
        stopping = undefined;
      }
    })();
    return stopping;
  }

  async function start(spec: ProcessSpec): Promise<RunningProcess> {
    checkName(spec.name);
    if (interrupted) {
      throw new Error(`process ${spec.name}: not started, because this program is being interrupted`);
    }
    if (running.has(spec.name)) {
      throw new Error(`process ${spec.name}: expected a name that is not running, but it is already`);
    }
    refuseSecrets(spec);
    const began = Date.now();
    mkdirSync(join(stateDir, "logs"), { recursive: true, mode: 0o700 });
    const logFile = join(stateDir, "logs", `${spec.name}.log`);
    // Opened anew for each start: `start` reads it to say why a process did not come up.
    const log = openSync(logFile, "w", 0o600);
    hook();
    const child = spawn(spec.command, [...spec.args], {
      cwd: spec.cwd,
      env: spec.env ?? process.env,
      stdio: ["ignore", log, log],
      detached: true,
    });
    closeSync(log);
    let ended: string | undefined;
    child.once("error", (error) => (ended ??= error.message));
    child.once("exit", (code, signal) => (ended ??= signal === null ? `exit status ${code}` : `signal ${signal}`));
    child.unref();
    const startTime = child.pid === undefined ? undefined : startTimeOf(child.pid);
    if (child.pid === undefined || startTime === undefined) {
      await sleep(50);
      throw didNotStart(spec, `it ended at once (${ended ?? "no reason given"})`, logFile);
    }
    const record = { name: spec.name, pid: child.pid, startTime, order: order++, command: basename(spec.command), logFile };
    const started = { name: spec.name, pid: child.pid, logFile, milliseconds: 0 };
    running.set(spec.name, { record, process: started });
    writeRecord(stateDir, record);

    const deadline = began + (spec.readyTimeoutSeconds ?? 60) * 1000;
    for (let pause = 25; ended === undefined && spec.ready !== undefined; pause = Math.min(pause * 1.5, 200)) {
      if (await spec.ready()) {
        break;
      }
      if (Date.now() > deadline) {
        await stop(spec.name);
        throw didNotStart(spec, `it was not ready after ${spec.readyTimeoutSeconds ?? 60} s`, logFile);
      }
      await sleep(pause);
    }
    if (ended !== undefined) {
      await stop(spec.name);
      throw didNotStart(spec, `it ended before it was ready (${ended})`, logFile);
    }
    const ready = { ...started, milliseconds: Date.now() - began };
    running.set(spec.name, { record, process: ready });
    return ready;
  }

  return { stateDir, start, stop, stopAll, keep: unhook, list: () => [...running.values()].map((entry) => entry.process) };
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
