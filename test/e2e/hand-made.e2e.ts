/**
 * What somebody changes by hand in the objects that give access: the plan says that it goes, the next update takes it away, and nobody
 * who is declared loses access meanwhile. The stand-in's Read is as blind as the recorded one of the official plugin.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Lab } from "../../lab/story/session";
import { makeCheckout, type Checkout } from "./checkout";
import { configure, kube, openLab, up } from "./support";

const rbac = "/apis/rbac.authorization.k8s.io/v1";
const admin = `${rbac}/clusterrolebindings/gatehouse-k10-k10-admin`;
const basicIn = (namespace: string): string => `${rbac}/namespaces/${namespace}/rolebindings/gatehouse-k10-k10-basic`;
const basic = basicIn("shop");
const apiGroup = "rbac.authorization.k8s.io";
/** Where operators and auditors hold the same role: as many bindings as one update is to put back side by side. */
const shops = ["shop", "billing", "annex"];

interface Subject {
  readonly apiGroup: string;
  readonly kind: string;
  readonly name: string;
}

interface Binding {
  readonly metadata: { readonly name: string; readonly labels: Record<string, string>; readonly annotations: Record<string, string> };
  readonly roleRef: Record<string, string>;
  readonly subjects: readonly Subject[];
}

let lab: Lab;
let checkout: Checkout;

before(async () => {
  lab = await openLab("lab-k10-okta");
  checkout = makeCheckout(lab);
  await checkout.build();
  assert.equal((await kube(lab, "POST", "/api/v1/namespaces", { metadata: { name: "annex" } })).status, 201);
  configure(lab, ["gatehouse:platforms", "k10", "access", 1, "namespaces"], shops);
  configure(lab, ["gatehouse:platforms", "k10", "access", 3], { group: "auditors", role: "basic", namespaces: shops });
  await up(lab);
});
after(() => lab.stop());

const group = (name: string): Subject => ({ apiGroup, kind: "Group", name });

async function read(path: string): Promise<Binding> {
  const { status, body } = await kube(lab, "GET", path);
  assert.equal(status, 200, path);
  return body as Binding;
}

/** Somebody's edit, under whatever name their tool gives itself. */
async function edit(path: string, change: (binding: Binding) => unknown, manager = "kubectl-edit"): Promise<void> {
  const { status, body } = await kube(lab, "PUT", `${path}?fieldManager=${manager}`, change(await read(path)));
  assert.equal(status, 200, JSON.stringify(body));
}

const subjectsOf = async (path: string): Promise<string[]> => (await read(path)).subjects.map(({ name }) => name);

/** Asks the API server again and again whether a group may do what its role permits, until stopped; gives back the refusals. */
function watchAccess(name: string, namespace: string): { stop(): Promise<{ asked: number; refused: number }> } {
  const counts = { asked: 0, refused: 0 };
  const stopped = new AbortController();
  const review = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SubjectAccessReview",
    spec: {
      user: "okta:somebody",
      groups: [name],
      resourceAttributes: { namespace, group: "actions.kio.kasten.io", resource: "backupactions", verb: "create" },
    },
  };
  const asking = (async () => {
    while (!stopped.signal.aborted) {
      const { body } = await kube(lab, "POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", review);
      counts.asked++;
      counts.refused += (body as { status: { allowed: boolean } }).status.allowed ? 0 : 1;
      await sleep(20);
    }
  })();
  return {
    async stop() {
      stopped.abort();
      await asking;
      return counts;
    },
  };
}

const plan = async (): Promise<string> => (await lab.engine.run(["preview", "--diff"])).stdout;

async function drift(): Promise<{ what: string; detail: string; fix: string }[]> {
  const { stdout, stderr } = await checkout.run('node dist/cli/bin.js drift --format json --stack "$STACK"');
  assert.notEqual(stdout, "", stderr);
  return (JSON.parse(stdout) as { findings: { what: string; detail: string; fix: string }[] }).findings;
}

test("a second update changes nothing", async () => {
  await up(lab, "--expect-no-changes");
});

test("a group at the end of each binding: refresh is blind, drift names the command, the plan says it, the update takes it away", async () => {
  for (const path of [admin, basic]) {
    await edit(path, (binding) => ({ ...binding, subjects: [...binding.subjects, group("okta:Intruders")] }), "kubectl-patch");
  }
  await lab.engine.run(["refresh", "--yes", "--skip-preview", "--expect-no-changes"]);
  const found = await drift();
  assert.deepEqual(
    found.map(({ what, detail }) => [what, detail]),
    [
      ["ClusterRoleBinding gatehouse-k10-k10-admin", "it binds Group okta:Intruders as well"],
      ["RoleBinding shop/gatehouse-k10-k10-basic", "it binds Group okta:Intruders as well"],
    ],
  );
  const planned = await plan();
  assert.match(planned, /ClusterRoleBinding gatehouse-k10-k10-admin: takes away Group okta:Intruders/);
  assert.match(planned, /RoleBinding shop\/gatehouse-k10-k10-basic: takes away Group okta:Intruders/);
  const preview = await checkout.run('node dist/cli/bin.js preview --fail-on undone --stack "$STACK"');
  assert.equal(preview.status, 4, preview.stderr);
  assert.match(
    preview.stdout,
    /ClusterRoleBinding gatehouse-k10-k10-admin: takes away Group okta:Intruders: changed by hand, undone by this update\./,
  );

  const command = /`(pulumi up[^`]*)`/.exec(found[0]?.fix ?? "")?.[1];
  assert.ok(command !== undefined, JSON.stringify(found));
  const watch = watchAccess("okta:Kasten Admins", "kasten-io");
  const { status, stdout } = await checkout.run(`${command} --yes --skip-preview --non-interactive --stack "$STACK"`);
  const { asked, refused } = await watch.stop();
  assert.equal(status, 0, stdout);
  assert.ok(asked > 20, `asked ${asked} times only`);
  assert.equal(refused, 0);
  assert.deepEqual(await subjectsOf(admin), ["okta:Kasten Admins"]);
  assert.deepEqual(await subjectsOf(basic), ["okta:Kasten Operators", "okta:Security Auditors"]);
  await up(lab, "--expect-no-changes");
  assert.deepEqual(await drift(), []);
});

test("first, in the middle, in place of another; a person, a service account; by kubectl, by another tool; with and without refresh", async () => {
  const person = { apiGroup, kind: "User", name: "okta:mallory" };
  const robot = { kind: "ServiceAccount", name: "default", namespace: "shop" };
  type Case = readonly [what: string, change: (subjects: readonly Subject[]) => unknown[], manager: string];
  const cases: readonly (readonly [flags: readonly string[], cases: readonly Case[]])[] = [
    [
      [],
      [
        ["first", (subjects) => [group("okta:Intruders"), ...subjects], "kubectl-client-side-apply"],
        ["instead", ([, ...rest]) => [group("okta:Others"), ...rest], "kubectl-edit"],
        ["nobody", () => [], "kubectl-edit"],
      ],
    ],
    [
      ["--refresh"],
      [
        ["in the middle", ([first, ...rest]) => [first, person, ...rest], "argocd-controller"],
        ["only another", () => [robot], "flux"],
      ],
    ],
  ];
  // Each case in a namespace of its own, so that one update puts back all that are alike.
  for (const [flags, alike] of cases) {
    const edited = alike.map(([what, change, manager], position) => ({ what, change, manager, path: basicIn(shops[position] ?? "") }));
    for (const { change, manager, path } of edited) {
      await edit(path, (binding) => ({ ...binding, subjects: change(binding.subjects) }), manager);
    }
    await up(lab, ...flags);
    for (const { what, path } of edited) {
      assert.deepEqual(await subjectsOf(path), ["okta:Kasten Operators", "okta:Security Auditors"], what);
    }
    await up(lab, "--expect-no-changes");
  }
});

test("labels and annotations that the stack declares are put back, those of others stay", async () => {
  await edit(admin, ({ metadata, ...binding }) => ({
    ...binding,
    metadata: {
      ...metadata,
      labels: { "app.kubernetes.io/managed-by": "somebody", team: "blue" },
      annotations: { ...metadata.annotations, "gatehouse.dev/groups": "nobody" },
    },
  }));
  const planned = await plan();
  for (const part of ["label app.kubernetes.io/managed-by", "label gatehouse.dev/platform", "annotation gatehouse.dev/groups"]) {
    assert.ok(planned.includes(`ClusterRoleBinding gatehouse-k10-k10-admin: puts back ${part}`), part);
  }
  await up(lab);
  const { metadata } = await read(admin);
  assert.deepEqual(metadata.labels, { "app.kubernetes.io/managed-by": "gatehouse", "gatehouse.dev/platform": "k10", team: "blue" });
  assert.equal(metadata.annotations["gatehouse.dev/groups"], "okta:Kasten Admins = Kasten Admins");
});

test("another role under the same name is deleted, and the declared one made again", async () => {
  const { roleRef, ...declared } = await read(admin);
  assert.equal((await kube(lab, "DELETE", admin)).status, 200);
  const other = { ...declared, metadata: { name: declared.metadata.name }, roleRef: { ...roleRef, name: "cluster-admin" } };
  assert.equal((await kube(lab, "POST", `${rbac}/clusterrolebindings`, other)).status, 201);
  assert.match(await plan(), /makes it again, since it binds ClusterRole cluster-admin instead of ClusterRole k10-admin/);
  assert.equal((await kube(lab, "DELETE", basic)).status, 200);
  await up(lab);
  assert.deepEqual((await read(admin)).roleRef, roleRef);
  assert.deepEqual(await subjectsOf(basic), ["okta:Kasten Operators", "okta:Security Auditors"]);
  await up(lab, "--expect-no-changes");
  assert.deepEqual(await drift(), []);
});

test("a service account that somebody binds to K10's roles, in its namespace, or in the chart's own binding; the chart's bindings are none", async () => {
  const robot = { kind: "ServiceAccount", name: "default", namespace: "shop" };
  const made = async (collection: string, name: string, kind: string, role: string): Promise<string> => {
    const body = { metadata: { name }, roleRef: { apiGroup, kind, name: role }, subjects: [robot] };
    assert.equal((await kube(lab, "POST", collection, body)).status, 201, name);
    return `${collection}/${name}`;
  };
  const ofChart = `${rbac}/clusterrolebindings/kasten-io-k10-k10-admin`;
  const inNamespace = `${rbac}/namespaces/kasten-io/rolebindings`;
  const before = await read(ofChart);
  const objects = [
    await made(`${rbac}/clusterrolebindings`, "by-hand", "ClusterRole", "k10-admin"),
    await made(inNamespace, "by-hand-edit", "ClusterRole", "edit"),
    await made(inNamespace, "by-hand-secrets", "Role", "kasten-admin"),
    await made(inNamespace, "by-hand-view", "ClusterRole", "view"),
  ];
  await edit(ofChart, (binding) => ({ ...binding, subjects: [...binding.subjects, robot] }));
  assert.deepEqual(
    (await drift()).map(({ what, detail }) => [what, detail]),
    [
      ["ClusterRoleBinding by-hand", "ClusterRole k10-admin"],
      ["ClusterRoleBinding kasten-io-k10-k10-admin", "ClusterRole k10-admin"],
      ["RoleBinding kasten-io/by-hand-edit", "ClusterRole edit"],
      ["RoleBinding kasten-io/by-hand-secrets", "Role kasten-admin"],
    ].map(([what, role]) => [what, `gives ${role} to ServiceAccount shop/default; the stack does not declare it`]),
  );
  for (const path of objects) {
    assert.equal((await kube(lab, "DELETE", path)).status, 200, path);
  }
  await edit(ofChart, (binding) => ({ ...binding, subjects: before.subjects }));
  assert.deepEqual(await drift(), []);
});

test("what the stack itself changes is no work of others", async () => {
  configure(lab, ["gatehouse:platforms", "k10", "access", 3], undefined);
  const planned = await plan();
  assert.doesNotMatch(planned, /Changed by hand/);
  await up(lab);
  assert.deepEqual(await subjectsOf(basic), ["okta:Kasten Operators"]);
  await up(lab, "--expect-no-changes");
});

test("a binding, and the release, is replaced when asked for: the old one goes first, since both have one name", async () => {
  const { deployment } = JSON.parse((await lab.engine.run(["stack", "export"])).stdout) as { deployment: { resources: { urn: string }[] } };
  const flags = ["k10-access-k10-admin", "k10-access-k10-basic-in-shop", "k10-release"].flatMap((name) => {
    const urn = deployment.resources.find((resource) => resource.urn.endsWith(`::${name}`))?.urn;
    assert.ok(urn !== undefined, name);
    return ["--replace", urn];
  });
  await up(lab, ...flags);
  assert.deepEqual(await subjectsOf(admin), ["okta:Kasten Admins"]);
  await up(lab, "--expect-no-changes");
});
