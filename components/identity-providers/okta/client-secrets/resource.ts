import * as pulumi from "@pulumi/pulumi";
import { clientSecretsProvider } from "./provider";

// One for all: the engine's SDK serialises a provider once for each object, at some 100 ms.
const provider = clientSecretsProvider();

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
}

/** The client secrets that an Okta app accepts, one or two. Those that others made stay. */
export class ClientSecrets extends pulumi.dynamic.Resource {
  constructor(name: string, args: ClientSecretsArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      provider,
      name,
      { appId: args.appId, secrets: pulumi.secret(args.secrets), held: undefined },
      { ...opts, additionalSecretOutputs: ["secrets"] },
      "okta",
      "ClientSecrets",
    );
  }
}
