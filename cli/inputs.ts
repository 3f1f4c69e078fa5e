import { InvalidDocumentError, readDocument, type EnvironmentDocument } from "../model";
import { engineArguments, type EngineOptions } from "./engine";
import { EngineError, UsageError } from "./errors";
import type { Io } from "./io";

/** A file, or a Pulumi stack that is asked by `pulumi stack output --json`. */
export interface DocumentSource extends Partial<EngineOptions> {
  /** A file, or `-` for standard input. */
  readonly env?: string;
}

/** What keeps a file from being read, in words; other reasons by their code. */
const unreadable: Readonly<Record<string, string>> = {
  ENOENT: "is not there",
  ENOTDIR: "is not there: a part of its path is a file",
  EACCES: "this user may not read",
  EPERM: "this user may not read",
  EISDIR: "is a folder",
};

/**
 * Reads a file, or standard input for `-`.
 * @param secret true where somebody may have written the secret itself in place of the file's name: it is repeated then only
 * where it begins as a path does
 */
export async function readInput(path: string, what: string, io: Io, secret = false): Promise<string> {
  return path === "-" ? io.readStdin() : readable(path, what, () => io.readFile(path), secret);
}

/** The same of a file that may be no text. */
export async function readInputBytes(path: string, what: string, io: Io): Promise<Buffer> {
  return path === "-" ? Buffer.from(await io.readStdin()) : readable(path, what, () => io.readBytes(path), false);
}

async function readable<Content>(path: string, what: string, read: () => Promise<Content>, secret: boolean): Promise<Content> {
  try {
    return await read();
  } catch (error) {
    const { code = "unknown reason" } = error as NodeJS.ErrnoException;
    const named = secret && !/^\.{0,2}\//.test(path) ? "a file, got the name of one" : path;
    throw new UsageError(
      "unreadable_input",
      `Expected ${what} in ${named}, which ${unreadable[code] ?? `cannot be read (${code})`}.`,
      secret ? {} : { cause: error },
    );
  }
}

/**
 * The environment document: from a file, from standard input, or from a stack. Without either flag, from the stack that is
 * selected in the present folder.
 */
export async function loadDocument(source: DocumentSource, io: Io): Promise<EnvironmentDocument> {
  if (source.env !== undefined && source.stack !== undefined) {
    throw new UsageError("flags", "Expected one of --env and --stack, got both.");
  }
  if (source.env !== undefined) {
    const from = source.env === "-" ? "standard input" : source.env;
    return readDocument(parseJson(await readInput(source.env, "an environment document", io), from));
  }
  const { pulumi = "pulumi", stack, cwd } = source;
  // The outputs are in the state; the stack file has no part in them.
  const args = engineArguments(["stack", "output", "--json"], { pulumi, stack, cwd });
  const result = await io.run(pulumi, args);
  if (result.status !== 0) {
    const reason = result.status === null ? "it could not be started" : `it ended with status ${result.status}`;
    throw new EngineError(
      result.status === null ? "engine_not_started" : "engine_failed",
      `Expected the stack's outputs from \`pulumi ${args.join(" ")}\`, but ${reason}: ${lastLine(result.stderr)}\nFix: run it in the project's folder, or pass the document with --env.`,
    );
  }
  return readDocument(parseJson(result.stdout, "the stack's outputs"));
}

/** @throws InvalidDocumentError without a piece of the text */
export function parseJson(text: string, from: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message would repeat a piece of the input.
    throw new InvalidDocumentError("no_json", `Expected JSON from ${from}, got something else.`);
  }
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.slice(0, 300) ?? "";
}
