// Which executable is taken, and that what is written starts: the first line on stdout is a port that answers.
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import sdk from "@pulumi/pulumi/package.json";
import { cachedBundle } from "../../machine/bundles";
import { ensurePlugins, findOfficial } from "../../pulumi";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-plugins-"));
  vi.stubEnv("XDG_CACHE_HOME", join(folder, "cache"));
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

function executable(directory: string, content: string): string {
  mkdirSync(join(folder, directory), { recursive: true });
  const path = join(folder, directory, "pulumi-resource-okta");
  writeFileSync(path, content);
  chmodSync(path, 0o755);
  return path;
}

test("an official plugin on PATH is taken, a stand-in of another lab and our own folder are not", () => {
  executable("other-lab", "#!/bin/sh\n# Gatehouse stand-in\nexit 0\n");
  executable("ours", "#!/bin/sh\nexit 0\n");
  const official = executable("official", "\u007fELF");
  const path = ["other-lab", "ours", "official"].map((name) => join(folder, name)).join(delimiter);
  expect(findOfficial("pulumi-resource-okta", path, join(folder, "ours"))).toBe(official);
  expect(findOfficial("pulumi-resource-random", path, join(folder, "ours"))).toBeUndefined();
});

test("a stand-in is bundled once, says so, and serves on the port it prints", async () => {
  const lines: string[] = [];
  const options = { path: join(folder, "official"), binDirectory: join(folder, "bin"), report: (line: string) => void lines.push(line) };
  const plugins = await ensurePlugins(options);
  expect(plugins.filter(({ standIn }) => !standIn).map(({ name }) => name)).toEqual([
    "pulumi-resource-okta",
    // Dynamic providers run in Pulumi's own package, which is installed.
    "pulumi-resource-pulumi-nodejs",
  ]);
  expect(lines.flatMap((line) => /^(.*): bundled in/.exec(line)?.[1] ?? [])).toEqual([
    "pulumi-language-nodejs",
    ...["azuread", "keycloak", "kubernetes"].map((name) => `pulumi-resource-${name}`),
    "kubeconfig-reader",
    "pulumi-resource-random",
  ]);
  lines.length = 0;
  await ensurePlugins(options);
  expect(lines.filter((line) => line.includes("bundled in"))).toEqual([]);

  const child = spawn(plugins.find(({ name }) => name === "pulumi-resource-random")?.path ?? "", [], { stdio: ["ignore", "pipe", "pipe"] });
  try {
    const words = new Promise<string>((resolve) => child.stderr.once("data", (chunk: Buffer) => resolve(chunk.toString())));
    const port = await new Promise<string>((resolve) => child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString())));
    expect(port).toMatch(/^\d+\n$/);
    expect(await words).toContain("pulumi-resource-random: a stand-in from Gatehouse's lab");
    const socket = connect(Number(port), "127.0.0.1");
    await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
    socket.destroy();
  } finally {
    child.kill();
  }
});

test("an official plugin is started from the lab's own folder, with its arguments, and nothing else of its folder comes along", async () => {
  const official = executable("official's folder", '#!/bin/sh\necho "$0 $$ $*"\n');
  writeFileSync(join(folder, "official's folder", "node"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
  const binDirectory = join(folder, "bin-of-official");
  const plugins = await ensurePlugins({ path: join(folder, "official's folder"), binDirectory, report: () => undefined });
  expect(plugins.find(({ name }) => name === "pulumi-resource-okta")).toEqual({
    name: "pulumi-resource-okta",
    path: official,
    standIn: false,
  });
  expect(readdirSync(binDirectory).sort()).toEqual(plugins.map(({ name }) => name));
  const child = spawn(join(binDirectory, "pulumi-resource-okta"), ["127.0.0.1:1", "a b"], { stdio: ["ignore", "pipe", "inherit"] });
  const words = await new Promise<string>((resolve) => child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString())));
  // The same process, so that the engine's signals reach the plugin itself.
  expect(words).toBe(`${official} ${child.pid} 127.0.0.1:1 a b\n`);
  // A second lab, started with this one's PATH, finds the official plugin itself: this folder goes with its lab.
  expect(findOfficial("pulumi-resource-okta", [binDirectory, join(folder, "official's folder")].join(delimiter), "/other")).toBe(official);
});

const starts: readonly (readonly [what: string, preload: string, asked: string, loaded: readonly boolean[]])[] = [
  ["the plugin for dynamic resources starts without the compilers that the SDK brings", "late-modules.cjs", "typescript", [false, false]],
  [
    "a program starts without Arborist, and with the compiler that writes its functions",
    "late-arborist.cjs",
    "@npmcli/arborist",
    [true, false],
  ],
];
// The newest SDKs bring no Arborist.
const brought = starts.filter(([, , asked]) => asked in sdk.dependencies || asked === "typescript");

test.each(brought)("%s; it has them when it asks", (_, file, asked, before) => {
  const loaded = `["typescript", "@npmcli/arborist"].map((name) =>
    Object.keys(require.cache).some((file) => file.includes(["", "node_modules", ...name.split("/"), ""].join(require("node:path").sep))))`;
  const script = `require("@pulumi/pulumi"); const before = ${loaded}; const { length } = Object.keys(require.cache);
    const library = require(process.argv[1]);
    // What TypeScript compiles takes a module for itself, and its default, where it says that it is an ES module.
    const part = [library, library.__esModule && library.default].map((it) => typeof it[process.argv[2]]);
    console.log(JSON.stringify([before, part, Object.keys(require.cache).length > length]));`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ["--require", join(__dirname, "../../pulumi", file), "-e", script, asked, asked === "typescript" ? "createSourceFile" : "Arborist"],
    { cwd: __dirname, encoding: "utf8" },
  );
  expect([stderr, JSON.parse(stdout)]).toEqual(["", [before, ["function", "function"], true]]);
});

test("the plugin for dynamic resources reads a kubeconfig from one file, another project's library from where that has it", async () => {
  const library = "@kubernetes/client-node/dist/config.js";
  const reader = await cachedBundle("kubeconfig-reader", join(__dirname, "../../pulumi/kubeconfig-reader.cjs"));
  const other = join(folder, "other-project", "node_modules", ...dirname(library).split("/"));
  mkdirSync(other, { recursive: true });
  writeFileSync(join(other, "config.js"), 'exports.KubeConfig = "its own";\n');
  const program = join(__dirname, "../../..", "node_modules", ".gatehouse-ensure-test.cjs");
  writeFileSync(
    program,
    `const from = (folder) => require("node:module").createRequire(folder + "/package.json")("${library}").KubeConfig;
     const config = new (from(__dirname))();
     config.loadFromString(process.argv[2]);
     const loaded = Object.keys(require.cache).filter((file) => file.includes("client-node"));
     console.log(JSON.stringify([config.getCurrentCluster().server, from(process.argv[3]), loaded]));`,
  );
  const kubeconfig = JSON.stringify({
    clusters: [{ name: "one", cluster: { server: "https://127.0.0.1:1" } }],
    contexts: [{ name: "one", context: { cluster: "one", user: "one" } }],
    users: [{ name: "one", user: { token: "x" } }],
    "current-context": "one",
  });
  try {
    // Node.js 22 warns of a module of its own that a package of the library asks for.
    const args = ["--no-deprecation", "--require", reader, program, kubeconfig, join(folder, "other-project")];
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    expect([stderr, stdout.trim()]).toEqual(["", JSON.stringify(["https://127.0.0.1:1", "its own", []])]);
  } finally {
    rmSync(program);
  }
});
