/** Descriptions in files of their own, which a stack file names under `gatehouse:from`: for environments that the engine cannot hand over. */
import { describeReceived, type Problem } from "../text/problems";
import { readYaml, type Path, type Position } from "./yaml";
import { isMapping } from "../text/mapping";

/** The parts of a description, which each file may hold. */
const parts = ["idp", "groups", "platforms", "protectBindings"] as const;
const mostFiles = 100;

/** One file of a description, taken apart. */
export interface DescriptionFile {
  /** As the stack file names it. */
  readonly name: string;
  readonly raw: Readonly<Record<string, unknown>>;
  /** What is wrong with the file itself; paths begin with its name. */
  readonly problems: readonly (Problem & Position)[];
  readonly locate: (path: Path) => Position;
}

/** The files that `gatehouse:from` names, or what is wrong with it. Relative to the folder of Pulumi.yaml, and below it. */
export function descriptionFiles(from: unknown): { readonly files: readonly string[]; readonly problems: readonly Problem[] } {
  if (from === undefined) {
    return { files: [], problems: [] };
  }
  const list: unknown[] = Array.isArray(from) ? from : [from];
  const problems = list.flatMap((file, position): Problem[] =>
    typeof file === "string" && isBelow(file)
      ? []
      : [
          {
            path: Array.isArray(from) ? ["from", position] : ["from"],
            expected: "the path of a YAML file below the project's folder, such as environments/production.yaml, or a list of such",
            received: describeReceived(file, []),
          },
        ],
  );
  if (list.length === 0 || list.length > mostFiles || new Set(list).size < list.length) {
    problems.push({ path: ["from"], expected: `one to ${mostFiles} files, each once`, received: `a list of ${list.length}` });
  }
  return problems.length > 0 ? { files: [], problems } : { files: list.map(String), problems };
}

function isBelow(file: string): boolean {
  return (
    /^[A-Za-z0-9_.][A-Za-z0-9_./-]*\.(ya?ml|json)$/.test(file) &&
    !file.split("/").some((step) => step === ".." || step === "." || step === "")
  );
}

/** Reads one file: a mapping of `idp`, `groups` and `platforms`, or some of them. Never throws. */
export function readDescriptionFile(name: string, text: string): DescriptionFile {
  const { values, faults, locate } = readYaml(text);
  const named = (problem: Problem & Position): Problem & Position => ({ ...problem, path: [name, ...problem.path] });
  if (faults.length > 0) {
    return { name, raw: {}, problems: faults.map(named), locate };
  }
  const at = (problem: Problem): Problem & Position => named({ ...problem, ...locate(problem.path) });
  if (!isMapping(values)) {
    const expected = `a mapping of ${parts.join(", ")}, or some of them`;
    return { name, raw: {}, problems: [at({ path: [], expected, received: describeReceived(values, []) })], locate };
  }
  const strangers = Object.keys(values).filter((key) => !parts.some((part) => part === key));
  const secrets = securePaths(values);
  const problems = [
    ...strangers.map((key) => at({ path: [key], expected: `one of ${parts.join(", ")}`, received: "an unknown key" })),
    ...secrets.map((path) =>
      at({ path, expected: "a value that can be read: the engine decrypts those of the stack file alone", received: "an encrypted value" }),
    ),
  ];
  return { name, raw: values, problems, locate };
}

function securePaths(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null || path.length > 100) {
    return [];
  }
  const entries: [string, unknown][] = Object.entries(value);
  const [first] = entries;
  return entries.length === 1 && first?.[0] === "secure" && typeof first[1] === "string"
    ? [path]
    : entries.flatMap(([key, inner]) => securePaths(inner, [...path, Array.isArray(value) ? Number(key) : key]));
}

/** Several descriptions as one. */
export interface MergedDescription {
  readonly raw: Readonly<Record<string, unknown>>;
  readonly problems: readonly Problem[];
  /** Where a path of the whole was written: a file's name, or undefined for the stack file. */
  originOf(path: Path): string | undefined;
}

/**
 * The stack file's own parts and those of its files: groups and platforms are put together key by key, and every key, like the identity
 * provider, stands in one place. Nothing is ever overruled, so the order does not matter.
 */
export function mergeDescriptions(
  own: Readonly<Record<string, unknown>>,
  files: readonly Pick<DescriptionFile, "name" | "raw">[],
): MergedDescription {
  const { from: _from, ...rest } = own;
  const merged = new Map<string, unknown>(Object.entries(rest));
  const origins = new Map<string, string>();
  const problems: Problem[] = [];
  const twice = (path: Path, name: string): void => {
    const received = `it in ${origins.get(keyOf(path)) ?? "the stack file"} and in ${name}`;
    problems.push({ path, expected: "each part of an environment in one place", received, fix: "keep one of the two" });
  };
  for (const { name, raw } of files) {
    for (const [part, value] of Object.entries(raw)) {
      const present = merged.get(part);
      if (present !== undefined && isMapping(present) && isMapping(value) && (part === "groups" || part === "platforms")) {
        Object.keys(value).forEach((key) => {
          if (Object.hasOwn(present, key)) {
            twice([part, key], name);
          } else {
            origins.set(keyOf([part, key]), name);
          }
        });
        merged.set(part, { ...value, ...present });
      } else if (present === undefined) {
        merged.set(part, value);
        origins.set(keyOf([part]), name);
        Object.keys(isMapping(value) ? value : {}).forEach((key) => origins.set(keyOf([part, key]), name));
      } else {
        twice([part], name);
      }
    }
  }
  return {
    raw: Object.fromEntries(merged),
    problems,
    originOf: (path) =>
      origins.get(keyOf(path.slice(0, 2))) ??
      (path.length < 2 || path[0] === "idp" || path[0] === "protectBindings" ? origins.get(keyOf(path.slice(0, 1))) : undefined),
  };
}

function keyOf(path: Path): string {
  return JSON.stringify(path);
}
