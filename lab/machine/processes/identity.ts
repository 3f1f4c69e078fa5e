import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";

/**
 * When the process `pid` was started, as an opaque text; `undefined` when no such process runs (a zombie does not run).
 *
 * A process id alone names nothing for long: ids are reused, within minutes on a busy machine. Id and start time together
 * do, so every record of a process holds both and nothing is ever signalled on the id alone.
 * Linux: boot id and start tick (proc(5), /proc/<pid>/stat field 22). Elsewhere: what `ps -o lstart=` says.
 */
export function startTimeOf(pid: number): string | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 1) {
    return undefined;
  }
  return process.platform === "linux" ? fromProc(pid) : fromPs(pid);
}

/** Whether the process recorded as (`pid`, `startTime`) still runs; false when another process has taken its id. */
export function stillRuns(pid: number, startTime: string): boolean {
  return startTimeOf(pid) === startTime;
}

/** Whether a process of the group `group` runs; as above, a zombie does not. */
export function groupRuns(group: number): boolean {
  return process.platform === "linux"
    ? readdirSync("/proc").some((pid) => /^\d+$/.test(pid) && statOf(pid)?.group === group)
    : ps("-axo", "stat=,pgid=").some(([stat, pgid]) => stat?.startsWith("Z") === false && Number(pgid) === group);
}

function fromProc(pid: number): string | undefined {
  const stat = statOf(String(pid));
  return stat === undefined ? undefined : `${bootId()}/${stat.startTicks}`;
}

function statOf(pid: string): { group: number; startTicks: string } | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return undefined;
  }
  // Field 2 is the command in brackets and may itself hold spaces and brackets: count from the last one.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, group, startTicks] = [fields[0], fields[2], fields[19]];
  if (state === undefined || startTicks === undefined || state === "Z" || state === "X") {
    return undefined;
  }
  return { group: Number(group), startTicks };
}

let cachedBootId: string | undefined;
function bootId(): string {
  cachedBootId ??= readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  return cachedBootId;
}

function fromPs(pid: number): string | undefined {
  const [[stat = "", ...started] = []] = ps("-o", "stat=,lstart=", "-p", String(pid));
  return stat === "" || stat.startsWith("Z") ? undefined : started.join(" ");
}

/** The columns of each line that `ps` prints; none when it finds nothing, which is its status 1. */
function ps(...args: string[]): string[][] {
  try {
    const env = { ...process.env, LC_ALL: "C" };
    const text = execFileSync("ps", args, { encoding: "utf8", env, stdio: ["ignore", "pipe", "ignore"] });
    return text
      .trim()
      .split("\n")
      .map((line) => line.trim().split(/\s+/));
  } catch {
    return [];
  }
}
