// What a Node.js program depends on, read from its package.json and node_modules.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

interface PackageManifest {
  readonly name?: string;
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly pulumi?: { readonly resource?: boolean; readonly name?: string; readonly version?: string; readonly server?: string };
}

/** A package that a program needs, with the version that is installed. */
export interface Dependency {
  readonly name: string;
  readonly version: string;
}

/** A provider plugin that a program's SDK packages need. */
export interface RequiredPlugin extends Dependency {
  readonly server?: string;
}

/**
 * Finds a module as Node.js would from a directory.
 *
 * @throws Error that names the module, the directory and the remedy
 */
export function resolveModule(moduleName: string, fromDirectory: string): string {
  try {
    return createRequire(join(fromDirectory, "package.json")).resolve(moduleName);
  } catch {
    throw new Error(`cannot find ${moduleName} from ${fromDirectory}: run 'npm install' in that directory first`);
  }
}

/** The program's direct dependencies (and, with `transitive`, theirs too), by name. Packages not installed are left out. */
export function programDependencies(directory: string, transitive: boolean): Dependency[] {
  return [...installedManifests(directory, transitive)].map(([name, manifest]) => ({ name, version: manifest.version ?? "" })).sort(byName);
}

/** Provider plugins that the installed SDK packages name in their package.json under "pulumi". */
export function requiredPlugins(directory: string): RequiredPlugin[] {
  const plugins = new Map<string, RequiredPlugin>();
  for (const [packageName, manifest] of installedManifests(directory, false)) {
    if (!manifest.pulumi?.resource) {
      continue;
    }
    const name = manifest.pulumi.name ?? packageName.replace(/^@[^/]+\//, "");
    plugins.set(name, { name, version: manifest.pulumi.version ?? manifest.version ?? "", server: manifest.pulumi.server });
  }
  return [...plugins.values()].sort(byName);
}

function installedManifests(directory: string, transitive: boolean): Map<string, PackageManifest> {
  const found = new Map<string, PackageManifest>();
  const root = readManifest(nearestManifest(directory));
  const pending = Object.keys({ ...root?.dependencies, ...root?.devDependencies }).map((name) => ({ name, from: directory }));
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (found.has(next.name)) {
      continue;
    }
    const path = installedManifest(next.name, next.from);
    const manifest = readManifest(path);
    if (!path || !manifest) {
      continue;
    }
    found.set(next.name, manifest);
    if (transitive) {
      pending.push(...Object.keys(manifest.dependencies ?? {}).map((name) => ({ name, from: dirname(path) })));
    }
  }
  return found;
}

/** Walks up like Node.js does; `require.resolve` would not do, as many packages do not export their package.json. */
function installedManifest(packageName: string, fromDirectory: string): string | undefined {
  for (let directory = fromDirectory; ; directory = dirname(directory)) {
    const candidate = join(directory, "node_modules", packageName, "package.json");
    if (existsSync(candidate)) {
      return candidate;
    }
    if (directory === dirname(directory)) {
      return undefined;
    }
  }
}

function nearestManifest(fromDirectory: string): string | undefined {
  for (let directory = fromDirectory; ; directory = dirname(directory)) {
    const candidate = join(directory, "package.json");
    if (existsSync(candidate)) {
      return candidate;
    }
    if (directory === dirname(directory)) {
      return undefined;
    }
  }
}

function readManifest(path: string | undefined): PackageManifest | undefined {
  return path === undefined ? undefined : (JSON.parse(readFileSync(path, "utf8")) as PackageManifest);
}

function byName(left: Dependency, right: Dependency): number {
  return left.name < right.name ? -1 : left.name > right.name ? 1 : 0;
}
