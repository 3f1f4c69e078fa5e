import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import path from "node:path";
import { importsOf, root, sourceFiles } from "./imports";

interface Manifest {
  readonly private?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const manifest = (folder: string): Manifest => JSON.parse(readFileSync(path.join(root, folder, "package.json"), "utf8")) as Manifest;
const lab = manifest("lab");
const product = manifest(".");

/** The package that a specifier names: `@scope/name` or `name`, without the path in it. */
const packageOf = (name: string): string =>
  name
    .split("/")
    .slice(0, name.startsWith("@") ? 2 : 1)
    .join("/");

function packagesOf(files: readonly string[]): string[] {
  const names = files
    .flatMap(importsOf)
    .filter((name) => !name.startsWith(".") && !name.startsWith("node:") && !builtinModules.includes(name));
  return [...new Set(names.map(packageOf))].sort();
}

test("the lab is private, and declares every package that it imports", () => {
  expect(lab.private).toBe(true);
  const declared = Object.keys(lab.dependencies ?? {});
  const withTypes = (name: string): boolean => declared.includes(name) || declared.includes(`@types/${name}`);
  expect(packagesOf(sourceFiles(["lab"])).filter((name) => !withTypes(name))).toEqual([]);
});

test("what only the lab needs is no dependency of the product, and what both need is one version", () => {
  const ofProduct = { ...product.dependencies, ...product.devDependencies };
  // Tests and benchmarks run the lab, and may take what it has.
  const imported = packagesOf(sourceFiles().filter((file) => !/^(bench|lab|test)\//.test(file)));
  const shared = Object.entries(lab.dependencies ?? {}).filter(([name]) => name in ofProduct);
  expect(shared.filter(([name, version]) => ofProduct[name] !== version)).toEqual([]);
  const ofLabAlone = Object.keys(lab.dependencies ?? {}).filter((name) => !(name in ofProduct));
  expect(ofLabAlone).toEqual(expect.arrayContaining(["@grpc/grpc-js", "@peculiar/x509", "bcryptjs", "oidc-provider", "playwright-core"]));
  expect(ofLabAlone.filter((name) => imported.includes(name))).toEqual([]);
});
