// The tree under the Node.js versions that people have, with the newest SDKs that each takes: unit tests, build, one demo.
// Each version works in a copy of its own, made from what git tracks, so that the checkout keeps its node_modules. Node.js itself
// comes from npm's package `node`, whose binaries are those of the project.
// Usage: npm run matrix [-- 24]
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { nodeFromNpm, nodeVersions } from "./node-binaries.mjs";

const project = dirname(dirname(fileURLToPath(import.meta.url)));

/** Exact versions: what was tried is what is claimed. SDKs from 3.249 on want Node.js 22; the lock file stays at what 20 takes. */
const newest = {
  "@pulumi/pulumi": "3.276.0",
  "@pulumi/policy": "1.21.0",
  "@pulumi/kubernetes": "4.34.2",
  "@pulumi/azuread": "6.9.1",
  "@pulumi/keycloak": "6.13.0",
  "@pulumi/okta": "7.0.0",
  "@pulumi/random": "4.21.2",
};
const steps = [
  ["unit tests", ["npm", "test"]],
  ["build, with types", ["node", "scripts/build.mjs"]],
  ["demo", ["npm", "run", "demo"]],
];

function run([command, ...args], cwd, path) {
  const env = { ...process.env, PATH: [...path, process.env.PATH].join(delimiter) };
  const { status } = spawnSync(command, args, { cwd, env, stdio: ["ignore", "inherit", "inherit"] });
  return status === 0;
}

/** What git tracks, with the newest SDKs written into package.json. */
function copy(folder) {
  const { stdout } = spawnSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: project,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  for (const file of stdout.split("\0").filter((name) => name !== "" && existsSync(join(project, name)))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(project, file), join(folder, file));
  }
  // The lab is a workspace with a manifest of its own, and shares the SDKs.
  for (const path of [join(folder, "package.json"), join(folder, "lab", "package.json")]) {
    writeNewest(path);
  }
}

function writeNewest(path) {
  const manifest = JSON.parse(readFileSync(path, "utf8"));
  for (const [name, version] of Object.entries(newest)) {
    for (const key of ["dependencies", "devDependencies"].filter((kind) => manifest[kind]?.[name] !== undefined)) {
      manifest[key][name] = version;
    }
  }
  writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`);
}

const install = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
const wanted = process.argv.slice(2);
const chosen = Object.entries(nodeVersions).filter(([major]) => wanted.length === 0 || wanted.includes(major));
let passed = 0;
let failed = 0;
for (const [major, version] of chosen) {
  const folder = mkdtempSync(join(tmpdir(), `gatehouse-node${major}-`));
  try {
    const node = join(folder, "node");
    const { install: installNode, binaries } = nodeFromNpm(node, version);
    const tree = join(folder, "tree");
    mkdirSync(tree);
    copy(tree);
    const ready = run(installNode, node, []) && run(install, tree, [binaries]);
    for (const [name, command] of steps) {
      const good = ready && run(command, tree, [binaries]);
      console.log(`${good ? "ok    " : "FAILED"}  Node.js ${version}: ${name}`);
      if (good) {
        passed += 1;
      } else {
        failed += 1;
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
