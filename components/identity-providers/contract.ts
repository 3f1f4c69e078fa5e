import type * as pulumi from "@pulumi/pulumi";
import type { Scope } from "../scope";
import type { DiscoveryDocument } from "./issuer";
import type { Environment, GroupSpec, IdentityProviderSpec, KnownPerson, Requirements } from "../../model";

/** What an identity provider hands one platform. */
export interface Registration {
  readonly clientId: pulumi.Output<string>;
  /** Always a secret output; left out for a public client, which has none. */
  readonly clientSecret?: pulumi.Output<string>;
  /** Whether that is the secret that the client had before the stack. Left out: no. */
  readonly isAdoptedSecret?: boolean;
  /** End of the client secret (RFC 3339); null where the identity provider sets none. */
  readonly secretExpiresAt: pulumi.Output<string | null>;
  /** Day from which an update makes a new secret; null when only by hand. */
  readonly secretRotatesAt: string | null;
}

/** The groups of an environment at its identity provider, and the way to register a platform there. */
export interface IdentityProvider {
  /** Groups by key: object id, and what tokens carry. */
  readonly groups: Readonly<Record<string, { readonly id: pulumi.Output<string>; readonly claimValue: pulumi.Output<string> }>>;
  /** Creates the app registration of one platform; the groups and people with a grant there may sign in. */
  register(
    platform: string,
    requirements: Requirements,
    grantedGroups: readonly string[],
    grantedPeople: readonly KnownPerson[],
  ): Registration;
}

/** What is needed to set an identity provider up. */
export interface IdentityProviderInputs<Spec extends IdentityProviderSpec> {
  readonly spec: Spec;
  readonly environment: Environment;
  readonly scope: Scope;
  /** Name of the stack, for labels that people read. */
  readonly stack: string;
  /** The day in UTC, `YYYY-MM-DD`, from which schedules are computed. */
  readonly today: string;
}

/** One kind of identity provider: how a stack's is set up, and what must be looked up before any resource exists. */
export interface IdentityProviderKind<Spec extends IdentityProviderSpec> {
  /** Makes the groups of an environment, and gives the way to register its platforms. */
  setUp(inputs: IdentityProviderInputs<Spec>): IdentityProvider;
  /** Completes what a stack may leave to a look-up. Left out where the stack file says all. */
  resolve?(spec: Spec): Promise<Spec>;
  /** The setting below `gatehouse:idp` that states the issuer, and what to write or set by hand when discovery names another one. */
  readonly issuer: { readonly setting: string; readonly fix: (spec: Spec, named: string) => string };
  /** What else the discovery document must say. @throws pulumi.RunError */
  requireDiscovery?(spec: Spec, document: DiscoveryDocument): void;
  /** What the stack file counts on and discovery does not say, looked at before anything is made. @throws pulumi.RunError */
  requireSettings?(spec: Spec): Promise<void>;
  /** The id of one person, which the claim that names people for good will carry. Left out where the stack file says it. */
  person?(where: string, login: string, options: pulumi.InvokeOptions, spec: Spec): Promise<string>;
  /** Who is in a group, with the ids that tokens will carry as `sub`. Left out where nobody knows those beforehand. */
  members?(key: string, group: GroupSpec, options: pulumi.InvokeOptions, spec: Spec): Promise<readonly KnownPerson[]>;
}
