import type { IdentityProviderKind, IdentityProviderSpec, LabIdentityProvider, VendorDefinition, VendorOptions } from "./contract";
import { entraVendor } from "./entra/start";
import { externalVendor } from "./external/start";
import { keycloakByHand, keycloakVendor } from "./keycloak/start";
import { oktaVendor } from "./okta/start";

/** Somebody else's issuer is a realm of the real Keycloak, or one of the lab's own, as its address says. */
const external: VendorDefinition<"external"> = {
  prepare: (report, spec) => ownerOf(spec).prepare?.(report, spec) ?? Promise.resolve(),
  start: (options, spec) => ownerOf(spec).start(options, spec),
};

function ownerOf({ issuer }: IdentityProviderSpec<"external">): VendorDefinition<"external"> {
  return issuer.includes("/realms/") ? keycloakByHand : externalVendor;
}

/** One line for each kind of identity provider that the lab has. */
const vendors: { readonly [Kind in IdentityProviderKind]?: VendorDefinition<Kind> } = {
  entra: entraVendor,
  external,
  keycloak: keycloakVendor,
  okta: oktaVendor,
};

/** Fetches what the identity provider of a stack needs, before anything of its lab is started. */
export async function prepareIdentityProvider<Kind extends IdentityProviderKind>(
  spec: IdentityProviderSpec<Kind>,
  report: (line: string) => void,
): Promise<void> {
  await vendorOf(spec).prepare?.(report, spec);
}

/** Starts the identity provider that a stack's `idp.kind` names. */
export function startIdentityProvider<Kind extends IdentityProviderKind>(
  options: VendorOptions,
  spec: IdentityProviderSpec<Kind>,
): Promise<LabIdentityProvider> {
  return vendorOf(spec).start(options, spec);
}

function vendorOf<Kind extends IdentityProviderKind>(spec: IdentityProviderSpec<Kind>): VendorDefinition<Kind> {
  const vendor = vendors[spec.kind];
  if (vendor === undefined) {
    throw new Error(`The lab has no identity provider of kind '${spec.kind}'; it has ${Object.keys(vendors).join(", ")}.`);
  }
  return vendor;
}
