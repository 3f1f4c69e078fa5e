/** The description of an environment that a stack file holds or names, read from the disk. What it means is the model's. */
import { dirname, join } from "node:path";
import { descriptionFiles, mergeDescriptions, readDescriptionFile, type DescriptionFile, type Position, type Problem } from "../model";
import type { Io } from "./io";

type Path = Problem["path"];

/** A description, put together. */
export interface Description {
  readonly raw: Readonly<Record<string, unknown>>;
  /** What is wrong with the files and with putting them together; paths begin with a file's name, or with a part of the environment. */
  readonly problems: readonly Problem[];
  /** The file of a path and the place in it; undefined where the stack file itself has it. */
  locate(path: Path): (Position & { readonly file: string }) | undefined;
}

/**
 * Reads the files that a stack file names under `gatehouse:from`.
 * @param own the parts that the stack file itself holds
 * @param folder where the project's Pulumi.yaml is
 */
export async function completeDescription(own: Readonly<Record<string, unknown>>, folder: string, io: Io): Promise<Description> {
  const { files: names, problems } = descriptionFiles(own["from"]);
  const files: DescriptionFile[] = [];
  const unreadable: Problem[] = [];
  for (const name of names) {
    try {
      files.push(readDescriptionFile(name, await io.readFile(join(folder, name))));
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "unknown reason";
      unreadable.push({ path: ["from"], expected: `a file ${name} in the project's folder`, received: `none that can be read (${code})` });
    }
  }
  const merged = mergeDescriptions(own, files);
  return {
    raw: merged.raw,
    problems: [...problems, ...unreadable, ...files.flatMap((file) => file.problems), ...merged.problems],
    locate: (path) => {
      const named = files.find(({ name }) => name === path[0]);
      const file = named ?? files.find(({ name }) => name === merged.originOf(path));
      return file === undefined ? undefined : { file: file.name, ...file.locate(named === undefined ? path : path.slice(1)) };
    },
  };
}

/** The folder of Pulumi.yaml: the first above a file that has one, or the file's own. */
export async function projectFolder(file: string, io: Io): Promise<string> {
  const own = file === "-" ? "." : dirname(file);
  for (let folder = own, above = ""; folder !== above; above = folder, folder = join(folder, "..")) {
    const found = await io.readFile(join(folder, "Pulumi.yaml")).then(
      () => true,
      () => false,
    );
    if (found) {
      return folder;
    }
    if (/^(\.\.\/){12}/.test(`${folder}/`)) {
      break;
    }
  }
  return own;
}
