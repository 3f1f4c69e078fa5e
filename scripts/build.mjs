// Compiles what is published to dist/: each folder of the product that programs import, the command, the policy pack, the
// component plugin. Types are stripped or written out here; `npm run check` is where they are checked.
import { chmodSync, copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { buildPolicies } from "./build-policies.mjs";
import { bundleFolder, missingNames } from "./bundle.mjs";

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(project, "dist");
const manifest = JSON.parse(readFileSync(join(project, "package.json"), "utf8"));

/** The command: one file without imports starts in a fraction of the time, and takes jose's ES modules along. */
async function buildCommand() {
  await build({
    entryPoints: [join(project, "cli", "bin.ts")],
    outdir: join(dist, "cli"),
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    legalComments: "none",
    // A third less to read and compile at each start; names stay, for the stack of a fault.
    minifySyntax: true,
    minifyWhitespace: true,
    // Only commands that read a cluster need it, and it would be nine tenths of the file.
    external: ["@kubernetes/client-node"],
    logLevel: "warning",
  });
  chmodSync(join(dist, "cli", "bin.js"), 0o755);
}

/** The plugin is a folder with a manifest of its own: `pulumi package add node_modules/gatehouse/dist/plugin`. */
async function buildPlugin() {
  await bundleFolder(project, "plugin");
  const folder = join(dist, "plugin");
  copyFileSync(join(project, "plugin", "PulumiPlugin.yaml"), join(folder, "PulumiPlugin.yaml"));
  const { name, version, description, license } = manifest;
  writeFileSync(
    join(folder, "package.json"),
    `${JSON.stringify({ name, version, description, license, private: true, main: "index.js" }, null, 2)}\n`,
  );
}

// The policy pack stays where it is until its new files take the place of the old: an engine may load it at this moment.
for (const folder of ["cli", "components", "model", "plugin", "program", "verifier"]) {
  rmSync(join(dist, folder), { recursive: true, force: true });
}
for (const folder of ["model", "components", "verifier"]) {
  await bundleFolder(project, folder);
}
await bundleFolder(project, "stacks", { entry: "program.ts", name: "program" });
await buildPlugin();
await buildCommand();
await buildPolicies();
const missing = missingNames(dist, ["components", "verifier", "program", "plugin"]);
if (missing.length > 0) {
  throw new Error(`expected every name that a bundle takes from a neighbour in that one's index.ts, got none of ${missing.join(", ")}`);
}
