import * as pulumi from "@pulumi/pulumi";
import { entryProvider } from "./provider";

// One for all: the engine's SDK serialises a provider once for each object, at some 100 ms.
const provider = entryProvider();

export interface IdentityProviderEntryArgs {
  /** Name of the provider, unique in the list. */
  provider: pulumi.Input<string>;
  /** The whole entry; the client secret in it must be a secret output. */
  configuration: pulumi.Input<Record<string, unknown>>;
  /** `<project>/<stack>`: another stack's entry is never touched. */
  owner: pulumi.Input<string>;
}

/** One entry in the list of identity providers of KubeSphere 3; all others, and all other fields, stay as they are. */
export class IdentityProviderEntry extends pulumi.dynamic.Resource {
  /** Names of all providers in the list. */
  public readonly identityProviders!: pulumi.Output<string[]>;

  constructor(name: string, args: IdentityProviderEntryArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      provider,
      name,
      { ...args, identityProviders: undefined },
      { ...opts, deleteBeforeReplace: true, additionalSecretOutputs: ["configuration"] },
      "kubesphere",
      "IdentityProviderEntry",
    );
  }
}
