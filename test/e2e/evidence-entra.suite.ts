// Evidence of a whole environment on Entra ID: nested groups, more than one page, the tenant's own policies, an application that may only
// read, and one that may read less.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, suite, test } from "node:test";
import { parse, stringify } from "yaml";
import type { Lab } from "../../lab/story/session";
import type { Review } from "../../model";
import { control, firstUp, graph, listOf, withoutPermission, withPermission } from "./entra";
import { comparedSecrets, evidence, evidenceIn, keyPair, readerKubeconfig, readerRules } from "./evidence";
import { becomes, configure, gatehouse, kube, stackFileOf, up } from "./support";

let lab: Lab;
let keys: { privateFile: string; publicFile: string };
let kubeconfig: string;

const folder = (name: string): string => join(lab.stateDir, name);
const idOf = async (path: string, name: string): Promise<string> => {
  const found = (await listOf(lab, path)).find(({ displayName, userPrincipalName }) => [displayName, userPrincipalName].includes(name));
  return String(found?.["id"]);
};

/** @param shared a lab of lab-k10-entra on which nothing is deployed, and whose calendar is quiet; the suite is the last one on it */
export function evidenceOfEntra(shared: () => Lab): void {
  suite("evidence of Entra ID", () => {
    before(async () => {
      lab = shared();
      await firstUp(lab);
      keys = keyPair(lab, "auditor");
      kubeconfig = await readerKubeconfig(lab, "evidence-reader", readerRules);
      // Omar is an auditor by way of another group.
      const body = { displayName: "All Auditors", mailEnabled: false, mailNickname: "all-auditors", securityEnabled: true };
      const inner = await graph(lab, "POST", "/v1.0/groups", body);
      assert.equal(inner.status, 201);
      // The directory's replicas come to know it in their own time.
      await becomes(async () => (await graph(lab, "GET", `/v1.0/groups/${String(inner.body["id"])}`)).status, 200);
      await put("Security Auditors", String(inner.body["id"]));
      await put("All Auditors", await idOf("/v1.0/users", "omar@example.com"));
    });

    test("a whole environment: nested groups by both ways, the tenant's policies, the secret's end, owners; signed, and verified", async () => {
      const { status, stdout, stderr } = await run("first");
      assert.equal(status, 0, stdout + stderr);
      const found = evidenceIn(folder("first"));
      const auditors = found.groups["auditors"];
      assert.deepEqual(
        auditors?.people?.map(({ login, through }) => [login, through]),
        [
          ["ada@example.com", undefined],
          ["omar@example.com", ["All Auditors"]],
        ],
      );
      // The group between counts as an entry of its own, in both ways.
      assert.deepEqual([auditors.listed, auditors.counted], [3, 3]);
      assert.ok(found.signIn.some(({ what, value }) => what.startsWith("Conditional Access") && value.startsWith("enabled, asks for mfa")));
      assert.ok(found.secrets.some(({ source, endsAt }) => source === "identity provider" && endsAt !== null));
      assert.ok(found.mayChange.some(({ what, who }) => what.startsWith("application") && who.length > 0));
      assert.deepEqual((await evidence(lab, ["verify", folder("first"), "--key", keys.publicFile])).status, 0);
    });

    test("who may change it at the tenant: holders of directory roles, applications with permissions, nobody who only reads", async () => {
      // An application that may grant permissions may grant itself whatever it likes: the page says so of the one that deploys.
      await withPermission(lab, "RoleManagement.ReadWrite.Directory");
      const groups = "fdd7a751-b60b-444a-984c-02652fe8fa1c";
      const held: [string, string, string][] = [
        ["62e90394-69f5-4237-9190-012177145e10", "/v1.0/users", "ada@example.com"],
        ["f2ef992c-3afb-46b9-b7cf-a126ee74c451", "/v1.0/users", "nils@example.com"],
        [groups, "/v1.0/groups", "All Auditors"],
      ];
      for (const [roleDefinitionId, path, name] of held) {
        const body = { roleDefinitionId, principalId: await idOf(path, name), directoryScopeId: "/" };
        assert.equal((await graph(lab, "POST", "/v1.0/roleManagement/directory/roleAssignments", body)).status, 201);
      }
      // A role for one group that is none of the environment's.
      const other = { roleDefinitionId: groups, principalId: await idOf("/v1.0/users", "nils@example.com") };
      const directoryScopeId = `/${await idOf("/v1.0/groups", "All Auditors")}`;
      assert.equal(
        (await graph(lab, "POST", "/v1.0/roleManagement/directory/roleAssignments", { ...other, directoryScopeId })).status,
        201,
      );
      const { status, stdout } = await run("roles");
      assert.equal(status, 0, stdout);
      const atTenant = evidenceIn(folder("roles")).mayChange.filter(({ what }) => what.startsWith("tenant: "));
      const who = Object.fromEntries(atTenant.map((row) => [row.what, row.who.map((one) => one.replace(/ \([-0-9a-f]{36}\)$/, ""))]));
      const deployer = ["app 'lab provisioning'"];
      assert.deepEqual(who, {
        "tenant: Global Administrator": ["ada@example.com"],
        "tenant: Groups Administrator": ["everybody in the group 'All Auditors'"],
        ...Object.fromEntries(
          ["AppRoleAssignment", "Application", "Group"].map((name) => [
            `tenant: permission ${name}.ReadWrite.All on Microsoft Graph`,
            deployer,
          ]),
        ),
        "tenant: permission Policy.ReadWrite.ConditionalAccess on Microsoft Graph": deployer,
        "tenant: permission RoleManagement.ReadWrite.Directory on Microsoft Graph": deployer,
      });
    });

    test("a hidden binding to an object id, and a person added at Entra ID, are found and named", async () => {
      const document = await lab.document();
      const operators = document.groups["backup-operators"];
      const subjects = [{ kind: "Group", apiGroup: "rbac.authorization.k8s.io", name: `entra:${operators?.claimValue ?? ""}` }];
      const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" };
      const path = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";
      assert.equal((await kube(lab, "POST", path, { metadata: { name: "hidden" }, roleRef, subjects })).status, 201);
      await put("Kasten Operators", await idOf("/v1.0/users", "nils@example.com"));
      const { status, stdout } = await run("second");
      assert.equal(status, 5, stdout);
      assert.match(stdout, /shadow-access: ClusterRoleBinding hidden/);
      assert.match(stdout, /members: group 'Kasten Operators'\n {2}nils@example\.com is in it and not in the stack file/);
      assert.match(stdout, /: expected refused, got allowed/);
      assert.equal((await kube(lab, "DELETE", `${path}/hidden`)).status, 200);
    });

    test("a review that removes one person: gone at Entra ID, and refused by the API server in the next evidence", async () => {
      await up(lab, "--refresh");
      configure(lab, ["gatehouse:groups", "backup-operators", "members"], ["omar@example.com", "nils@example.com"]);
      await up(lab);
      assert.equal((await run("before")).status, 0);
      const [file, decided] = [folder("review.yaml"), { reason: "asked the team", by: "chief@example.com" }];
      await onEnvironment("review", "open", "--out", file);
      const review = parse(readFileSync(file, "utf8")) as Review;
      const remove = [{ person: "nils@example.com", reason: "left the team", by: "chief@example.com" }];
      const text = stringify({
        ...review,
        grants: review.grants.map((row) => ({ ...row, decision: "keep", ...decided })),
        members: review.members.map((entry) => (entry.group === "backup-operators" ? { ...entry, remove } : entry)),
      });
      // As an editor on Windows leaves it, with a remark.
      writeFileSync(file, `# decided on the phone\n${text}`.replaceAll("\n", "\r\n"));
      await onEnvironment("review", "check", file);
      await onEnvironment("review", "apply", file, stackFileOf(lab));
      await up(lab);
      const group = await idOf("/v1.0/groups", "Kasten Operators");
      const members = (await listOf(lab, `/v1.0/groups/${group}/members`)).map(({ userPrincipalName }) => userPrincipalName);
      assert.deepEqual(members, ["omar@example.com"]);
      const { status, stdout } = await run("after", ["--since", folder("before"), "--review", file]);
      assert.equal(status, 0, stdout);
      const found = evidenceIn(folder("after"));
      const gone = found.ended.find(({ person }) => person === "nils@example.com");
      assert.deepEqual([gone?.what, gone?.gone, gone?.tests.every(({ answer }) => answer === "refused")], ["person removed", true, true]);
      const decision = found.decisions.find(({ person }) => person === "nils@example.com");
      assert.deepEqual([decision?.decision, decision?.reason, decision?.carriedOutAt], ["remove", "left the team", found.moment.ended]);
    });

    test("a failing page, a missing permission: incomplete, and named", async () => {
      await control(lab, "POST", "faults", { method: "GET", path: "/v1.0/groups/", times: 40, with: { status: 503 } });
      const failing = await run("failing");
      await control(lab, "DELETE", "faults");
      assert.equal(failing.status, 6, failing.stdout);
      assert.match(failing.stdout, /not readable: Who is in '[^']+': Expected an answer from .*, got status 503, 4 times\./);
      const restore = await withoutPermission(lab, "Policy.Read.All");
      const poor = await run("poor");
      await restore();
      assert.equal(poor.status, 6, poor.stdout);
      assert.match(
        poor.stdout,
        /not readable: How people sign in to 'k10': Expected \/v1\.0\/identity\/conditionalAccess\/policies at .* to be readable, got status 403\. Fix: the credentials need Policy\.Read\.All/,
      );
    });

    test("the Secret in the cluster is compared with the provider's newest client secret, and neither is kept", () =>
      comparedSecrets(lab, "k10", run));
  });
}

async function put(group: string, member: string): Promise<void> {
  const path = `/v1.0/groups/${await idOf("/v1.0/groups", group)}/members/$ref`;
  const host = `https://${lab.identityProvider.environment["ARM_METADATA_HOSTNAME"] ?? ""}`;
  const answer = await graph(lab, "POST", path, { "@odata.id": `${host}/v1.0/directoryObjects/${member}` });
  assert.equal(answer.status, 204, JSON.stringify(answer.body));
}

const run = (out: string, args: readonly string[] = []) =>
  evidence(lab, ["--stack", lab.engine.stack, "--kubeconfig", kubeconfig, "--sign-key", keys.privateFile, "--out", folder(out), ...args]);

/** The command on the environment as it is deployed now. */
async function onEnvironment(...argv: string[]): Promise<void> {
  writeFileSync(folder("environment.json"), JSON.stringify(await lab.document()));
  const { status, stdout, stderr } = await gatehouse(...argv, "--env", folder("environment.json"));
  assert.equal(status, 0, stdout + stderr);
}
