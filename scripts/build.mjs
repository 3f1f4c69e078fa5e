// Compiles the commands and the policy pack to dist/, types stripped: `npm run check` is where types are checked.
import { chmodSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { buildPolicies } from "./build-policies.mjs";

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(project, "dist");

rmSync(join(dist, "cli"), { recursive: true, force: true });
await build({
  entryPoints: [join(project, "cli", "bin.ts")],
  outdir: join(dist, "cli"),
  bundle: true,
  // One file without imports starts in a fraction of the time, and takes jose's ES modules along.
  platform: "node",
  target: "node20",
  format: "cjs",
  legalComments: "none",
  // Only `drift` needs it, and it would be nine tenths of the file.
  external: ["@kubernetes/client-node"],
  logLevel: "warning",
});
chmodSync(join(dist, "cli", "bin.js"), 0o755);
await buildPolicies();
