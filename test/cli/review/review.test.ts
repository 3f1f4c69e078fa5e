import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { Document, parse, stringify, type Node } from "yaml";
import { processIo } from "../../../cli/io";
import { main } from "../../../cli/main";
import { changed, StackFileEditError } from "../../../cli/yaml-edit";
import {
  environmentDocument,
  missedReviews,
  openReview,
  parseEnvironment,
  readStackFile,
  reviewDecisions,
  reviewDigest,
  reviewDue,
  reviewSchema,
  type EnvironmentDocument,
  type Review,
  type ReviewCycle,
} from "../../../model";
import { gatehouse, type Outcome } from "../harness";

const today = "2026-11-23";

const stackText = `# who may what
config:
  gatehouse:idp: { kind: okta, orgUrl: "https://example.okta.com" }
  gatehouse:groups:
    backup-admins:
      displayName: Kasten Admins
      members: # the team
        - ana@example.com
        - bob@example.com # until the move
    backup-operators: { displayName: Kasten Users, members: [omar@example.com, ola@example.com] }
    auditors:
      existing: Security Auditors
      reviewers: [chief@example.com]
  gatehouse:platforms:
    k10:
      kind: kasten
      host: https://k10.example.com
      chart: { version: 8.0.15 }
      review: quarterly
      reviewers: [ana@example.com, owner@example.com]
      access:
        # the team itself
        - group: backup-admins
          role: admin
        - { group: backup-operators, role: basic, namespaces: [shop, billing] } # shop only?
        - group: auditors
          role: view
          until: "2027-03-31"
          reviewed: "2026-08-01" # last time
`;

function documentOf(text: string, day = today): EnvironmentDocument {
  const { environment } = parseEnvironment(readStackFile(text).raw, day);
  const groups = Object.fromEntries(Object.keys(environment.groups).map((key) => [key, { id: `id-${key}`, claimValue: key }]));
  const platforms = Object.fromEntries(Object.keys(environment.platforms).map((key) => [key, { clientId: `client-${key}` }]));
  return environmentDocument(environment, { stack: "production", groups, platforms });
}

const document = documentOf(stackText);
const [admin, basic, view] = ["k10/backup-admins/admin", "k10/backup-operators/basic/billing,shop", "k10/auditors/view"] as const;

interface Fill {
  readonly decision: unknown;
  readonly reason?: string | null;
  readonly by?: string | null;
}

/** A review of which every row is decided. */
function decided(fills: Readonly<Record<string, Fill>> = {}, members: Readonly<Record<string, unknown[]>> = {}): Record<string, unknown> {
  const review = openReview(document, today);
  return {
    ...review,
    grants: review.grants.map((row) => ({
      ...row,
      decision: "keep",
      reason: "still the team's work",
      by: row.grant === view ? "chief@example.com" : "owner@example.com",
      ...fills[row.grant],
    })),
    members: review.members.map((entry) => ({ ...entry, remove: members[entry.group] ?? [] })),
  };
}

const files = (review: unknown, stack = stackText): Record<string, string> => ({
  "review.yaml": typeof review === "string" ? review : stringify(review, { lineWidth: 0 }),
  "env.json": JSON.stringify(document),
  "Pulumi.production.yaml": stack,
});

const check = (review: unknown, ...flags: string[]): Promise<Outcome> =>
  gatehouse(["review", "check", "review.yaml", "--env", "env.json", ...flags], { files: files(review) });
const apply = (review: unknown, stack = stackText, ...flags: string[]): Promise<Outcome> =>
  gatehouse(["review", "apply", "review.yaml", "Pulumi.production.yaml", "--env", "env.json", ...flags], { files: files(review, stack) });

describe("open", () => {
  test("each grant is a row with its people, end and risks; nothing is decided", async () => {
    const { status, stdout, stderr } = await gatehouse(["review", "open", "--env", "env.json"], { files: files("") });
    expect([status, stderr]).toEqual([0, "production: a review of 3 grants, 3 of them open.\n"]);
    const review = reviewSchema.parse(parse(stdout));
    expect(review.of).toBe(reviewDigest(document));
    expect(review.grants.map(({ grant, people, until, reviewed, reviewers }) => [grant, people, until, reviewed, reviewers])).toEqual([
      [admin, ["ana@example.com", "bob@example.com"], null, null, ["ana@example.com", "owner@example.com"]],
      [basic, ["ola@example.com", "omar@example.com"], null, null, ["ana@example.com", "owner@example.com"]],
      [view, null, "2027-03-31", "2026-08-01", ["chief@example.com"]],
    ]);
    expect(review.grants[0]?.risks[0]).toBe("It has no last day.");
    expect(review.grants[0]?.risks[1]).toContain("Reaches everything in the cluster");
    expect(stdout).toContain("    decision:\n    reason:\n    by:\n");
  });

  test("--out writes a new file, and never over one that is there", async () => {
    const open = (out: string) => gatehouse(["review", "open", "--env", "env.json", "--out", out], { files: files("old") });
    expect(Object.keys((await open("new.yaml")).written ?? {})).toEqual(["new.yaml"]);
    const again = await open("review.yaml");
    expect([again.status, again.written]).toEqual([64, undefined]);
    expect(again.stderr).toContain("Expected the path of a new file, got review.yaml, which is there.");
  });

  test("--carry takes over what was decided about rows that are as they were", async () => {
    const earlier = decided({ [admin]: { decision: "remove" } });
    (earlier["grants"] as { grant: string; where: string[] }[])[1]?.where.push("more");
    const { stdout } = await gatehouse(["review", "open", "--env", "env.json", "--carry", "review.yaml"], { files: files(earlier) });
    expect(reviewSchema.parse(parse(stdout)).grants.map(({ decision }) => decision)).toEqual(["remove", null, "keep"]);
  });
});

describe("check", () => {
  test("a review in which all is decided passes, and says what nobody can tell", async () => {
    const { status, stderr } = await check(decided());
    expect([status, stderr]).toEqual([
      0,
      `review.yaml: warning: who holds ${view} is not known, so nobody can tell whether they decide about access of their own; open the review with --evidence.\nreview.yaml: all is decided.\n`,
    ]);
  });

  test("an open review: each row with its line", async () => {
    const text = stringify(openReview(document, today), { lineWidth: 0 });
    const { status, stderr } = await check(text);
    expect(status).toBe(1);
    const lines = text.split("\n").flatMap((line, index) => (line.startsWith("    decision:") ? [index + 1] : []));
    expect(lines).toHaveLength(3);
    for (const [position, line] of lines.entries()) {
      expect(stderr).toMatch(
        new RegExp(
          `^review\\.yaml:${line}:\\d+: grants\\[${position}\\]\\.decision: expected keep, remove, or \\{ end: day \\}, got nothing: the row is open\\.`,
          "m",
        ),
      );
    }
    expect(stderr).toContain("review.yaml: refused, 3 problems.");
  });

  test.each<[string, (review: Record<string, unknown>) => unknown, string]>([
    [
      "an unknown decider",
      () => decided({ [admin]: { decision: "keep", by: "eve@example.com" } }),
      "grants[0].by: expected one of the reviewers (ana@example.com, owner@example.com), got eve@example.com.",
    ],
    [
      "a platform's reviewer for a group with its own",
      () => decided({ [view]: { decision: "keep", by: "owner@example.com" } }),
      "grants[2].by: expected one of the reviewers (chief@example.com), got owner@example.com.",
    ],
    [
      "somebody who keeps access of their own",
      () => decided({ [admin]: { decision: "keep", by: "Ana@Example.com" } }),
      "grants[0].by: expected somebody who does not hold the access: nobody keeps access of their own, got Ana@Example.com.",
    ],
    [
      "no decider",
      () => decided({ [admin]: { decision: "keep", by: null } }),
      "grants[0].by: expected the sign-in name of who decides, got nothing.",
    ],
    [
      "no reason",
      () => decided({ [admin]: { decision: "remove", reason: " " } }),
      "grants[0].reason: expected why, in words, got nothing.",
    ],
    [
      "an end in the past",
      () => decided({ [admin]: { decision: { end: "2026-11-22" } } }),
      "grants[0].decision.end: expected a day from today (2026-11-23) on, got 2026-11-22.",
    ],
    [
      "an end beyond the present one",
      () => decided({ [view]: { decision: { end: "2027-04-01" } } }),
      "grants[2].decision.end: expected a day up to 2027-03-31, its last day so far: a review lengthens nothing, got 2027-04-01.",
    ],
    [
      "an end that nobody will see",
      () => decided({ [admin]: { decision: { end: "2099-01-01" } } }),
      "grants[0].decision.end: expected a day up to 2031-11-22, got 2099-01-01.",
    ],
    [
      "a day that does not exist",
      () => decided({ [admin]: { decision: { end: "2027-02-30" } } }),
      "expected a day that exists in the calendar, as YYYY-MM-DD",
    ],
    [
      "a decision that is none",
      () => decided({ [admin]: { decision: "kepp" } }),
      'grants[0].decision: expected keep, remove, or end: with a day, as in { end: 2027-03-31 }, got "kepp".',
    ],
    [
      "a row that is not in the matrix",
      (review) => ({
        ...review,
        grants: [...(review["grants"] as object[]), { ...(review["grants"] as object[])[0], grant: "k10/others/admin" }],
      }),
      "grants[3].grant: expected a grant of the matrix, got k10/others/admin, which is not, or no longer, there.",
    ],
    [
      "a row twice",
      (review) => ({ ...review, grants: [...(review["grants"] as object[]), (review["grants"] as object[])[0]] }),
      `grants[3].grant: expected each grant once; grants[0] is the same, got ${admin}.`,
    ],
    [
      "a row that is missing",
      (review) => ({ ...review, grants: (review["grants"] as object[]).slice(1) }),
      `grants: expected a row for each grant of the matrix, got none for ${admin}.`,
    ],
    [
      "a row that says other than the matrix",
      (review) => ({
        ...review,
        grants: (review["grants"] as object[]).map((row, position) => (position === 0 ? { ...row, people: ["ana@example.com"] } : row)),
      }),
      'grants[0].people: expected ["ana@example.com","bob@example.com"], as the matrix has it, got ["ana@example.com"].',
    ],
    ["another document", (review) => ({ ...review, of: "sha256:00" }), "of: expected a review of what is there now (sha256:"],
    ["another stack", (review) => ({ ...review, stack: "test" }), "stack: expected a review of 'production', got \"test\"."],
    [
      "a review of tomorrow",
      (review) => ({ ...review, opened: "2026-11-24" }),
      "opened: expected a day up to today (2026-11-23), got 2026-11-24.",
    ],
    [
      "a person who is not in the group",
      () => decided({}, { "backup-admins": [{ person: "eve@example.com", reason: "left", by: "owner@example.com" }] }),
      "members[0].remove[0].person: expected one of the group's members (ana@example.com, bob@example.com), got eve@example.com.",
    ],
    [
      "a removal without a reason by nobody known",
      () => decided({}, { "backup-admins": [{ person: "bob@example.com", reason: "", by: "eve@example.com" }] }),
      "members[0].remove[0].by: expected one of the reviewers (ana@example.com, owner@example.com), got eve@example.com.",
    ],
    [
      "members that others manage",
      (review) => ({ ...review, members: [{ group: "auditors", groupName: "Security Auditors", people: [], remove: [] }] }),
      "members[0].group: expected a group whose members the stack lists, got auditors, whose members others manage.",
    ],
    [
      "a platform without a grant",
      () => decided({ [admin]: { decision: "remove" }, [basic]: { decision: "remove" }, [view]: { decision: "remove" } }),
      "expected a grant of 'k10' that stays: a stack file has at least one for each platform, got remove for all of them.",
    ],
    [
      "another version",
      (review) => ({ ...review, version: "gatehouse.dev/review/v2" }),
      'version: expected gatehouse.dev/review/v1, got "gatehouse.dev/review/v2".',
    ],
    ["an unknown key", (review) => ({ ...review, note: "x" }), "note: expected a key that Gatehouse knows here, got an unknown key."],
    ["no YAML", () => "a: [", "expected YAML that can be read"],
    ["no mapping", () => "- 1\n", "version: expected gatehouse.dev/review/v1, got nothing."],
  ])("refuses %s", async (_what, change, words) => {
    const { status, stderr } = await check(change(decided()));
    expect(status).toBe(1);
    expect(stderr).toContain(words);
    expect(stderr).toMatch(/^review\.yaml:\d+:\d+: /m);
  });

  test("all of it at once, in the order of the file; --json has the same", async () => {
    const review = decided({
      [admin]: { decision: "kepp" },
      [basic]: { decision: "keep", by: "eve@example.com" },
      [view]: { decision: "keep", reason: null },
    });
    const { stderr, stdout } = await check(review, "--json");
    const places = [...stderr.matchAll(/^review\.yaml:\d+:\d+: ([^:]+):/gm)].map(([, path]) => path);
    expect(places).toEqual(["grants[0].decision", "grants[1].by", "grants[2].reason"]);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, problems: places.map(() => ({ expected: expect.any(String) as string })) });
  });
});

describe("apply", () => {
  const leaves = { "backup-admins": [{ person: "bob@example.com", reason: "left the team", by: "owner@example.com" }] };

  test("kept, ended and removed grants, and a person: every other byte stays", async () => {
    const review = decided({ [admin]: { decision: { end: "2027-01-31" } }, [basic]: { decision: "remove" } }, leaves);
    const { status, stderr, written } = await apply(review);
    expect(stderr).toContain(`${admin}: end: 2027-01-31\n${basic}: remove\n${view}: keep\nbob@example.com: leaves backup-admins\n`);
    expect(status).toBe(0);
    expect(written?.["Pulumi.production.yaml"]).toBe(
      stackText
        .replace("        - bob@example.com # until the move\n", "")
        .replace("          role: admin\n", '          role: admin\n          until: "2027-01-31"\n          reviewed: "2026-11-23"\n')
        .replace("        - { group: backup-operators, role: basic, namespaces: [shop, billing] } # shop only?\n", "")
        .replace('"2026-08-01" # last time', '"2026-11-23" # last time'),
    );
    const applied = reviewSchema.parse(parse(written?.["review.yaml"] ?? ""));
    expect(applied.applied).toBe(today);
    expect(reviewDecisions(applied)).toEqual([
      { grant: admin, decision: "end: 2027-01-31", by: "owner@example.com", reason: "still the team's work", decidedAt: today },
      { grant: basic, decision: "remove", by: "owner@example.com", reason: "still the team's work", decidedAt: today },
      { grant: view, decision: "keep", by: "chief@example.com", reason: "still the team's work", decidedAt: today },
      { grant: admin, person: "bob@example.com", decision: "remove", by: "owner@example.com", reason: "left the team", decidedAt: today },
    ]);
  });

  test("a second time is refused, and after an update too", async () => {
    const { status, stderr, written } = await apply({ ...decided(), applied: today });
    expect([status, written]).toEqual([1, undefined]);
    expect(stderr).toContain("review.yaml: expected a review that was not applied, got one that was, on 2026-11-23.");
  });

  test("cut off after the stack file was written, it can be run again", async () => {
    const review = decided({ [basic]: { decision: "remove" } }, leaves);
    const first = await apply(review);
    const again = await apply(review, first.written?.["Pulumi.production.yaml"]);
    expect(again.status).toBe(0);
    expect(again.stderr).toContain(`${basic}: remove, and it is not in the stack file any more`);
    expect(again.written?.["Pulumi.production.yaml"]).toBe(first.written?.["Pulumi.production.yaml"]);
  });

  test("--dry-run writes nothing, and says what it would", async () => {
    const { status, stderr, written } = await apply(decided(), stackText, "--dry-run");
    expect([status, written]).toEqual([0, undefined]);
    expect(stderr).toContain("Pulumi.production.yaml, review.yaml: would be written (--dry-run).");
  });

  test("decisions go where a grant is written: the files that the stack file names", async () => {
    const [head = "", body = ""] = stackText.split("  gatehouse:groups:\n");
    const part = `groups:\n${body.replace("  gatehouse:platforms:", "platforms:").replace(/^ {4}/gm, "  ")}`;
    const texts = {
      ...files(decided({ [basic]: { decision: "remove" } }, leaves), `${head}  gatehouse:from: access.yaml\n`),
      "access.yaml": part,
    };
    const { status, stderr, written } = await gatehouse(["review", "apply", "review.yaml", "Pulumi.production.yaml", "--env", "env.json"], {
      files: texts,
    });
    expect(stderr).toContain("access.yaml, review.yaml: written.");
    expect([status, Object.keys(written ?? {})]).toEqual([0, ["access.yaml", "review.yaml"]]);
    expect(written?.["access.yaml"]).not.toContain("bob@example.com");
  });

  test.each<[string, string, string]>([
    [
      "a stack file that is refused itself",
      stackText.replace("version: 8.0.15", "version: latest"),
      "Pulumi.production.yaml: platforms.k10.chart.version: expected an exact chart version",
    ],
    [
      "platforms as JSON in a text",
      `config:\n  gatehouse:idp: { kind: okta, orgUrl: "https://example.okta.com" }\n  gatehouse:groups: '${JSON.stringify(readStackFile(stackText).raw["groups"])}'\n  gatehouse:platforms: '${JSON.stringify(readStackFile(stackText).raw["platforms"])}'\n`,
      "written as YAML, got nothing. Fix: write it out",
    ],
  ])("%s: refused in words, and nothing is written", async (_what, stack, words) => {
    const { status, stderr, written } = await apply(decided({}, leaves), stack);
    expect([status, written]).toEqual([1, undefined]);
    expect(stderr).toContain(words);
  });

  test("a review that is not decided is not applied", async () => {
    const { status, stderr, written } = await apply(openReview(document, today));
    expect([status, written]).toEqual([1, undefined]);
    expect(stderr).toContain("refused, 3 problems.\nNothing was written.\n");
  });

  test("a disk that fails in the middle leaves the stack file as it was", async () => {
    const review = decided();
    const texts = files(review);
    const written: [string, string][] = [];
    const { apply: run } = writing((path, text) => {
      if (path === "review.yaml") {
        throw new Error("no space left");
      }
      written.push([path, text]);
    }, texts);
    expect(await run()).not.toBe(0);
    expect(written.at(-1)).toEqual(["Pulumi.production.yaml", stackText]);
  });
});

function writing(write: (path: string, text: string) => void, texts: Readonly<Record<string, string>>) {
  const io = {
    ...processIo,
    stdout: () => undefined,
    stderr: () => undefined,
    readFile: (path: string) =>
      texts[path] === undefined ? Promise.reject(Object.assign(new Error(path), { code: "ENOENT" })) : Promise.resolve(texts[path]),
    writeFile: (path: string, text: string) => Promise.resolve().then(() => write(path, text)),
    now: () => new Date("2026-11-23T12:00:00Z"),
  };
  return { apply: () => main(["review", "apply", "review.yaml", "Pulumi.production.yaml", "--env", "env.json"], io) };
}

describe("changes in place", () => {
  test.each<[string, string, number[], string]>([
    ["lines", "a:\n  - x # one\n  # between\n  - y\n  - z\n", [0, 2], "a:\n  # between\n  - y\n"],
    ["the last of them, without a line end", "a:\n  - x\n  - y", [1], "a:\n  - x\n"],
    ["all of them", "a:\n  - x\n  - y # last\nb: 1\n", [0, 1], "a:\n    [] # last\nb: 1\n"],
    ["all of a list as deep as its key", "a:\n- x\nb: 1\n", [0], "a:\n  []\nb: 1\n"],
    ["one in a line", "a: [x, y, z]\n", [1], "a: [x, z]\n"],
    ["the last in a line", "a: [x, y, z ]\n", [1, 2], "a: [x ]\n"],
    ["all in a line", "a: [x, y]\n", [0, 1], "a: []\n"],
    ["mappings of several lines", "a:\n  - p: 1\n    q: [1,\n      2]\n  -\n    p: 2\n", [0], "a:\n  -\n    p: 2\n"],
    ["line ends of Windows", "a:\r\n  - x\r\n  - y\r\n", [0], "a:\r\n  - y\r\n"],
  ])("%s are taken out", (_what, before, items, after) => {
    expect(changed(before, [{ kind: "remove", path: ["a"], items }])).toBe(after);
  });

  test("whatever the lists look like, what is taken out and set is, and nothing else changes", () => {
    const items = fc.array(fc.record({ group: fc.constantFrom("a", "b", "c"), role: fc.constantFrom("x", "y") }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(
        items,
        fc.boolean(),
        fc.integer({ min: 1, max: 6 }),
        fc.boolean(),
        fc.infiniteStream(fc.boolean()),
        (list, flow, indent, indentSeq, coin) => {
          const text = (() => {
            const made = new Document<Node>(null);
            made.contents = made.createNode({ top: { access: list, other: 1 } }, { flow });
            return made.toString({ indent, indentSeq });
          })();
          const gone = list.flatMap((_item, position) => (coin.next().value ? [position] : []));
          const kept = list.map((_item, position) => position).filter((position) => !gone.includes(position));
          const edited = changed(text, [
            { kind: "remove", path: ["top", "access"], items: gone },
            ...kept.map((position) => ({ kind: "set" as const, path: ["top", "access", position], key: "reviewed", value: today })),
          ]);
          expect(parse(edited)).toEqual({ top: { access: kept.map((position) => ({ ...list[position], reviewed: today })), other: 1 } });
        },
      ),
    );
  });

  test("an alias is not changed behind the back of its anchor", () => {
    const text = "x: &list [a, b]\ny: *list\n";
    expect(() => changed(text, [{ kind: "remove", path: ["x"], items: [0] }])).toThrow(StackFileEditError);
    expect(() => changed(text, [{ kind: "remove", path: ["y"], items: [0] }])).toThrow(
      "y: expected a list written as YAML, got something else.",
    );
  });

  test("what a merge would take over is not changed behind its back", () => {
    const text = "a:\n  - &one\n    p: 1\n  - <<: *one\n    q: 2\n";
    expect(() => changed(text, [{ kind: "set", path: ["a", 0], key: "until", value: today }])).toThrow("places that can be changed alone");
    expect(changed(text, [{ kind: "set", path: ["a", 1], key: "until", value: today }])).toBe(
      `${text}    until: "${today}"\n`.replace("\n\n", "\n"),
    );
  });

  test("the lab's own stack files keep their text", () => {
    const text = readFileSync(join(__dirname, "../../../stacks/Pulumi.lab-k10-okta.yaml"), "utf8");
    const edited = changed(text, [
      { kind: "set", path: ["config", "gatehouse:platforms", "k10", "access", 2], key: "reviewed", value: today },
    ]);
    expect(edited).toBe(text.replace("until: 2027-03-31 }", 'until: 2027-03-31, reviewed: "2026-11-23" }'));
  });
});

describe("when a review is due", () => {
  test.each<[ReviewCycle, string, string]>([
    ["monthly", "2027-01-31", "2027-02-28"],
    ["quarterly", "2026-11-30", "2027-02-28"],
    ["quarterly", "2026-11-23", "2027-02-23"],
    ["half-yearly", "2026-08-31", "2027-02-28"],
    ["yearly", "2024-02-29", "2025-02-28"],
  ])("%s after %s: by %s", (cycle, reviewed, due) => {
    expect(reviewDue(cycle, reviewed)).toBe(due);
  });

  const withReviewed = (day: string, more = ""): string =>
    stackText
      .replace("review: quarterly", `review: quarterly${more}`)
      .replace(/role: (admin|basic)/g, `role: $1, reviewed: "${day}"`)
      .replace("          role: admin, reviewed", "          role: admin\n          reviewed");

  test("the last day is not missed yet, the day after it is", () => {
    expect(missedReviews(documentOf(withReviewed("2026-08-23")), today).map(({ grant }) => grant)).toEqual([view]);
    expect(missedReviews(documentOf(withReviewed("2026-08-22")), today).map(({ grant }) => grant)).toEqual(
      [admin, basic, view].sort((a, b) => [admin, basic, view].indexOf(a) - [admin, basic, view].indexOf(b)),
    );
    expect(missedReviews(document, today).map(({ sentence }) => sentence)).toEqual([
      "k10: admin of 'Kasten Admins': it was never reviewed (quarterly)",
      "k10: basic of 'Kasten Users' in billing, shop: it was never reviewed (quarterly)",
      "k10: view of 'Security Auditors': its quarterly review was due by 2026-11-01",
    ]);
  });

  test("missedReview: end takes the grant away with the next up; validate says so", () => {
    const text = withReviewed("2026-09-01", "\n      missedReview: end");
    const { environment, expired, warnings } = parseEnvironment(readStackFile(text).raw, today);
    expect(environment.platforms["k10"]?.access.map(({ group }) => group)).toEqual(["backup-admins", "backup-operators"]);
    expect(expired.map(({ path }) => path)).toEqual(["platforms.k10.access[2]"]);
    expect(warnings[0]).toBe(
      "platforms.k10.access[2]: the grant 'view' of 'auditors' ended, since its quarterly review was due by 2026-11-01; the next up takes it away. Hold the review, or remove it from the stack file.",
    );
  });

  test.each<[string, string, string]>([
    [
      "an end for a grant that was never reviewed",
      stackText.replace("review: quarterly", "review: quarterly\n      missedReview: end"),
      "platforms.k10.access[0].reviewed: expected the day of its last review",
    ],
    ["a review of tomorrow", withReviewed("2026-11-24"), "platforms.k10.access[0].reviewed: expected a day up to today (2026-11-23)"],
    [
      "missedReview without a review",
      stackText.replace("review: quarterly", "missedReview: warn"),
      "platforms.k10.missedReview: expected review: on the platform or a grant",
    ],
    [
      "an unknown cycle",
      stackText.replace("review: quarterly", "review: weekly"),
      "platforms.k10.review: expected one of monthly, quarterly, half-yearly, yearly",
    ],
    [
      "a reviewer twice",
      stackText.replace("[chief@example.com]", "[chief@example.com, Chief@example.com]"),
      "groups.auditors.reviewers: expected each reviewer once",
    ],
  ])("refuses %s", (_what, text, words) => {
    expect(() => parseEnvironment(readStackFile(text).raw, today)).toThrow(words);
  });
});

test("the digest does not change with what a review is not about", () => {
  const other: EnvironmentDocument = {
    ...document,
    risks: ["another"],
    access: document.access.map((grant) => ({ ...grant, permits: "other words" })),
  };
  expect(reviewDigest(other)).toBe(reviewDigest(document));
  expect(reviewDigest({ ...document, access: document.access.slice(1) })).not.toBe(reviewDigest(document));
});

test("evidence names who is in a group that others manage, and the last use", () => {
  const grants = [{ key: view, platform: "k10", group: "auditors", role: "view", where: [], people: ["zoe@example.com"], lastUse: null }];
  const row = openReview(document, today, { grants } as unknown as Parameters<typeof openReview>[2]).grants.find(
    ({ grant }) => grant === view,
  ) as Review["grants"][number];
  expect([row.people, row.lastUse]).toEqual([["zoe@example.com"], "none in the audit log"]);
});
