import { restoredObjects } from "./access/restoration/resource";
import { clientSecrets } from "./identity-providers/okta/client-secrets/resource";
import type { OwnType } from "./own-resources";
import { identityProviderEntry } from "./platforms/kubesphere/cluster-configuration/identity-provider-entry";

export { serveOwnResources, type OwnProvider, type OwnType } from "./own-resources";

/** Every type of resource that no vendor's provider has. */
export const ownTypes: readonly OwnType[] = [restoredObjects, clientSecrets, identityProviderEntry];
