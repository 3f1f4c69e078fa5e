// Compiles what is published to dist/: each folder of the product that programs import, the command, the policy pack, the
// component plugin. Types are stripped or written out here; `npm run check` is where they are checked.
// With --no-types, as `npm run build` has it, there are no declarations, which only the package's users read: they take nine tenths of the time.
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildCommand } from "./build-command.mjs";
import { buildPolicies } from "./build-policies.mjs";
import { bundleFolder, missingNames } from "./bundle.mjs";

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(project, "dist");
const types = !process.argv.includes("--no-types");
const manifest = JSON.parse(readFileSync(join(project, "package.json"), "utf8"));

/** The plugin is a folder with a manifest of its own: `pulumi package add node_modules/gatehouse/dist/plugin`. */
async function buildPlugin() {
  await bundleFolder(project, "plugin", { types });
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
  await bundleFolder(project, folder, { types });
}
await bundleFolder(project, "stacks", { entry: "program.ts", name: "program", types });
await buildPlugin();
await buildCommand(project, join(dist, "cli"));
await buildPolicies();
const missing = missingNames(dist, ["components", "verifier", "program", "plugin"]);
if (missing.length > 0) {
  throw new Error(`expected every name that a bundle takes from a neighbour in that one's index.ts, got none of ${missing.join(", ")}`);
}
