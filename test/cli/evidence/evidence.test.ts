import { gzipSync } from "node:zlib";
import { generateKeyPairSync } from "node:crypto";
import type { Evidence } from "../../../model";
import type { RbacBinding } from "../../../verifier/rbac";
import { sampleDocument } from "../../fixtures/sample";
import { gatehouse, type World } from "../harness";
import { clusterOf, declaredMembers, folderOf, found, goodWorld, liveState, oktaOf, run } from "./world";
import { cpuSeconds } from "../../cpu-seconds";

test("as declared: status 0, every list and every group had in two ways, every grant asked about, nothing secret", async () => {
  const outcome = await run();
  expect(outcome).toMatchObject({ status: 0, stderr: "" });
  expect(outcome.stdout).toMatch(
    /^sample, .*: All that was asked agrees with what was declared \(3 of 3 groups read, \d+ questions asked of the cluster\)\.\nout: 9 files, not signed\.\n$/,
  );
  const evidence = found(outcome);
  expect(evidence.cluster.lists.map(({ what, listed, counted, pages }) => [what, listed === counted, pages > 1])).toEqual([
    ["clusterrolebindings", true, true],
    ["clusterroles", true, true],
    ["rolebindings", true, true],
    ["roles", true, false],
  ]);
  expect(Object.values(evidence.groups).map(({ listed, counted }) => [listed, counted])).toEqual([
    [3, 3],
    [1, 1],
    [1, 1],
  ]);
  expect(evidence.by).toBe("ida, to the cluster auditor");
  const answers = evidence.grants.map(({ key, tests }) => [
    key,
    tests.map(({ question, expected, answer }) => `${question}: ${expected}, ${answer}`),
  ]);
  const asked: Record<string, string[] | undefined> = Object.fromEntries(answers) as Record<string, string[]>;
  expect(asked["k10/backup-operators/basic/shop,billing"]).toBeUndefined();
  expect(asked["k10/backup-operators/basic/billing,shop"]).toEqual([
    "create backupactions.actions.kio.kasten.io in billing: allowed, allowed",
    "create backupactions.actions.kio.kasten.io in kube-system: refused, refused",
    "create backupactions.actions.kio.kasten.io in billing: allowed, allowed",
    "create backupactions.actions.kio.kasten.io in kube-system: refused, refused",
  ]);
  expect(Object.values(outcome.written ?? {}).join("")).not.toContain("a-token-of-the-test");
});

test("a hidden binding: the finding, the questions that the API server answers otherwise, status 5", async () => {
  const hidden: RbacBinding = {
    kind: "ClusterRoleBinding",
    namespace: "",
    name: "hidden",
    roleRef: { kind: "ClusterRole", name: "cluster-admin" },
    subjects: [{ kind: "Group", name: "okta:Kasten Users", namespace: "" }],
  };
  const outcome = await run({ cluster: clusterOf(liveState(sampleDocument(), [hidden])) });
  expect(outcome.status).toBe(5);
  expect(found(outcome).findings.map(({ kind, what }) => [kind, what])).toEqual([
    ["shadow-access", "ClusterRoleBinding hidden"],
    ["test", "k10/backup-operators/basic/billing,shop: okta:00u-omar@example.com, okta:Kasten Users"],
    ["test", "k10/backup-operators/basic/billing,shop: okta:Kasten Users"],
  ]);
  expect(found(outcome).cluster.bindings.find(({ name }) => name === "hidden")).toMatchObject({
    declared: false,
    reaches: ["environment", "whole cluster"],
  });
});

test("a role that is not there: the grant gives nothing, which is a finding", async () => {
  const state = liveState(sampleDocument());
  const outcome = await run({ cluster: clusterOf({ ...state, roles: state.roles.filter(({ name }) => name !== "k10-config-view") }) });
  expect(outcome.status).toBe(5);
  expect(outcome.stdout).toContain(
    "test: k10/auditors/view\n  ClusterRole k10-config-view is not in the cluster: the grant gives nothing.",
  );
});

test("a grant whose last day has passed is still bound: asked, and found", async () => {
  const document = sampleDocument();
  const ended = {
    ...document,
    access: document.access.map((grant) => (grant.group === "auditors" ? { ...grant, until: "2026-11-01" } : grant)),
  };
  const outcome = await gatehouse(["evidence", "--env", "environment.json", "--out", "out"], goodWorld({}, ended));
  expect(outcome.status).toBe(5);
  expect(outcome.stdout).toMatch(
    /test: k10\/auditors\/view: okta:Security Auditors\n {2}.*: expected refused, got allowed \(whoever is in the group: the grant ended on 2026-11-01\)/,
  );
});

test("the provider is read with the private authority behind its issuer", async () => {
  const document = sampleDocument();
  Object.values(document.platforms).forEach((platform) => Object.assign(platform, { issuerCertificateAuthority: "PEM of the authority" }));
  const trusted = new Set<string | undefined>();
  const answer = oktaOf();
  const fetch: NonNullable<World["fetch"]> = (url, init) => {
    trusted.add(init.certificateAuthority);
    return answer(url, init);
  };
  const outcome = await gatehouse(["evidence", "--env", "environment.json", "--out", "out"], goodWorld({ fetch }, document));
  expect([outcome.status, [...trusted]]).toEqual([0, ["PEM of the authority"]]);
});

test("somebody put in and somebody taken out at the provider, and another name of the group", async () => {
  const members = { ...declaredMembers, "00g1admins": ["eve@example.com"] };
  const outcome = await run({ fetch: oktaOf(members, { names: { "00g3auditors": "Auditors" } }) });
  expect(outcome.status).toBe(5);
  expect(found(outcome).findings).toMatchObject([
    { kind: "changed", what: "group 'Security Auditors'", detail: "the identity provider calls 00g3auditors 'Auditors'" },
    {
      kind: "members",
      what: "group 'Kasten Admins'",
      detail: "eve@example.com is in it and not in the stack file; ana@example.com is in the stack file and not in it",
    },
  ]);
});

test("somebody who comes between the list and the count is read again, and is in it once", async () => {
  const later = oktaOf({ ...declaredMembers, "00g3auditors": [...(declaredMembers["00g3auditors"] ?? []), "zoe@example.com"] });
  const before = oktaOf();
  let counted = false;
  const fetch: NonNullable<World["fetch"]> = (address, init) => {
    counted ||= new URL(address).searchParams.get("filter") === 'id eq "00g3auditors"';
    return (counted ? later : before)(address, init);
  };
  const outcome = await run({ fetch });
  expect(outcome.status).toBe(0);
  const auditors = found(outcome).groups["auditors"];
  expect([auditors?.listed, auditors?.counted, auditors?.people?.map(({ login }) => login)]).toEqual([
    4,
    4,
    ["ada@example.com", "eve@example.com", "ida@example.com", "zoe@example.com"],
  ]);
});

test("a group of 20,000 of whom all but one have left: indexed once, so it takes little", async () => {
  const many = Array.from({ length: 20_000 }, (_, number) => `p${number}@example.com`);
  const folders = { before: folderOf(await run({ fetch: pagesOf(many) })) };
  const spent = await cpuSeconds(async () => {
    const outcome = await run({ fetch: pagesOf(many.slice(0, 1)), folders }, ["--since", "before"]);
    expect(found(outcome).ended).toHaveLength(19_999);
  });
  // Each against each would be four hundred million comparisons for each of three grants.
  expect(spent).toBeLessThan(60);
});

/** Okta with these people among the auditors. */
const pagesOf = (auditors: readonly string[]) => oktaOf({ ...declaredMembers, "00g3auditors": auditors }, { pageSize: 1_000 });

test.each([
  [
    "the provider's count is another",
    { fetch: oktaOf(declaredMembers, { uncounted: 1 }) },
    /Incomplete: 3 things could not be read; .*expected 2 entries, by Okta's own count of the group's people \(expand=stats\), got a list of 1, twice\./s,
  ],
  [
    "no credentials",
    { env: {} },
    /Incomplete: .*not readable: Who is in the groups, and how they sign in: Expected credentials for Okta's API, got none\. Fix: set OKTA_API_CLIENT_ID and OKTA_API_PRIVATE_KEY/s,
  ],
])("incomplete, status 6: %s", async (_what, world, words) => {
  const outcome = await run(world);
  expect(outcome.status).toBe(6);
  expect(outcome.stdout).toMatch(words);
  expect(Object.values(found(outcome).groups).every(({ people }) => people === null)).toBe(true);
});

test.each([
  [
    "a list that is short",
    { cluster: clusterOf(liveState(sampleDocument()), { uncounted: 1 }) },
    [],
    3,
    /Expected \d+ \w+, as the API server counts them at resourceVersion 7, got a list of \d+\./,
  ],
  [
    "a clock that is ahead",
    { cluster: clusterOf(liveState(sampleDocument()), { ahead: 3_600 }) },
    [],
    3,
    /within 60 s, got the server's 3600 s ahead of this machine's\./,
  ],
  [
    "a folder that holds something",
    { folders: { out: { "a.txt": "" } } },
    [],
    64,
    /Expected --out to name a folder that is not there, or is empty, got out, which holds something\./,
  ],
  ["two ways to sign", {}, ["--sign-key", "a", "--sign-with", "b"], 64, /Expected one of --sign-key and --sign-with, got both\./],
  ["a passphrase without a key", {}, ["--passphrase-file", "a"], 64, /Expected --sign-key beside --passphrase-file/],
  [
    "a log that is none",
    { files: { log: "{}\n" } },
    ["--audit-log", "log"],
    64,
    /Expected an event of audit\.k8s\.io in line 1 of log, got something else\./,
  ],
  [
    "an earlier document of another version",
    { folders: { old: { "evidence.json": '{"version":"gatehouse.dev/evidence/v0"}' } } },
    ["--since", "old"],
    1,
    /Expected evidence of version gatehouse\.dev\/evidence\/v1, got version "gatehouse\.dev\/evidence\/v0"\./,
  ],
  [
    "a key of another kind",
    { files: { key: generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" }).toString() } },
    ["--sign-key", "key"],
    64,
    /Expected a key of Ed25519 or ECDSA P-256, got rsa\./,
  ],
  [
    "no passphrase",
    {
      files: {
        key: generateKeyPairSync("ed25519")
          .privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" })
          .toString(),
      },
    },
    ["--sign-key", "key"],
    64,
    /Expected the passphrase of the private key, got none\./,
  ],
] as const)("refused, and nothing is written: %s", async (_what, world, flags, status, words) => {
  const outcome = await run(world, flags);
  expect(outcome).toMatchObject({ status, stdout: "" });
  expect(outcome.stderr).toMatch(words);
  expect(outcome.written).toBeUndefined();
});

test("without --out: refused; a sample of 0 asks about no single person", async () => {
  expect(await gatehouse(["evidence", "--env", "environment.json"], goodWorld())).toMatchObject({ status: 64 });
  const evidence = found(await run({}, ["--sample", "0"]));
  expect(evidence.grants.flatMap(({ tests }) => tests).every(({ as }) => as.user === "")).toBe(true);
  expect((await run({}, ["--sample", "many"])).status).toBe(64);
});

test("what has ended since an earlier evidence is asked again: a person, a grant; what another grant permits is not called gone", async () => {
  const old = folderOf(await run());
  const document = sampleDocument();
  const left = { ...document, access: document.access.filter(({ group }) => group !== "auditors") };
  const world = goodWorld(
    {
      folders: { old },
      fetch: oktaOf({ ...declaredMembers, "00g2operators": [] }),
      cluster: clusterOf(liveState(left)),
    },
    left,
  );
  const outcome = await gatehouse(["evidence", "--env", "environment.json", "--out", "out", "--since", "old"], world);
  expect(found(outcome).ended.map(({ what, grant, person, gone }) => ({ what, grant, person, gone }))).toEqual([
    { what: "person removed", grant: "k10/backup-operators/basic/billing,shop", person: "omar@example.com", gone: true },
    { what: "grant removed", grant: "k10/auditors/view", person: undefined, gone: true },
  ]);
  // The binding was forgotten in the cluster: the grant is gone from the file alone.
  const forgotten = await gatehouse(["evidence", "--env", "environment.json", "--out", "out", "--since", "old"], {
    ...world,
    cluster: clusterOf(liveState(document)),
  });
  expect(found(forgotten).ended.at(-1)).toMatchObject({ what: "grant removed", gone: false });
  expect(forgotten.status).toBe(5);
});

describe("audit logs", () => {
  const event = (moment: string, reason: string, decision = "allow", stage = "ResponseComplete") =>
    JSON.stringify({
      kind: "Event",
      apiVersion: "audit.k8s.io/v1",
      stage,
      requestReceivedTimestamp: moment,
      annotations: { "authorization.k8s.io/decision": decision, "authorization.k8s.io/reason": reason },
    });
  const used = 'RBAC: allowed by RoleBinding "gatehouse-k10-k10-basic/shop" of ClusterRole "k10-basic" to Group "okta:Kasten Users"';
  const lines = [
    event("2026-11-20T10:00:00.123456Z", used),
    event("2026-11-22T10:00:00.000000Z", used),
    event("2026-11-22T11:00:00.000000Z", used, "forbid"),
    event("2026-11-22T12:00:00.000000Z", used, "allow", "RequestReceived"),
    event("2026-11-23T10:00:00.000000Z", "node authorizer"),
  ];
  const log = `${lines.join("\r\n")}\n\n`;
  const lastUse = (evidence: Evidence) => evidence.grants.find(({ group }) => group === "backup-operators")?.lastUse;

  test("when each grant was last used, and which was not", async () => {
    const evidence = found(await run({ files: { log } }, ["--audit-log", "log"]));
    expect(evidence.auditLog).toEqual({ events: 5, from: "2026-11-20T10:00:00.123Z", to: "2026-11-23T10:00:00.000Z" });
    expect(lastUse(evidence)).toBe("2026-11-22T10:00:00.000Z");
    expect(evidence.unused).toEqual(["k10/auditors/view", "k10/backup-admins/admin", "k10-dr/backup-admins/admin"].sort());
  });

  test("several files in any order, some compressed; a last line that is cut is said, and nothing of it is read", async () => {
    const bytes = {
      "audit-1.log.gz": gzipSync(lines[0] ?? ""),
      "audit.log": Buffer.from(`${lines[1] ?? ""}\n${(lines[4] ?? "").slice(0, 90)}`),
    };
    const evidence = found(await run({ bytes }, ["--audit-log", "audit.log", "audit-1.log.gz"]));
    expect(evidence.auditLog).toEqual({ events: 2, from: "2026-11-20T10:00:00.123Z", to: "2026-11-22T10:00:00.000Z", cut: ["audit.log"] });
    expect(lastUse(evidence)).toBe("2026-11-22T10:00:00.000Z");
  });

  test.each([
    [
      "a line in the middle that is cut",
      Buffer.from(`${(lines[0] ?? "").slice(0, 90)}\n${lines[1] ?? ""}\n`),
      /in line 1 of log, got something else/,
    ],
    ["a last line that is JSON and no event", Buffer.from("{}"), /in line 1 of log, got something else/],
    ["a compressed file that is cut", gzipSync(log).subarray(0, 60), /Expected a whole gzip file in log/],
    [
      "events of a policy that logs no decision",
      Buffer.from(log.replaceAll("authorization.k8s.io/", "other/")),
      /got 5 that do not: every grant would look unused\.\nFix: let the audit policy/,
    ],
    ["a moment that is none", Buffer.from(event("yesterday", used)), /in line 1 of log/],
  ])("%s: refused before anybody is asked", async (_what, content, words) => {
    const outcome = await run({ bytes: { log: content } }, ["--audit-log", "log"]);
    expect([outcome.status, outcome.stderr, outcome.runs]).toEqual([64, expect.stringMatching(words), []]);
  });

  test("an empty log has no events, and says nothing of anybody", async () => {
    const evidence = found(await run({ bytes: { log: Buffer.alloc(0) } }, ["--audit-log", "log"]));
    expect(evidence.auditLog).toEqual({ events: 0, from: null, to: null });
  });
});
