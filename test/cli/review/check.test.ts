import { parse, stringify } from "yaml";
import { openReview, reviewDigest, reviewSchema, type EnvironmentDocument } from "../../../model";
import { gatehouse, type Outcome } from "../harness";
import { admin, basic, decided, document, files, today, view } from "./sample";

const check = (review: unknown, ...flags: string[]): Promise<Outcome> =>
  gatehouse(["review", "check", "review.yaml", "--env", "env.json", ...flags], { files: files(review) });

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
  );
  expect([row?.people, row?.lastUse]).toEqual([["zoe@example.com"], "none in the audit log"]);
});
