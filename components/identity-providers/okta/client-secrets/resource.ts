import * as pulumi from "@pulumi/pulumi";
import { OwnResource, type OwnType } from "../../../own-resources";
import { clientSecretsProvider } from "./provider";

/** `pulumi-nodejs:dynamic/okta:ClientSecrets` */
export const clientSecrets: OwnType = { module: "okta", name: "ClientSecrets", provider: clientSecretsProvider };

export interface ClientSecretArgs {
  /** First day, `YYYY-MM-DD`, or `initial`. */
  start: string;
  /** The secret; must be a secret output. */
  value: pulumi.Input<string>;
}

export interface ClientSecretsArgs {
  /** Id of the app. */
  appId: pulumi.Input<string>;
  /** The active one first, then the one before it while the overlap lasts. */
  secrets: ClientSecretArgs[];
  /** Settings of the okta provider; must be a secret output. Left out where the stack's configuration says which organisation. */
  organisation?: pulumi.Input<Readonly<Record<string, string>>>;
}

/** The client secrets that an Okta app accepts, one or two. Those that others made stay. */
export class ClientSecrets extends OwnResource {
  constructor(name: string, args: ClientSecretsArgs, opts?: pulumi.CustomResourceOptions) {
    const { appId, secrets, organisation } = args;
    const props = { appId, secrets: pulumi.secret(secrets), organisation, held: undefined };
    super(clientSecrets, name, props, { ...opts, additionalSecretOutputs: ["secrets"] });
  }
}
