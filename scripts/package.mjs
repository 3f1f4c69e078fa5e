// Builds and packs the package, and proves it as a user meets it: in an empty folder, by tarball and from git, with the oldest and
// the newest SDKs, under each Node.js version, types included. Usage: npm run package [-- --quick] [-- --keep]: quick is what CI runs, the
// archive and one project with the oldest SDK; keep leaves the archive in the project.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { nodeFromNpm, nodeVersions } from "./node-binaries.mjs";

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const manifest = JSON.parse(readFileSync(join(project, "package.json"), "utf8"));
const mostFiles = 150;
const results = [];

/** Runs a command to its end; its output is shown when it fails. */
function run([command, ...args], cwd, env = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  return { good: status === 0, stdout, words: `${stdout}${stderr}` };
}

function record(name, good, words = "") {
  results.push(good);
  console.log(`${good ? "ok    " : "FAILED"}  ${name}`);
  if (!good) {
    console.log(words.trimEnd().split("\n").slice(-25).join("\n"));
  }
  return good;
}

const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
const folder = mkdtempSync(join(tmpdir(), "gatehouse-package-"));

/** The archive, and that it holds what it should and nothing else. */
function pack() {
  const packed = run(["npm", "pack", "--json", "--pack-destination", folder], project);
  const [start, end] = [packed.stdout.indexOf("[\n"), packed.stdout.lastIndexOf("]")];
  record("npm pack", packed.good && start >= 0, packed.words);
  const [{ filename, files }] = JSON.parse(packed.stdout.slice(start, end + 1));
  const paths = files.map(({ path }) => path);
  record(`${paths.length} files, at most ${mostFiles}`, paths.length <= mostFiles, paths.join("\n"));
  // npm always packs what `main` names, which is the checkout's own program (docs/decisions, the package).
  const strangers = paths
    .filter((path) => path !== manifest.main)
    .filter((path) => /^(test|lab|bench|cli|components|model)\//.test(path) || /\.ts$/.test(path.replace(/\.d\.ts$/, "")));
  record("neither sources nor tests", strangers.length === 0, strangers.join("\n"));
  return join(folder, filename);
}

const program = `import * as pulumi from "@pulumi/pulumi";
import * as gatehouse from "gatehouse";
import { OktaDirectory, RoleBindings } from "gatehouse/components";
import { parseEnvironment, type Environment } from "gatehouse/model";
import { program } from "gatehouse/program";
import { verifyToken } from "gatehouse/verifier";

const { environment }: { environment: Environment } = parseEnvironment(
  {
    idp: { kind: "okta", orgUrl: "https://example.okta.com" },
    groups: { admins: { displayName: "Kasten Admins" } },
    platforms: { k10: { kind: "kasten", host: "https://k10.example.com", chart: { version: "8.0.15" }, access: [{ group: "admins", role: "admin" }] } },
  },
  "2026-11-28",
);
const described: pulumi.Input<string> = Object.keys(environment.platforms).join();
console.log([described, typeof OktaDirectory, typeof RoleBindings, typeof program, typeof verifyToken, gatehouse.Kasten.name].join(" "));
`;
const printed = "k10 function function function function Kasten";

/** A project of one's own, as \`pulumi new typescript\` begins one. */
function consumer(name, sdks, source, options) {
  const own = join(folder, name);
  mkdirSync(own);
  const pinned = Object.fromEntries(Object.entries(sdks).map(([sdk, version]) => [sdk, version]));
  const dependencies = { ...pinned, gatehouse: source };
  writeFileSync(
    join(own, "package.json"),
    JSON.stringify({ name: "own", main: "index.ts", dependencies, devDependencies: { typescript: "^5", "@types/node": "^20" } }),
  );
  writeFileSync(join(own, "index.ts"), program);
  writeFileSync(
    join(own, "tsconfig.json"),
    JSON.stringify({ compilerOptions: { strict: true, target: "es2020", outDir: "bin", ...options }, files: ["index.ts"] }),
  );
  const installed = run(["npm", "install", ...quiet], own);
  if (!record(`${name}: npm install`, installed.good, installed.words)) {
    return own;
  }
  const compiled = run(["npx", "tsc"], own);
  record(`${name}: tsc --strict`, compiled.good, compiled.words);
  const ran = run(["node", "bin/index.js"], own);
  record(`${name}: the program runs`, ran.stdout.trim() === printed, ran.words);
  const copies = readdirSync(join(own, "node_modules", "gatehouse")).includes("node_modules")
    ? readdirSync(join(own, "node_modules", "gatehouse", "node_modules"))
    : [];
  record(`${name}: no second copy of an SDK`, !copies.includes("@pulumi"), copies.join("\n"));
  const version = run(["npx", "gatehouse", "--version"], own);
  record(`${name}: gatehouse --version`, version.stdout.trim() === manifest.version, version.words);
  return own;
}

/** The folder for PATH of a version of Node.js. */
function nodeOf(version) {
  const place = join(folder, `node-${version}`);
  const { install, binaries } = nodeFromNpm(place, version);
  const { good, words } = run(install, place);
  record(`Node.js ${version} from npm`, good, words);
  return binaries;
}

/** The newest SDKs, each Node.js version, and an installation from git. */
function everyOther(archive, oldest) {
  const nodeNext = { module: "nodenext", moduleResolution: "nodenext" };
  consumer("sdk-3.248", { "@pulumi/pulumi": "3.248.0" }, `file:${archive}`, nodeNext);
  for (const version of Object.values(nodeVersions)) {
    const env = { PATH: [nodeOf(version), process.env.PATH].join(delimiter) };
    const { stdout, words } = run(["node", "bin/index.js"], oldest, env);
    record(`the program runs under Node.js ${version}`, stdout.trim() === printed, words);
    const verified = run(["npx", "gatehouse", "validate", "--help"], oldest, env);
    record(`the command runs under Node.js ${version}`, verified.good, verified.words);
  }
  const bare = join(folder, "gatehouse.git");
  const cloned = run(["git", "clone", "--quiet", "--bare", project, bare], folder);
  record("a repository to install from", cloned.good, cloned.words);
  consumer("from-git", { "@pulumi/pulumi": "3.248.0" }, `git+file://${bare}`, nodeNext);
}

try {
  const archive = pack();
  // zod's own declarations want esModuleInterop where Node.js' newer resolution does not imply it.
  const node10 = { module: "commonjs", moduleResolution: "node10", esModuleInterop: true };
  const oldest = consumer("sdk-3.230", { "@pulumi/pulumi": "3.230.0", "ts-node": "10.9.2" }, `file:${archive}`, node10);
  const quick = process.argv.includes("--quick");
  if (!quick) {
    everyOther(archive, oldest);
  }
  if (process.argv.includes("--keep")) {
    copyFileSync(archive, join(project, "gatehouse.tgz"));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const failed = results.filter((good) => !good).length;
console.log(`${results.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
