// Bundles one folder of the product into dist/<folder>/: index.js (CommonJS) and, where asked for, index.d.ts. Packages stay imports,
// and so do the other folders of the product: what a program loads of `gatehouse/components` and `gatehouse/model` is the same module, once.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative, resolve, sep } from "node:path";
import { build } from "esbuild";

/**
 * @param project folder of the repository
 * @param folder folder of the product, such as `model`
 * @param entry its entry, and the name of its folder in dist/ where that is another
 * @param types whether its declarations are written
 */
export async function bundleFolder(project, folder, { entry = "index.ts", name = folder, types = true } = {}) {
  const input = join(project, folder, entry);
  const target = join(project, "dist", name);
  /** The bundle beside this one that a module outside of the folder is in; undefined for one inside, and for a file of the root. */
  const neighbour = (file) => {
    const [top, ...below] = relative(project, file).split(sep);
    const inside = top === folder || top === ".." || (below.length === 0 && top.includes("."));
    return inside ? undefined : `../${top}/index.js`;
  };
  await build({
    entryPoints: [input],
    outfile: join(target, "index.js"),
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    legalComments: "none",
    logLevel: "warning",
    packages: "external",
    plugins: [
      {
        name: "neighbours",
        setup: ({ onResolve }) =>
          onResolve({ filter: /^\./ }, ({ path, resolveDir, kind }) => {
            const found = kind === "entry-point" ? undefined : neighbour(resolve(resolveDir, path));
            return found === undefined ? undefined : { path: found, external: true };
          }),
      },
    ],
  });
  if (types) {
    await writeTypes(project, folder, input, target, neighbour);
  }
}

async function writeTypes(project, folder, input, target, neighbour) {
  // They load the TypeScript compiler.
  const [{ rollup }, { dts }] = await Promise.all([import("rollup"), import("rollup-plugin-dts")]);
  const declarations = await rollup({
    input,
    external: (id, importer) =>
      importer !== undefined && (id.startsWith(".") ? neighbour(resolve(importer, "..", id)) !== undefined : !id.startsWith("/")),
    plugins: [dts({ tsconfig: join(project, "tsconfig.json"), compilerOptions: { noEmit: false, declaration: true } })],
    onwarn: (warning) => {
      throw new Error(`${folder}: ${warning.message}`);
    },
  });
  await declarations.write({
    file: join(target, "index.d.ts"),
    format: "es",
    paths: (id) => (id.startsWith("/") ? (neighbour(id) ?? id) : id),
  });
}

/**
 * Names that a bundle takes from a neighbour which does not offer them. A file that reaches past the neighbour's index type-checks, and
 * would be undefined in the bundle.
 * @param dist folder of the bundles
 * @returns `<bundle>: <neighbour>.<name>`
 */
export function missingNames(dist, bundles) {
  const require = createRequire(join(dist, "index.js"));
  return bundles.flatMap((name) => {
    const text = readFileSync(join(dist, name, "index.js"), "utf8");
    return [...text.matchAll(/var (\w+) = require\("\.\.\/(\w+)\/index\.js"\)/g)].flatMap(([, variable, neighbour]) => {
      const offered = require(join(dist, neighbour, "index.js"));
      const taken = new Set([...text.matchAll(new RegExp(`\\b${variable}\\.(\\w+)`, "g"))].map(([, member]) => member));
      return [...taken].filter((member) => !(member in offered)).map((member) => `${name}: ${neighbour}.${member}`);
    });
  });
}
