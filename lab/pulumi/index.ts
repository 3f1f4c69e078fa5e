// Finds Pulumi's official plugins, and puts stand-ins in place of those that cannot be had (design: "The lab").
import { accessSync, closeSync, constants, mkdirSync, openSync, readSync, statSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { cachedBundle } from "../machine/bundles";
import { pulumisProtobuf } from "./protobuf";

/** Executable names of the plugins that a Gatehouse stack uses, and the folder of the stand-in for each. */
const standIns = {
  "pulumi-language-nodejs": "language-host",
  "pulumi-resource-azuread": "azuread",
  "pulumi-resource-keycloak": "keycloak",
  "pulumi-resource-kubernetes": "kubernetes",
  "pulumi-resource-okta": "okta",
  "pulumi-resource-random": "random",
} as const;

/** Pulumi's plugin for dynamic resources: its program is part of @pulumi/pulumi, only the script that starts it is not. */
const dynamic = "pulumi-resource-pulumi-nodejs";

/** An executable's name. */
export type PluginName = keyof typeof standIns | typeof dynamic;

/** Where a plugin was found or written. */
export interface Plugin {
  readonly name: PluginName;
  /** Absolute path of the executable; an official one's own, although the engine starts it by what stands for it in `binDirectory`. */
  readonly path: string;
  /** True for ours, false for an official one. */
  readonly standIn: boolean;
}

export interface EnsurePluginsOptions {
  /** A PATH to look in: folders separated as the operating system does. */
  readonly path: string;
  /** Gets an executable for each plugin; the engine's PATH needs no other folder before the user's own. Nothing found in it counts as official. */
  readonly binDirectory: string;
  /** Told in words what happens, one line a call. */
  readonly report: (line: string) => void;
}

/** Starts the second line of our wrapper scripts; it tells what another lab left on PATH from an official plugin. */
const marker = "# Gatehouse";

/**
 * Makes sure that every plugin can be started: the official one from PATH, else a stand-in.
 *
 * @returns one entry for each plugin, sorted by name
 */
export async function ensurePlugins(options: EnsurePluginsOptions): Promise<Plugin[]> {
  const plugins: Plugin[] = [];
  for (const name of [...Object.keys(standIns), dynamic].sort() as PluginName[]) {
    const official = findOfficial(name, options.path, options.binDirectory);
    if (official) {
      options.report(`${name}: official, ${official}`);
      // Not by putting its folder first on PATH: what else is in there (another Node.js, Helm, or another plugin) would come first as well.
      writeWrapper(name, "hands over to the official plugin", [official], options.binDirectory);
      plugins.push({ name, path: official, standIn: false });
      continue;
    }
    if (name === dynamic) {
      const program = require.resolve("@pulumi/pulumi/cmd/dynamic-provider");
      const reader = await cachedBundle("kubeconfig-reader", join(__dirname, "kubeconfig-reader.cjs"), { report: options.report });
      const command = [process.execPath, ...shortLived, ...preloads("late-modules.cjs"), "--require", reader, program];
      const path = writeWrapper(name, "starts it from @pulumi/pulumi", command, options.binDirectory);
      options.report(`${name}: not on PATH, started from the @pulumi/pulumi that is installed`);
      plugins.push({ name, path, standIn: false });
      continue;
    }
    const entryPoint = join(__dirname, standIns[name], "main.ts");
    const bundle = await cachedBundle(name, entryPoint, { alias: { "google-protobuf": pulumisProtobuf() }, report: options.report });
    // Programs are started with what the host itself was started with.
    const before = name === "pulumi-language-nodejs" ? preloads("late-arborist.cjs", "kept-program.cjs") : [];
    const command = [process.execPath, ...(computes.has(name) ? preloads("compile-cache.cjs") : shortLived), ...before, bundle];
    const path = writeWrapper(name, "stand-in", command, options.binDirectory);
    options.report(`${name}: not on PATH, using the lab's stand-in`);
    plugins.push({ name, path, standIn: true });
  }
  return plugins;
}

const preloads = (...files: readonly string[]): string[] => files.flatMap((file) => ["--require", join(__dirname, file)]);

/** Those whose own work is worth a fast compiler: bcrypt, in JavaScript. */
const computes: ReadonlySet<string> = new Set(["pulumi-resource-random"]);

/**
 * For what an engine starts anew for each command, and what ends within seconds: code that was compiled by an earlier start, and no
 * compiler that makes it fast, nor threads for one, since there is no time in which that would pay. Three tenths of an update.
 */
const shortLived = ["--no-opt", "--single-threaded", ...preloads("compile-cache.cjs")];

/** The first executable of that name on the path that is not one of ours. */
export function findOfficial(name: string, path: string, binDirectory: string): string | undefined {
  for (const directory of path.split(delimiter)) {
    if (directory === "" || resolve(directory) === resolve(binDirectory)) {
      continue;
    }
    const candidate = resolve(directory, name);
    if (isExecutable(candidate) && !isWrapper(candidate)) {
      return candidate;
    }
  }
  return undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function isWrapper(path: string): boolean {
  const file = openSync(path, "r");
  try {
    const start = Buffer.alloc(256);
    readSync(file, start, 0, start.length, 0);
    return start.includes(marker);
  } finally {
    closeSync(file);
  }
}

/** A script that becomes the program, so that the engine's signals and its view of the process are the plugin's own. */
export function writeWrapper(name: string, what: string, command: readonly string[], binDirectory: string): string {
  mkdirSync(binDirectory, { recursive: true });
  const path = resolve(binDirectory, name);
  writeFileSync(path, `#!/bin/sh\n${marker} ${what}\nexec ${command.map(shellQuote).join(" ")} "$@"\n`, { mode: 0o755 });
  return path;
}

function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
