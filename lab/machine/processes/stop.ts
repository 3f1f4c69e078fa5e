import { setTimeout as sleep } from "node:timers/promises";
import { groupRuns, stillRuns } from "./identity";
import { readRecords, removeRecord } from "./records";
import type { ProcessRecord } from "./records";

export type StopOutcome = "stopped" | "killed" | "already gone";

/** How long a process may take to leave after SIGTERM, in milliseconds, before SIGKILL. */
const graceAtMost = 8_000;
/** How long the system may take to end what was killed: long for a machine that is busy, which is no reason to lose sight of it. */
const killedAtMost = 60_000;

/**
 * Ends the process of `record` and whatever it started in its process group: SIGTERM, then SIGKILL after the grace time.
 * A process that only has the same id (see `startTimeOf`) is left alone and the outcome is "already gone".
 */
export async function stopRecorded(record: ProcessRecord, graceMilliseconds = graceAtMost): Promise<StopOutcome> {
  if (!stillRuns(record.pid, record.startTime)) {
    return "already gone";
  }
  signalGroup(record.pid, "SIGTERM");
  if (await gone(record, graceMilliseconds)) {
    await endGroup(record.pid);
    return "stopped";
  }
  signalGroup(record.pid, "SIGKILL");
  if (await gone(record, killedAtMost)) {
    return "killed";
  }
  throw new Error(
    `${record.name} (process ${record.pid}): expected it to end after SIGKILL within ${killedAtMost / 1000} s, it still runs; see ${record.logFile}`,
  );
}

/** What a process started may leave later than it, or not at all: its group's id stays theirs until the last has gone. */
async function endGroup(pid: number): Promise<void> {
  const politeUntil = Date.now() + 1_000;
  const end = politeUntil + killedAtMost;
  let killed = false;
  while (groupRuns(pid) && Date.now() < end) {
    if (!killed && Date.now() > politeUntil) {
      signalGroup(pid, "SIGKILL");
      killed = true;
    }
    await sleep(20);
  }
}

/** Signals the process group led by `pid`; a group that has already gone is no error. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") {
      throw error;
    }
  }
}

async function gone(record: ProcessRecord, milliseconds: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds;
  while (stillRuns(record.pid, record.startTime)) {
    if (Date.now() > deadline) {
      return false;
    }
    await sleep(20);
  }
  return true;
}

/**
 * Ends what an earlier run left behind (`--keep`, a crash, `kill -9`), last started first, and removes the records.
 * Answers one line per record; an empty list means that nothing was left.
 */
export async function down(stateDir: string): Promise<{ name: string; pid: number; outcome: StopOutcome }[]> {
  const results: { name: string; pid: number; outcome: StopOutcome }[] = [];
  for (const record of readRecords(stateDir)) {
    results.push({ name: record.name, pid: record.pid, outcome: await stopRecorded(record) });
    removeRecord(stateDir, record.name);
  }
  return results;
}
