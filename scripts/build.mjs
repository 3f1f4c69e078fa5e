// Compiles what is published to dist/: each folder of the product that programs import, the command, the policy pack, the
// component plugin. Types are stripped or written out here; `npm run check` is where they are checked.
// With --no-types, as `npm run build` has it, there are no declarations, which only the package's users read: they take nine tenths of the time.
import { chmodSync, copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { buildPolicies } from "./build-policies.mjs";
import { bundleFolder, missingNames } from "./bundle.mjs";

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(project, "dist");
const types = !process.argv.includes("--no-types");
const manifest = JSON.parse(readFileSync(join(project, "package.json"), "utf8"));

/**
 * The command, split where something is loaded only when it is asked for: a start reads and compiles what its command needs, no more.
 * ES modules, since nothing else is split; what is CommonJS among the packages is wrapped, and asks for Node's own modules by `require`.
 */
async function buildCommand() {
  await build({
    entryPoints: [join(project, "cli", "bin.ts")],
    outdir: join(dist, "cli"),
    bundle: true,
    splitting: true,
    platform: "node",
    target: "node20",
    format: "esm",
    banner: { js: 'import { createRequire as requireOf } from "node:module";\nconst require = requireOf(import.meta.url);' },
    legalComments: "none",
    // A third less to read and compile at each start; names stay, for the stack of a fault.
    minifySyntax: true,
    minifyWhitespace: true,
    // Only commands that read a cluster need it, and it would be nine tenths of the file.
    external: ["@kubernetes/client-node"],
    logLevel: "warning",
    plugins: [loadedWhenCalled, ownModules, zodInEnglish],
  });
  for (const name of late) {
    await build({
      entryPoints: [fileURLToPath(import.meta.resolve(name))],
      outfile: join(dist, "cli", `${name}.cjs`),
      bundle: true,
      platform: "node",
      target: "node20",
      format: "cjs",
      legalComments: "none",
      minify: true,
      logLevel: "warning",
    });
  }
  writeFileSync(join(dist, "cli", "package.json"), `${JSON.stringify({ private: true, type: "module" })}\n`);
  chmodSync(join(dist, "cli", "bin.js"), 0o755);
}

/** No module of ours does anything when it is loaded but make what it exports: one of which nothing is used is left out. */
const ownModules = {
  name: "own modules",
  setup: ({ onResolve, resolve }) =>
    onResolve({ filter: /^\./ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === "seen" || from.importer.includes("node_modules") || from.kind === "entry-point") {
        return undefined;
      }
      const found = await resolve(path, { ...from, pluginData: "seen" });
      return { ...found, sideEffects: false };
    }),
};

/** Packages that few starts call: each is a file of its own, read when its first function is called. */
const late = ["yaml", "semver"];

/** In their place stand functions of the same names. */
const loadedWhenCalled = {
  name: "loaded when called",
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: new RegExp(`^(?:${late.join("|")})$`) }, ({ path, importer }) =>
      importer.includes("node_modules") ? undefined : { path, namespace: "late", sideEffects: false },
    );
    onResolve({ filter: /\.cjs$/, namespace: "late" }, ({ path }) => ({ path, external: true }));
    onLoad({ filter: /./, namespace: "late" }, async ({ path }) => {
      const offered = Object.entries((await import(path)).default).filter(([, value]) => typeof value === "function");
      const called = "return new.target === undefined ? made(...args) : Reflect.construct(made, args);";
      const functions = offered.map(
        ([name]) => `export function ${name}(...args) { const made = require("./${path}.cjs").${name}; ${called} }`,
      );
      return { contents: functions.join("\n") };
    });
  },
};

/** The messages of zod in forty languages, of which one is said. */
const zodInEnglish = {
  name: "zod in English",
  setup: ({ onLoad }) =>
    onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: 'export { default as en } from "./en.js";',
      resolveDir: join(project, "node_modules/zod/v4/locales"),
    })),
};

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
await buildCommand();
await buildPolicies();
const missing = missingNames(dist, ["components", "verifier", "program", "plugin"]);
if (missing.length > 0) {
  throw new Error(`expected every name that a bundle takes from a neighbour in that one's index.ts, got none of ${missing.join(", ")}`);
}
