import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { text } from "node:stream/consumers";
import { networkFetch, type Fetch } from "../verifier";
import { createFolder, readFolder, unwritten, type FolderContent } from "./folder";
import type { ClusterGet } from "./cluster";
import type { TlsPeer } from "./tls";

/** Everything that the command takes from, and gives to, the outside; tests pass their own. */
export interface Io {
  /** Data only. */
  readonly stdout: (text: string) => void;
  /** Words only. */
  readonly stderr: (text: string) => void;
  readonly readStdin: () => Promise<string>;
  readonly readFile: (path: string) => Promise<string>;
  /** The same, where it may be no text, or longer than a text may be. */
  readonly readBytes: (path: string) => Promise<Buffer>;
  /** Replaces a file's content as a whole: it is written beside it first, then takes its place and its mode. */
  readonly writeFile: (path: string, text: string) => Promise<void>;
  /** Makes a file and the folders above it; false when one is there already, which stays as it is. */
  readonly createFile: (path: string, text: string) => Promise<boolean>;
  /**
   * Makes a folder with these files: written beside it first, then renamed, so that there is all of it or nothing. False when something
   * is there already, which stays as it is; an empty folder is nothing.
   */
  readonly createFolder: (path: string, files: Readonly<Record<string, string>>) => Promise<boolean>;
  /** @throws UsageError when it cannot be read */
  readonly readFolder: (path: string) => Promise<FolderContent>;
  /** Asks the person at the terminal; undefined where there is none. */
  readonly ask?: (question: string) => Promise<string>;
  readonly run: (command: string, args: readonly string[], options?: RunOptions) => Promise<RunResult>;
  /** Reads the cluster of a kubeconfig; undefined: the default one. */
  readonly openCluster: (kubeconfig: string | undefined, context: string | undefined) => Promise<ClusterGet>;
  /** Looks at the certificate chain that a server shows. */
  readonly tlsPeer: (host: string, port: number) => Promise<TlsPeer>;
  readonly fetch: Fetch;
  readonly now: () => Date;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether words go to a person's terminal. */
  readonly terminal?: boolean;
}

export interface RunOptions {
  /** Environment variables beside those of this process. */
  readonly variables?: Readonly<Record<string, string>>;
  /** What the program reads on its standard input. */
  readonly input?: string;
}

export interface RunResult {
  /** Exit status; null when the program could not be started. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function askAtTerminal(question: string): Promise<string> {
  const { createInterface } = await import("node:readline/promises");
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

/** The real process. What not every command needs is loaded when it is asked for: it would be a tenth of a start. */
export const processIo: Io = {
  stdout: (data) => void process.stdout.write(data),
  stderr: (words) => void process.stderr.write(words),
  readStdin: () => text(process.stdin),
  readFile: (path) => readFile(path, "utf8"),
  readBytes: (path) => readFile(path),
  writeFile: async (path, content) => {
    const beside = `${path}.${process.pid}.new`;
    try {
      await writeFile(beside, content, { mode: (await stat(path)).mode & 0o777 });
      await rename(beside, path);
    } catch (error) {
      await rm(beside, { force: true });
      throw unwritten(path, error);
    }
  },
  createFile: async (path, content) => {
    let foldersAreThere = false;
    try {
      await mkdir(dirname(path), { recursive: true });
      foldersAreThere = true;
      await writeFile(path, content, { flag: "wx" });
      return true;
    } catch (error) {
      if (foldersAreThere && (error as NodeJS.ErrnoException).code === "EEXIST") {
        return false;
      }
      throw unwritten(path, error);
    }
  },
  createFolder,
  readFolder,
  ask: process.stdin.isTTY && process.stderr.isTTY ? askAtTerminal : undefined,
  run: async (command, args, options = {}) => {
    const { execFile } = await import("node:child_process");
    return new Promise((resolve) => {
      const child = execFile(
        command,
        [...args],
        { maxBuffer: 256 * 1024 * 1024, env: { ...process.env, ...options.variables } },
        (error, stdout, stderr) => {
          const status = error === null ? 0 : typeof error.code === "number" ? error.code : null;
          resolve({ status, stdout, stderr: stderr || (error?.message ?? "") });
        },
      );
      if (options.input !== undefined) {
        // A program that ends before it has read everything is judged by how it ends.
        child.stdin?.on("error", () => undefined);
        child.stdin?.end(options.input);
      }
    });
  },
  openCluster: async (kubeconfig, context) => (await import("./cluster.js")).openCluster(kubeconfig, context),
  tlsPeer: async (host, port) => (await import("./tls.js")).tlsPeer(host, port),
  fetch: networkFetch,
  now: () => new Date(),
  env: process.env,
  terminal: process.stderr.isTTY,
};
