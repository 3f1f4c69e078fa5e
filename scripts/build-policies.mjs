// Compiles the policy pack: a pack in TypeScript type-checks itself at every preview, which costs 3.5 seconds.
// Usage: node scripts/build-policies.mjs [target folder]; default dist/policies.
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/** Bundles policies/ into `target`: index.js (CommonJS), PulumiPolicy.yaml and a package.json with the repository's version. */
export async function buildPolicies(target = join(root, "dist", "policies")) {
  await mkdir(target, { recursive: true });
  // Each file is written beside and renamed: an engine that loads the pack at this moment never reads half a file.
  const put = async (name, content) => {
    const partial = join(target, `${name}.${process.pid}`);
    await writeFile(partial, content);
    await rename(partial, join(target, name));
  };
  const { outputFiles } = await build({
    entryPoints: [join(root, "policies", "index.ts")],
    write: false,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    // The engine's host and the pack must share one copy of the SDK; the YAML parser is bundled.
    external: ["@pulumi/*"],
    legalComments: "none",
    logLevel: "warning",
  });
  await put("index.js", outputFiles[0].contents);
  await put("PulumiPolicy.yaml", await readFile(join(root, "policies", "PulumiPolicy.yaml")));
  const { version, license, dependencies } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const shared = Object.fromEntries(["@pulumi/policy", "@pulumi/pulumi"].map((name) => [name, dependencies[name]]));
  const manifest = { name: "gatehouse-policies", version, license, private: true, main: "index.js", dependencies: shared };
  await put("package.json", `${JSON.stringify(manifest, null, 2)}\n`);
  return target;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const target = await buildPolicies(process.argv[2] && resolve(process.argv[2]));
  process.stderr.write(`policy pack compiled into ${target}\n`);
}
