import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import type { Fetch } from "../verifier";

/** Everything that the command takes from, and gives to, the outside; tests pass their own. */
export interface Io {
  /** Data only. */
  readonly stdout: (text: string) => void;
  /** Words only. */
  readonly stderr: (text: string) => void;
  readonly readStdin: () => Promise<string>;
  readonly readFile: (path: string) => Promise<string>;
  readonly run: (command: string, args: readonly string[]) => Promise<RunResult>;
  readonly fetch: Fetch;
  readonly now: () => Date;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface RunResult {
  /** Exit status; null when the program could not be started. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real process. */
export const processIo: Io = {
  stdout: (data) => void process.stdout.write(data),
  stderr: (words) => void process.stderr.write(words),
  readStdin: () => text(process.stdin),
  readFile: (path) => readFile(path, "utf8"),
  run: (command, args) =>
    new Promise((resolve) => {
      execFile(command, [...args], { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
        const status = error === null ? 0 : typeof error.code === "number" ? error.code : null;
        resolve({ status, stdout, stderr: stderr || (error?.message ?? "") });
      });
    }),
  fetch: (url, init) => fetch(url, init),
  now: () => new Date(),
  env: process.env,
};
