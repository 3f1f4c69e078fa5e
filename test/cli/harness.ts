import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../../cli/errors";
import type { Io, RunResult } from "../../cli/io";
import { main } from "../../cli/main";
import { holdToSchema } from "./output-schemas";
import { now } from "../verifier/issuer";

export const fixture = (name: string): string => join(__dirname, "../fixtures", name);

export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Programs that were started, with their arguments. */
  readonly runs: readonly string[];
  /** Files that were written, by name; absent when there are none. */
  readonly written?: Readonly<Record<string, string>>;
}

interface ClusterReply {
  readonly status: number;
  readonly body: unknown;
  readonly date?: string;
}

export interface World {
  /** Files by name; others are read from the disk. */
  readonly files?: Readonly<Record<string, string>>;
  /** Files that are no texts. */
  readonly bytes?: Readonly<Record<string, Buffer>>;
  /** Folders by name, with their files. */
  readonly folders?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly stdin?: string;
  /** What a started program gives back; a function is told the program and its arguments. */
  readonly run?: RunResult | ((command: string, args: readonly string[], input?: string) => RunResult);
  /** The API server's answers by path without its query; anything else is 404. */
  readonly cluster?: Readonly<Record<string, ClusterReply | ((query: URLSearchParams, question: unknown) => ClusterReply)>>;
  readonly fetch?: Io["fetch"];
  readonly tlsPeer?: Io["tlsPeer"];
  readonly env?: Io["env"];
  /** Left out: the frozen moment of all tests. */
  readonly now?: Date;
  /** What the person at the terminal answers; undefined: there is none. */
  readonly ask?: Io["ask"];
}

/** Runs the command in this process, at a frozen moment, with captured output. */
export async function gatehouse(argv: readonly string[], world: World = {}): Promise<Outcome> {
  let stdout = "";
  let stderr = "";
  const runs: string[] = [];
  const written: Record<string, string> = {};
  const status = await main(argv, {
    stdout: (text) => void (stdout += text),
    stderr: (text) => void (stderr += text),
    readStdin: () => (world.stdin === undefined ? Promise.reject(new Error("No standard input was due.")) : Promise.resolve(world.stdin)),
    readFile: (path) => {
      const text = world.files?.[path];
      return text === undefined ? readFile(path, "utf8") : Promise.resolve(text);
    },
    readBytes: (path) => {
      const text = world.files?.[path];
      const content = world.bytes?.[path] ?? (text === undefined ? undefined : Buffer.from(text));
      return content === undefined ? readFile(path) : Promise.resolve(content);
    },
    writeFile: (path, text) => {
      written[path] = text;
      return Promise.resolve();
    },
    createFile: (path, text) => {
      const there = world.files?.[path] !== undefined;
      if (!there) {
        written[path] = text;
      }
      return Promise.resolve(!there);
    },
    createFolder: (path, files) => {
      const there = Object.keys(world.folders?.[path] ?? {}).length > 0;
      if (!there) {
        Object.entries(files).forEach(([name, text]) => (written[`${path}/${name}`] = text));
      }
      return Promise.resolve(!there);
    },
    readFolder: (path) => {
      const there = world.folders?.[path];
      const cause = Object.assign(new Error("not there"), { code: "ENOENT" });
      return there === undefined
        ? Promise.reject(new UsageError("unreadable_input", `Expected a folder at ${path}, which cannot be read (ENOENT).`, { cause }))
        : Promise.resolve({ files: new Map(Object.entries(there).map(([name, text]) => [name, Buffer.from(text)])), others: [] });
    },
    ask: world.ask,
    run: (command, args, options) => {
      runs.push([command, ...args].join(" "));
      const result = typeof world.run === "function" ? world.run(command, args, options?.input) : world.run;
      return result === undefined ? Promise.reject(new Error("No program was due.")) : Promise.resolve(result);
    },
    openCluster: (kubeconfig, context) => {
      const { cluster } = world;
      runs.push(`cluster ${kubeconfig ?? "default"} ${context ?? "current"}`);
      return cluster === undefined
        ? Promise.reject(new Error("No cluster was due."))
        : Promise.resolve((path: string, question?: unknown) => {
            const [at = path, query] = path.split("?");
            const reply = cluster[at] ?? { status: 404, body: {} };
            const { status, body, date } = typeof reply === "function" ? reply(new URLSearchParams(query), question) : reply;
            return Promise.resolve({ status, body: JSON.stringify(body), date });
          });
    },
    tlsPeer: world.tlsPeer ?? (() => Promise.reject(new Error("no handshake was due"))),
    fetch: world.fetch ?? (() => Promise.reject(new TypeError("no request was due"))),
    now: () => world.now ?? now,
    env: world.env ?? {},
  });
  holdToSchema(argv, stdout);
  return { status, stdout, stderr, runs, ...(Object.keys(written).length === 0 ? {} : { written }) };
}
