import type { KubernetesSpec } from "../../../model";
import { signInArgs, type InstalledPlatform, type PlatformInputs } from "../contract";
import { ApiServer } from "./api-server";

/** Prepares what the API server's owner and its people need, as a stack describes it. */
export function installApiServer(inputs: PlatformInputs<KubernetesSpec>): InstalledPlatform {
  const { name, scope, spec } = inputs;
  const apiServer = new ApiServer(
    scope.name(name),
    {
      server: spec.server,
      clusterName: spec.clusterName,
      certificateAuthority: spec.certificateAuthority,
      ...signInArgs(inputs),
      issuerCertificateAuthority: spec.issuerCertificateAuthority ?? inputs.identityProvider.certificateAuthority,
      groupsShape: inputs.identityProvider.groupsShape,
      requiredClaims: inputs.identityProvider.requiredClaims === undefined ? undefined : { ...inputs.identityProvider.requiredClaims },
      loopbackPorts: spec.loopbackPorts,
      outputFolder: spec.outputFolder,
    },
    scope.options,
  );
  return { files: apiServer.files, ready: apiServer };
}
