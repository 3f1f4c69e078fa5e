// Entry point of the executable pulumi-language-nodejs.
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import { version } from "@pulumi/pulumi/package.json";
import { servePlugin } from "../serve";
import { languageRuntime } from "./host";

// The engine passes flags (for example -root, -tracing) and, last, its own address.
const engineAddress = process.argv.slice(2).findLast((argument) => !argument.startsWith("-")) ?? "";

servePlugin("pulumi-language-nodejs", (server) => server.addService(LanguageRuntimeService, languageRuntime(engineAddress, version))).catch(
  (error: unknown) => {
    process.stderr.write(`pulumi-language-nodejs: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
