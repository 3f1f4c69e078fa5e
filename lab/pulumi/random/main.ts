// Entry point of the executable pulumi-resource-random.
import { version } from "@pulumi/random/package.json";
import { serveProvider } from "../provider/grpc";
import { tableProvider } from "../provider/table";
import { resources } from "./resources";

serveProvider(
  "random",
  tableProvider<undefined>({ name: "random", version, config: {}, connect: () => undefined, resources, functions: {} }),
);
