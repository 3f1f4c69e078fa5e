/**
 * The page that an auditor reads: one HTML file that loads nothing, for a screen of any width, for paper, and for ears. Holds how it
 * looks and what stands where. Never holds: what is true (model/), or how it was found out (cli/evidence). Without evidence it says
 * what was declared; with it, what was asked of the cluster and the identity provider, and what they answered.
 */
import { createHash } from "node:crypto";
import { compareText, missedReviews, type EnvironmentDocument } from "../../model";
import { administers } from "../access-change/people";
import { matrixRows, membersText, platformFacts, untilText, type MatrixRow, type ReportOptions } from "../matrix";
import { calendarFile, calendarOf, type CalendarEntry } from "./calendar";
import { breakable, escape, list, section, table, type Cell } from "./markup";
import { accessPicture } from "./picture";
import { script } from "./script";
import { style } from "./style";

export { calendarFile, calendarOf, type CalendarEntry } from "./calendar";

/** One question that was asked of the live cluster, and its answer. */
export interface PageTest {
  readonly platform: string;
  readonly subject: string;
  /** "get configmaps in shop". */
  readonly question: string;
  readonly expected: "allowed" | "refused";
  readonly answer: "allowed" | "refused" | "not answered";
}

/** What was found out beside the declaration. */
export interface PageEvidence {
  /** Moment of the reading, RFC 3339 in UTC. */
  readonly moment: string;
  /** Who ran it, and with which version. */
  readonly by: string;
  readonly tool: string;
  /** Whether all that was asked agreed. */
  readonly good: boolean;
  readonly sentence: string;
  readonly counts: readonly (readonly [string, number])[];
  /** What could not be read; anything here makes the whole incomplete. */
  readonly incomplete: readonly string[];
  /** Members by group as the identity provider says; null where it could not be read. */
  readonly members: Readonly<Record<string, readonly string[] | null>>;
  readonly tests: readonly PageTest[];
  /** What is there and was not declared, or the reverse, with what to do. */
  readonly findings: readonly { readonly what: string; readonly fix: string }[];
  readonly decisions: readonly { readonly what: string; readonly by: string; readonly reason: string; readonly carriedOut: string }[];
  /** What ends and is not in the declaration: secrets at the identity provider, certificates that servers show. */
  readonly ends?: readonly CalendarEntry[];
  /** Lines to type. */
  readonly verify: readonly string[];
}

export interface PageOptions extends ReportOptions {
  readonly evidence?: PageEvidence;
}

/** The page. Equal inputs give equal texts. */
export function page(document: EnvironmentDocument, { today, made, evidence }: PageOptions = {}): string {
  const rows = matrixRows(document, { today });
  const calendar = calendarOf(document, evidence?.ends);
  const parts: readonly (readonly [string, string, string])[] = [
    [
      "picture",
      "Picture of access",
      document.access.length === 0 ? nobody : accessPicture(document, (_platform, role) => administers(role)),
    ],
    ["access", "Access by platform", byPlatform(document, rows)],
    ["people", "Access by person", byPerson(document, rows, evidence)],
    ["calendar", "What ends, and when", calendarPart(document, calendar, today)],
    ...reviewsPart(document, today),
    ["risks", "Risks", list(document.risks, "No dangerous choice is written out.")],
    ...(evidence === undefined ? [] : evidenceParts(evidence)),
    ["settings", "Settings by platform", settings(document, today)],
  ];
  const title = `Access to ${escape(document.stack)}`;
  const hash = createHash("sha256").update(script).digest("base64");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${title}</h1>
${head(document, { today, made, evidence })}
${counts(document, evidence)}
<nav aria-label="Parts of this page"><ul>${parts.map(([id, name]) => `<li><a href="#${id}">${escape(name)}</a></li>`).join("")}</ul></nav>
</header>
<main>
${parts.map(([id, name, content]) => section(id, name, content)).join("\n")}
</main>
<script>${script}</script>
</body>
</html>
`;
}

const nobody = '<p class="empty">Nobody may do anything: there is no grant.</p>';

function head(document: EnvironmentDocument, { today, made, evidence }: PageOptions): string {
  const verdict =
    evidence === undefined
      ? `<p class="verdict">This is what was declared${today === undefined ? "" : `, read on ${escape(today)}`}. The cluster was not asked; gatehouse evidence does that.</p>`
      : `<p class="verdict ${evidence.good && evidence.incomplete.length === 0 ? "good" : "bad"}">${escape(evidence.sentence)}</p>`;
  const facts: readonly (readonly [string, string])[] = [
    ["Environment", document.stack],
    ["Identity provider", `${document.identityProvider.kind}, issuer ${document.identityProvider.issuer}`],
    ...(made === undefined && evidence === undefined
      ? []
      : ([
          ["Read at", evidence?.moment ?? made?.moment ?? ""],
          ["Read by", evidence?.by ?? made?.by ?? ""],
          ["Made with", evidence?.tool ?? made?.tool ?? ""],
        ] as const)),
  ];
  return `${verdict}\n<dl>${facts.map(([name, value]) => `<dt>${escape(name)}</dt><dd>${breakable(value)}</dd>`).join("")}</dl>`;
}

function counts(document: EnvironmentDocument, evidence: PageEvidence | undefined): string {
  const declared: readonly (readonly [string, number])[] = [
    ["platforms", Object.keys(document.platforms).length],
    ["groups", Object.keys(document.groups).length],
    ["grants", document.access.length],
    ["grants with an end", document.access.filter(({ until }) => until !== null).length],
    ["risks", document.risks.length],
  ];
  return `<ul class="counts">${[...declared, ...(evidence?.counts ?? [])].map(([name, number]) => `<li><b>${number}</b> ${escape(name)}</li>`).join("")}</ul>`;
}

function byPlatform(document: EnvironmentDocument, rows: readonly MatrixRow[]): string {
  const tables = Object.entries(document.platforms).map(([name, { title, url }]) =>
    table({
      caption: `${title} '${name}', ${url}`,
      columns: ["Group", "Role", "Permits", "Where", "Until", "Members", "Subject", "Bindings"],
      rows: rows
        .filter(({ platform }) => platform === name)
        .map((row) => ({
          ...(row.ended ? { marked: "ended" as const } : {}),
          cells: [
            row.holder,
            row.role,
            row.permits,
            row.where,
            untilText(row),
            membersText(row.members),
            row.subject,
            { markup: row.bindings.map(breakable).join("<br>") },
          ],
        })),
      empty: `Nobody may do anything at '${name}': there is no grant.`,
    }),
  );
  return tables.join("\n");
}

/** Every person who is known, with all that the person holds; groups whose members nobody knows stand in their place. */
function byPerson(document: EnvironmentDocument, rows: readonly MatrixRow[], evidence: PageEvidence | undefined): string {
  const holdings = document.access.flatMap((grant, position) => {
    const row = rows[position];
    const known = evidence?.members[grant.group] ?? row?.members ?? null;
    const people = grant.person === undefined ? known : [grant.person.login];
    return row === undefined ? [] : (people ?? [`(members of ${row.group}, managed elsewhere)`]).map((person) => ({ person, row }));
  });
  const ordered = [...holdings].sort((left, right) =>
    compareText(`${left.person} ${left.row.platform} ${left.row.role}`, `${right.person} ${right.row.platform} ${right.row.role}`),
  );
  return table({
    caption: "One line for each person, platform and role",
    columns: ["Person", "Platform", "Role", "Where", "Until", "Through group"],
    rows: ordered.map(({ person, row }) => ({
      ...(row.ended ? { marked: "ended" as const } : {}),
      cells: [person, row.platform, row.role, row.where, untilText(row), row.holder],
    })),
    empty: "Nobody holds anything.",
  });
}

function calendarPart(document: EnvironmentDocument, calendar: readonly CalendarEntry[], today: string | undefined): string {
  const shown = table({
    caption: "Grants, secrets, certificates and reviews by day, in UTC",
    columns: ["Day", "What", "Of"],
    rows: calendar.map(({ day, what, subject }) => ({
      ...(today !== undefined && day < today ? { marked: "ended" as const } : {}),
      cells: [day, what, subject],
    })),
    empty: "Nothing here has an end.",
  });
  const file = calendarFile(document.stack, calendar, `${today ?? "1970-01-01"}T00:00:00Z`);
  const link = `<p class="screen"><a download="${escape(document.stack)}.ics" href="data:text/calendar;base64,${Buffer.from(file).toString("base64")}">Calendar file (.ics)</a></p>`;
  return calendar.length === 0 ? shown : `${shown}\n${link}`;
}

/** Where reviews are asked for and the day is known: those that were missed. */
function reviewsPart(document: EnvironmentDocument, today: string | undefined): readonly (readonly [string, string, string])[] {
  return today === undefined || document.access.every(({ review }) => review === undefined)
    ? []
    : [
        [
          "reviews",
          "Reviews that were missed",
          list(
            missedReviews(document, today).map(({ sentence }) => sentence),
            "Every review was held.",
          ),
        ],
      ];
}

function evidenceParts(evidence: PageEvidence): readonly (readonly [string, string, string])[] {
  const cellsOf = ({ platform, subject, question, expected, answer }: PageTest): readonly Cell[] => [
    subject,
    platform,
    question,
    expected,
    answer,
  ];
  return [
    ...(evidence.incomplete.length === 0 ? [] : [["incomplete", "What could not be read", list(evidence.incomplete, "")] as const]),
    [
      "tests",
      "Questions asked of the cluster",
      table({
        caption: "Each answered by the API server's own authorizer",
        columns: ["Subject", "Platform", "May they", "Expected", "Answer"],
        rows: evidence.tests.map((test) => ({
          ...(test.expected === test.answer ? {} : { marked: "bad" as const }),
          cells: cellsOf(test),
        })),
        empty: "No question was asked: no cluster was named.",
      }),
    ],
    [
      "findings",
      "What differs from the declaration",
      table({
        caption: "Drift and access that nobody declared",
        columns: ["What", "What to do"],
        rows: evidence.findings.map(({ what, fix }) => ({ marked: "bad" as const, cells: [what, fix] })),
        empty: "Nothing differs.",
      }),
    ],
    [
      "decisions",
      "Decisions of reviews",
      table({
        caption: "Each with the moment when it was carried out",
        columns: ["What", "By", "Reason", "Carried out"],
        rows: evidence.decisions.map(({ what, by, reason, carriedOut }) => ({ cells: [what, by, reason, carriedOut] })),
        empty: "No review was held.",
      }),
    ],
    ["verify", "How to verify this", `<pre>${evidence.verify.map(escape).join("\n")}</pre>`],
  ];
}

function settings(document: EnvironmentDocument, today: string | undefined): string {
  return platformFacts(document, { today })
    .map(
      ({ name, title, facts }) =>
        `<h3>${escape(title)}: ${escape(name)}</h3>\n<dl>${facts.map(([label, value]) => `<dt>${escape(label)}</dt><dd>${breakable(value)}</dd>`).join("")}</dl>`,
    )
    .join("\n");
}
