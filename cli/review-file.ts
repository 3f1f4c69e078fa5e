/** The file of a review: read with the place of each value, and written. What it means is in model/review. */
import { stringify } from "yaml";
import {
  isWithin,
  mend,
  onePerPlace,
  problemsFromZod,
  readYaml,
  reviewSchema,
  reviewVersion,
  rowFacts,
  valueAt,
  describeReceived,
  type Position,
  type Problem,
  type Review,
} from "../model";
import { readInput } from "./inputs";
import type { Io } from "./io";

/** A review file, taken apart. */
export interface ReadReview {
  readonly text: string;
  /** With other values where some could not be read; undefined where too little could. */
  readonly review: Review | undefined;
  /** What is wrong with the file itself. */
  readonly problems: readonly (Problem & Position)[];
  /** The problems that do not come from values which could not be read, with line and column. */
  readonly place: (problems: readonly Problem[]) => (Problem & Position)[];
}

/** Reads a review file. What is wrong with it is among the problems. */
export async function readReview(file: string, io: Io): Promise<ReadReview> {
  const text = await readInput(file, "a review file", io);
  const { values, faults, locate } = readYaml(text);
  const placed = (problems: readonly Problem[]): (Problem & Position)[] =>
    problems.map((problem) => ({ ...problem, ...locate(problem.path) }));
  if (faults.length > 0) {
    return { text, review: undefined, problems: faults, place: placed };
  }
  const version = valueAt(values, ["version"]);
  if (version !== reviewVersion) {
    const problem = {
      path: ["version"],
      expected: reviewVersion,
      received: describeReceived(version, []),
      fix: "pass a file that `gatehouse review open` wrote, with the version of Gatehouse that wrote it",
    };
    return { text, review: undefined, problems: placed([problem]), place: placed };
  }
  const parsed = reviewSchema.safeParse(values);
  if (parsed.success) {
    return { text, review: parsed.data, problems: [], place: placed };
  }
  const problems = onePerPlace(problemsFromZod(parsed.error, values));
  const [undecided, open] = withoutDecisions(values, problems);
  const { value, mended } = mend(reviewSchema, undecided);
  const unread = [...open, ...mended];
  return {
    text,
    review: value,
    problems: placed(problems),
    place: (found) => placed(found.filter(({ path }) => !unread.some((place) => isWithin(path, place)))),
  };
}

/** What owners fill in, taken as not filled in where it cannot be read: everything else is judged all the same. */
function withoutDecisions(values: unknown, problems: readonly Problem[]): [unknown, Problem["path"][]] {
  const copy = structuredClone(values);
  const open = problems
    .filter(({ path }) => path[0] === "grants" && ["decision", "reason", "by"].includes(String(path[2])))
    .map(({ path }) => path.slice(0, 3));
  for (const path of open) {
    Object.assign(valueAt(copy, path.slice(0, 2)) as object, { [String(path[2])]: null });
  }
  return [copy, open];
}

const instructions = (stack: string): string => `# yaml-language-server: $schema=node_modules/gatehouse/schemas/review.schema.json
# Who may do what in '${stack}'. The owner of each grant fills in, in a pull request:
#   decision: keep, or remove, or { end: 2027-03-31 }
#   reason:   why, in words
#   by:       the sign-in name of who decides
# A person leaves a group under members: remove: [{ person: ..., reason: ..., by: ... }]
# Then: gatehouse review check <file>, and gatehouse review apply <file> Pulumi.<stack>.yaml
`;

/** The text of a review file. Lines are never folded, so that a change is one line of a pull request. */
export function reviewText(review: Review): string {
  return `${instructions(review.stack)}${stringify(review, { lineWidth: 0 }).replace(/^( +(?:decision|reason|by):) null$/gm, "$1")}`;
}

/** The review with the decisions of an earlier one about grants that are as they were, and people who are still there. */
export function carried(review: Review, earlier: Review): Review {
  return {
    ...review,
    grants: review.grants.map((row) => {
      const before = earlier.grants.find(({ grant }) => grant === row.grant);
      const same = before !== undefined && rowFacts.every((fact) => JSON.stringify(before[fact]) === JSON.stringify(row[fact]));
      return same ? { ...row, decision: before.decision, reason: before.reason, by: before.by } : row;
    }),
    members: review.members.map((entry) => ({
      ...entry,
      remove: (earlier.members.find(({ group }) => group === entry.group)?.remove ?? []).filter(({ person }) =>
        entry.people.includes(person),
      ),
    })),
  };
}
