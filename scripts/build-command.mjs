// Bundles the command, as `npm run build` does into dist/cli.
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/**
 * The command, split where something is loaded only when it is asked for: a start reads and compiles what its command needs, no more.
 * ES modules, since nothing else is split; what is CommonJS among the packages is wrapped, and asks for Node's own modules by `require`.
 *
 * @param project folder of the repository, whose node_modules the command finds above `folder`
 * @param folder where it is written: `bin.js`, and what that loads
 */
export async function buildCommand(project, folder) {
  await build({
    entryPoints: [join(project, "cli", "bin.ts")],
    outdir: folder,
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
    logLevel: "warning",
    plugins: [loadedWhenCalled, ownModules, zodInEnglish(project)],
  });
  for (const name of late) {
    await build({
      entryPoints: [fileURLToPath(import.meta.resolve(name))],
      outfile: join(folder, `${name}.cjs`),
      bundle: true,
      platform: "node",
      target: "node20",
      format: "cjs",
      legalComments: "none",
      minify: true,
      logLevel: "warning",
    });
  }
  writeFileSync(join(folder, "package.json"), `${JSON.stringify({ private: true, type: "module" })}\n`);
  chmodSync(join(folder, "bin.js"), 0o755);
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
const zodInEnglish = (project) => ({
  name: "zod in English",
  setup: ({ onLoad }) =>
    onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: 'export { default as en } from "./en.js";',
      resolveDir: join(project, "node_modules/zod/v4/locales"),
    })),
});
