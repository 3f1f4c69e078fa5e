import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** The module that the lab builds Kubernetes from: the same versions are read here. */
export const kubernetesModule = join(__dirname, "../../lab/machine/toolchain/kubernetes");

/** What `go` prints. @throws Error when it prints nothing */
export function goIn(cwd: string, args: readonly string[]): string {
  const env = { ...process.env, GOFLAGS: "", GOWORK: "off", CGO_ENABLED: "0" };
  const { stdout, stderr, error } = spawnSync("go", args, { cwd, env, encoding: "utf8", maxBuffer: 1 << 26 });
  if (error !== undefined || stdout === "") {
    throw new Error(`Expected 'go ${args.join(" ")}' to print something, got: ${error?.message ?? stderr}`);
  }
  return stdout;
}
