import {
  groupsToExpand,
  type Environment,
  type GroupMembers,
  type GroupSpec,
  type IdentityProviderSpec,
  type KnownPerson,
} from "../../model";
import type { IdentityProvider, IdentityProviderInputs } from "./contract";
import { entraIdentityProvider, resolveEntraTenant } from "./entra";
import { oktaIdentityProvider, oktaMembers } from "./okta";

export type { IdentityProvider, IdentityProviderInputs, Registration } from "./contract";

type Setups = {
  readonly [Kind in IdentityProviderSpec["kind"]]: (
    inputs: IdentityProviderInputs<Extract<IdentityProviderSpec, { kind: Kind }>>,
  ) => IdentityProvider;
};

/** How each kind of identity provider is set up. A new one adds its line here. */
const setups: Setups = { okta: oktaIdentityProvider, entra: entraIdentityProvider };

/** Sets up the identity provider of an environment. */
export function setUpIdentityProvider<Kind extends IdentityProviderSpec["kind"]>(
  inputs: IdentityProviderInputs<Extract<IdentityProviderSpec, { kind: Kind }>>,
): IdentityProvider {
  return setups[inputs.spec.kind](inputs);
}

type Resolvers = {
  readonly [Kind in IdentityProviderSpec["kind"]]: (
    spec: Extract<IdentityProviderSpec, { kind: Kind }>,
  ) => Promise<Extract<IdentityProviderSpec, { kind: Kind }>>;
};

/** What must be looked up before the facts of an identity provider are complete. */
const resolvers: Resolvers = { okta: (spec) => Promise.resolve(spec), entra: resolveEntraTenant };

/** Completes what a stack may leave to a look-up. No resource exists yet when this runs. */
export function resolveIdentityProvider<Kind extends IdentityProviderSpec["kind"]>(
  spec: Extract<IdentityProviderSpec, { kind: Kind }>,
): Promise<Extract<IdentityProviderSpec, { kind: Kind }>> {
  return resolvers[spec.kind](spec);
}

type MemberLookups = Readonly<Record<IdentityProviderSpec["kind"], (key: string, group: GroupSpec) => Promise<readonly KnownPerson[]>>>;

/** Who is in a group, with the ids that tokens will carry as `sub`. */
const memberLookups: MemberLookups = {
  okta: oktaMembers,
  // compatibility() refuses the pair before this: Entra ID makes another sub for each client, and nobody knows it beforehand.
  entra: (key) =>
    Promise.reject(
      new Error(`The sub that tokens carry for the members of '${key}' cannot be known beforehand: Entra ID makes one for each client.`),
    ),
};

/** Looks up the members of the groups that must be expanded into people. No resource exists yet when this runs. */
export async function lookUpMembers(environment: Environment): Promise<GroupMembers> {
  const lookup = memberLookups[environment.idp.kind];
  const found = groupsToExpand(environment).map(async (key) => [key, await lookup(key, environment.groups[key] ?? {})] as const);
  return Object.fromEntries(await Promise.all(found));
}
