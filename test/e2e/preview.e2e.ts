/**
 * Previews for reviewers and drift, on the lab: the scripts of the GitHub workflow run as they stand, what a preview promises is what
 * the update does, and what somebody does by hand is named. Run by `npm run e2e`.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { projectFolder, type Lab } from "../../lab/story/session";
import type { EnvironmentDocument } from "../../model";
import { accessChange, type AccessChange } from "../../reports";
import { scriptsOf } from "../examples/github-workflow";
import { makeCheckout, type Checkout, type ScriptResult } from "./checkout";
import { dayFromNow } from "./okta-secrets";
import { configure, kube, okta, openLab, up } from "./support";

const workflow = readFileSync(join(projectFolder, "examples", "pipelines", "github-actions", "gatehouse.yaml"), "utf8");
const pullRequest = { GITHUB_REPOSITORY: "example/infrastructure", NUMBER: "7" };
const roleBindings = "/apis/rbac.authorization.k8s.io/v1";
const admins = ["gatehouse:groups", "backup-admins", "members"];
const access = ["gatehouse:platforms", "k10", "access"];

let lab: Lab;
let checkout: Checkout;

before(async () => {
  lab = await openLab("lab-k10-okta");
  checkout = makeCheckout(lab);
});
after(() => lab.stop());

/** Runs the steps of a job that follow the installation, as the runner would: after a failure only those that always run. */
async function job(name: string): Promise<ScriptResult[]> {
  const results: ScriptResult[] = [];
  checkout.propose();
  for (const script of scriptsOf(workflow, name).filter((each) => !each.startsWith("npm ci"))) {
    const failed = results.some(({ status }) => status !== 0);
    if (!failed || script.includes("gh api")) {
      results.push(await checkout.run(script, pullRequest));
    }
  }
  return results;
}

async function gatehouse(...args: string[]): Promise<ScriptResult> {
  return checkout.run(`node dist/cli/bin.js ${args.map((arg) => `'${arg}'`).join(" ")} --stack "$STACK"`);
}

interface Drift {
  readonly status: number;
  readonly findings: readonly { readonly kind: string; readonly what: string; readonly detail: string; readonly fix: string }[];
}

async function drift(): Promise<Drift> {
  const { status, stdout, stderr } = await gatehouse("drift", "--format", "json");
  assert.ok(status === 0 || status === 5, stderr);
  return { status, findings: (JSON.parse(stdout) as Drift).findings };
}

test("the job for forks judges the stack file without any identity", async () => {
  const [taken, validated] = await job("validate");
  assert.equal(taken?.status, 0, taken?.stderr);
  assert.equal(validated?.status, 0, validated?.stderr);
});

test("before the first update: the pull request's job is stopped by the new administrator, and says so in a comment", async () => {
  const [taken, build, preview, comment] = await job("preview");
  assert.equal(taken?.status, 0, taken?.stderr);
  assert.equal(build?.status, 0, build?.stderr);
  assert.equal(preview?.status, 4, preview?.stderr);
  assert.equal(comment?.status, 0, comment?.stderr);
  const [only, ...more] = checkout.comments();
  assert.deepEqual(more, []);
  assert.match(only?.body ?? "", /^<!-- gatehouse-preview: lab-k10-okta -->\n\n### Access to lab-k10-okta \(first update\)/);
  assert.match(only?.body ?? "", /1 person gains administration \(admin\) of Kasten K10 'k10' in lab-k10-okta, without an end: ana/);
  assert.match(only?.body ?? "", /The client id of 'k10'\./);
});

test("before the first update there is nothing that could have drifted", async () => {
  assert.deepEqual(await drift(), { status: 0, findings: [] });
});

test("after the update nothing changes, and the same comment says that", async () => {
  await up(lab);
  const results = await job("preview");
  assert.deepEqual(
    results.map(({ status }) => status),
    [0, 0, 0, 0],
    results.map(({ stderr }) => stderr).join("\n"),
  );
  const comments = checkout.comments();
  assert.equal(comments.length, 1);
  assert.match(comments[0]?.body ?? "", /Nobody's access changes in lab-k10-okta\./);
});

test("what a preview promises is what the update does", async () => {
  const old = await lab.document();
  configure(lab, admins, ["ana@example.com", "nils@example.com"]);
  configure(lab, [...access, 1, "until"], "2027-06-30");
  configure(lab, [...access, 2], { group: "auditors", role: "view" });
  const stopped = await gatehouse("preview", "--format", "json", "--fail-on", "permanent");
  assert.equal(stopped.status, 4, stopped.stderr);
  const promised = JSON.parse(stopped.stdout) as AccessChange;
  await up(lab);
  const now: EnvironmentDocument = await lab.document();
  const happened = accessChange(old, now);
  for (const part of ["gains", "losses", "ends", "redirectUris", "claims", "charts", "risks", "platforms"] as const) {
    assert.deepEqual(promised[part], JSON.parse(JSON.stringify(happened[part])), part);
  }
  assert.deepEqual(
    promised.gains.map(({ holder, role }) => [holder.name, role]),
    [["nils@example.com", "admin"]],
  );
  assert.deepEqual(
    promised.ends.map(({ holder, becomes }) => [holder.name, becomes]),
    [
      ["omar@example.com", "temporary"],
      ["Security Auditors", "permanent"],
    ],
  );
});

test("a rotation is announced, and no form of the preview shows a secret", async () => {
  const day = dayFromNow(0);
  configure(lab, ["gatehouse:idp", "secret"], { rotatedOn: [day] });
  const forms = {
    text: await gatehouse("preview", "--format", "text"),
    markdown: await gatehouse("preview", "--format", "markdown"),
    json: await gatehouse("preview", "--format", "json"),
  };
  assert.equal(forms.json.status, 0, forms.json.stderr);
  const change = JSON.parse(forms.json.stdout) as AccessChange;
  assert.deepEqual(
    change.secrets.map(({ platform, after: then }) => [platform, then]),
    [["k10", `k10-app-secret-${day} is made`]],
  );
  const state = (await lab.engine.run(["stack", "export", "--show-secrets"])).stdout;
  const { deployment } = JSON.parse(state) as { deployment: { resources: { type: string; outputs?: Record<string, unknown> }[] } };
  const result = deployment.resources.find(({ type }) => type === "random:index/randomPassword:RandomPassword")?.outputs?.["result"];
  const plaintext = (result as { plaintext?: string } | undefined)?.plaintext;
  assert.ok(plaintext !== undefined, "the real value must be known for the search to mean anything");
  const text = JSON.parse(plaintext) as string;
  assert.equal(text.length, 64);
  for (const [format, { stdout, stderr }] of Object.entries(forms)) {
    assert.ok(!`${stdout}${stderr}`.includes(text), `the client secret stands in the ${format} form`);
    assert.ok(!`${stdout}${stderr}`.includes(lab.identityProvider.environment["OKTA_API_TOKEN"] ?? "?"));
  }
  configure(lab, ["gatehouse:idp", "secret"], undefined);
});

test("a stack file that is wrong gives no report that could be mistaken for one", async () => {
  configure(lab, ["gatehouse:platforms", "k10", "prefix"], "");
  const { status, stdout, stderr } = await gatehouse("preview");
  configure(lab, ["gatehouse:platforms", "k10", "prefix"], undefined);
  assert.deepEqual({ status, stdout }, { status: 1, stdout: "" });
  assert.match(stderr, /platforms\.k10\.prefix: expected a non-empty prefix/);
});

test("drift: nothing at first; then what somebody did by hand, each thing by name", async () => {
  assert.deepEqual(await drift(), { status: 0, findings: [] });
  const shadow = {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: "somebody-else" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "okta:Kasten Operators" }],
  };
  assert.equal((await kube(lab, "POST", `${roleBindings}/clusterrolebindings`, shadow)).status, 201);
  assert.equal((await kube(lab, "DELETE", `${roleBindings}/namespaces/shop/rolebindings/gatehouse-k10-k10-basic`)).status, 200);
  const [group] = (await okta(lab, "/groups?q=Kasten%20Operators")) as { id: string }[];
  const { id } = (await okta(lab, "/users/ada@example.com")) as { id: string };
  await okta(lab, `/groups/${group?.id ?? ""}/users/${id}`, "PUT");
  const { status, findings } = await drift();
  assert.equal(status, 5);
  assert.deepEqual(
    findings.map(({ kind, what, detail }) => [kind, what, detail]),
    [
      ["missing-binding", "RoleBinding shop/gatehouse-k10-k10-basic", "expected it to bind Group okta:Kasten Operators; it is not there"],
      [
        "shadow-access",
        "ClusterRoleBinding somebody-else",
        "gives ClusterRole cluster-admin to Group okta:Kasten Operators (members the stack lists: omar@example.com); the stack does not declare it",
      ],
      ["members", "group 'Kasten Operators'", `${id} was put in by others`],
    ],
  );
});

test("the remedies mend it", async () => {
  assert.equal((await kube(lab, "DELETE", `${roleBindings}/clusterrolebindings/somebody-else`)).status, 200);
  await up(lab, "--refresh");
  assert.deepEqual(await drift(), { status: 0, findings: [] });
});

test("an app deleted at Okta fails every refresh; drift names it, and the commands that it gives mend it (trap T23)", async () => {
  const clientId = (await lab.document()).platforms["k10"]?.clientId ?? "";
  await okta(lab, `/apps/${clientId}/lifecycle/deactivate`, "POST");
  await okta(lab, `/apps/${clientId}`, "DELETE");
  const { status, findings } = await drift();
  assert.equal(status, 5);
  const gone = findings.find(({ kind, what }) => kind === "deleted-outside" && what === "okta:app/oAuth:OAuth k10-app");
  assert.equal(findings.filter(({ what }) => what === gone?.what).length, 1);
  const commands = /`(pulumi state rename [^`]+)`/.exec(gone?.fix ?? "")?.[1]?.split(" && ") ?? [];
  assert.equal(commands.length, 3, JSON.stringify(findings));
  for (const command of commands) {
    const flags = command.startsWith("pulumi up") ? "--yes --skip-preview --non-interactive" : "";
    const mended = await checkout.run(`${command} ${flags} --stack "$STACK"`);
    assert.equal(mended.status, 0, mended.stdout + mended.stderr);
  }
  assert.notEqual((await lab.document()).platforms["k10"]?.clientId, clientId);
  assert.deepEqual(await drift(), { status: 0, findings: [] });
});

test("the job that updates runs as it stands: it looks for drift, then updates under the pack", async () => {
  configure(lab, admins, ["ana@example.com"]);
  const results = await job("update");
  assert.deepEqual(
    results.map(({ status }) => status),
    [0, 0, 0],
    results.map(({ stdout, stderr }) => `${stdout}\n${stderr}`).join("\n"),
  );
  assert.deepEqual((await lab.document()).groups["backup-admins"]?.members, ["ana@example.com"]);
});
