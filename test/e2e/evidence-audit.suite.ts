// When each grant was last used, from what a real kube-apiserver wrote into its audit log: the file that it is writing, rotated ones, and
// compressed ones.
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, statSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { clusterApi } from "../../lab/story/relying-parties/cluster-api";
import type { Lab } from "../../lab/story/session";
import { evidence, evidenceIn, readerKubeconfig, readerRules } from "./evidence";
import { deployed } from "./shared-lab";
import { longest } from "./support";

export const auditPolicy = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
  - level: Metadata
`;

export function evidenceAudit(shared: () => Lab): void {
  let lab: Lab;
  let kubeconfig: string;
  const folder = (name: string): string => join(lab.stateDir, `audit-${name}`);

  before(async () => {
    lab = shared();
    await deployed(lab);
    kubeconfig = await readerKubeconfig(lab, "audit-reader", readerRules);
  });

  const logFiles = (): string[] => readdirSync(lab.cluster.auditFolder ?? "").sort();

  /**
   * A copy of the log's files as an auditor is given them. A file that is full gets another name and is then compressed, in the server's own
   * time, while its requests go on: what was copied from is the same after as before, with nothing half compressed.
   */
  async function copied(name: string): Promise<string[]> {
    const deadline = Date.now() + longest;
    let files = copiedAtRest(folder(name));
    while (files === undefined) {
      assert.ok(Date.now() < deadline, `the log is never at rest: ${logFiles().join(", ")}`);
      await sleep(100);
      files = copiedAtRest(folder(name));
    }
    return files;
  }

  function copiedAtRest(to: string): string[] | undefined {
    const before = logFiles();
    if (!before.every((file) => file === "audit.log" || file.endsWith(".gz"))) {
      return undefined;
    }
    rmSync(to, { recursive: true, force: true });
    mkdirSync(to);
    try {
      before.forEach((file) => {
        copyFileSync(join(lab.cluster.auditFolder ?? "", file), join(to, file));
      });
    } catch {
      // It has just got another name.
      return undefined;
    }
    return isDeepStrictEqual(logFiles(), before) ? before.map((file) => join(to, file)) : undefined;
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
    // Until a file is full.
    for (const deadline = Date.now() + longest; !logFiles().some((file) => file.endsWith(".gz"));) {
      assert.ok(Date.now() < deadline, "no file of the log was ever full and compressed");
      await ask([], "/api/v1/namespaces/default/pods?limit=1", 100);
    }
    const logs = await copied("given-logs");
    const { status, stdout, stderr } = await run("first", logs);
    assert.equal(status, 0, stdout + stderr);
    const found = evidenceIn(folder("first"));
    const use = (group: string): string | null | undefined => found.grants.find((grant) => grant.group === group)?.lastUse;
    const last = use("backup-admins") ?? "";
    const [from, at, to] = [began, last, done].map((moment) => Date.parse(moment));
    // The log has microseconds, and the test milliseconds.
    assert.ok(
      from !== undefined && at !== undefined && to !== undefined && from <= at && at <= to,
      `${last}: expected from ${began} to ${done}`,
    );
    assert.equal(use("auditors"), null);
    assert.ok(found.unused?.some((key) => key.startsWith("k10/auditors/")));
    assert.ok((found.auditLog?.events ?? 0) > 100);
    const compressed = logs.filter((file) => readFileSync(file).subarray(0, 2).toString("hex") === "1f8b");
    console.log(`${logs.length} files, ${compressed.length} of them compressed, ${found.auditLog?.events ?? 0} events`);
    assert.ok(compressed.length > 0, logs.join(", "));
  });

  test("the file that is being written, cut in its last line: the rest is read, and the cut is said", async () => {
    // A file that has just become the newest may have nothing in it yet.
    await ask([], "/api/v1/namespaces/default/pods?limit=1", 3);
    const newest = (await copied("given-cut")).find((file) => file.endsWith("/audit.log"));
    assert.ok(newest);
    truncateSync(newest, statSync(newest).size - 20);
    const { status, stdout, stderr } = await run("second", [newest]);
    assert.equal(status, 0, stdout + stderr);
    assert.deepEqual(evidenceIn(folder("second")).auditLog?.cut, [newest]);
  });
}
