import { z } from "zod";
import { outputs, type OutputName } from "../cli/output-schemas";
import { versionOf } from "../cli/outputs";

/** The JSON schema of an output of the command, its version included. */
export function outputSchema(name: OutputName): object {
  const schema = outputs[name];
  const withVersion = (option: z.ZodObject): z.ZodObject => option.extend({ version: z.literal(versionOf(name)) });
  const whole = schema instanceof z.ZodUnion ? z.union(schema.options.map(withVersion)) : withVersion(schema);
  return z.toJSONSchema(whole, { target: "draft-07" });
}
