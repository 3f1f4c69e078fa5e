import { sampleRaw, withAt } from "../../fixtures/sample";
import { deployed, digest, events, urn, type Step } from "../engine-output";
import { fixture, gatehouse } from "../harness";

const oneMore = withAt(["groups", "backup-admins", "members"], ["ana@example.com", "ben@example.com"]);
const chartAdmins = (...names: string[]): ReturnType<typeof sampleRaw> => {
  const raw = sampleRaw();
  Object.assign(raw.platforms.k10, { insecureChartAdminGroups: true, values: { auth: { k10AdminGroups: names } } });
  return raw;
};
const from = (text: string, ...flags: string[]) => gatehouse(["preview", "--from", "p.json", ...flags], { files: { "p.json": text } });
const ran = (stdout: string, status = 0) => ({ run: { status, stdout, stderr: "" } });

const policyEvent = (enforcementLevel: string, policyName = "rbac-no-wildcards") => ({
  policyEvent: {
    resourceUrn: urn("a:b:C", "thing"),
    message: "No.\nFix: do.",
    policyName,
    policyPackName: "gatehouse",
    enforcementLevel,
    color: "never",
  },
});
const failed = { diagnosticEvent: { message: "error: preview failed\n", severity: "error", color: "never" } };

describe("--from", () => {
  test("a digest: the change from what is deployed to what the configuration describes", async () => {
    const { status, stdout, stderr } = await from(digest({ raw: oneMore, before: deployed() }));
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout.split("\n").slice(0, 6)).toEqual([
      "Access to 'sample'",
      "  1 person gains administration (admin) of Kasten K10 'k10' in sample, without an end: ben@example.com.",
      "",
      "Gains",
      "  ben@example.com: admin of k10, without an end",
      "",
    ]);
    expect(stdout).toContain("The policy pack's findings are not part of this preview.");
  });

  test("events give the same, and nothing of their debug messages", async () => {
    const { status, stdout, stderr } = await from(events({ raw: oneMore, before: deployed() }), "--format", "json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      stack: "sample",
      first: false,
      gains: [{ holder: { name: "ben@example.com" } }],
      policies: [],
    });
    expect(stdout + stderr).not.toContain("hunter2");
  });

  test("the first update: everybody gains, and the client id is not known", async () => {
    const { stdout } = await from(digest({}), "--format", "json");
    const change = JSON.parse(stdout) as { first: boolean; gains: unknown[]; unknown: string[] };
    expect(change.first).toBe(true);
    expect(change.gains).toHaveLength(4);
    expect(change.unknown).toEqual(["The client id of 'k10'."]);
  });

  test("on Entra ID a new group's claim value is not known either", async () => {
    const raw = { ...sampleRaw(), idp: { kind: "entra", tenantId: "6d2374b4-aceb-42ac-966a-716a93f07db0" } };
    const { stdout } = await from(digest({ raw }), "--format", "json");
    expect((JSON.parse(stdout) as { unknown: string[] }).unknown).toContain(
      "What tokens will carry for group 'Kasten Admins', and so whom its bindings name.",
    );
  });

  test("a tenant that is written as a domain leaves the issuer open, and claims no change of it", async () => {
    const raw = { ...sampleRaw(), idp: { kind: "entra", tenantId: "example.com" } };
    const { stdout } = await from(digest({ raw }), "--format", "json");
    expect((JSON.parse(stdout) as { unknown: string[] }).unknown[0]).toBe(
      "The issuer: the tenant is written as a domain, and looked up at the update.",
    );
  });

  test("a renamed group on Okta is another name in the tokens", async () => {
    const raw = withAt(["groups", "backup-admins", "displayName"], "Backup Admins");
    const { stdout } = await from(digest({ raw, before: deployed() }), "--format", "json");
    expect(JSON.parse(stdout)).toMatchObject({
      gains: [],
      losses: [],
      claims: [{ platform: null, what: "claim value of group 'backup-admins'", before: "Kasten Admins", after: "Backup Admins" }],
    });
  });

  test("a day that Pulumi made a timestamp of is still that day", async () => {
    const raw = withAt(["platforms", "k10", "access", 2, "until"], "2027-03-31 00:00:00 +0000 UTC");
    const { stdout } = await from(digest({ raw, before: deployed() }));
    expect(stdout).toContain("Nobody's access changes in sample.");
  });

  test("an ended grant is a loss, and said on stderr", async () => {
    const raw = withAt(["platforms", "k10", "access", 2, "until"], "2026-11-20");
    const { stdout, stderr } = await from(digest({ raw, before: deployed() }));
    expect(stdout).toContain("group 'Security Auditors': view of k10, until 2027-03-31");
    expect(stderr).toBe("platforms.k10.access[2]: 'view' of 'auditors' ended with 2026-11-20; remove the grant from the stack file.\n");
  });

  test("resources: a replacement once, components not at all, names of properties without values", async () => {
    const step = (op: string, type: string, name: string, more: Partial<Step> = {}): Step => ({
      op,
      urn: urn(type, name),
      oldState: { custom: true },
      newState: { custom: true },
      ...more,
    });
    const steps = [
      step("create-replacement", "okta:app/oAuth:OAuth", "k10-app", { detailedDiff: { type: { kind: "update-replace" } } }),
      step("replace", "okta:app/oAuth:OAuth", "k10-app"),
      step("delete-replaced", "okta:app/oAuth:OAuth", "k10-app"),
      step("create", "gatehouse:index:Kasten", "k10", { oldState: undefined, newState: { custom: false } }),
      step("same", "okta:group/group:Group", "groups-x"),
      step("update", "gatehouse:index:Kasten$kubernetes:helm.sh/v3:Release", "k10-release", { diffReasons: ["values"] }),
    ];
    const { stdout } = await from(digest({ before: deployed(), steps }), "--format", "json");
    expect((JSON.parse(stdout) as { resources: unknown }).resources).toEqual([
      { name: "k10-app", operation: "replace", properties: ["type"], type: "okta:app/oAuth:OAuth" },
      { name: "k10-release", operation: "update", properties: ["values"], type: "kubernetes:helm.sh/v3:Release" },
    ]);
  });

  test.each([
    ["no JSON", "Previewing update (sample):", "Expected the output of `pulumi preview --json` from p.json, got something else."],
    ["nothing", "", "Expected the output of `pulumi preview --json` from p.json, got something else."],
    ["another JSON", '{"steps":[]}', "Expected a preview of a whole stack from p.json, got one without the stack itself."],
  ])("%s is a matter of usage", async (_, text, words) => {
    expect(await from(text)).toMatchObject({ status: 64, stdout: "", stderr: expect.stringContaining(words) as string });
  });

  test.each([
    ["a digest", digest],
    ["events", events],
  ])("%s of `pulumi destroy` is no preview of an update", async (_, output) => {
    expect(await from(output({ before: deployed(), op: "delete" }))).toMatchObject({
      status: 64,
      stdout: "",
      stderr: expect.stringContaining("got one that deletes the whole stack: everybody named in it loses all access") as string,
    });
  });

  test("another stack's preview is refused", async () => {
    expect(await from(digest({}), "--stack", "production")).toMatchObject({
      status: 64,
      stderr: "Expected a preview of stack 'production' from p.json, got one of 'sample'.\n",
    });
  });

  test("a deployed document that cannot be read is no first update", async () => {
    const damaged: Record<string, unknown> = { ...deployed(), platforms: {}, risks: "none" };
    expect(await from(digest({ before: damaged }))).toMatchObject({
      status: 1,
      stdout: "",
      stderr: expect.stringContaining("It is the document of the deployed stack. Fix: if another version of Gatehouse wrote it") as string,
    });
  });

  test("a configuration that is wrong is refused with its paths", async () => {
    const raw = withAt(["platforms", "k10", "prefix"], "");
    expect(await from(digest({ raw }))).toMatchObject({
      status: 1,
      stdout: "",
      stderr: expect.stringContaining("platforms.k10.prefix") as string,
    });
  });
});

describe("--fail-on", () => {
  test.each([
    ["widen-admin", oneMore, 4],
    ["widen", oneMore, 4],
    ["permanent", oneMore, 4],
    ["insecure,redirect,claims,unknown,destroy", oneMore, 0],
    ["insecure", withAt(["idp", "insecureAssignEveryone"], true), 4],
    ["redirect", withAt(["platforms", "k10", "host"], "https://other.example.com"), 4],
    ["claims", withAt(["platforms", "k10", "prefix"], "corp:"), 4],
    ["widen-admin", withAt(["platforms", "k10", "prefix"], "corp:"), 4],
    ["widen-admin", withAt(["idp"], { kind: "entra", tenantId: "6d2374b4-aceb-42ac-966a-716a93f07db0" }), 4],
    ["widen-admin", chartAdmins("okta:A"), 4],
    ["widen-admin, widen", sampleRaw(), 0],
  ])("%s", async (kinds, raw, expected) => {
    const { status, stderr } = await from(digest({ raw, before: deployed() }), "--fail-on", kinds);
    expect(status).toBe(expected);
    expect(stderr === "").toBe(expected === 0);
  });

  test("one more name in the chart's own list of administrators, long after the choice was written out", async () => {
    const output = digest({ raw: chartAdmins("okta:A", "okta:Everybody"), before: deployed(chartAdmins("okta:A")) });
    const { status, stdout } = await from(output, "--fail-on", "widen-admin");
    expect(status).toBe(4);
    expect(stdout.split("\n").slice(1, 3)).toEqual([
      "  No grant changes in sample; what else changes is below.",
      "  Administration of 'k10' is handed out beside the grants: k10: insecureChartAdminGroups: the chart makes group 'okta:Everybody' an administrator of Kasten K10, who may read and write every Secret in the cluster.",
    ]);
  });

  test("the report is printed all the same, and names what stopped it", async () => {
    const { stdout, stderr } = await from(
      digest({ raw: oneMore, before: deployed() }),
      "--fail-on",
      "insecure,widen-admin",
      "--format",
      "markdown",
    );
    expect(stdout).toContain("**Stopped by `--fail-on`: widen-admin.**");
    expect(stderr).toBe("The change is stopped by widen-admin.\n");
  });

  test("an unknown kind is a matter of usage, with the list", async () => {
    expect(await from(digest({}), "--fail-on", "widen,everything")).toMatchObject({
      status: 64,
      stderr: expect.stringContaining(
        "widen-admin, widen, permanent, insecure, redirect, claims, chart, undone, lockout, review, unknown, policy, destroy; got 'everything'",
      ) as string,
    });
  });

  test("a mandatory rule stops it unasked, an advisory one only when asked", async () => {
    const output = (level: string, ...more: object[]) => events({ before: deployed() }, [policyEvent(level), ...more]);
    expect((await from(output("mandatory", failed))).status).toBe(4);
    expect((await from(output("advisory"))).status).toBe(0);
    expect((await from(output("advisory"), "--fail-on", "policy")).status).toBe(4);
    expect((await from(output("disabled"), "--fail-on", "policy")).status).toBe(0);
  });
});

describe("running the engine", () => {
  test("asks for events, without questions and colours", async () => {
    const { status, runs } = await gatehouse(
      [
        "preview",
        "--stack",
        "sample",
        "--cwd",
        "infra",
        "--config-file",
        "c.yaml",
        "--policy-pack",
        "dist/policies",
        "--policy-pack-config",
        "p.json",
      ],
      ran(events({ before: deployed() })),
    );
    expect(status).toBe(0);
    expect(runs).toEqual([
      "pulumi preview --json --non-interactive --color never --stack sample --cwd infra --config-file c.yaml --policy-pack dist/policies --policy-pack-config p.json",
    ]);
  });

  test("--pulumi names the command", async () => {
    const { runs } = await gatehouse(["preview", "--pulumi", "/opt/pulumi"], ran(events({ before: deployed() })));
    expect(runs[0]).toMatch(/^\/opt\/pulumi preview/);
  });

  test("a preview that stopped half-way is no preview", async () => {
    const broken = { diagnosticEvent: { message: "error: group 'Nobody' was not found\n", severity: "error", color: "never" } };
    const { status, stdout, stderr } = await gatehouse(["preview"], ran(events({ before: deployed() }, [broken, failed]), 1));
    expect({ status, stdout }).toEqual({ status: 3, stdout: "" });
    expect(stderr).toContain("the engine stopped: error: group 'Nobody' was not found");
  });

  test("a pack that cannot be loaded is told on stderr alone, and is no preview either", async () => {
    const run = { status: 255, stdout: events({ before: deployed() }), stderr: "error: failed to load Pulumi policy project\n" };
    expect(await gatehouse(["preview"], { run })).toMatchObject({
      status: 3,
      stdout: "",
      stderr: expect.stringContaining("the engine stopped: error: failed to load Pulumi policy project") as string,
    });
  });

  test("an error beside a broken rule is still an error", async () => {
    const broken = { diagnosticEvent: { message: "error: boom\n", severity: "error", color: "never" } };
    const { status } = await gatehouse(["preview"], ran(events({ before: deployed() }, [policyEvent("mandatory"), broken, failed]), 1));
    expect(status).toBe(3);
  });

  test.each([
    [{ status: 255, stdout: "", stderr: "error: no stack named 'x' found\n" }, "no stack named 'x' found"],
    [{ status: null, stdout: "", stderr: "spawn pulumi ENOENT" }, "could not be started: spawn pulumi ENOENT"],
  ])("no answer ends with the status for that", async (run, words) => {
    expect(await gatehouse(["preview"], { run })).toMatchObject({
      status: 3,
      stdout: "",
      stderr: expect.stringContaining(words) as string,
    });
  });
});

describe("access objects that change although no grant does", () => {
  const recorded = (name: string, ...flags: string[]) =>
    gatehouse(["preview", "--from", fixture(`preview/preview-okta-assignment-${name}.json`), ...flags]);

  test("an assignment that somebody made by hand goes: its access is undone", async () => {
    const { status, stdout } = await recorded("removed");
    expect(status).toBe(0);
    expect(stdout).not.toContain("Nobody's access changes");
    expect(stdout).toContain(
      "AppGroupAssignments k10-app-groups is put back as declared: hand-made access to 'k10' is undone (groups[3]).",
    );
    expect((await recorded("removed", "--fail-on", "undone")).status).toBe(4);
  });

  test("what a watched binding holds by hand is named, line by line", async () => {
    const urn =
      "urn:pulumi:sample::gatehouse::gatehouse:index:RoleBindings$pulumi-nodejs:dynamic/access:RestoredObjects::k10-access-restored";
    const line = "ClusterRoleBinding gatehouse-k10-k10-admin: takes away Group okta:Intruders";
    const watched = {
      resourcePreEvent: { metadata: { op: "update", urn, old: { custom: true }, new: { custom: true, inputs: { restores: [line] } } } },
    };
    const { stdout } = await gatehouse(["preview", "--format", "json"], ran(events({ before: deployed() }, [watched])));
    const { findings } = JSON.parse(stdout) as { findings: { kind: string; text: string }[] };
    expect(findings).toContainEqual({ kind: "undone", text: `${line}: changed by hand, undone by this update.` });
    const { status } = await gatehouse(["preview", "--fail-on", "undone"], ran(events({ before: deployed() }, [watched])));
    expect(status).toBe(4);
  });

  test("an assignment that is replaced locks people out meanwhile", async () => {
    const { status, stdout } = await recorded("replaced");
    expect(status).toBe(0);
    expect(stdout).not.toContain("Nobody's access changes");
    expect(stdout).toContain(
      "k10-app-groups is replaced: people lose access to 'k10' until it is made again, and are locked out while replaced.",
    );
    expect((await recorded("replaced", "--fail-on", "lockout")).status).toBe(4);
    expect((await recorded("replaced", "--fail-on", "undone")).status).toBe(0);
  });
});
