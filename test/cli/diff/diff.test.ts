import type { EnvironmentDocument } from "../../../model";
import { sampleDocument } from "../../fixtures/sample";
import { gatehouse } from "../harness";

const before = sampleDocument();
const after: EnvironmentDocument = {
  ...before,
  groups: Object.fromEntries(
    Object.entries(before.groups).map(([key, group]) => [
      key,
      key === "backup-admins" ? { ...group, members: ["bob@example.com"] } : group,
    ]),
  ),
  access: before.access.filter(({ group }) => group !== "auditors"),
};

const evidence = (document: EnvironmentDocument, people: Readonly<Record<string, readonly string[]>>, binding?: string) => ({
  version: "gatehouse.dev/evidence/v1",
  stack: document.stack,
  moment: { began: "2026-11-23T10:00:00Z", ended: "2026-11-23T10:00:05Z" },
  tool: { name: "gatehouse", version: "1.0.0" },
  by: "somebody",
  verdict: { result: "agrees", sentence: "All agrees.", incomplete: [] },
  counts: {},
  document,
  groups: Object.fromEntries(
    Object.entries(document.groups).map(([key, { displayName, id, claimValue }]) => {
      const logins = people[key];
      const listed = logins?.length ?? null;
      return [
        key,
        {
          displayName,
          id,
          claimValue,
          people: logins?.map((login) => ({ login, id: login, claims: {}, active: !login.startsWith("left-") })) ?? null,
          listed,
          counted: listed,
          others: [],
        },
      ];
    }),
  ),
  grants: [],
  ended: [],
  cluster: {
    server: "https://127.0.0.1:6443",
    version: "v1.35.0",
    readBy: "admin",
    lists: [],
    bindings:
      binding === undefined
        ? []
        : [
            {
              kind: "ClusterRoleBinding",
              name: binding,
              roleRef: { kind: "ClusterRole", name: "k10-admin" },
              subjects: [{ kind: "Group", name: "okta:Others" }],
              declared: false,
              reaches: ["environment"],
            },
          ],
    roles: [],
  },
  clocks: [],
  signIn: [],
  secrets: [],
  mayChange: [],
  findings: [],
  decisions: [],
  notLookedAt: [],
});

const diff = (a: unknown, b: unknown, ...flags: string[]) =>
  gatehouse(["diff", "a", "b", ...flags], { files: { a: JSON.stringify(a), b: JSON.stringify(b) } });

test("who gained, who lost, in the words of preview", async () => {
  const { status, stdout } = await diff(before, after);
  expect(status).toBe(0);
  expect(stdout).toContain("1 person gains administration (admin) of Kasten K10 'k10' in sample, without an end: bob@example.com.");
  expect(stdout).toContain("1 person loses administration (admin) of Kasten K10 'k10' in sample: ana@example.com.");
  expect(stdout).toContain(
    "Everybody in group 'Security Auditors', whose members are managed elsewhere, loses 'view' of Kasten K10 'k10' in sample.",
  );
  expect(stdout).not.toContain("preview");
});

test("nothing changed is said, in every format", async () => {
  expect((await diff(before, { environment: before })).stdout).toContain("Nobody's access changes in sample.");
  expect((await diff(before, before, "--format", "markdown")).stdout).toContain("- Nobody's access changes in sample.");
  expect(JSON.parse((await diff(before, before, "--json")).stdout)).toMatchObject({
    version: "gatehouse.dev/access-change/v1",
    gains: [],
    losses: [],
  });
});

test("--fail-on ends with the status of preview's, and only for what is there", async () => {
  const stopped = await diff(before, after, "--fail-on", "widen-admin,redirect");
  expect([stopped.status, stopped.stderr]).toEqual([4, "The change is stopped by widen-admin.\n"]);
  expect((await diff(after, before, "--fail-on", "redirect")).status).toBe(0);
  const unknown = await diff(before, after, "--fail-on", "widden");
  expect([unknown.status, unknown.stderr.includes("got 'widden'")]).toEqual([64, true]);
});

test("two evidence folders: the people whom the provider names, without those who cannot sign in", async () => {
  const files = {
    "a/evidence.json": JSON.stringify(evidence(before, { auditors: ["zoe@example.com"] })),
    "b/evidence.json": JSON.stringify(evidence(before, { auditors: ["yan@example.com", "left-long-ago@example.com"] })),
  };
  const { stdout, stderr } = await gatehouse(["diff", "a", "b"], { files });
  expect(stderr).toBe("");
  expect(stdout).toContain("1 person gains 'view' of Kasten K10 'k10' in sample, until 2027-03-31: yan@example.com.");
  expect(stdout).toContain("1 person loses 'view' of Kasten K10 'k10' in sample: zoe@example.com.");
  expect(stdout).not.toContain("left-long-ago");
});

test("what nobody declared and is new in the cluster widens access", async () => {
  const { status, stdout } = await diff(evidence(before, {}, "old"), evidence(before, {}, "new"), "--fail-on", "widen");
  expect(status).toBe(4);
  expect(stdout).toContain("ClusterRoleBinding new: Group okta:Others as ClusterRole k10-admin: undeclared, and new in the cluster.");
  expect(stdout).toContain("ClusterRoleBinding old: Group okta:Others as ClusterRole k10-admin: undeclared, and gone from the cluster.");
  expect(stdout).not.toContain("Nobody's access changes");
});

test("what cannot be compared fairly is said", async () => {
  const { stderr } = await diff(before, evidence({ ...after, stack: "other" }, {}));
  expect(stderr).toBe(
    "Two stacks are compared: 'sample' and 'other'.\nOne of the two is no evidence, so members are compared as the stack lists them.\n",
  );
});

test.each([
  ["no JSON", "{", 1, "Expected JSON from a, got something else."],
  [
    "another version of evidence",
    JSON.stringify({ version: "gatehouse.dev/evidence/v9" }),
    1,
    'Expected evidence of version gatehouse.dev/evidence/v1, got version "gatehouse.dev/evidence/v9".',
  ],
  ["something else", "{}", 1, "Expected an environment document of version gatehouse.dev/environment/v1"],
])("%s is refused in words", async (_what, text, status, words) => {
  const outcome = await gatehouse(["diff", "a", "b"], { files: { a: text, b: JSON.stringify(before) } });
  expect([outcome.status, outcome.stdout]).toEqual([status, ""]);
  expect(outcome.stderr).toContain(words);
});

test("a file that is not there is named", async () => {
  const { status, stderr } = await gatehouse(["diff", "nowhere.json", "b"], { files: { b: JSON.stringify(before) } });
  expect([status, stderr]).toEqual([
    64,
    expect.stringContaining("Expected an environment document or evidence in nowhere.json, which is not there."),
  ]);
});

test("a missed review of what stays is a finding of its own", async () => {
  const late = {
    ...before,
    access: before.access.map((grant) => ({
      ...grant,
      review: { every: "quarterly", reviewed: "2026-06-01", due: "2026-09-01", missed: "warn" },
    })),
  };
  const { status, stdout } = await diff(before, late, "--fail-on", "review");
  expect(status).toBe(4);
  expect(stdout).toContain("4 grants stay although their reviews were missed.");
  expect(stdout).toContain("Reviews missed\n  k10: admin of 'Kasten Admins': its quarterly review was due by 2026-09-01\n");
});
