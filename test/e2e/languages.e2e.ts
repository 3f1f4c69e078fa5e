/**
 * The package as people have it: packed, installed into a project that `gatehouse init` began, and used from every language whose host
 * can be had. Each program of examples/languages is deployed, updated without a change and destroyed; `init`'s own project is previewed.
 * Run by `npm run e2e`.
 */
import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { parseDocument } from "yaml";
import { run } from "../../lab/machine/processes";
import { ensureLanguageHost, otherLanguages } from "../../lab/pulumi/language-hosts";
import { serveCharts, type ChartRepository } from "../../lab/story/bad-stack/chart-repository";
import { createEngine, projectFolder, type Engine, type Lab } from "../../lab/story/session";
import { filesBelow, kube, namesOf, openLab, stackFileOf } from "./support";

const binding = "/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings";
let lab: Lab;
let charts: ChartRepository;
/** The project of one's own, with the packed package in its node_modules. */
let own: string;

before(async () => {
  lab = await openLab("lab-k10-okta");
  const binDirectory = join(lab.stateDir, "bin");
  for (const language of otherLanguages) {
    await ensureLanguageHost(language, { path: process.env["PATH"] ?? "", binDirectory, report: () => undefined });
  }
  const folder = join(lab.stateDir, "repository");
  cpSync(join(projectFolder, "lab/story/charts/k10"), join(folder, "k10"), { recursive: true });
  charts = await serveCharts(folder, [], lab.toolchain.helm.path, ["k10"]);
  own = join(lab.stateDir, "access");
  const archive = await pack();
  await command(process.execPath, join(projectFolder, "dist/cli/bin.js"), ...initFlags(archive));
  await command("npm", "install", "--prefix", own, "--no-audit", "--no-fund", "--loglevel=error");
});

after(async () => {
  await charts.stop();
  await lab.stop();
});

const initFlags = (archive: string): string[] => [
  ...["init", own, "--idp", "okta", "--platforms", "kasten", "--stack", "production"],
  ...["--gatehouse", `file:${archive}`, "--pipeline", "github-actions"],
];

async function command(program: string, ...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await run(program, args, { cwd: projectFolder, env: lab.variables });
  assert.equal(status, 0, `${program} ${args.join(" ")}: ${stdout}\n${stderr}`);
  return stdout;
}

/** The archive that is there already (.ci/run), else a new one. */
async function pack(): Promise<string> {
  const packed = process.env["GATEHOUSE_E2E_PACKAGE"];
  if (packed !== undefined) {
    return packed;
  }
  await command("npm", "pack", "--pack-destination", lab.stateDir);
  const name = readdirSync(lab.stateDir).find((file) => file.endsWith(".tgz"));
  assert.ok(name !== undefined);
  return join(lab.stateDir, name);
}

/** An engine on a project, with a stack of its own. */
async function engineOn(
  project: string,
  stack: string,
  settings: Readonly<Record<string, string>>,
  environment = lab.variables,
): Promise<Engine> {
  const configFile = join(project, `Pulumi.${stack}.yaml`);
  const engine = createEngine({ pulumi: lab.toolchain.pulumi.path, stack, configFile, project, environment });
  await engine.run(["stack", "init", "--no-select"]);
  for (const [key, value] of Object.entries(settings)) {
    await engine.run(["config", "set", key, value]);
  }
  return engine;
}

/** The address that the lab's Okta has as an organisation. */
function orgUrl(): string {
  const at = ["config", "gatehouse:idp", "orgUrl"];
  return String(parseDocument(readFileSync(stackFileOf(lab), "utf8")).getIn(at));
}

/** Deployed, the same again, gone again. */
async function wholeLife(project: string): Promise<void> {
  const engine = await engineOn(project, "dev", { orgUrl: orgUrl(), chartRepository: charts.url, wait: "false" });
  await engine.run(["up", "--yes", "--skip-preview"]);
  const { environment, bindings } = (await engine.outputs()) as { environment: { stack: string; access: unknown[] }; bindings: string[] };
  assert.deepEqual([environment.stack, environment.access.length, bindings], ["production", 2, ["on-call-view"]]);
  assert.deepEqual(await namesOf(lab, binding), ["on-call-view"]);
  await engine.run(["up", "--yes", "--skip-preview", "--expect-no-changes"]);
  await strangerGoes(engine);
  await engine.run(["destroy", "--yes", "--skip-preview"]);
  assert.deepEqual(await namesOf(lab, binding), []);
}

/** A hand-made subject goes with the next update, whoever runs the resource that sees to it. */
async function strangerGoes(engine: Engine): Promise<void> {
  const path = `${binding}/on-call-view`;
  const { body } = (await kube(lab, "GET", path)) as { body: { subjects: { name: string }[] } };
  const stranger = { apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "okta:Intruders" };
  await kube(lab, "PUT", path, { ...body, subjects: [...body.subjects, stranger] });
  await engine.run(["up", "--yes", "--skip-preview"]);
  const after = (await kube(lab, "GET", path)) as { body: { subjects: { name: string }[] } };
  assert.deepEqual(
    after.body.subjects.map(({ name }) => name),
    ["okta:On Call"],
  );
}

/** An example in a folder of its own, with the plugin of the installed package. */
function example(language: string): string {
  const folder = join(lab.stateDir, "programs", language);
  mkdirSync(join(lab.stateDir, "programs"), { recursive: true });
  cpSync(join(projectFolder, "examples/languages", language), folder, { recursive: true });
  for (const made of ["sdks", "venv", "node_modules"]) {
    rmSync(join(folder, made), { recursive: true, force: true });
  }
  return folder;
}

for (const language of otherLanguages) {
  test(`${language}: package add from the installed package, deployed, unchanged, destroyed`, async () => {
    const folder = example(language);
    const plugin = join(own, "node_modules/gatehouse/dist/plugin");
    const projectFile = join(folder, "Pulumi.yaml");
    writeFileSync(projectFile, readFileSync(projectFile, "utf8").replace("../../../plugin", plugin));
    const added = await run(lab.toolchain.pulumi.path, ["package", "add", plugin], { cwd: folder, env: lab.variables });
    assert.equal(added.status, 0, added.stdout + added.stderr);
    assert.ok(existsSync(join(folder, "sdks/gatehouse")));
    await wholeLife(folder);
  });
}

const ofAnotherCluster = `import pulumi
import pulumi_gatehouse as gatehouse

kubeconfig = pulumi.Config().require_secret("kubeconfig")
cluster = pulumi.ProviderResource("kubernetes", "cluster", {"kubeconfig": kubeconfig})
binding = {
    "name": "on-call-view",
    "namespace": "shop",
    "role_kind": "ClusterRole",
    "role_name": "view",
    "groups": [{"display_name": "On Call", "subject": "okta:On Call"}],
}
gatehouse.RoleBindings("on-call", platform="shop", bindings={"view-shop": binding}, opts=pulumi.ResourceOptions(providers=[cluster]))
`;

test("python: a provider of the program's options is the one that our own resources use, and its kubeconfig stays secret", async () => {
  const folder = join(lab.stateDir, "programs", "python");
  writeFileSync(join(folder, "__main__.py"), ofAnotherCluster);
  // What the environment says is another cluster, and none that answers.
  const variables = { ...lab.variables, KUBECONFIG: join(lab.stateDir, "none") };
  const engine = await engineOn(folder, "elsewhere", {}, variables);
  await engine.run(["config", "set", "--secret", "kubeconfig", readFileSync(lab.cluster.kubeconfigPath, "utf8")]);
  await engine.run(["up", "--yes", "--skip-preview"]);
  await strangerGoes(engine);
  const { stdout } = await engine.run(["stack", "export"]);
  assert.ok(stdout.includes("gatehouse:access:RestoredObjects"));
  assert.ok(!stdout.includes("client-key-data"), "the kubeconfig is in the state in plain text");
  await engine.run(["destroy", "--yes", "--skip-preview"]);
  assert.deepEqual(await namesOf(lab, binding), []);
});

test("typescript: the installed package, types checked, deployed, unchanged, destroyed", async () => {
  const folder = example("typescript");
  symlinkSync(join(own, "node_modules"), join(folder, "node_modules"));
  await command(join(own, "node_modules/.bin/tsc"), "--project", folder, "--noEmit", "--preserveSymlinks", "--skipLibCheck");
  await wholeLife(folder);
});

/** Fills in what is an example in a new project's stack file, and gives an engine on it. */
async function filledIn(project: string): Promise<Engine> {
  const file = join(project, "Pulumi.production.yaml");
  const document = parseDocument(readFileSync(file, "utf8"));
  document.setIn(["config", "gatehouse:idp", "orgUrl"], orgUrl());
  document.setIn(["config", "gatehouse:platforms", "kasten", "chart", "repository"], charts.url);
  writeFileSync(file, String(document));
  return engineOn(project, "production", {});
}

async function previewMakes(engine: Engine): Promise<void> {
  const { stdout } = await engine.run(["preview", "--json"]);
  const { changeSummary } = JSON.parse(stdout) as { changeSummary: Record<string, number> };
  assert.deepEqual(Object.keys(changeSummary), ["create"]);
  assert.ok((changeSummary["create"] ?? 0) > 8, stdout);
}

test("init's project: validate, then a preview of what it would make", async () => {
  const engine = await filledIn(own);
  await command("npm", "run", "--prefix", own, "validate");
  const printed = await command("npm", "run", "--prefix", own, "preview");
  assert.match(printed, /1 person gains administration \(admin\)/);
  // The pack of the installed package: npm packs no node_modules, so the one that starts it is the project's own SDK.
  assert.match(printed, /\[advisory\] okta-pkce-required/);
  await previewMakes(engine);
  assert.ok(filesBelow(join(own, ".github")).length > 0);
});

test("pulumi new with the template gives what init does", async () => {
  const made = join(lab.stateDir, "from-template");
  const template = join(projectFolder, "templates", "gatehouse");
  const flags = ["--yes", "--generate-only", "--name", "from-template", "--description", "Ours", "--dir", made, "--non-interactive"];
  await command(lab.toolchain.pulumi.path, "new", template, ...flags);
  assert.deepEqual(readdirSync(made).sort(), readdirSync(template).sort());
  assert.match(readFileSync(join(made, "Pulumi.yaml"), "utf8"), /^name: from-template\ndescription: Ours\n(?![^]*^template:)/m);
  assert.match(readFileSync(join(made, "package.json"), "utf8"), /"name": "from-template"/);
  symlinkSync(join(own, "node_modules"), join(made, "node_modules"));
  await previewMakes(await filledIn(made));
});
