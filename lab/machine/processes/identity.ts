import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

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

function fromProc(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return undefined;
  }
  // Field 2 is the command in brackets and may itself hold spaces and brackets: count from the last one.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, startTicks] = [fields[0], fields[19]];
  if (state === undefined || startTicks === undefined || state === "Z" || state === "X") {
    return undefined;
  }
  return `${bootId()}/${startTicks}`;
}

let cachedBootId: string | undefined;
function bootId(): string {
  cachedBootId ??= readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  return cachedBootId;
}

function fromPs(pid: number): string | undefined {
  try {
    const text = execFileSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], {
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C" },
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
    const [stat = "", ...started] = text.split(/\s+/);
    return stat === "" || stat.startsWith("Z") ? undefined : started.join(" ");
  } catch {
    return undefined;
  }
}
