// Compiles the policy pack (docs/decisions/2026-11-28-the-pack-starts-by-itself.md): a pack in TypeScript type-checks itself at every
// preview, and even a compiled one waits for TypeScript and the whole SDK, of which it uses a small part.
// Usage: node scripts/build-policies.mjs [target folder]; default dist/policies.
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const require = createRequire(import.meta.url);

/** Where the engine's language host looks for the program that starts a pack (RunPlugin in pulumi-language-nodejs/main.go). */
const runner = "node_modules/@pulumi/pulumi/cmd/run-policy-pack";

/** The marks of special values in properties that @pulumi/policy's deserialize.js reads. */
const signatures = ["specialSigKey", "specialAssetSig", "specialArchiveSig", "specialSecretSig"];

/**
 * Of `@pulumi/pulumi`, @pulumi/policy reads the classes of assets, a type guard and four constants (deserialize.js); its index starts the
 * automation API, the serialiser of closures and a client of the engine besides, half a second. The constants come from the SDK's file.
 */
const smallPulumi = {
  name: "small-pulumi",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@pulumi\/pulumi(?:\/runtime\/rpc)?$/ }, ({ path }) => ({ path, namespace: "small-pulumi" }));
    onLoad({ filter: /^@pulumi\/pulumi$/, namespace: "small-pulumi" }, () => ({
      resolveDir: root,
      contents:
        'exports.asset = require("@pulumi/pulumi/asset");\n' +
        "exports.Output = { isInstance: (value) => Boolean(value) && value.__pulumiOutput === true };\n",
    }));
    onLoad({ filter: /rpc$/, namespace: "small-pulumi" }, async () => {
      const source = await readFile(require.resolve("@pulumi/pulumi/runtime/rpc"), "utf8");
      return { contents: signatures.map((name) => `exports.${name} = ${JSON.stringify(signatureOf(source, name))};`).join("\n") };
    });
  },
};

function signatureOf(source, name) {
  const [, value] = new RegExp(`exports\\.${name} = "([0-9a-f]{32})"`).exec(source) ?? [];
  if (value === undefined) {
    throw new Error(`@pulumi/pulumi/runtime/rpc: expected ${name} with 32 hexadecimal digits, got none`);
  }
  return value;
}

/** Bundles policies/ into `target`: index.js (CommonJS), PulumiPolicy.yaml, a package.json with the repository's version, the program that starts it. */
export async function buildPolicies(target = join(root, "dist", "policies")) {
  await mkdir(join(target, runner), { recursive: true });
  // Each file is written beside and renamed: an engine that loads the pack at this moment never reads half a file.
  const put = async (name, content) => {
    // npm packs no file of such a name, and so misses none that has just got its own.
    const partial = join(target, dirname(name), `._${basename(name)}.${process.pid}`);
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
    plugins: [smallPulumi],
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    logLevel: "warning",
  });
  await put("index.js", outputFiles[0].contents);
  await put("PulumiPolicy.yaml", await readFile(join(root, "policies", "PulumiPolicy.yaml")));
  const { version, license, dependencies } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const shared = Object.fromEntries(["@pulumi/policy", "@pulumi/pulumi"].map((name) => [name, dependencies[name]]));
  const manifest = { name: "gatehouse-policies", version, license, private: true, main: "index.js", dependencies: shared };
  await put("package.json", `${JSON.stringify(manifest, null, 2)}\n`);
  await put(
    `${runner}/index.js`,
    "// Starts the pack beside it, which needs no TypeScript and brings its own part of the SDK (scripts/build-policies.mjs).\n" +
      'require("../../../../../index.js");\n',
  );
  return target;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const target = await buildPolicies(process.argv[2] && resolve(process.argv[2]));
  process.stderr.write(`policy pack compiled into ${target}\n`);
}
