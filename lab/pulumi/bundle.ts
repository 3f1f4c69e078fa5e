// Bundles a stand-in into one JavaScript file: a plugin is started for every preview, so its start-up time counts.
import { createRequire } from "node:module";
import { dirname } from "node:path";

/** Writes the bundle of an entry point. esbuild is loaded only here: with a warm cache nothing of it is needed. */
export async function bundlePlugin(entryPoint: string, outputFile: string): Promise<void> {
  const { build } = await import("esbuild");
  await build({
    entryPoints: [entryPoint],
    outfile: outputFile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    minify: true,
    keepNames: true,
    legalComments: "none",
    logLevel: "error",
    // The messages of @pulumi/pulumi/proto only serialise with the copy of google-protobuf that they were generated for.
    alias: { "google-protobuf": pulumisProtobuf() },
  });
}

function pulumisProtobuf(): string {
  const pulumi = createRequire(require.resolve("@pulumi/pulumi/package.json"));
  return dirname(pulumi.resolve("google-protobuf/package.json"));
}
