import * as pulumi from "@pulumi/pulumi";
import { OwnResource, type OwnType } from "../../../own-resources";
import { entryProvider } from "./provider";

/** `pulumi-nodejs:dynamic/kubesphere:IdentityProviderEntry` */
export const identityProviderEntry: OwnType = { module: "kubesphere", name: "IdentityProviderEntry", provider: entryProvider };

export interface IdentityProviderEntryArgs {
  /** Name of the provider, unique in the list. */
  provider: pulumi.Input<string>;
  /** The whole entry; the client secret in it must be a secret output. */
  configuration: pulumi.Input<Record<string, unknown>>;
  /** `<project>/<stack>`: another stack's entry is never touched. */
  owner: pulumi.Input<string>;
  /** Client id of an entry of this name that was there before the stack, and that it takes over. Left out: none is. */
  adopts?: pulumi.Input<string>;
  /** Settings of the kubernetes provider; must be a secret output. Left out where the stack's configuration says which cluster. */
  cluster?: pulumi.Input<Readonly<Record<string, string>>>;
}

/** One entry in the list of identity providers of KubeSphere 3; all others, and all other fields, stay as they are. */
export class IdentityProviderEntry extends OwnResource {
  /** Names of all providers in the list. */
  public readonly identityProviders!: pulumi.Output<string[]>;

  constructor(name: string, args: IdentityProviderEntryArgs, opts?: pulumi.CustomResourceOptions) {
    const secret = { additionalSecretOutputs: ["configuration"] };
    super(identityProviderEntry, name, { ...args, identityProviders: undefined }, { ...opts, deleteBeforeReplace: true, ...secret });
  }
}
