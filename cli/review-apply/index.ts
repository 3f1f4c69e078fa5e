/**
 * `gatehouse review apply`: writes the decisions of a review into the stack file, or into the files that it names, and nothing else. The
 * next `pulumi up` carries them out.
 */
import { join } from "node:path";
import {
  dayOf,
  decisionText,
  formatProblem,
  holderOf,
  judgeEnvironment,
  readStackFile,
  textLines,
  valueAt,
  type Problem,
  type Review,
  type ReviewRow,
} from "../../model";
import { defineCommand, flag, required, text } from "../command";
import { completeDescription, projectFolder, type Description } from "../description";
import { UsageError } from "../errors";
import type { ExitName } from "../exit-codes";
import { loadDocument, readInput, type DocumentSource } from "../inputs";
import type { Io } from "../io";
import { dayOption, documentOptions, jsonOption } from "../options";
import { stackFilePath } from "../stack-file";
import { changed, StackFileEditError, type Change } from "../yaml-edit";
import { judgeReview, problemLines } from "../review-check";
import { outputText } from "../outputs";

export const reviewApplyCommand = defineCommand({
  name: "review apply",
  summary: "Write the decisions of a review into the stack file; the next `pulumi up` carries them out. Comments and formatting stay.",
  arguments: {
    file: required("<file>", "the review file"),
    stackFile: text("[stack-file]", "the stack file, Pulumi.<stack>.yaml; without it the one of --stack"),
  },
  options: {
    ...documentOptions,
    dryRun: flag("--dry-run", "say what would be written, and write nothing"),
    today: dayOption("the day of the decisions (YYYY-MM-DD, UTC; default: today)"),
    json: jsonOption("changes"),
  },
  run: apply,
});

interface ApplyInput extends DocumentSource {
  readonly file: string;
  readonly stackFile?: string;
  readonly dryRun: boolean;
  readonly today?: string;
  readonly json: boolean;
}

async function apply({ file, stackFile: named, dryRun, today: given, json, ...source }: ApplyInput, io: Io): Promise<ExitName> {
  if (file === "-" || named === "-") {
    throw new UsageError("flags", "Expected the paths of two files, got - (standard input), which cannot be changed in place.");
  }
  const stackFile = named ?? (await stackFilePath({ configFile: source.configFile, stack: source.stack }, io));
  const today = given ?? dayOf(io.now());
  const { review, problems, text: before } = await judgeReview(file, await loadDocument(source, io), today, io);
  if (review === undefined) {
    io.stderr(textLines([...problemLines(file, problems), "Nothing was written."]));
    return "refused";
  }
  if (review.applied !== undefined) {
    io.stderr(textLines([`${file}: expected a review that was not applied, got one that was, on ${review.applied}. Fix: open another.`]));
    return "refused";
  }
  const stack = await describedBy(stackFile, today, io);
  const plan = stack === undefined ? undefined : planned(review, stack, today);
  const edited = stack === undefined || plan === undefined ? undefined : await editedFiles(stack, plan, today, io);
  if (plan === undefined || edited === undefined) {
    return "refused";
  }
  const files = [...edited, { path: file, before, after: changed(before, [{ kind: "set", path: [], key: "applied", value: today }]) }];
  if (!dryRun) {
    await writeAll(files, io);
  }
  const written = files.filter(({ before, after }) => before !== after).map(({ path }) => path);
  io.stderr(
    textLines([...plan.lines, `${written.join(", ")}: ${dryRun ? "would be written (--dry-run)" : "written"}. Next: \`pulumi up\`.`]),
  );
  if (json) {
    io.stdout(outputText("review-apply", { files: written, written: !dryRun, changes: plan.lines }));
  }
  return "ok";
}

/** A stack file and what it describes. */
interface Described {
  readonly file: string;
  readonly folder: string;
  readonly keyOf: (name: string) => string;
  readonly description: Description;
}

/** The description of a stack file; undefined when it is refused, which has been said then. */
async function describedBy(file: string, today: string, io: Io, what = ""): Promise<Described | undefined> {
  const stack = readStackFile(await readInput(file, "a stack file", io));
  const folder = await projectFolder(file, io);
  const description = await completeDescription(stack.raw, folder, io);
  const unreadable: readonly Problem[] = [...stack.problems, ...description.problems];
  const problems = unreadable.length > 0 ? unreadable : judgeEnvironment(description.raw, today, stack.settings).problems;
  if (problems.length > 0) {
    const lines = problems.map((problem) => formatProblem(stack.withoutSecrets(problem)));
    io.stderr(textLines([...lines.map((line) => `${file}${what}: ${line}`), `Refused; nothing was written.`]));
    return undefined;
  }
  return { file, folder, keyOf: stack.keyOf, description };
}

interface Plan {
  /** By the file that is changed, as the stack file names it; the stack file itself under its own name. */
  readonly changes: ReadonlyMap<string, readonly Change[]>;
  /** What is decided, in words. */
  readonly lines: readonly string[];
}

interface Target {
  readonly path: readonly (string | number)[];
  readonly file: string;
}

/** What the decisions change where. A grant that is not written any more has nothing left to take away. */
function planned(review: Review, { file, keyOf, description }: Described, today: string): Plan {
  const changes = new Map<string, Change[]>();
  const add = (target: Target, change: (path: Target["path"]) => Change): void =>
    void changes.set(target.file, [...(changes.get(target.file) ?? []), change(target.path)]);
  const targetOf = (part: string, ...rest: (string | number)[]): Target => {
    const elsewhere = description.locate([part, ...rest])?.file;
    return elsewhere === undefined ? { path: ["config", keyOf(part), ...rest], file } : { path: [part, ...rest], file: elsewhere };
  };
  const lines: string[] = [];
  for (const platform of new Set(review.grants.map((row) => row.platform))) {
    const rows = review.grants.filter((row) => row.platform === platform);
    const access = targetOf("platforms", platform, "access");
    const placed = rows.map((row) => ({ row, position: positionOf(row, valueAt(description.raw, ["platforms", platform, "access"])) }));
    const gone = placed.filter(({ row, position }) => row.decision === "remove" && position >= 0).map(({ position }) => position);
    if (gone.length > 0) {
      add(access, (path) => ({ kind: "remove", path, items: gone }));
    }
    for (const { row, position } of placed) {
      lines.push(
        `${row.grant}: ${row.decision === null ? "" : decisionText(row.decision)}${position < 0 ? ", and it is not in the stack file any more" : ""}`,
      );
      if (position >= 0 && row.decision !== "remove") {
        const { decision } = row;
        const set = (key: string, value: string) => add(access, (path) => ({ kind: "set", path: [...path, position], key, value }));
        set("reviewed", today);
        if (decision !== null && typeof decision === "object") {
          set("until", decision.end);
        }
      }
    }
  }
  for (const { group, remove } of review.members) {
    const present = valueAt(description.raw, ["groups", group, "members"]);
    const items = remove.map(({ person }) => (Array.isArray(present) ? present.indexOf(person) : -1)).filter((position) => position >= 0);
    lines.push(...remove.map(({ person }) => `${person}: leaves ${group}`));
    if (items.length > 0) {
      add(targetOf("groups", group, "members"), (path) => ({ kind: "remove", path, items }));
    }
  }
  return { changes, lines };
}

/** Where a row's grant stands in its platform's list; -1 where it is not there. */
function positionOf(row: ReviewRow, access: unknown): number {
  const places = (list: unknown): string => JSON.stringify(Array.isArray(list) ? [...(list as unknown[])].map(String).sort() : []);
  const holder = (grant: unknown): string => holderOf({ group: textAt(grant, "group"), user: textAt(grant, "user") });
  return (Array.isArray(access) ? (access as unknown[]) : []).findIndex(
    (grant) =>
      holder(grant) === row.group &&
      valueAt(grant, ["role"]) === row.role &&
      places(valueAt(grant, ["namespaces"]) ?? valueAt(grant, ["workspaces"])) === places(row.where),
  );
}

function textAt(value: unknown, key: string): string | undefined {
  const found = valueAt(value, [key]);
  return typeof found === "string" ? found : undefined;
}

interface EditedFile {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** The changed texts, which together are an environment that is accepted; undefined when not, which has been said then. */
async function editedFiles({ file, folder }: Described, { changes }: Plan, today: string, io: Io): Promise<EditedFile[] | undefined> {
  const edited: EditedFile[] = [];
  for (const [name, list] of changes) {
    const path = name === file ? file : join(folder, name);
    const before = await readInput(path, "a part of the description", io);
    try {
      edited.push({ path, before, after: changed(before, list) });
    } catch (error) {
      if (!(error instanceof StackFileEditError)) {
        throw error;
      }
      io.stderr(textLines([`${path}: ${error.message}`, "Nothing was written."]));
      return undefined;
    }
  }
  const after = (path: string): string | undefined => edited.find((one) => one.path === path)?.after;
  const future: Io = { ...io, readFile: (path) => (after(path) === undefined ? io.readFile(path) : Promise.resolve(after(path) ?? "")) };
  return (await describedBy(file, today, future, ", with the decisions")) === undefined ? undefined : edited;
}

/** Writes all files, or leaves all as they were. */
async function writeAll(files: readonly EditedFile[], io: Io): Promise<void> {
  const done: EditedFile[] = [];
  try {
    for (const one of files) {
      await io.writeFile(one.path, one.after);
      done.push(one);
    }
  } catch (error) {
    for (const { path, before } of done) {
      await io.writeFile(path, before);
    }
    throw error;
  }
}
