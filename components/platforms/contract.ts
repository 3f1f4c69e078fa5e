import type * as pulumi from "@pulumi/pulumi";
import type { IdentityProviderFacts, IdentityRule, PlatformSpec, Requirements } from "../../model";
import type { Registration } from "../identity-providers";

/** What a platform's installation hands back. */
export interface InstalledPlatform {
  /** The Kubernetes Secret that holds the client secret, where there is one. */
  readonly secret?: { readonly namespace: string; readonly name: pulumi.Output<string> };
  /** What bindings wait for: the roles that they name exist once this does. */
  readonly ready: pulumi.Resource;
}

/** What is needed to install a platform. */
export interface PlatformInputs<Spec extends PlatformSpec> {
  /** Key of the platform in the stack; the first part of its resources' names. */
  readonly name: string;
  readonly spec: Spec;
  readonly identityProvider: IdentityProviderFacts;
  readonly identity: IdentityRule;
  readonly requirements: Requirements;
  readonly registration: Registration;
}
