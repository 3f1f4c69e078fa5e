import type { Evidence } from "../../model";
import type { CalendarEntry, PageEvidence, PageTest } from "../page";

/** What the page shows of an evidence. */
export function pageEvidence(evidence: Evidence): PageEvidence {
  const { moment, by, tool, verdict, counts, groups, grants, ended, findings, decisions } = evidence;
  const tests = [
    ...grants.flatMap(({ platform, tests: of }) => of.map((test) => ({ platform, test }))),
    ...ended.flatMap(({ grant, tests: of }) => of.map((test) => ({ platform: grant.split("/")[0] ?? "", test }))),
  ];
  const rows = tests.map(({ platform, test }): PageTest => ({
    platform,
    subject: [test.as.user, ...test.as.groups].filter((name) => name !== "" && name !== "system:authenticated").join(", "),
    question: test.question,
    expected: test.expected,
    answer: test.answer,
  }));
  return {
    moment: moment.ended,
    by,
    tool: `${tool.name} ${tool.version}`,
    good: verdict.result === "agrees",
    sentence: verdict.sentence,
    counts: Object.entries(counts),
    incomplete: verdict.incomplete,
    members: Object.fromEntries(Object.entries(groups).map(([key, { people }]) => [key, people?.map(({ login }) => login) ?? null])),
    // Who holds several grants is asked the same for each: it stands once.
    tests: [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()],
    findings: findings.map(({ what, detail, fix }) => ({ what: `${what}: ${detail}`, fix })),
    decisions: decisions.map(({ grant, person, decision, by: whose, reason, carriedOutAt }) => ({
      what: `${decision}: ${grant}${person === undefined ? "" : `, ${person}`}`,
      by: whose,
      reason,
      carriedOut: carriedOutAt ?? (decision === "keep" ? "nothing to carry out" : "not yet"),
    })),
    ends: endsOf(evidence),
    verify: [
      "gatehouse evidence verify <this folder> --key <public key of whoever signed>",
      "sha256sum evidence.json    # as manifest.json lists it",
    ],
  };
}

function endsOf({ secrets, certificates = [] }: Evidence): CalendarEntry[] {
  const ofProvider = secrets.filter(({ source }) => source === "identity provider");
  // What the declaration says stands in the calendar already.
  const shown = certificates.filter(({ trusted }) => trusted !== null);
  return [
    ...ofProvider.map(({ platform, what, endsAt }) => ({
      endsAt,
      what: "secret ends" as const,
      subject: `${platform}: ${what}, at the identity provider`,
    })),
    ...shown.map(({ of, endsAt }) => ({ endsAt, what: "certificate ends" as const, subject: of })),
  ].flatMap(({ endsAt, ...entry }) => (endsAt === null ? [] : [{ day: endsAt.slice(0, 10), ...entry }]));
}
