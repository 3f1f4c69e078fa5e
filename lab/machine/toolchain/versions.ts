import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import semver from "semver";
import { run } from "../processes";
import type { Tool } from "./tools";

/** The first semantic version in what a tool prints about itself, without "v"; undefined when there is none. */
export function parseVersion(output: string): string | undefined {
  const match = /\bv?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)/.exec(output);
  return match?.[1];
}

/** Whether `version` may be used for `tool`. A suffix does not count: vendors ship `1.34.0-gke.1` and the like. */
export function fits(tool: Tool, version: string): boolean {
  const release = semver.coerce(version);
  return release !== null && semver.satisfies(release, tool.accepts);
}

/** Absolute path of the first executable file `name` on `searchPath`, in the order a shell would find it. */
export function which(name: string, searchPath: string | undefined): string | undefined {
  const candidates = (searchPath ?? "").split(delimiter).filter((folder) => folder !== "");
  return candidates.map((folder) => join(folder, name)).find(isExecutable);
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Asks the binary at `path` for its version; undefined when it fails, hangs for a minute or says nothing that looks like one. */
export async function versionOf(tool: Tool, path: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    // Without this, `pulumi version` asks pulumi.com whether a newer one exists.
    const quiet = { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" };
    const result = await run(path, tool.versionArgs, { env: quiet, timeoutMilliseconds: 60_000 });
    return result.status === 0 ? parseVersion(result.stdout) : undefined;
  } catch {
    return undefined;
  }
}
