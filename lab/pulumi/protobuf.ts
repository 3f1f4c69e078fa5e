import { createRequire } from "node:module";
import { dirname } from "node:path";

/** The messages of @pulumi/pulumi/proto only serialise with the copy of google-protobuf that they were generated for: its folder. */
export function pulumisProtobuf(): string {
  const pulumi = createRequire(require.resolve("@pulumi/pulumi/package.json"));
  return dirname(pulumi.resolve("google-protobuf/package.json"));
}
