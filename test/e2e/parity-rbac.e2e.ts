/**
 * The verifier's RBAC against the real API server: random roles, aggregation, bindings and requests, and impersonation for real.
 * `npm run parity -- --rbac 100000` asks more. Run by `npm run e2e`.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { rbacParity } from "../../bench/parity/rbac";
import { openClient } from "../../bench/parity/rbac/client";
import { readState } from "../../bench/parity/rbac/cluster-set";
import { authenticationConfiguration, startCluster, type Cluster } from "../../lab/machine/cluster";
import { createProcesses } from "../../lab/machine/processes";
import { ensureToolchain } from "../../lab/machine/toolchain";
import { builtInRoles, stableJson } from "../../model";
import { builtInState } from "../../verifier/rbac";

let stateDir: string;
let cluster: Cluster;

before(async () => {
  stateDir = mkdtempSync(join(tmpdir(), "gatehouse-parity-"));
  const toolchain = await ensureToolchain(["etcd", "kube-apiserver", "kube-controller-manager"], () => undefined);
  const processes = createProcesses({ stateDir });
  cluster = await startCluster({ stateDir, toolchain, processes, authenticationConfiguration: authenticationConfiguration([]) });
});

after(async () => {
  await cluster.stop();
  rmSync(stateDir, { recursive: true, force: true });
});

test("600 random questions are answered as the API server answers them", async () => {
  const { disagreements, agreed, allowed, impersonated, aggregated } = await rbacParity({
    kubeconfigPath: cluster.kubeconfigPath,
    cases: 600,
    seed: 20261128,
  });
  assert.deepEqual(disagreements, []);
  assert.equal(agreed, 600);
  // Neither all yes nor all no, or the agreement would mean little.
  assert.ok(allowed > 150 && allowed < 450, `${allowed} allowed`);
  assert.ok(impersonated.allowed > 0 && impersonated.allowed < impersonated.cases, `${impersonated.allowed} let`);
  assert.equal(aggregated.agreed, aggregated.roles);
});

test("the built-in roles that stand in for a cluster are those of the cluster, gathered ones too", async () => {
  const client = openClient(cluster.kubeconfigPath, 4);
  const live = await readState(client.call);
  client.close();
  // Kubernetes writes the lists of a rule in an order of its own.
  const plain = (rules: readonly object[]): string[] =>
    [
      ...new Set(
        rules.map((rule) =>
          stableJson(Object.fromEntries(Object.entries(rule).map(([key, list]) => [key, [...(list as string[])].sort()]))),
        ),
      ),
    ].sort();
  for (const { name, labels, rules } of builtInState().roles) {
    const there = live.roles.find((role) => role.kind === "ClusterRole" && role.name === name);
    assert.deepEqual(plain(rules), plain(there?.rules ?? []), name);
    assert.deepEqual({ ...there?.labels, ...labels }, there?.labels, name);
  }
  assert.equal(builtInRoles.length, 12);
});
