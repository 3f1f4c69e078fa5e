import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { cacheFolder, projectFolder } from "../folders";

export interface BundleOptions {
  /** Modules in whose place others are taken. */
  readonly alias?: Readonly<Record<string, string>>;
  /** Told in words what happens, one line a call. */
  readonly report?: (line: string) => void;
}

/**
 * The path of a program's bundle: the one in the cache if nothing of what it was made from has changed, else a new one.
 *
 * @param name file name of the bundle, without its ending
 * @param entryPoint absolute path of the program
 */
export async function cachedBundle(
  name: string,
  entryPoint: string,
  { alias = {}, report = () => undefined }: BundleOptions = {},
): Promise<string> {
  const folder = cacheFolder("bundles");
  // Each checkout has a list of its own, or two of different versions would write over each other's.
  const list = join(folder, `${name}-${digest(entryPoint, JSON.stringify(alias))}.json`);
  const known = sourcesIn(list);
  const cached = known === undefined ? undefined : join(folder, `${name}-${contentHash(known)}.cjs`);
  if (cached !== undefined && existsSync(cached)) {
    return cached;
  }
  const started = Date.now();
  mkdirSync(folder, { recursive: true });
  const { text, sources } = await bundle(entryPoint, alias);
  const file = join(folder, `${name}-${contentHash(sources)}.cjs`);
  writeWhole(file, text);
  writeWhole(list, JSON.stringify(sources));
  report(`${name}: bundled in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return file;
}

/** esbuild is loaded only here: with a warm cache nothing of it is needed. */
async function bundle(entryPoint: string, alias: Readonly<Record<string, string>>): Promise<{ text: string; sources: string[] }> {
  const { build } = await import("esbuild");
  const { outputFiles, metafile } = await build({
    entryPoints: [entryPoint],
    write: false,
    metafile: true,
    absWorkingDir: projectFolder,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    minify: true,
    keepNames: true,
    legalComments: "none",
    logLevel: "silent",
    alias: { ...alias },
  });
  // The lock file stands for every library that goes into a bundle, this file for how one is made.
  const own = Object.keys(metafile.inputs).filter((path) => !path.includes("node_modules/"));
  return { text: outputFiles[0]?.text ?? "", sources: [...own.sort(), "package-lock.json", relative(projectFolder, __filename)] };
}

function sourcesIn(list: string): string[] | undefined {
  return existsSync(list) ? (JSON.parse(readFileSync(list, "utf8")) as string[]) : undefined;
}

/** What the sources say now. A source that is not there any more changes it as well. */
function contentHash(sources: readonly string[]): string {
  const paths = sources.map((path) => [path, join(projectFolder, path)] as const);
  return digest(...paths.flatMap(([path, file]) => [path, existsSync(file) ? readFileSync(file, "utf8") : ""]));
}

function digest(...parts: readonly string[]): string {
  const hash = createHash("sha256");
  parts.forEach((part) => hash.update(part).update("\0"));
  return hash.digest("hex").slice(0, 24);
}

/** Written beside and renamed, so that a second lab starting now never runs half a file. */
function writeWhole(file: string, text: string): void {
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, text);
  renameSync(partial, file);
}
