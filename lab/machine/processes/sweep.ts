import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/**
 * Ends every process whose environment holds `variable=value`, this one excepted.
 *
 * Pulumi starts its plugins in process groups of their own, so that ending the engine's group leaves them behind; what
 * they all inherit is the environment.
 *
 * @returns the pids that were signalled
 */
export function sweep(variable: string, value: string): number[] {
  const marker = `${variable}=${value}`;
  const pids = (process.platform === "linux" ? fromProc(marker) : fromPs(marker)).filter((pid) => pid !== process.pid);
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") {
        throw error;
      }
    }
  }
  return pids;
}

function fromProc(marker: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => environmentOf(name).includes(marker))
    .map(Number);
}

function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    // Another user's process, or one that has just ended.
    return [];
  }
}

function fromPs(marker: string): number[] {
  const lines = execFileSync("ps", ["-axEwwo", "pid=,command="], { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 }).split("\n");
  return lines.filter((line) => line.includes(` ${marker}`)).map((line) => Number.parseInt(line, 10));
}
