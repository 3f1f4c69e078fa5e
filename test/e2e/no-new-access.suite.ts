/**
 * `gatehouse preview --prove-no-new-access` and the questions about access, with the real engine, the real Helm and the real cluster.
 * Run by `npm run e2e`.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { run } from "../../lab/machine/processes";
import { ensureToolchain } from "../../lab/machine/toolchain";
import type { Lab } from "../../lab/story/session";
import { commandLine } from "./login";
import { deployed } from "./shared-lab";
import { configure, gatehouse } from "./support";

const platform = ["gatehouse:platforms", "k10"];
export function noNewAccess(shared: () => Lab): void {
  let lab: Lab;
  let helm: string;

  before(async () => {
    lab = shared();
    helm = (await ensureToolchain(["helm"], () => undefined)).helm.path;
    await deployed(lab);
  });

  /** What the engine would do now, in a file. */
  async function planned(): Promise<string> {
    const file = join(lab.stateDir, "preview.json");
    writeFileSync(file, (await lab.engine.run(["preview", "--json", "--show-sames"])).stdout);
    return file;
  }

  function prove(file: string, ...flags: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
    return gatehouse("preview", "--from", file, "--prove-no-new-access", "--helm", helm, ...flags);
  }

  test("an unchanged stack is proven, from the plan alone and against the live cluster", async () => {
    const file = await planned();
    for (const flags of [[], ["--kubeconfig", lab.cluster.kubeconfigPath]]) {
      const { status, stdout, stderr } = await prove(file, ...flags);
      assert.equal(status, 0, stdout + stderr);
      assert.match(
        stdout,
        /: proven\. Nobody may do after this update what they might not before \(\d+ bindings, \d+ roles and 1 rendered charts/,
      );
    }
  });

  test("a value that makes the chart bind somebody is found", async () => {
    configure(lab, [...platform, "insecureChartAdminGroups"], true);
    configure(lab, [...platform, "values", "auth", "k10AdminGroups"], ["okta:Kasten Users"]);
    const file = await planned();
    for (const flags of [[], ["--kubeconfig", lab.cluster.kubeconfigPath]]) {
      const { status, stdout, stderr } = await prove(file, ...flags);
      assert.equal(status, 4, stdout + stderr);
      assert.match(stdout, /Group okta:Kasten Users: /);
      assert.match(stdout, /by (Cluster)?RoleBinding .*kasten-io-k10-k10-/);
    }
    configure(lab, [...platform, "insecureChartAdminGroups"], undefined);
    configure(lab, [...platform, "values"], undefined);
  });

  test("the live cluster says what K10's administrators reach, and who can read Secrets", async () => {
    const document = join(lab.stateDir, "document.json");
    writeFileSync(document, (await lab.engine.run(["stack", "output", "--json"])).stdout);
    const live = ["--env", document, "--kubeconfig", lab.cluster.kubeconfigPath];
    const can = await gatehouse("can-i", "delete", "nodes", "--group", "backup-admins", ...live);
    assert.equal(can.status, 1, can.stdout + can.stderr);
    assert.match(can.stdout, /Reach: Reaches everything in the cluster: in kasten-io they may /);
    assert.match(can.stdout, /and so be kasten-io\/controllermanager-svc/);
    const who = await gatehouse("who-can", "get", "secrets", "-n", "kasten-io", ...live);
    assert.equal(who.status, 0, who.stderr);
    assert.match(who.stdout, /subject {2}Group okta:Kasten Admins\n {2}binding {2}RoleBinding kasten-io\/gatehouse-k10-k10-ns-admin/);
  });

  test("the doctor finds the issuer, its chain and clock, the redirect, the roles and the bindings in order", async () => {
    const document = join(lab.stateDir, "document.json");
    const authority = join(lab.stateDir, "authority.pem");
    writeFileSync(document, (await lab.engine.run(["stack", "output", "--json"])).stdout);
    writeFileSync(authority, lab.authority.certificate);
    const args = commandLine("doctor", "--env", document, "--kubeconfig", lab.cluster.kubeconfigPath);
    const { stdout } = await run(process.execPath, args, { env: { ...process.env, NODE_EXTRA_CA_CERTS: authority } });
    assert.match(stdout, /^ok {7}discovery {3}https:\/\/127\.0\.0\.1:\d+: reached, and names the same issuer$/m);
    // The lab's certificates are short-lived, so this is a warning.
    assert.match(stdout, /^warning {2}tls {9}https:\/\/127\.0\.0\.1:\d+: \d+ days left/m);
    assert.match(stdout, /^ok {7}redirect {4}k10: .*\/auth-svc\/v0\/oidc\/redirect is registered$/m);
    assert.match(stdout, /^ok {7}clock {7}the API server: \d+ s apart$/m);
    assert.match(stdout, /^ok {7}roles {7}Role kasten-io\/k10-ns-admin: there$/m);
    assert.match(stdout, /^ok {7}bindings {4}the cluster: as declared/m);
    assert.match(stdout, /: nothing is wrong, 1 not looked at\.$/m);
  });
}
