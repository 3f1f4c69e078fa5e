/**
 * The compiled pack and the bad stack under the real engine: the preview is refused, every mandatory rule is named at its full level
 * although outputs are unknown, and nothing is created. Run by `npm run e2e`.
 */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { serveCharts, type ChartRepository } from "../../lab/story/bad-stack/chart-repository";
import { authenticationConfiguration, startCluster, type Cluster } from "../../lab/machine/cluster";
import { ensurePlugins } from "../../lab/pulumi";
import { createProcesses, run, type Processes } from "../../lab/machine/processes";
import { searchPath, withoutOtherSystems } from "../../lab/story/session/variables";
import { ensureToolchain } from "../../lab/machine/toolchain";
import { rules } from "../../policies/rules";
import { tenFaults } from "../../policies/ten-faults";

const root = resolve(__dirname, "../..");
const project = join(root, "lab", "story", "bad-stack");
const mandatory = rules.filter(({ level }) => level === "mandatory").map(({ id }) => id);
const ofProvider = (prefix: string): string[] => mandatory.filter((id) => id.startsWith(prefix));
/** The bad stack has nothing of Keycloak, and the lab's provider of Okta no administrators; Dex and the rest are Kubernetes. */
const judged = mandatory.filter((id) => !id.startsWith("keycloak-") && id !== "okta-no-administrators");

let stateDir: string;
let processes: Processes;
let cluster: Cluster;
let pulumi: string;
let environment: NodeJS.ProcessEnv;
let charts: ChartRepository;
/** Stands where Okta is and counts what reaches it: a refused preview must send nothing that changes anything. */
const received: string[] = [];
const okta = createServer((request, response) => {
  received.push(`${request.method ?? ""} ${request.url ?? ""}`);
  response.writeHead(404).end();
});

before(async () => {
  stateDir = mkdtempSync(join(tmpdir(), "gatehouse-policies-"));
  const toolchain = await ensureToolchain(["pulumi", "helm", "etcd", "kube-apiserver", "kube-controller-manager"], () => undefined);
  processes = createProcesses({ stateDir });
  await new Promise<void>((listening) => okta.listen(0, "127.0.0.1", listening));
  await Promise.all([
    ensurePlugins({ path: process.env["PATH"] ?? "", binDirectory: join(stateDir, "bin"), report: () => undefined }),
    startCluster({ stateDir, toolchain, processes, authenticationConfiguration: authenticationConfiguration([]) }).then((started) => {
      cluster = started;
    }),
    run(process.execPath, [join(root, "scripts", "build-policies.mjs")], { cwd: root, env: process.env }),
  ]);
  mkdirSync(join(stateDir, "state"));
  charts = await serveCharts(join(stateDir, "charts"), ["dex", "k10"], toolchain.helm.path);
  pulumi = toolchain.pulumi.path;
  const address = okta.address();
  assert.ok(typeof address === "object" && address !== null);
  environment = {
    ...withoutOtherSystems(process.env),
    PATH: searchPath(join(stateDir, "bin"), [toolchain.helm, toolchain.pulumi], process.env["PATH"]),
    KUBECONFIG: cluster.kubeconfigPath,
    OKTA_HTTP_PROXY: `http://127.0.0.1:${address.port}`,
    PULUMI_BACKEND_URL: `file://${join(stateDir, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "bad stack",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_HOME: join(stateDir, "pulumi-home"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
  // `stack init` writes its salt into the stack file of the project it stands in: the tree must stay as it is.
  writeFileSync(join(stateDir, "Pulumi.yaml"), "name: gatehouse-bad-stack\nruntime: nodejs\n");
  const { status, stderr } = await run(pulumi, ["stack", "init", "bad", "--no-select", "--non-interactive"], {
    cwd: stateDir,
    env: environment,
  });
  assert.equal(status, 0, stderr);
});

after(async () => {
  okta.close();
  await charts.stop();
  await processes.stopAll();
  rmSync(stateDir, { recursive: true, force: true });
});

async function preview(
  parts: string,
  configuration?: object,
): Promise<{ status: number; mandatory: string[]; advisory: string[]; output: string }> {
  const configFile = join(stateDir, "stack.yaml");
  writeFileSync(configFile, `config:\n  gatehouse-bad-stack:parts: ${parts}\n  gatehouse-bad-stack:chartRepository: ${charts.url}\n`);
  const policyConfig = join(stateDir, "policy-config.json");
  writeFileSync(policyConfig, JSON.stringify(configuration ?? {}));
  const flags = [
    "--stack",
    "bad",
    "--config-file",
    configFile,
    "--policy-pack",
    join(root, "dist", "policies"),
    "--policy-pack-config",
    policyConfig,
  ];
  const { status, stdout, stderr } = await run(pulumi, ["preview", ...flags, "--non-interactive", "--color", "never"], {
    cwd: project,
    env: environment,
  });
  const output = `${stdout}\n${stderr}`;
  const named = (level: string): string[] => [
    ...new Set([...output.matchAll(new RegExp(`\\[${level}\\].*?  ([a-z0-9-]+)  \\(`, "g"))].flatMap(([, id]) => id ?? [])),
  ];
  return { status, mandatory: named("mandatory").sort(), advisory: named("advisory").sort(), output };
}

type Preview = ReturnType<typeof preview>;
let unconfigured: Preview | undefined;
/** The pack as it comes, on all but Entra's part: one preview, which several tests judge. */
const previewAsItComes = (): Preview => (unconfigured ??= preview("okta,kubernetes"));

void test("the preview of the bad stack is refused, with every mandatory rule of Okta, Kubernetes and Helm named", async () => {
  const { status, mandatory: named, output } = await previewAsItComes();
  assert.notEqual(status, 0);
  assert.deepEqual(named, judged.filter((id) => !id.startsWith("entra-")).sort(), output);
  assert.ok(!output.includes("can't run policy"), "a mandatory rule became advisory because it touched an unknown value");
});

void test("six of the ten faults are among them; the other four are Entra's", async () => {
  const { mandatory: named } = await previewAsItComes();
  const elsewhere = tenFaults.filter(({ rule }) => !named.includes(rule)).map(({ rule }) => rule);
  assert.deepEqual(elsewhere.sort(), [
    "entra-no-implicit",
    "entra-redirect-https-exact",
    "entra-secret-max-lifetime",
    "entra-single-tenant",
  ]);
});

void test("nothing is created", async () => {
  await previewAsItComes();
  assert.deepEqual(
    received.filter((line) => !line.startsWith("GET ")),
    [],
  );
  const { status, stdout } = await run(pulumi, ["stack", "export", "--stack", "bad"], { cwd: stateDir, env: environment });
  assert.equal(status, 0);
  const { deployment } = JSON.parse(stdout) as { deployment: { resources?: unknown[] } };
  assert.deepEqual(deployment.resources ?? [], []);
});

void test("an exception silences one rule on one resource, and is printed", async () => {
  const exception = {
    rule: "rbac-no-wildcards",
    resource: "operators",
    owner: "ana@example.com",
    reason: "vendor role",
    until: "2999-12-31",
  };
  const { mandatory: named, advisory, output } = await preview("okta,kubernetes", { "gatehouse-exceptions": { exceptions: [exception] } });
  assert.ok(!named.includes("rbac-no-wildcards"));
  assert.ok(named.includes("rbac-secrets-read"));
  assert.ok(advisory.includes("gatehouse-exceptions"));
  assert.match(output, /rbac-no-wildcards is excepted until 2999-12-31 \(ana@example\.com: vendor role\)/);
});

void test("charts are rendered with the real helm, and their RBAC is judged, when asked for", async () => {
  assert.ok(!(await previewAsItComes()).advisory.includes("rendered-chart-rbac"));
  const { output } = await preview("okta,kubernetes", { "rendered-chart-rbac": { renderCharts: true } });
  for (const chart of ["dex", "k10"]) {
    assert.match(output, new RegExp(`Role ${chart}-reader: rbac-secrets-read: rules\\[0\\]: expected Secrets by name`));
  }
});

void test("a malformed exception stops everything", async () => {
  const { status, output } = await preview("okta,kubernetes", { "gatehouse-exceptions": { exceptions: [{ rule: "rbac-no-wildcards" }] } });
  assert.notEqual(status, 0);
  assert.match(output, /owner/);
});

void test("a misspelt setting stops everything, by its name; so does a misspelt rule without a level, in the engine's own words", async () => {
  const setting = await preview("okta,kubernetes", { "okta-not-everyone": { everyoneGroupId: ["00g1"] } });
  assert.notEqual(setting.status, 0);
  assert.match(setting.output, /configuration of okta-not-everyone cannot be used: everyoneGroupId: expected one of everyoneGroupIds/);
  const rule = await preview("okta,kubernetes", { "okta-not-everybody": { everyoneGroupIds: ["00g1"] } });
  assert.match(rule.output, /configuring policy pack "gatehouse" .*: invalid enforcement level ""/);
  // With a level the engine lets it pass: nothing says that the rule does not exist.
  const levelled = await preview("okta,kubernetes", { "okta-not-everybody": { enforcementLevel: "disabled" } });
  assert.deepEqual(levelled.mandatory, judged.filter((id) => !id.startsWith("entra-")).sort(), levelled.output);
});

void test("the rules of each provider are among the mandatory ones", () => {
  for (const prefix of ["entra-", "okta-", "keycloak-", "values-", "rbac-"]) {
    assert.ok(ofProvider(prefix).length > 0, prefix);
  }
});
