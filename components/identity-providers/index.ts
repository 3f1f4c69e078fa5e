import type { IdentityProviderSpec } from "../../model";
import type { IdentityProvider, IdentityProviderInputs } from "./contract";
import { oktaIdentityProvider } from "./okta";

export type { IdentityProvider, IdentityProviderInputs, Registration } from "./contract";

type Setups = {
  readonly [Kind in IdentityProviderSpec["kind"]]: (
    inputs: IdentityProviderInputs<Extract<IdentityProviderSpec, { kind: Kind }>>,
  ) => IdentityProvider;
};

/** How each kind of identity provider is set up. A new one adds its line here. */
const setups: Setups = { okta: oktaIdentityProvider };

/** Sets up the identity provider of an environment. */
export function setUpIdentityProvider<Kind extends IdentityProviderSpec["kind"]>(
  inputs: IdentityProviderInputs<Extract<IdentityProviderSpec, { kind: Kind }>>,
): IdentityProvider {
  return setups[inputs.spec.kind as Kind](inputs);
}
