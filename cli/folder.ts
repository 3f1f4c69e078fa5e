import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { UsageError } from "./errors";

export interface FolderContent {
  readonly files: ReadonlyMap<string, Buffer>;
  /** Names of what is no plain file: folders, links. */
  readonly others: readonly string[];
}

/** What keeps a file or folder from being written, in words; other reasons by their code. */
const unwritable: Readonly<Record<string, string>> = {
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EROFS: "the file system is read-only",
  ENOSPC: "no space is left there",
  EDQUOT: "the quota there is used up",
  ENOTDIR: "a part of its path is a file",
  EEXIST: "a part of its path is a file",
  EISDIR: "it is a folder",
  EBUSY: "it is in use, such as a mount point",
  ENAMETOOLONG: "the name is too long",
  ELOOP: "its links lead in a circle",
  ENOENT: "a folder of its path is not there",
};

/** A failure of the file system, in words; anything else is a fault and goes on. */
export function unwritten(path: string, error: unknown): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return code === undefined || syscall === undefined
    ? error
    : new UsageError("unwritable_output", `Expected to write ${path}, which cannot be: ${unwritable[code] ?? code}.`, { cause: error });
}

/** A whole folder or none: see Io. */
export async function createFolder(path: string, files: Readonly<Record<string, string>>): Promise<boolean> {
  const target = resolve(path);
  const beside = join(dirname(target), `.${basename(target)}.${process.pid}.new`);
  // The first folder that had to be made: what is above the target goes with it when the target does not come about.
  let made: string | undefined;
  try {
    made = await mkdir(beside, { recursive: true });
    for (const [name, content] of Object.entries(files)) {
      // Who has access is nobody else's business.
      await writeFile(join(beside, name), content, { mode: 0o600, flag: "wx" });
    }
    // Takes an empty folder away, and nothing else; a rename onto one is not possible everywhere.
    await rmdir(target).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") {
        throw error;
      }
    });
    await rename(beside, target);
    return true;
  } catch (error) {
    if (made !== undefined) {
      await rm(made, { recursive: true, force: true });
      if (["ENOTEMPTY", "EEXIST", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) {
        return false;
      }
    }
    throw unwritten(path, error);
  }
}

/** The plain files of a folder, and the names of whatever else is in it. */
export async function readFolder(path: string): Promise<FolderContent> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    const plain = entries.filter((entry) => entry.isFile());
    const files = await Promise.all(plain.map(async ({ name }) => [name, await readFile(join(path, name))] as const));
    return { files: new Map(files), others: entries.filter((entry) => !entry.isFile()).map(({ name }) => name) };
  } catch (error) {
    const { code = "unknown reason" } = error as NodeJS.ErrnoException;
    throw new UsageError("unreadable_input", `Expected a folder at ${path}, which cannot be read (${code}).`, { cause: error });
  }
}
