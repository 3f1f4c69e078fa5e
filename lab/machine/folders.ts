/**
 * What the lab takes from the machine it runs on: tools (`toolchain/`), processes, certificates, a cluster, HTTP. No vendor and no story:
 * whatever stands here would serve another project's lab as well.
 */
import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** The folder of package.json and Pulumi.yaml. */
export const projectFolder = resolve(__dirname, "../..");

/** Everything that a lab writes, for one stack; removed when the lab ends. */
export function stateFolder(stack: string): string {
  return join(projectFolder, ".gatehouse", stack);
}

/** What outlives a lab, by its kind: `$XDG_CACHE_HOME/gatehouse/<kind>`, or `~/.cache/gatehouse/<kind>`. */
export function cacheFolder(kind: string, environment: NodeJS.ProcessEnv = process.env): string {
  return join(environment.XDG_CACHE_HOME || join(homedir(), ".cache"), "gatehouse", kind);
}
