import type { KastenSpec } from "../../../model";
import { requireClientSecret, type InstalledPlatform, type PlatformInputs } from "../contract";
import { Kasten } from "./kasten";

export { Kasten, type KastenArgs, type KastenChartArgs } from "./kasten";

/** Installs Kasten K10 as a stack describes it. */
export function installKasten({
  name,
  spec,
  identityProvider,
  identity,
  requirements,
  registration,
}: PlatformInputs<KastenSpec>): InstalledPlatform {
  const kasten = new Kasten(name, {
    release: spec.release,
    namespace: spec.namespace,
    chart: spec.chart,
    host: spec.host,
    issuer: identityProvider.issuer,
    clientId: registration.clientId,
    clientSecret: requireClientSecret(name, registration),
    scopes: [...requirements.scopes],
    username: identity.username,
    groups: identity.groups,
    prompt: spec.prompt,
    sessionDuration: spec.session.duration,
    refreshTokens: spec.session.refresh,
    values: spec.values,
  });
  return { secret: { namespace: spec.namespace, name: kasten.secretName }, ready: kasten };
}
