// When each grant was last used, from what a real kube-apiserver wrote into its audit log: the file that it is writing, rotated ones, and
// compressed ones.
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, truncateSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { clusterApi } from "../../lab/story/relying-parties/cluster-api";
import type { Lab } from "../../lab/story/session";
import { evidence, evidenceIn, readerKubeconfig, readerRules } from "./evidence";
import { openLab, up } from "./support";

const auditPolicy = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
  - level: Metadata
`;

let lab: Lab;
let kubeconfig: string;
const folder = (name: string): string => join(lab.stateDir, name);

before(async () => {
  lab = await openLab("lab-k10-okta", { auditPolicy });
  await up(lab);
  kubeconfig = await readerKubeconfig(lab, "evidence-reader", readerRules);
});
after(() => lab.stop());

/** A copy of the log's files as they are now, as an auditor is given them. */
function copied(name: string): string[] {
  const from = lab.cluster.auditFolder ?? "";
  mkdirSync(folder(name));
  return readdirSync(from).map((file) => {
    copyFileSync(join(from, file), join(folder(name), file));
    return join(folder(name), file);
  });
}

async function ask(groups: readonly string[], path: string, times = 1): Promise<void> {
  const api = clusterApi(lab.cluster.kubeconfigPath);
  for (let time = 0; time < times; time += 1) {
    await api.callAs({ username: "okta:ana@example.com", groups: ["system:authenticated", ...groups] }, "GET", path);
  }
}

const run = (out: string, logs: readonly string[]) =>
  evidence(lab, ["--stack", lab.engine.stack, "--kubeconfig", kubeconfig, "--out", folder(out), "--audit-log", ...logs]);

const policies = "/apis/config.kio.kasten.io/v1alpha1/namespaces/kasten-io/policies";

test("what somebody did as an administrator of K10 is that grant's last use, in whichever file it stands", async () => {
  const began = new Date().toISOString();
  await ask(["okta:Kasten Admins"], policies);
  // A request that nobody may make is no use of anything.
  await ask(["okta:Security Auditors"], "/api/v1/namespaces/kasten-io/secrets");
  const done = new Date().toISOString();
  // Enough for a file to be full.
  await ask([], "/api/v1/namespaces/default/pods?limit=1", 700);
  const logs = copied("given-logs");
  const { status, stdout, stderr } = await run("first", logs);
  assert.equal(status, 0, stdout + stderr);
  const found = evidenceIn(folder("first"));
  const use = (group: string): string | null | undefined => found.grants.find((grant) => grant.group === group)?.lastUse;
  const last = use("backup-admins") ?? "";
  assert.ok(last >= began && last <= done, `${last}: expected from ${began} to ${done}`);
  assert.equal(use("auditors"), null);
  assert.ok(found.unused?.some((key) => key.startsWith("k10/auditors/")));
  assert.ok((found.auditLog?.events ?? 0) > 700);
  const compressed = logs.filter((file) => readFileSync(file).subarray(0, 2).toString("hex") === "1f8b");
  console.log(`${logs.length} files, ${compressed.length} of them compressed, ${found.auditLog?.events ?? 0} events`);
  assert.ok(compressed.length > 0, logs.join(", "));
});

test("the file that is being written, cut in its last line: the rest is read, and the cut is said", async () => {
  const [newest] = copied("given-cut").filter((file) => file.endsWith("audit.log"));
  assert.ok(newest);
  truncateSync(newest, statSync(newest).size - 20);
  const { status, stdout, stderr } = await run("second", [newest]);
  assert.equal(status, 0, stdout + stderr);
  assert.deepEqual(evidenceIn(folder("second")).auditLog?.cut, [newest]);
});
