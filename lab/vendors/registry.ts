import type { IdentityProviderKind, IdentityProviderSpec, LabIdentityProvider, VendorDefinition, VendorOptions } from "./contract";
import { entraVendor } from "./entra/start";
import { oktaVendor } from "./okta/start";

/** One line for each kind of identity provider that the lab has. */
const vendors: { readonly [Kind in IdentityProviderKind]?: VendorDefinition<Kind> } = {
  entra: entraVendor,
  okta: oktaVendor,
};

/** Starts the identity provider that a stack's `idp.kind` names. */
export function startIdentityProvider<Kind extends IdentityProviderKind>(
  options: VendorOptions,
  spec: IdentityProviderSpec<Kind>,
): Promise<LabIdentityProvider> {
  const vendor = vendors[spec.kind];
  if (vendor === undefined) {
    throw new Error(`The lab has no identity provider of kind '${spec.kind}'; it has ${Object.keys(vendors).join(", ")}.`);
  }
  return vendor.start(options, spec);
}
