import type { IdentityProviderSpec } from "../../model";
import type { IdentityProvider, IdentityProviderInputs } from "./contract";
import { entraIdentityProvider, resolveEntraTenant } from "./entra";
import { oktaIdentityProvider } from "./okta";

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
