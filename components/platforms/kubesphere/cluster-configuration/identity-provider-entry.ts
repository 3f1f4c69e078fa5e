import * as pulumi from "@pulumi/pulumi";
import { entryProvider } from "./provider";

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
      entryProvider(),
      name,
      { ...args, identityProviders: undefined },
      { ...opts, deleteBeforeReplace: true, additionalSecretOutputs: ["configuration"] },
      "kubesphere",
      "IdentityProviderEntry",
    );
  }
}
