import { kubernetesRelyingParty } from "./kubernetes";
import { kastenRelyingParty } from "./kasten";
import { kubeSphere3RelyingParty, kubeSphere4RelyingParty } from "./kubesphere";
import { openUnisonRelyingParty } from "./openunison";
import type { DeployedPlatform, RelyingParty, RelyingPartyDefinition, RelyingPartySurroundings } from "./contract";

/** One line for each kind of platform. */
const definitions: Readonly<Record<string, RelyingPartyDefinition>> = {
  kasten: kastenRelyingParty,
  kubernetes: kubernetesRelyingParty,
  kubesphere3: kubeSphere3RelyingParty,
  kubesphere4: kubeSphere4RelyingParty,
  openunison: openUnisonRelyingParty,
};

/** Starts the relying party that stands for a deployed platform. */
export function startRelyingParty(platform: DeployedPlatform, surroundings: RelyingPartySurroundings): Promise<RelyingParty> {
  const definition = definitions[platform.kind];
  if (definition === undefined) {
    throw new Error(
      `The lab has no relying party for platforms of kind '${platform.kind}'; it has ${Object.keys(definitions).join(", ")}.`,
    );
  }
  return definition.start(platform, surroundings);
}
