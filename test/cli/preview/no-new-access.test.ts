import { parse, stringify } from "yaml";
import { sampleRaw, type Raw } from "../../fixtures/sample";
import { clusterBinding, clusterRole, group, role } from "../../verifier/rbac/objects";
import { deployed, digest, urn, type EngineOutput, type Step } from "../engine-output";
import { gatehouse, type World } from "../harness";

const chartRoles = [
  clusterRole("k10-admin", [{ verbs: ["*"], apiGroups: ["config.kio.kasten.io"], resources: ["*"] }]),
  clusterRole("k10-basic", [{ verbs: ["create"], apiGroups: ["actions.kio.kasten.io"], resources: ["backupactions"] }]),
  clusterRole("k10-config-view", [{ verbs: ["get"], apiGroups: ["config.kio.kasten.io"], resources: ["policies"] }]),
  role("kasten-io", "k10-ns-admin", [{ verbs: ["get"], apiGroups: [""], resources: ["pods"] }]),
];

/** Renders the chart's roles, and whatever `extraObjects` of the values holds. */
const runHelm = (_command: string, args: readonly string[], input = "") => {
  const values = parse(input) as { extraObjects?: unknown[] };
  expect(args[0]).toBe("template");
  return {
    status: 0,
    stdout: [...chartRoles, ...(values.extraObjects ?? [])].map((object) => stringify(object)).join("---\n"),
    stderr: "",
  };
};

const releaseInputs = (values: Raw = {}, more: Raw = {}): Raw => ({
  name: "k10",
  chart: "k10",
  version: "8.0.15",
  namespace: "kasten-io",
  repositoryOpts: { repo: "https://charts.kasten.io/" },
  values,
  ...more,
});
const release = (before: Raw | undefined, after: Raw | undefined): Step => ({
  op: before === undefined ? "create" : JSON.stringify(before) === JSON.stringify(after) ? "same" : "update",
  urn: urn("kubernetes:helm.sh/v3:Release", "k10"),
  ...(before && { oldState: { custom: true, inputs: before } }),
  ...(after && { newState: { custom: true, inputs: after } }),
});
const unchanged = release(releaseInputs(), releaseInputs());
const object = (kind: string, name: string, before: unknown, after: unknown): Step => ({
  op: before === undefined ? "create" : "update",
  urn: urn(`kubernetes:rbac.authorization.k8s.io/v1:${kind}`, name),
  ...(before === undefined ? {} : { oldState: { custom: true, inputs: before as Raw } }),
  newState: { custom: true, inputs: after as Raw },
});

async function prove(output: Partial<EngineOutput>, world: World = {}, ...flags: string[]) {
  const from = digest({ before: deployed(), steps: [unchanged], ...output });
  return gatehouse(["preview", "--from", "p.json", "--prove-no-new-access", ...flags], {
    run: runHelm,
    files: { "p.json": from },
    ...world,
  });
}

test.each<[string, Raw]>([
  ["chart", { chart: "--post-renderer=/tmp/program" }],
  ["name", { name: "--post-renderer=/tmp/program" }],
  ["version", { version: "--post-renderer=/tmp/program" }],
  ["namespace", { namespace: "--post-renderer=/tmp/program" }],
  ["repository", { repositoryOpts: { repo: "--post-renderer=/tmp/program" } }],
])("a %s that is called like a flag of helm is none", async (_what, more) => {
  const seen: (readonly string[])[] = [];
  const steps = [release(releaseInputs(), releaseInputs({}, more))];
  const run = (command: string, args: readonly string[], input?: string) => {
    seen.push(args);
    return runHelm(command, args, input);
  };
  await prove({ steps }, { run });
  expect(seen).not.toEqual([]);
  for (const args of seen) {
    const flags = args.slice(1, args.indexOf("--"));
    expect(flags.filter((flag) => flag.startsWith("--post-renderer"))).toEqual([]);
    expect(flags.every((flag) => /^--(?:values|namespace|kube-version|version|repo)=/.test(flag))).toBe(true);
    expect(args.indexOf("--")).toBe(args.length - 3);
  }
});

test("nothing changed: proven, status 0", async () => {
  const { status, stdout, stderr } = await prove({});
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(
    /^sample: proven\. Nobody may do after this update what they might not before \(\d+ bindings, \d+ roles and 1 rendered charts compared, for all requests\)\.\n$/,
  );
});

test("the chart is rendered by what the release says, nothing that it says is a flag, and values go over standard input", async () => {
  const { runs } = await prove({});
  expect(runs).toEqual([
    "helm template --values=- --namespace=kasten-io --kube-version=1.36.0 --version=8.0.15 --repo=https://charts.kasten.io/ -- k10 k10",
  ]);
});

test("chart values that bring a ClusterRoleBinding: widened, status 4, with the smallest witness", async () => {
  const extra = { extraObjects: [clusterBinding("door", "cluster-admin", [group("okta:Kasten Users")])] };
  const { status, stdout } = await prove({ steps: [release(releaseInputs(), releaseInputs(extra))] });
  expect(status).toBe(4);
  expect(stdout).toContain(
    "  Group okta:Kasten Users: get secrets in the whole cluster\n    by ClusterRoleBinding door, ClusterRole cluster-admin: any verb on everything (any API)\n",
  );
});

test("fewer values are no gain", async () => {
  const extra = { extraObjects: [clusterBinding("door", "view", [group("okta:Kasten Users")])] };
  expect((await prove({ steps: [release(releaseInputs(extra), releaseInputs())] })).status).toBe(0);
});

test("a role that gains a verb", async () => {
  const reader = (verbs: string[]) => clusterRole("reader", [{ verbs, apiGroups: [""], resources: ["secrets"] }]);
  const bound = clusterBinding("readers", "reader", [group("okta:Security Auditors")]);
  const steps = (verbs: string[]) => [
    unchanged,
    object("ClusterRole", "reader", reader(["list"]), reader(verbs)),
    object("ClusterRoleBinding", "readers", bound, bound),
  ];
  const { status, stdout } = await prove({ steps: steps(["list", "get"]) });
  expect(status).toBe(4);
  expect(stdout).toContain(
    "  Group okta:Security Auditors: get secrets in the whole cluster\n    by ClusterRoleBinding readers, ClusterRole reader: list, get secrets (core)\n",
  );
  expect((await prove({ steps: steps(["list"]) })).status).toBe(0);
});

test("an aggregated role: rights that join a built-in one reach whoever holds it", async () => {
  const extra = clusterRole("more", [{ verbs: ["get"], apiGroups: [""], resources: ["secrets"] }], {
    "rbac.authorization.k8s.io/aggregate-to-view": "true",
  });
  const bound = clusterBinding("viewers", "view", [group("okta:Security Auditors")]);
  const steps = [unchanged, object("ClusterRole", "more", undefined, extra), object("ClusterRoleBinding", "viewers", bound, bound)];
  const { status, stdout } = await prove({ steps });
  expect(status).toBe(4);
  expect(stdout).toContain(
    "  Group okta:Security Auditors: get secrets in the whole cluster\n    by ClusterRoleBinding viewers, ClusterRole view: get secrets (core)\n",
  );
});

test("a group that changes its claim value: the new name gains", async () => {
  const raw = sampleRaw();
  raw.groups["backup-operators"] = { displayName: "Everyone at Example" };
  const { status, stdout } = await prove({ raw });
  expect(status).toBe(4);
  expect(stdout).toContain("  Group okta:Everyone at Example: create backupactions.actions.kio.kasten.io in billing\n");
});

test("a person who joins a group gains what it holds, and nobody else", async () => {
  const raw = sampleRaw();
  raw.groups["backup-admins"] = { displayName: "Kasten Admins", members: ["ana@example.com", "nils@example.com"] };
  const { status, stdout } = await prove({ raw }, {}, "--format", "json");
  expect(status).toBe(4);
  const proof = JSON.parse(stdout) as { version: string; verdict: string; gains: { who: unknown }[]; undecided: string[] };
  expect(proof).toMatchObject({ version: "gatehouse.dev/no-new-access/v1", verdict: "widened", undecided: [] });
  expect(proof.gains.map(({ who }) => who)).toEqual([{ kind: "person", name: "nils@example.com" }]);
});

test("another prefix: who gains is told by what tokens carry", async () => {
  const raw = sampleRaw();
  raw.platforms.k10["prefix"] = "acme:";
  const bound = clusterBinding("old", "view", [group("acme:Kasten Users")]);
  const { status, stdout } = await prove({ raw, steps: [unchanged, object("ClusterRoleBinding", "old", bound, bound)] });
  expect(status).toBe(4);
  expect(stdout).toContain("whoever k10 knows as 'Kasten Users': get ");
});

test.each<[string, Raw, string]>([
  [
    "a value that is known only after the update",
    { values: { extraObjects: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" } },
    "extraObjects is known only after the update, or secret",
  ],
  ["a secret value", { values: { license: "[secret]" } }, "license is known only after the update, or secret"],
  ["a post-renderer", { postrender: "./change.sh" }, "postrender changes what is installed, and is not followed."],
])("%s decides nothing: status 3, with the reason", async (_, more, reason) => {
  const { status, stdout } = await prove({ steps: [release(releaseInputs(), releaseInputs({}, more))] });
  expect(stdout).toMatch(/^sample: not decided/);
  expect(stdout).toContain(reason);
  expect(status).toBe(3);
});

test("the secret's name, which Gatehouse itself fills in, decides about nothing", async () => {
  const values = { auth: { oidcAuth: { clientSecretName: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" } } };
  expect((await prove({ steps: [release(releaseInputs(), releaseInputs(values))] })).status).toBe(0);
});

test("a chart that cannot be rendered, and a folder whose earlier content is gone", async () => {
  const fails: World["run"] = () => ({ status: 1, stdout: "", stderr: "Error: no such chart\npassword: hunter2\n" });
  const changed = release(releaseInputs(), releaseInputs({ a: 1 }));
  const { status, stdout } = await prove({ steps: [changed] }, { run: fails });
  expect(status).toBe(3);
  expect(stdout).toContain("Not decided: Release k10: its chart could not be rendered: Error: no such chart\n");
  expect(stdout).not.toContain("hunter2");
  const folder = release(releaseInputs({}, { chart: "./charts/k10" }), releaseInputs({}, { chart: "./charts/k10", version: "8.0.16" }));
  expect((await prove({ steps: [folder] })).stdout).toContain("what the chart folder held at the last update is not known");
});

test.each([
  ["kubernetes:admissionregistration.k8s.io/v1:MutatingWebhookConfiguration", "it can change what others write"],
  ["kubernetes:pulumi.com/v1:Stack", "what its controller grants is not known"],
  ["kubernetes:rbac.authorization.k8s.io/v1:ClusterRolePatch", "a patch of an object whose other parts are not in the plan"],
  ["pulumi-nodejs:dynamic:Resource", "what a program of the plan does is not known"],
])("a changed %s is not decided", async (type, reason) => {
  const step: Step = { op: "create", urn: urn(type, "odd"), newState: { custom: true, inputs: { metadata: { name: "odd" } } } };
  const { status, stdout } = await prove({ steps: [unchanged, step] });
  expect(stdout).toContain(reason);
  expect(status).toBe(3);
});

test("the live cluster knows roles that the plan does not", async () => {
  const bound = (groups: string[]) =>
    clusterBinding(
      "ops",
      "operators",
      groups.map((name) => group(name)),
    );
  const steps = [unchanged, object("ClusterRoleBinding", "ops", bound(["a"]), bound(["a", "b"]))];
  expect((await prove({ steps })).stdout).toContain("ClusterRoleBinding ops names ClusterRole operators, whose rules are not known");
  const api = "/apis/rbac.authorization.k8s.io/v1";
  const list = (...items: unknown[]) => ({ status: 200, body: { kind: "List", items } });
  const cluster = {
    "/version": { status: 200, body: { gitVersion: "v1.35.2" } },
    [`${api}/clusterroles`]: list(
      clusterRole("operators", [{ verbs: ["get"], apiGroups: [""], resources: ["nodes"] }]),
      ...chartRoles.slice(0, 3),
    ),
    [`${api}/roles`]: list(chartRoles[3]),
    [`${api}/clusterrolebindings`]: list(bound(["a"])),
    [`${api}/rolebindings`]: list(),
  };
  const { stdout, runs } = await prove({ steps, before: deployed() }, { cluster }, "--kubeconfig", "admin.yaml");
  expect(stdout).toContain(
    "  Group b: get nodes in the whole cluster\n    by ClusterRoleBinding ops, ClusterRole operators: get nodes (core)\n",
  );
  expect(runs.at(-1)).toContain("--kube-version=v1.35.2");
});

test("before the first update everything that is granted is gained", async () => {
  const { status, stdout } = await prove({ before: undefined, steps: [release(undefined, releaseInputs())] });
  expect(status).toBe(4);
  expect(stdout).toContain("Group okta:Kasten Admins: ");
});

test("without the cluster, a role that grows is a gain of whoever else holds it, and a role may be gathered by one that is not seen", async () => {
  const before = clusterRole("reader", [{ verbs: ["list"], apiGroups: [""], resources: ["secrets"] }]);
  const after = clusterRole("reader", [{ verbs: ["*"], apiGroups: [""], resources: ["secrets"] }]);
  const grown = await prove({ steps: [unchanged, object("ClusterRole", "reader", before, after)] });
  expect(grown.status).toBe(4);
  expect(grown.stdout).toContain("  Group (whoever else holds ClusterRole reader): get secrets in the whole cluster\n");
  const labelled = clusterRole("part", [{ verbs: ["get"], apiGroups: [""], resources: ["secrets"] }], {
    "example.com/aggregate-to-ops": "true",
  });
  const gathered = await prove({ steps: [unchanged, object("ClusterRole", "part", undefined, labelled)] });
  expect([gathered.status, gathered.stdout]).toEqual([
    3,
    expect.stringContaining("ClusterRole part: a role that is not in the plan may gather its rules. Fix: pass --kubeconfig.\n"),
  ]);
});

test("the engine is asked for unchanged resources too", async () => {
  const run: World["run"] = (command, args, input) =>
    command === "helm"
      ? runHelm(command, args, input)
      : { status: 0, stdout: digest({ before: deployed(), steps: [unchanged] }), stderr: "" };
  const { status, runs } = await gatehouse(["preview", "--stack", "sample", "--prove-no-new-access"], { run });
  expect([status, runs[0]]).toEqual([0, "pulumi preview --json --show-sames --non-interactive --color never --stack sample"]);
});
