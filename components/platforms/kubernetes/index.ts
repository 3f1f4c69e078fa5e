import type { KubernetesSpec } from "../../../model";
import type { InstalledPlatform, PlatformInputs } from "../contract";
import { ApiServer } from "./api-server";

export { ApiServer, type ApiServerArgs } from "./api-server";

/** Prepares what the API server's owner and its people need, as a stack describes it. */
export function installApiServer({
  name,
  spec,
  identityProvider,
  identity,
  requirements,
  registration,
}: PlatformInputs<KubernetesSpec>): InstalledPlatform {
  const apiServer = new ApiServer(name, {
    server: spec.server,
    clusterName: spec.clusterName,
    certificateAuthority: spec.certificateAuthority,
    issuer: identityProvider.issuer,
    issuerCertificateAuthority: spec.issuerCertificateAuthority,
    clientId: registration.clientId,
    scopes: [...requirements.scopes],
    username: identity.username,
    groups: identity.groups,
    loopbackPorts: spec.loopbackPorts,
    outputFolder: spec.outputFolder,
  });
  return { files: apiServer.files, ready: apiServer };
}
