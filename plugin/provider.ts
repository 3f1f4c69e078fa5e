import * as pulumi from "@pulumi/pulumi";
import type { ConstructResult, Provider } from "@pulumi/pulumi/provider";
import * as library from "../components";
import { ownResources } from "./own-resources";
import packageSchema from "../schema.json";
import plainInputs from "./plain-inputs.json";

type Constructor = new (name: string, args: pulumi.Inputs, options: pulumi.ComponentResourceOptions) => pulumi.ComponentResource;

/** Inputs that decide what a component makes; other languages can hand an output in all the same. */
const known: Readonly<Record<string, readonly string[]>> = plainInputs;
const resources: Readonly<Record<string, { readonly properties: object }>> = packageSchema.resources;

library.serveOwnResources();

/** Makes the components of the schema, and hands back their outputs. */
export const componentPlugin: Provider = {
  ...ownResources,
  version: packageSchema.version,
  schema: JSON.stringify(packageSchema),
  construct(name: string, type: string, inputs: pulumi.Inputs, options: pulumi.ComponentResourceOptions): Promise<ConstructResult> {
    const declared = resources[type];
    const component = (library as Readonly<Record<string, unknown>>)[type.split(":").at(-1) ?? ""];
    if (declared === undefined || typeof component !== "function") {
      throw new Error(`Expected a component of this package (${Object.keys(resources).join(", ")}), got ${type}.`);
    }
    const unknown = (known[type] ?? []).filter((input) => pulumi.Output.isInstance(inputs[input]));
    if (unknown.length > 0) {
      throw new Error(
        `${type} '${name}': expected values that are known before the update, got outputs for ${unknown.join(", ")}. Fix: write them out, or take them from the configuration.`,
      );
    }
    const instance = new (component as Constructor)(name, inputs, options);
    const outputs = instance as unknown as Readonly<Record<string, pulumi.Input<unknown>>>;
    return Promise.resolve({
      urn: instance.urn,
      state: Object.fromEntries(Object.keys(declared.properties).map((output) => [output, outputs[output]])),
    });
  },
};
