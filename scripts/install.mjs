// Installs the dependencies when they are missing or out of step with the lock file, so that the README's commands need
// no `npm ci` before them. Plain JavaScript without dependencies: it runs before there are any.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const project = dirname(dirname(fileURLToPath(import.meta.url)));

/** Whether what npm noted about its last install is what the lock file wants. */
function installed() {
  // npm keeps this file of what it really installed; packages for other platforms are not in it.
  const noted = join(project, "node_modules", ".package-lock.json");
  if (!existsSync(noted)) {
    return false;
  }
  const packages = (file) => JSON.parse(readFileSync(file, "utf8")).packages;
  const present = packages(noted);
  return Object.entries(packages(join(project, "package-lock.json"))).every(
    ([path, { version, optional }]) => path === "" || present[path]?.version === version || (optional && present[path] === undefined),
  );
}

if (!installed()) {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`Gatehouse needs Node 20.19 or later, this is ${process.versions.node}. Fix: install a current Node 20, 22 or 24.`);
    process.exit(1);
  }
  const started = Date.now();
  console.error("> Installing dependencies (npm ci)");
  // No install scripts: the packages that have one only fetch Pulumi plugins or check their own platform binaries.
  const result = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: project,
    // stdout belongs to the command that comes next, which may be data for another program.
    stdio: ["inherit", 2, "inherit"],
  });
  if (result.status !== 0) {
    console.error("npm ci failed; its own words are above.");
    process.exit(result.status ?? 1);
  }
  console.error(`  done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}
