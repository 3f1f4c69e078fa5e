/**
 * What the lab takes from the machine it runs on: tools (`toolchain/`), processes, certificates, a cluster, HTTP. No vendor and no story:
 * whatever stands here would serve another project's lab as well.
 */
import { join, resolve } from "node:path";

/** The folder of package.json and Pulumi.yaml. */
export const projectFolder = resolve(__dirname, "../..");

/** Everything that a lab writes, for one stack; removed when the lab ends. */
export function stateFolder(stack: string): string {
  return join(projectFolder, ".gatehouse", stack);
}
