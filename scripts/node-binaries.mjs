// Node.js as npm's packages `node-<platform>-<arch>` carry it: the project's own binaries, in versions that were tried.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Exact versions by their major: what was tried is what is claimed. */
export const nodeVersions = { 22: "22.23.3", 24: "24.9.0" };

/**
 * Where a version is installed, and how.
 * @param folder made here
 * @returns `install`, a command for that folder, and `binaries`, the folder for PATH once it has run
 */
export function nodeFromNpm(folder, version) {
  const name = `node-${process.platform}-${process.arch}`;
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), "{}\n");
  return {
    install: ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", `${name}@${version}`],
    binaries: join(folder, "node_modules", name, "bin"),
  };
}
