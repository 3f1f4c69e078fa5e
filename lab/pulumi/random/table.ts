// The random provider: its resource types are all it has.
import { version } from "@pulumi/random/package.json";
import type { ProviderTable } from "../provider/table";
import { resources } from "./resources";

export const random: ProviderTable<void> = {
  name: "random",
  version,
  config: {},
  connect: () => undefined,
  resources,
  functions: {},
  isFramework: true,
};
