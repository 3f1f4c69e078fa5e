/** `gatehouse review check`: whether all is decided, by who may decide, about what is there. */
import {
  dayOf,
  formatProblem,
  reviewProblems,
  textLines,
  type EnvironmentDocument,
  type Position,
  type Problem,
  type Review,
} from "../../model";
import { defineCommand, required } from "../command";
import { loadDocument } from "../inputs";
import type { Io } from "../io";
import { dayOption, documentOptions, jsonOption } from "../options";
import { readReview } from "../review-file";
import { outputText } from "../outputs";

/** A review and what keeps it from being applied. */
export interface JudgedReview {
  readonly text: string;
  /** Set exactly where nothing is wrong. */
  readonly review?: Review;
  readonly problems: readonly (Problem & Position)[];
  readonly warnings: readonly string[];
}

export const reviewCheckCommand = defineCommand({
  name: "review check",
  summary: "Refuse a review with open rows, unknown or own deciders, or rows that are not in the matrix: every problem with its line.",
  arguments: { file: required("<file>", "the review file") },
  options: {
    ...documentOptions,
    today: dayOption("judge days by this one (YYYY-MM-DD, UTC; default: today)"),
    json: jsonOption("problems"),
  },
  run: async ({ file, today, json, ...source }, io) => {
    const { problems, warnings } = await judgeReview(file, await loadDocument(source, io), today ?? dayOf(io.now()), io);
    io.stderr(textLines([...warnings.map((warning) => `${file}: warning: ${warning}`), ...problemLines(file, problems)]));
    if (json) {
      io.stdout(outputText("review-check", { file, ok: problems.length === 0, problems, warnings }));
    }
    return problems.length === 0 ? "ok" : "refused";
  },
});

/** Reads a review and judges it by the environment as it is deployed. */
export async function judgeReview(file: string, document: EnvironmentDocument, today: string, io: Io): Promise<JudgedReview> {
  const { text, review, problems: own, place } = await readReview(file, io);
  const found = review === undefined ? [] : place(reviewProblems(review, document, today));
  const told = new Set(own.map(({ path }) => JSON.stringify(path)));
  const problems = [...own, ...found.filter(({ path }) => !told.has(JSON.stringify(path)))].sort(
    (left, right) => left.line - right.line || left.column - right.column,
  );
  const warnings = review === undefined ? [] : unknownPeople(review);
  return { text, ...(review !== undefined && problems.length === 0 ? { review } : {}), problems, warnings };
}

/** Nobody can be told to decide about access of their own where nobody knows who has it. */
function unknownPeople({ grants }: Review): string[] {
  const open = grants.filter(({ people, reviewers }) => people === null && reviewers.length > 0).map(({ grant }) => grant);
  return open.length === 0
    ? []
    : [
        `who holds ${open.join(", ")} is not known, so nobody can tell whether they decide about access of their own; open the review with --evidence.`,
      ];
}

export function problemLines(file: string, problems: readonly (Problem & Position)[]): string[] {
  return [
    ...problems.map((problem) => `${file}:${problem.line}:${problem.column}: ${formatProblem(problem)}`),
    problems.length === 0
      ? `${file}: all is decided.`
      : `${file}: refused, ${problems.length} ${problems.length === 1 ? "problem" : "problems"}.`,
  ];
}
