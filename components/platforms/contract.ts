import type * as pulumi from "@pulumi/pulumi";
import type { IdentityProviderFacts, IdentityRule, PersonAccess, PlatformSpec, Requirements } from "../../model";
import type { Scope } from "../scope";
import type { Registration } from "../identity-providers";

/** What a platform's installation hands back. */
export interface InstalledPlatform {
  /** The Kubernetes Secret that holds the client secret, where there is one. */
  readonly secret?: { readonly namespace: string; readonly name: pulumi.Output<string> };
  /** What the cluster's owner or its people take away, by file name. No secrets. */
  readonly files?: pulumi.Output<Record<string, string>>;
  /** What bindings wait for: the roles that they name exist once this does. */
  readonly ready: pulumi.Resource;
}

/** A claim and the literal text that goes before its value. */
export interface ClaimMappingArgs {
  /** The claim of the ID token; for groups empty where none are read. */
  claim: string;
  /** What goes before the value of the claim; empty for nothing. */
  prefix: string;
}

/**
 * The client secret of a registration, for a platform that asked for a confidential client.
 * @throws Error when the identity provider registered a public one
 */
export function requireClientSecret(platform: string, { clientSecret }: Registration): pulumi.Output<string> {
  if (clientSecret === undefined) {
    throw new Error(`${platform}: expected a client with a secret, as the platform's requirements say, got a public one.`);
  }
  return clientSecret;
}

/** What is needed to install a platform. */
export interface PlatformInputs<Spec extends PlatformSpec> {
  /** Key of the platform in the stack; the first part of its resources' names. */
  readonly name: string;
  readonly scope: Scope;
  readonly spec: Spec;
  readonly identityProvider: IdentityProviderFacts;
  readonly identity: IdentityRule;
  readonly requirements: Requirements;
  readonly registration: Registration;
  /** Who is bound one by one, on a platform that cannot read groups; empty on any other. */
  readonly people: readonly PersonAccess[];
}

/** What every platform that reads groups is told of its client. */
export interface SignInArgs {
  readonly issuer: string;
  readonly clientId: pulumi.Output<string>;
  scopes: string[];
  username: ClaimMappingArgs;
  groups: ClaimMappingArgs;
}

/** The client and the identity rule of a platform, as its component takes them. */
export function signInArgs({
  identityProvider,
  identity,
  requirements,
  registration,
}: Pick<PlatformInputs<PlatformSpec>, "identityProvider" | "identity" | "requirements" | "registration">): SignInArgs {
  return {
    issuer: identityProvider.issuer,
    clientId: registration.clientId,
    scopes: [...requirements.scopes],
    username: identity.username,
    groups: identity.groups,
  };
}
