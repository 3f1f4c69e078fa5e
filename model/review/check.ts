import type { EnvironmentDocument } from "../document/schema";
import { longestGrantDays } from "../environment/expiry";
import { addDays } from "../text/calendar";
import { describeReceived, type Problem } from "../text/problems";
import { loginSchema } from "../text/names";
import { reviewDigest, reviewRows, rowFacts } from "./rows";
import type { Review, ReviewMembers, ReviewRow } from "./schema";

/**
 * Everything that keeps a review from being applied: what is open, who may not decide, what is not, or no longer, in the matrix.
 * @param document the environment as it is deployed
 * @param today the day in UTC, `YYYY-MM-DD`
 */
export function reviewProblems(review: Review, document: EnvironmentDocument, today: string): Problem[] {
  const rows = reviewRows(document);
  return [
    ...documentProblems(review, document, today),
    ...review.grants.flatMap((row, position) => {
      const path = ["grants", position];
      const earlier = review.grants.findIndex(({ grant }) => grant === row.grant);
      if (earlier < position) {
        return [
          {
            path: [...path, "grant"],
            expected: `each grant once; grants[${earlier}] is the same`,
            received: row.grant,
            fix: "keep one of the two",
          },
        ];
      }
      const there = rows.find(({ grant }) => grant === row.grant);
      return there === undefined
        ? [
            {
              path: [...path, "grant"],
              expected: "a grant of the matrix",
              received: `${row.grant}, which is not, or no longer, there`,
              fix: "take the row out, or open the review again with --carry",
            },
          ]
        : [...factProblems(path, row, there), ...decisionProblems(path, row, there, today)];
    }),
    ...emptiedPlatforms(review),
    ...missingRows(review, rows),
    ...memberProblems(review, document),
  ];
}

function documentProblems({ stack, of, opened }: Review, document: EnvironmentDocument, today: string): Problem[] {
  const fix = "run `gatehouse review open --carry <this file>`: decisions about what has not changed are taken over";
  const wrongDay =
    opened > today ? [{ path: ["opened"], expected: `a day up to today (${today})`, received: opened, fix: "open the review again" }] : [];
  if (stack !== document.stack) {
    return [
      ...wrongDay,
      {
        path: ["stack"],
        expected: `a review of '${document.stack}'`,
        received: describeReceived(stack, []),
        fix: "name the stack of the review",
      },
    ];
  }
  const digest = reviewDigest(document);
  return of === digest
    ? wrongDay
    : [...wrongDay, { path: ["of"], expected: `a review of what is there now (${digest})`, received: of, fix }];
}

/** A row that says other than the matrix would have its owner decide about something else. */
function factProblems(path: Problem["path"], row: ReviewRow, there: ReviewRow): Problem[] {
  return rowFacts
    .filter((fact) => JSON.stringify(row[fact]) !== JSON.stringify(there[fact]) && !(fact === "people" && there.people === null))
    .map((fact) => ({
      path: [...path, fact],
      expected: `${JSON.stringify(there[fact])}, as the matrix has it`,
      received: JSON.stringify(row[fact]),
      fix: "open the review again with --carry",
    }));
}

function decisionProblems(path: Problem["path"], row: ReviewRow, there: ReviewRow, today: string): Problem[] {
  if (row.decision === null) {
    return [
      {
        path: [...path, "decision"],
        expected: "keep, remove, or { end: day }",
        received: "nothing: the row is open",
        fix: `decide about ${row.grant}`,
      },
    ];
  }
  return [
    ...(typeof row.decision === "object" ? endProblems([...path, "decision", "end"], row.decision.end, there.until, today) : []),
    ...reasonProblems([...path, "reason"], row.reason),
    ...deciderProblems([...path, "by"], row.by, there.reviewers, row.decision === "remove" ? [] : (row.people ?? [])),
  ];
}

function endProblems(path: Problem["path"], end: string, until: string | null, today: string): Problem[] {
  const latest = addDays(today, longestGrantDays);
  if (end < today) {
    return [{ path, expected: `a day from today (${today}) on`, received: end, fix: "write remove for access that is to go at once" }];
  }
  if (until !== null && end > until) {
    return [
      {
        path,
        expected: `a day up to ${until}, its last day so far: a review lengthens nothing`,
        received: end,
        fix: "grant a longer time in the stack file",
      },
    ];
  }
  return end > latest ? [{ path, expected: `a day up to ${latest}`, received: end, fix: "write a nearer day" }] : [];
}

function reasonProblems(path: Problem["path"], reason: string | null): Problem[] {
  return reason === null || reason.trim() === ""
    ? [{ path, expected: "why, in words", received: "nothing", fix: "say what the decision rests on" }]
    : [];
}

/** @param own those whose own access is decided about, so that it stays */
function deciderProblems(path: Problem["path"], by: string | null, reviewers: readonly string[], own: readonly string[]): Problem[] {
  if (by === null || !loginSchema.safeParse(by).success) {
    return [{ path, expected: "the sign-in name of who decides", received: by === null ? "nothing" : describeReceived(by, []) }];
  }
  const isBy = (name: string): boolean => name.toLowerCase() === by.toLowerCase();
  if (reviewers.length === 0) {
    return [];
  }
  if (!reviewers.some(isBy)) {
    return [{ path, expected: `one of the reviewers (${reviewers.join(", ")})`, received: by, fix: "let one of them decide" }];
  }
  return own.some(isBy)
    ? [
        {
          path,
          expected: "somebody who does not hold the access: nobody keeps access of their own",
          received: by,
          fix: "let another reviewer decide",
        },
      ]
    : [];
}

/** A platform without a grant is none: nobody could sign in. */
function emptiedPlatforms({ grants }: Review): Problem[] {
  const kept = new Set(grants.filter(({ decision }) => decision !== "remove").map(({ platform }) => platform));
  const last = new Map(grants.map((row, position) => [row.platform, position]));
  return [...last]
    .filter(([platform]) => !kept.has(platform))
    .map(([platform, position]) => ({
      path: ["grants", position, "decision"],
      expected: `a grant of '${platform}' that stays: a stack file has at least one for each platform`,
      received: "remove for all of them",
      fix: "take the platform out of the stack file instead, or let the last one end on a day",
    }));
}

function missingRows({ grants }: Review, rows: readonly ReviewRow[]): Problem[] {
  return rows
    .filter(({ grant }) => !grants.some((row) => row.grant === grant))
    .map(({ grant }) => ({
      path: ["grants"],
      expected: "a row for each grant of the matrix",
      received: `none for ${grant}`,
      fix: "open the review again with --carry",
    }));
}

function memberProblems({ members }: Review, document: EnvironmentDocument): Problem[] {
  return members.flatMap((entry, position) => {
    const path = ["members", position];
    const group = document.groups[entry.group];
    if (group?.members === undefined) {
      const received = group === undefined ? `${entry.group}, which is not there` : `${entry.group}, whose members others manage`;
      return [
        {
          path: [...path, "group"],
          expected: "a group whose members the stack lists",
          received,
          fix: "take the entry out; who manages the members takes people out of them",
        },
      ];
    }
    if (members.findIndex((other) => other.group === entry.group) < position) {
      return [{ path: [...path, "group"], expected: "each group once", received: `${entry.group} again`, fix: "keep one of the two" }];
    }
    return entry.remove.flatMap((removal, index) => removalProblems([...path, "remove", index], removal, entry, document, index));
  });
}

function removalProblems(
  path: Problem["path"],
  { person, reason, by }: ReviewMembers["remove"][number],
  entry: ReviewMembers,
  document: EnvironmentDocument,
  index: number,
): Problem[] {
  const group = document.groups[entry.group];
  const platforms = document.access.filter((grant) => grant.group === entry.group).map(({ platform }) => document.platforms[platform]);
  const reviewers = group?.reviewers ?? platforms.flatMap((platform) => platform?.reviewers ?? []);
  const twice = entry.remove.findIndex((other) => other.person === person) < index;
  const who: Problem[] = group?.members?.includes(person)
    ? twice
      ? [{ path: [...path, "person"], expected: "each person once", received: `${person} again`, fix: "keep one of the two" }]
      : []
    : [
        {
          path: [...path, "person"],
          expected: `one of the group's members (${group?.members?.join(", ") || "none"})`,
          received: person,
          fix: "correct the name",
        },
      ];
  return [...who, ...reasonProblems([...path, "reason"], reason), ...deciderProblems([...path, "by"], by, [...new Set(reviewers)], [])];
}
