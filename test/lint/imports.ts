import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

export const root = path.join(__dirname, "../..");

/** Folders that hold TypeScript of ours, and nothing generated. */
const folders = ["bench", "cli", "components", "lab", "model", "plugin", "policies", "reports", "scripts", "stacks", "test", "verifier"];
const notOurs = /(^|\/)(node_modules|dist|charts)\//;

export function sourceFiles(below: readonly string[] = folders): string[] {
  return below
    .filter((folder) => existsSync(path.join(root, folder)))
    .flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => path.posix.join(folder, name)),
    )
    .filter((file) => file.endsWith(".ts") && !notOurs.test(file))
    .sort();
}

const specifier = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\(\s*)"([@\w./-]+)"/g;

/** What a file imports, as written: statically or on demand, values or types. */
export function importsOf(file: string): string[] {
  return [...readFileSync(path.join(root, file), "utf8").matchAll(specifier)].flatMap(([, name]) => name ?? []);
}
