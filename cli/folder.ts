import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { UsageError } from "./errors";

export interface FolderContent {
  readonly files: ReadonlyMap<string, Buffer>;
  /** Names of what is no plain file: folders, links. */
  readonly others: readonly string[];
}

/** A whole folder or none: see Io. */
export async function createFolder(path: string, files: Readonly<Record<string, string>>): Promise<boolean> {
  const target = resolve(path);
  const beside = join(dirname(target), `.${basename(target)}.${process.pid}.new`);
  await mkdir(beside, { recursive: true });
  try {
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
    await rm(beside, { recursive: true, force: true });
    if (["ENOTEMPTY", "EEXIST", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) {
      return false;
    }
    throw error;
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
