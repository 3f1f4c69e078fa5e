import { join } from "node:path";
import { z } from "zod";
import { yamlOrNothing } from "../model/text/yaml";
import { UsageError } from "./errors";
import type { Io } from "./io";

interface Given {
  readonly file?: string;
  readonly configFile?: string;
  readonly stack?: string;
}

const projectSchema = z.looseObject({ stackConfigDir: z.string().optional() });

/**
 * The path of the one stack file that a command changes: named itself, as `--config-file`, or by its stack, where the engine looks for it
 * (pulumi.com/docs/iac/concepts/projects/project-file, `stackConfigDir`).
 * @throws UsageError when it is named twice, or not at all
 */
export async function stackFilePath({ file, configFile, stack }: Given, io: Io): Promise<string> {
  if (file !== undefined && configFile !== undefined) {
    throw new UsageError("flags", "Expected a stack file, or --config-file, got both.");
  }
  const named = file ?? configFile;
  if (named === "-") {
    throw new UsageError("flags", "Expected the path of a stack file, got - (standard input), which cannot be changed in place.");
  }
  if (named !== undefined) {
    return named;
  }
  if (stack === undefined) {
    throw new UsageError("flags", "Expected a stack file, --config-file or --stack, got none of them.");
  }
  const project = await io.readFile("Pulumi.yaml").catch(() => "");
  const { stackConfigDir = "" } = projectSchema.safeParse(yamlOrNothing(project)).data ?? {};
  // A stack's full name is organisation/project/stack.
  return join(stackConfigDir, `Pulumi.${stack.split("/").at(-1) ?? ""}.yaml`);
}
