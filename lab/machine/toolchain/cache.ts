import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startTimeOf, stillRuns } from "../processes";
import type { Platform, Tool } from "./tools";

/** This machine in Go's words, which vendors use in the names of their release files. */
export function currentPlatform(): Platform {
  const arch = process.arch === "x64" ? "amd64" : process.arch;
  const system = process.platform === "win32" ? "windows" : process.platform;
  return `${system}-${arch}`;
}

/** Folder of one version of a project's binaries; it holds complete files only, since they are renamed into it. */
export function versionFolder(cacheDir: string, tool: Tool, version: string, platform: Platform): string {
  return join(cacheDir, tool.project, version, platform);
}

/**
 * Makes a folder of files visible at once: `fill` writes into a temporary folder beside `folder`, which takes its place when
 * `fill` answers true. Interrupted at any point, or answered false, `folder` is as it was before. Call it with the project's
 * lock held: whatever temporary folder is there already belongs to a run that was killed, and goes.
 */
export async function fillFolder(folder: string, fill: (temporary: string) => Promise<boolean>): Promise<boolean> {
  const temporary = `${folder}.partial`;
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true });
  try {
    const complete = await fill(temporary);
    if (complete) {
      rmSync(folder, { recursive: true, force: true });
      renameSync(temporary, folder);
    }
    return complete;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/**
 * Runs `work` while holding the lock file; `waiting` is called about once a second while another run holds it.
 * A lock whose owner no longer runs (it was killed) is taken over. Two runs that take over at the same instant may both work:
 * that costs time and nothing else, because results are renamed into place.
 */
export async function withLock<T>(lockFile: string, waiting: () => void, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(lockFile), { recursive: true });
  const mine = `${process.pid} ${startTimeOf(process.pid) ?? ""}`;
  while (!tryTake(lockFile, mine)) {
    waiting();
    await sleep(1_000);
  }
  try {
    return await work();
  } finally {
    rmSync(lockFile, { force: true });
  }
}

function tryTake(lockFile: string, mine: string): boolean {
  // Linked into place with its text: between a file's creation and its first byte another run would take it for a dead one's.
  const own = `${lockFile}.${process.pid}`;
  writeFileSync(own, mine);
  try {
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        linkSync(own, lockFile);
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") {
          throw error;
        }
      }
      if (!isStale(lockFile)) {
        return false;
      }
      rmSync(lockFile, { force: true });
    }
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

function isStale(lockFile: string): boolean {
  let text: string;
  try {
    text = readFileSync(lockFile, "utf8");
  } catch {
    return true;
  }
  const [pid = "", startTime = ""] = text.split(/ (.*)/s);
  return !stillRuns(Number(pid), startTime);
}
