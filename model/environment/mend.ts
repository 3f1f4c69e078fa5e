/**
 * Reads what can be read of a part that its schema refuses. zod stops at a value of the wrong type and then judges nothing that
 * depends on other values; a person wants to know everything that is wrong at once. So values that cannot be read are replaced, for
 * the judgement alone, by ones that can, and what is wrong whatever stands there is wrong indeed.
 */
import { z } from "zod";
import { problemsFromZod, type Problem } from "../text/problems";

type Path = Problem["path"];

/** A part of the description as far as it can be judged. */
export interface MendedPart<T> {
  /** With other values at {@link mended}; undefined where too little can be read. */
  readonly value: T | undefined;
  /** What is wrong beside the values that could not be read. */
  readonly problems: readonly Problem[];
  /** Where values were replaced. */
  readonly mended: readonly Path[];
}

/** More values than this are seldom misspelt: the part is another thing altogether. */
const mostMended = 12;

const absent = Symbol("absent");

/** What may stand in for a value of which only the place is known; each is tried. The names are reserved and resolve nowhere (RFC 6761). */
function placeholders(number: number): unknown[] {
  const host = `unknown-${number}.invalid`;
  return [`https://${host}`, host, `unknown-${number}`, `unknown@${host}`, "8.0.15", "90d", "2999-12-31", true, 1024, [], {}];
}

interface Reading<T> {
  readonly value: T | undefined;
  readonly issues: readonly z.core.$ZodIssue[];
  readonly problems: readonly Problem[];
}

interface Replacement {
  readonly path: Path;
  readonly values: readonly unknown[];
}

/**
 * Reads one part by its schema, with other values where it cannot be read.
 * @param raw plain data, as YAML or JSON gives it
 */
export function mend<T>(schema: z.ZodType<T>, raw: unknown): MendedPart<T> {
  const replacements: Replacement[] = [];
  let copy = structuredClone(raw);
  let reading = read(schema, copy);
  const before = reading.problems;
  while (reading.value === undefined) {
    const found = replacements.length < mostMended ? nextReplacement(schema, copy, reading, replacements.length) : undefined;
    if (found === undefined) {
      return { value: undefined, problems: before, mended: [] };
    }
    replacements.push(found);
    copy = replaced(copy, found.path, found.values[0]);
    reading = read(schema, copy);
  }
  const mended = replacements.map(({ path }) => path);
  // A problem counts when it stays under every value that could stand in a place.
  const others = replacements.flatMap(({ path, values }) =>
    values.slice(1).map((value) => read(schema, replaced(copy, path, value)).problems),
  );
  const certain = reading.problems.filter(
    (problem) =>
      !mended.some((path) => isWithin(problem.path, path)) &&
      others.every((problems) => problems.some((other) => formatOf(other) === formatOf(problem))),
  );
  return { value: reading.value, problems: [...before, ...certain], mended };
}

function read<T>(schema: z.ZodType<T>, raw: unknown): Reading<T> {
  let value: T | undefined;
  // It runs exactly where nothing was of a wrong type; what other refinements said does not keep it from that.
  const result = schema
    .superRefine((accepted) => {
      value = accepted;
    })
    .safeParse(raw);
  return { value, issues: result.error?.issues ?? [], problems: result.error === undefined ? [] : problemsFromZod(result.error, raw) };
}

const unreadable = ["invalid_type", "invalid_value", "invalid_union", "invalid_key", "invalid_element"];

function nextReplacement<T>(schema: z.ZodType<T>, copy: unknown, reading: Reading<T>, number: number): Replacement | undefined {
  const issue = reading.issues.find(({ code }) => unreadable.includes(code));
  // Without its kind nothing is known of a part.
  if (issue === undefined || (issue.code === "invalid_union" && issue.discriminator !== undefined)) {
    return undefined;
  }
  const path = issue.path.filter((key) => typeof key !== "symbol");
  const options = issue.code === "invalid_value" ? issue.values : placeholders(number);
  for (let place = path; place.length > 0; place = place.slice(0, -1)) {
    const here = place;
    const values = [absent, ...options].filter(
      (value) =>
        !read(schema, replaced(copy, here, value)).issues.some(
          (other) =>
            unreadable.includes(other.code) &&
            isWithin(
              other.path.filter((key) => typeof key !== "symbol"),
              here,
            ),
        ),
    );
    if (values.length > 0) {
      return { path: here, values };
    }
  }
  return undefined;
}

/** A copy with another value at a path, or with none. An item of a list is never taken away: the others keep their places. */
function replaced(raw: unknown, path: Path, value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) {
    return value === absent ? undefined : value;
  }
  if (Array.isArray(raw)) {
    return raw.map((item: unknown, position) => (position === key ? replaced(item, rest, value) : item));
  }
  const mapping = typeof raw === "object" && raw !== null ? (raw as Readonly<Record<string, unknown>>) : {};
  const { [key]: present, ...others } = mapping;
  return rest.length === 0 && value === absent ? others : { ...others, [key]: replaced(present, rest, value) };
}

/** Whether a path is another one, or below it. */
export function isWithin(path: Path, above: Path): boolean {
  return above.every((key, depth) => path[depth] === key);
}

function formatOf({ path, expected }: Problem): string {
  return JSON.stringify([path, expected]);
}
