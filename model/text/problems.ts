import type { z } from "zod";
import { GatehouseError } from "./errors";
import { nearest } from "./nearest";
import { textLine } from "./printable";

/** One thing that is wrong with an environment, in words that say how to mend it. */
export interface Problem {
  /** Where, as keys and list positions from the top of the environment: `["platforms", "k10", "host"]`. */
  readonly path: readonly (string | number)[];
  /** What was expected there, with the allowed values where there are few. */
  readonly expected: string;
  /** What came instead. Never the text of a secret: {@link describeReceived} withholds it. */
  readonly received: string;
  /** What to write instead, when one remedy is the likely one. */
  readonly fix?: string;
}

/** Keys whose values may be secrets, and must therefore not be repeated in an error. */
const secretKey = /secret|password|passphrase|token|private|credential/i;

/** What an error says in place of a text that may be a secret. */
export const withheld = "a text (withheld, it may be a secret)";

/** Says what came without repeating a secret or flooding the terminal. */
export function describeReceived(value: unknown, path: readonly (string | number)[]): string {
  if (value === undefined) {
    return "nothing";
  }
  const last = path.at(-1);
  if (typeof last === "string" && secretKey.test(last) && typeof value === "string") {
    return withheld;
  }
  if (Array.isArray(value)) {
    return `a list of ${value.length}`;
  }
  if (typeof value === "object" && value !== null) {
    return "a mapping";
  }
  // A password inside an address, https://name:password@host, is a secret as well.
  const text = JSON.stringify(value).replace(/\/\/[^/@\s]*@/g, "//(withheld)@");
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** `platforms.k10.access[1].group`, as people write it in a ticket. A key that would not stay on its line is quoted. */
export function formatPath(path: readonly (string | number)[]): string {
  return path
    .map((key) => (typeof key === "number" || textLine(key) === key ? key : JSON.stringify(key)))
    .reduce<string>((text, key) => (typeof key === "number" ? `${text}[${key}]` : text === "" ? key : `${text}.${key}`), "");
}

/** One line for people: path, expectation, what came, remedy. */
export function formatProblem(problem: Problem): string {
  const remedy = problem.fix === undefined ? "" : ` Fix: ${problem.fix}.`;
  return `${formatPath(problem.path) || "(top level)"}: expected ${problem.expected}, got ${problem.received}.${remedy}`;
}

/** Thrown before anything is created when an environment cannot be accepted. `problems` is never empty. */
export class InvalidEnvironmentError extends GatehouseError<"invalid_environment"> {
  override readonly name = "InvalidEnvironmentError";
  constructor(readonly problems: readonly Problem[]) {
    super(
      "invalid_environment",
      "refused",
      `The environment is refused; nothing was created. ${problems.length} problem${problems.length === 1 ? "" : "s"}:\n` +
        problems.map((problem) => `  - ${formatProblem(problem)}`).join("\n"),
    );
  }
}

/** Adds a problem from inside a zod refinement; {@link problemsFromZod} reads it back. */
export function addProblem(
  context: z.core.$RefinementCtx,
  path: readonly (string | number)[],
  problem: { expected: string; received: string; fix?: string },
): void {
  context.addIssue({ code: "custom", path: [...path], message: problem.expected, params: problem });
}

/**
 * Turns zod's issues into problems, the first one of each place: a text that is no date is not also a day that does not exist.
 * The value itself must be given, since zod does not repeat it in an issue.
 */
export function problemsFromZod(error: z.core.$ZodError, input: unknown): Problem[] {
  return onePerPlace(error.issues.flatMap((issue) => fromIssue(issue, input)));
}

/** The first problem of each place, in their order. */
export function onePerPlace(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter(({ path }) => {
    const place = JSON.stringify(path);
    return seen.has(place) ? false : seen.add(place);
  });
}

function fromIssue(issue: z.core.$ZodIssue, input: unknown): Problem[] {
  const path = issue.path.filter((key) => typeof key !== "symbol");
  const received = describeReceived(valueAt(input, path), path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        path: [...path, key],
        expected: "a key that Gatehouse knows here",
        received: "an unknown key",
        fix: "remove it, or correct its spelling (the editor schema lists the keys)",
      }));
    case "invalid_type":
      return [{ path, expected: ownWords(issue.message) ?? article(issue.expected), received }];
    case "invalid_value":
      return [
        {
          path,
          expected: `${issue.values.length > 1 ? "one of " : ""}${issue.values.map(String).join(", ")}`,
          received,
          ...meant(valueAt(input, path), issue.values.map(String)),
        },
      ];
    case "invalid_union":
      return [
        {
          path,
          expected: ownWords(issue.message) ?? unionExpectation(issue),
          received: unionReceived(issue, input, path, received),
          ...meantKind(issue, input, path),
        },
      ];
    case "invalid_key":
      return [{ path, expected: issue.issues[0]?.message ?? "another key", received: describeReceived(path.at(-1), []) }];
    case "custom": {
      const params = issue.params as Partial<Problem> | undefined;
      return [{ path, expected: params?.expected ?? issue.message, received: params?.received ?? received, fix: params?.fix }];
    }
    case "too_small":
    case "too_big":
      return [{ path, expected: ownWords(issue.message) ?? bound(issue), received }];
    default:
      return [{ path, expected: issue.message, received }];
  }
}

/** The remedy for a value that is one of the allowed ones but for a letter or two. */
function meant(written: unknown, allowed: readonly string[]): { fix?: string } {
  const word = typeof written === "string" ? nearest(written, allowed) : undefined;
  return word === undefined ? {} : { fix: `write ${word}, if that is meant` };
}

function meantKind(issue: z.core.$ZodIssueInvalidUnion, input: unknown, path: readonly (string | number)[]): { fix?: string } {
  if (issue.discriminator === undefined) {
    return {};
  }
  const at = path.at(-1) === issue.discriminator ? path : [...path, issue.discriminator];
  return meant(valueAt(input, at), ((issue as { options?: readonly unknown[] }).options ?? []).map(String));
}

/** The message that a schema was given; undefined for the library's own, which speaks of strings and inputs. */
function ownWords(message: string): string | undefined {
  return /^(Invalid|Too) /.test(message) ? undefined : message;
}

function bound(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const [word, limit] = issue.code === "too_small" ? ["at least", issue.minimum] : ["at most", issue.maximum];
  switch (issue.origin) {
    case "string":
      return issue.code === "too_small" && limit === 1 ? "a text that is not empty" : `a text of ${word} ${limit} characters`;
    case "array":
    case "set":
      return `a list of ${word} ${limit}`;
    default:
      return `a number of ${word} ${limit}`;
  }
}

function unionExpectation(issue: z.core.$ZodIssueInvalidUnion): string {
  if (issue.discriminator !== undefined) {
    const options = (issue as { options?: readonly unknown[] }).options;
    return `one of ${options?.map(String).join(", ") ?? "the documented kinds"}`;
  }
  const branches = issue.errors.map((errors) =>
    errors.flatMap((error) => fromIssue(error, undefined).map(({ path, expected }) => inBranch(path, expected))).join(" and "),
  );
  return [...new Set(branches)].join(", or ");
}

function inBranch(path: readonly (string | number)[], expected: string): string {
  return path.length === 0 ? expected : `${formatPath(path)}: ${expected}`;
}

function unionReceived(issue: z.core.$ZodIssueInvalidUnion, input: unknown, path: readonly (string | number)[], received: string): string {
  if (issue.discriminator === undefined) {
    return received;
  }
  // zod puts the discriminator itself into the path or leaves it off, depending on whether the key was there.
  const at = path.at(-1) === issue.discriminator ? path : [...path, issue.discriminator];
  return describeReceived(valueAt(input, at), at);
}

/** What stands at a path of raw input; undefined where a step is missing. */
export function valueAt(input: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? (value as Record<string | number, unknown>)[key] : undefined),
    input,
  );
}

function article(type: string): string {
  const words: Record<string, string> = {
    object: "a mapping",
    record: "a mapping",
    array: "a list",
    string: "a text",
    boolean: "true or false",
    int: "a whole number",
  };
  return words[type] ?? `a ${type}`;
}
