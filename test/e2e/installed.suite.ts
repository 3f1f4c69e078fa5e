/**
 * Kasten K10 that is another team's Helm release: the stack makes who may sign in and what they may do, the owner sets the values that it
 * writes, and the release is never the stack's.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { run } from "../../lab/machine/processes";
import { startKastenRelyingParty } from "../../lab/story/relying-parties/kasten/kasten";
import type { RelyingParty } from "../../lab/story/relying-parties/contract";
import { projectFolder, type Lab } from "../../lab/story/session";
import { reviewed, signingInWhile } from "./adoption";
import { presented } from "./okta-secrets";
import { configure, gatehouse, kube, namesOf, stackFileOf, up } from "./support";

const [namespace, release, groups] = ["kasten-io", "k10", ["Kasten Admins", "Kasten Operators", "Nobody"]] as const;
const logins = ["ana@example.com", "omar@example.com", "ada@example.com"];
const questions = [
  { verb: "create", group: "actions.kio.kasten.io", resource: "backupactions", namespace: "shop" },
  { verb: "create", group: "config.kio.kasten.io", resource: "profiles", namespace },
];

export function installed(shared: () => Lab): void {
  let lab: Lab;
  let relyingParty: RelyingParty | undefined;

  before(async () => {
    lab = shared();
    await helm("install", "--create-namespace");
    configure(lab, ["gatehouse:platforms", "k10", "installed"], true);
    configure(lab, ["gatehouse:platforms", "k10", "chart"], { version: "8.0.15" });
  });
  after(async () => {
    await relyingParty?.stop();
  });

  /** The owner's own command. */
  async function helm(command: string, ...flags: readonly string[]): Promise<void> {
    const args = [command, release, join(projectFolder, "lab/story/charts/k10"), "--namespace", namespace, ...flags];
    const { status, stderr } = await run(lab.toolchain.helm.path, args, { env: lab.variables });
    assert.equal(status, 0, stderr);
  }

  async function clientSecret(): Promise<string> {
    const { name = "" } = (await lab.document()).platforms["k10"]?.secret ?? {};
    const { body } = await kube(lab, "GET", `/api/v1/namespaces/${namespace}/secrets/${name}`);
    return Buffer.from((body as { data: Record<string, string> }).data["client-secret"] ?? "", "base64").toString("utf8");
  }

  test("the stack makes client, groups, Secret and bindings beside the release, and writes the values that its owner sets", async () => {
    await up(lab);
    const document = join(lab.stateDir, "environment.json");
    writeFileSync(document, JSON.stringify(await lab.document()));
    const out = join(lab.stateDir, "files");
    const { status, stderr } = await gatehouse("files", "--env", document, "--out", out);
    assert.equal(status, 0, stderr);
    await helm("upgrade", "--reuse-values", "--values", join(out, "k10/k10-values.yaml"));
  });

  test("people sign in at the owner's release, and hold what the stack file says", async () => {
    const made = await lab.authority.issueServer({ name: "platform-k10-installed", dnsNames: ["k10.example.com"] });
    const certificate = { certPem: made.certificate, keyPem: made.key };
    const place = { kubeconfigPath: lab.cluster.kubeconfigPath, namespace, release };
    relyingParty = await startKastenRelyingParty({ ...place, ca: lab.authority.certificate, certificate });
    const { failed } = await signingInWhile(lab, relyingParty, {
      logins,
      work: () => up(lab, "--expect-no-changes").then(() => undefined),
    });
    assert.equal(failed, 0);
    const prefix = (await lab.document()).platforms["k10"]?.username.prefix;
    assert.deepEqual(await reviewed(lab, groups, questions, prefix), {
      "Kasten Admins": [true, true],
      "Kasten Operators": [true, false],
      Nobody: [false, false],
    });
  });

  test("a new client secret stands under the same name, the old one is valid until the owner has restarted K10's pods", async () => {
    assert.ok(relyingParty);
    const old = await clientSecret();
    configure(lab, ["gatehouse:idp", "secret", "rotatedOn"], [new Date().toISOString().slice(0, 10)]);
    const { stdout: owners } = await gatehouse("checklist", stackFileOf(lab));
    const deployments = /rollout restart deployment ((?:[a-z-]+ ?)+)\./.exec(owners)?.[1]?.split(" ") ?? [];
    assert.equal(deployments.length, 3, owners);
    const work = async (): Promise<void> => {
      await up(lab);
      await restart(deployments);
    };
    const { failed } = await signingInWhile(lab, relyingParty, { logins, work });
    assert.equal(failed, 0);
    const fresh = await clientSecret();
    assert.notEqual(fresh, old);
    assert.deepEqual([await presented(lab, fresh), await presented(lab, old)], ["invalid_grant", "invalid_grant"]);
  });

  /** `kubectl rollout restart`. */
  async function restart(deployments: readonly string[]): Promise<void> {
    for (const name of deployments) {
      const path = `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`;
      const deployment = (await kube(lab, "GET", path)).body as {
        spec: { template: { metadata: { annotations?: Record<string, string> } } };
      };
      const { metadata } = deployment.spec.template;
      metadata.annotations = { ...metadata.annotations, "kubectl.kubernetes.io/restartedAt": new Date().toISOString() };
      assert.equal((await kube(lab, "PUT", path, deployment)).status, 200);
    }
  }

  test("what goes with the stack is the stack's: the release, its namespace and its own Secrets stay", async () => {
    const names = async (): Promise<string[]> => namesOf(lab, `/apis/apps/v1/namespaces/${namespace}/deployments`);
    const deployments = await names();
    const { name = "" } = (await lab.document()).platforms["k10"]?.secret ?? {};
    await lab.engine.run(["destroy", "--yes", "--skip-preview"]);
    assert.deepEqual(await names(), deployments);
    const secrets = await namesOf(lab, `/api/v1/namespaces/${namespace}/secrets`);
    assert.ok(!secrets.includes(name) && secrets.some((secret) => secret.startsWith("sh.helm.release.v1.k10.")));
  });
}
