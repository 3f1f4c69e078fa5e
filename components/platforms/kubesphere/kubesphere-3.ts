import * as pulumi from "@pulumi/pulumi";
import { clusterSettings } from "../../cluster";
import { providerSettings } from "../../own-resources";
import { IdentityProviderEntry } from "./cluster-configuration/identity-provider-entry";
import { signInOf, type KubeSphereSignInArgs } from "./kubesphere-4";
import { providerConfiguration } from "./values";

export interface KubeSphere3Args extends KubeSphereSignInArgs {
  /** Whose entry it is, written beside it. @default `<project>/<stack>` */
  owner?: string;
  /** With the mapping method auto: ask nobody for a user name. @default false */
  disableLoginConfirmation?: boolean;
  /** Take over an entry of this name that no stack looks after, if it has this very client id. @default false */
  adopted?: boolean;
}

/**
 * An identity provider of KubeSphere 3: one entry in the ClusterConfiguration `ks-installer`, whose other entries and fields
 * stay as they are. The installer reads it at once and restarts what must be restarted. The client secret stands there in
 * plain text, since this release takes no reference to a Secret.
 */
export class KubeSphere3 extends pulumi.ComponentResource {
  /** Names of all identity providers of the KubeSphere, this one among them. */
  public readonly identityProviders: pulumi.Output<string[]>;

  constructor(name: string, args: KubeSphere3Args, opts?: pulumi.ComponentResourceOptions) {
    super("gatehouse:index:KubeSphere3", name, {}, opts);
    const signIn = { ...signInOf(3, args), disableLoginConfirmation: args.disableLoginConfirmation ?? false };
    const configuration = pulumi
      .all([args.clientId, args.clientSecret])
      .apply(([id, secret]) => providerConfiguration(signIn, { id, secret }));
    const entry = new IdentityProviderEntry(
      `${name}-provider`,
      {
        provider: signIn.provider,
        configuration: pulumi.secret(configuration),
        adopts: args.adopted === true ? args.clientId : undefined,
        owner: args.owner ?? `${pulumi.getProject()}/${pulumi.getStack()}`,
        cluster: providerSettings(this, "kubernetes:core/v1:Secret", clusterSettings),
      },
      { parent: this },
    );
    this.identityProviders = entry.identityProviders;
    this.registerOutputs({ identityProviders: this.identityProviders });
  }
}
