import type { PlatformSpec } from "../../model";
import type { InstalledPlatform, PlatformInputs } from "./contract";
import { installApiServer } from "./kubernetes";
import { installKasten } from "./kasten";
import { installOpenUnison } from "./openunison";
import { installKubeSphere3, installKubeSphere4 } from "./kubesphere";

type Installers = {
  readonly [Kind in PlatformSpec["kind"]]: (inputs: PlatformInputs<Extract<PlatformSpec, { kind: Kind }>>) => InstalledPlatform;
};

/** How each kind of platform is installed. A new one adds its line here. */
const installers: Installers = {
  kasten: installKasten,
  kubernetes: installApiServer,
  kubesphere3: installKubeSphere3,
  kubesphere4: installKubeSphere4,
  openunison: installOpenUnison,
};

/** Installs one platform. */
export function installPlatform<Kind extends PlatformSpec["kind"]>(
  inputs: PlatformInputs<Extract<PlatformSpec, { kind: Kind }>>,
): InstalledPlatform {
  return installers[inputs.spec.kind](inputs);
}
