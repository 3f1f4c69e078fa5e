import { join } from "node:path";
import { cacheFolder } from "../folders";
import { currentPlatform, fillFolder, versionFolder, withLock } from "./cache";
import { officialDownloads } from "./downloads";
import { build, download } from "./obtain";
import { siblings, tools } from "./tools";
import type { Platform, Tool, ToolName } from "./tools";
import { fits, isExecutable, versionOf, which } from "./versions";

export interface EnsuredTool {
  readonly name: ToolName;
  /** Absolute path of the binary. Other files of the vendor's archive lie beside it. */
  readonly path: string;
  /** Without "v". */
  readonly version: string;
  readonly source: "PATH" | "cache" | "download" | "build";
  /** Time it took to have it, in milliseconds. */
  readonly milliseconds: number;
}

export type Toolchain<N extends ToolName = ToolName> = Readonly<Record<N, EnsuredTool>>;

export interface ToolProgress {
  readonly tool: ToolName;
  readonly phase: "looking" | "waiting for another run" | "downloading" | "building" | "ready";
  /** Milliseconds since the search for this tool began. */
  readonly elapsed: number;
  /** What is being done, or why a source was passed over; for people, on one line. */
  readonly detail?: string;
}

export type Report = (progress: ToolProgress) => void;

export interface EnsureOptions {
  /** Environment whose PATH is searched and in which Go runs. @default process.env */
  readonly env?: NodeJS.ProcessEnv;
  /** @default `cacheFolder("toolchain", env)` */
  readonly cacheDir?: string;
  /** @default this folder, which has one Go module per project */
  readonly modulesDir?: string;
  readonly platform?: Platform;
  /** Release files to try. @default DOWNLOADS */
  readonly downloads?: typeof officialDownloads;
}

interface Context {
  readonly env: NodeJS.ProcessEnv;
  readonly cacheDir: string;
  readonly modulesDir: string;
  readonly platform: Platform;
  readonly downloads: typeof officialDownloads;
  readonly report: Report;
  readonly began: number;
}

/** One tool: from PATH if its version fits, else from the cache, else the project's release, else built. */
export async function ensureTool(name: ToolName, report: Report, options: EnsureOptions = {}): Promise<EnsuredTool> {
  return (await ensureToolchain([name], report, options))[name];
}

/**
 * All of `names`. PATH and cache are looked at side by side; what is missing comes one after the other, since a Go build
 * already uses every core. Throws, saying what to install, when a tool can be had from nowhere.
 */
export async function ensureToolchain<N extends ToolName>(
  names: readonly N[],
  report: Report,
  options: EnsureOptions = {},
): Promise<Toolchain<N>> {
  const env = options.env ?? process.env;
  const context: Context = {
    env,
    cacheDir: options.cacheDir ?? cacheFolder("toolchain", env),
    modulesDir: options.modulesDir ?? __dirname,
    platform: options.platform ?? currentPlatform(),
    downloads: options.downloads ?? officialDownloads,
    report,
    began: Date.now(),
  };
  const wanted = [...new Set<ToolName>(names)].map((name) => tools[name]);
  const found = await Promise.all(
    wanted.map(async (tool) => (say(context, tool, "looking"), (await fromPath(tool, context)) ?? fromCache(tool, context))),
  );
  const result = new Map<ToolName, EnsuredTool>();
  for (const [index, tool] of wanted.entries()) {
    const have = found[index] ?? fromCache(tool, context) ?? (await obtain(tool, context));
    say(context, tool, "ready", `${have.version} from ${have.source}`);
    result.set(tool.name, have);
  }
  return Object.fromEntries(result) as Record<N, EnsuredTool>;
}

function say(context: Context, tool: Tool, phase: ToolProgress["phase"], detail?: string): void {
  context.report({ tool: tool.name, phase, elapsed: Date.now() - context.began, ...(detail === undefined ? {} : { detail }) });
}

function ensured(tool: Tool, path: string, version: string, source: EnsuredTool["source"], context: Context): EnsuredTool {
  return { name: tool.name, path, version, source, milliseconds: Date.now() - context.began };
}

/**
 * From PATH, when every binary of the project is there in one minor version: a controller manager may not be newer than its
 * API server (Kubernetes version skew policy), so one half from PATH and the other from the cache would be a gamble.
 */
async function fromPath(tool: Tool, context: Context): Promise<EnsuredTool | undefined> {
  const minors = new Set<string>();
  let mine: EnsuredTool | undefined;
  for (const sibling of siblings(tool)) {
    const path = which(sibling.name, context.env.PATH);
    const version = path === undefined ? undefined : await versionOf(sibling, path, context.env);
    if (path === undefined || version === undefined || !fits(sibling, version)) {
      if (path !== undefined) {
        say(context, tool, "looking", `${path} is ${version ?? "of unknown version"}, expected ${sibling.accepts}: passed over`);
      }
      return undefined;
    }
    minors.add(version.split(".", 2).join("."));
    mine = sibling === tool ? ensured(tool, path, version, "PATH", context) : mine;
  }
  if (minors.size !== 1) {
    say(context, tool, "looking", `the binaries on PATH differ in version (${[...minors].sort().join(", ")}): passed over`);
    return undefined;
  }
  return mine;
}

function fromCache(tool: Tool, context: Context): EnsuredTool | undefined {
  const versions = [tool.version, context.downloads[tool.name]?.version ?? tool.version];
  for (const version of versions) {
    const folder = versionFolder(context.cacheDir, tool, version, context.platform);
    if (siblings(tool).every((sibling) => isExecutable(join(folder, sibling.name)))) {
      return ensured(tool, join(folder, tool.name), version, "cache", context);
    }
  }
  return undefined;
}

async function obtain(tool: Tool, context: Context): Promise<EnsuredTool> {
  const lockFile = join(context.cacheDir, `${tool.project}.lock`);
  const waiting = () => say(context, tool, "waiting for another run", lockFile);
  return withLock(lockFile, waiting, async () => {
    // Another run may have finished it while this one waited.
    return fromCache(tool, context) ?? (await fromDownload(tool, context)) ?? (await fromBuild(tool, context));
  });
}

async function fromDownload(tool: Tool, context: Context): Promise<EnsuredTool | undefined> {
  const release = context.downloads[tool.name];
  if (release?.files[context.platform] === undefined) {
    return undefined;
  }
  const folder = versionFolder(context.cacheDir, tool, release.version, context.platform);
  const complete = await fillFolder(folder, async (temporary) => {
    for (const sibling of siblings(tool)) {
      const file = context.downloads[sibling.name]?.files[context.platform];
      say(context, tool, "downloading", file?.url);
      const refused = file === undefined ? `no release file of ${sibling.name} is known` : await download(sibling, file, temporary);
      if (refused !== undefined) {
        say(context, tool, "downloading", `not possible (${refused})`);
        return false;
      }
    }
    return true;
  });
  if (!complete) {
    return undefined;
  }
  return ensured(tool, join(folder, tool.name), release.version, "download", context);
}

async function fromBuild(tool: Tool, context: Context): Promise<EnsuredTool> {
  const folder = versionFolder(context.cacheDir, tool, tool.version, context.platform);
  await fillFolder(folder, async (temporary) => {
    for (const sibling of siblings(tool)) {
      let packages = 0;
      const progress = (line?: string) =>
        say(context, tool, "building", `${sibling.name} ${sibling.version}, ${packages} packages${line ? `: ${line}` : ""}`);
      progress();
      // `go build -v` writes one line per compiled package; a report each second is enough for people.
      const ticker = setInterval(progress, 1_000);
      try {
        await build(sibling, temporary, { modulesDir: context.modulesDir, env: context.env, onLine: () => packages++ });
      } finally {
        clearInterval(ticker);
      }
    }
    return true;
  });
  return ensured(tool, join(folder, tool.name), tool.version, "build", context);
}
