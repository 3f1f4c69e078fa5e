import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, cpSync, createWriteStream, existsSync, mkdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { run } from "../processes";
import type { Download, Tool } from "./tools";
import { which } from "./versions";

/** How long a site may take to answer before the next source is tried, in milliseconds. */
const answerMilliseconds = 4_000;
/** How long a started download may stand still. */
const idleMilliseconds = 30_000;

/**
 * Downloads one release file, checks it and puts its binaries into `folder`.
 * Answers undefined when done, and otherwise why not, in words: an unreachable site or a file with another checksum is a
 * reason to try the next source, never a reason to use what came.
 */
export async function download(tool: Tool, source: Download, folder: string): Promise<string | undefined> {
  const file = join(folder, `${tool.name}.download`);
  const stop = new AbortController();
  let timer = setTimeout(() => stop.abort(), answerMilliseconds);
  try {
    const response = await fetch(source.url, { signal: stop.signal });
    if (response.status !== 200 || response.body === null) {
      return `${source.url} answered ${response.status}`;
    }
    const hash = createHash("sha256");
    const watch = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        clearTimeout(timer);
        timer = setTimeout(() => stop.abort(), idleMilliseconds);
        hash.update(chunk);
        done(null, chunk);
      },
    });
    await pipeline(Readable.fromWeb(response.body), watch, createWriteStream(file), { signal: stop.signal });
    const digest = hash.digest("hex");
    if (digest !== source.sha256) {
      return `${source.url}: expected SHA-256 ${source.sha256}, got ${digest}; the file was thrown away`;
    }
    await unpack(tool, source, file, folder);
    return undefined;
  } catch (error) {
    return `${source.url}: ${error instanceof Error ? causeOf(error) : "no answer"}`;
  } finally {
    clearTimeout(timer);
    rmSync(file, { force: true });
  }
}

/** `fetch failed` says nothing; its cause does. */
function causeOf(error: Error): string {
  return error.cause instanceof Error ? error.cause.message : error.message;
}

async function unpack(tool: Tool, source: Download, file: string, folder: string): Promise<void> {
  if (source.archiveFolder === undefined) {
    cpSync(file, join(folder, tool.name));
  } else {
    const unpacked = join(folder, "unpacked");
    mkdirSync(unpacked);
    const result = await run("tar", ["-xzf", file, "-C", unpacked]);
    if (result.status !== 0) {
      throw new Error(`tar could not unpack the archive: ${result.stderr.trim()}`);
    }
    cpSync(join(unpacked, source.archiveFolder), folder, { recursive: true });
    rmSync(unpacked, { recursive: true });
  }
  chmodSync(join(folder, tool.name), 0o755);
}

export interface BuildOptions {
  /** Folder with a sub-folder per project, each with go.mod and go.sum. */
  readonly modulesDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly onLine: (line: string) => void;
}

/**
 * Builds `tool` from the Go module pinned in `<modulesDir>/<project>/go.mod` into `folder`.
 * Go verifies every module against the committed go.sum (-mod=readonly), so a build needs no trust in the proxy it uses.
 */
export async function build(tool: Tool, folder: string, options: BuildOptions): Promise<void> {
  const go = which("go", options.env.PATH);
  if (go === undefined) {
    throw new Error(
      `${tool.name}: expected ${tool.name} ${tool.accepts} or Go on PATH, found neither. ` +
        `Install Go 1.26 or later from https://go.dev/dl/ (the lab then builds ${tool.name} ${tool.version} itself), or install ${tool.name}.`,
    );
  }
  const cwd = join(options.modulesDir, tool.project);
  if (!existsSync(join(cwd, "go.sum"))) {
    throw new Error(`${tool.name}: expected ${join(cwd, "go.sum")}, found no such file; restore it from the repository`);
  }
  const stamps = Object.entries(tool.stamps).map(([symbol, value]) => `-X ${symbol}=${value}`);
  const args = ["build", "-mod=readonly", "-trimpath", "-buildvcs=false", "-v"];
  args.push("-ldflags", ["-s", "-w", ...stamps].join(" "), "-o", join(folder, tool.name), tool.goPackage);
  // No C compiler is needed, and a user's own GOFLAGS or go.work must not change what is built.
  const env = { ...options.env, CGO_ENABLED: "0", GOFLAGS: "", GOWORK: "off" };
  const result = await run(go, args, { cwd, env, onLine: options.onLine });
  if (result.status !== 0) {
    const reason = result.stderr.split("\n").filter((line) => /[ :]/.test(line));
    throw new Error(`${tool.name}: 'go build' in ${cwd} ended with status ${result.status}:\n${reason.slice(-15).join("\n")}`);
  }
  for (const [module, files] of Object.entries(tool.files ?? {})) {
    const listed = await run(go, ["list", "-mod=readonly", "-m", "-f", "{{.Dir}}", module], { cwd, env });
    if (listed.status !== 0) {
      throw new Error(`${tool.name}: expected to find the module ${module}, got status ${listed.status}: ${listed.stderr.trim()}`);
    }
    files.forEach((file) => copyFileSync(join(listed.stdout.trim(), file), join(folder, basename(file))));
  }
}
