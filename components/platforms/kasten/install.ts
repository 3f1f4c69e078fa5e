import type { KastenSpec } from "../../../model";
import { requireClientSecret, signInArgs, type InstalledPlatform, type PlatformInputs } from "../contract";
import { Kasten } from "./kasten";

/** Installs Kasten K10 as a stack describes it. */
export function installKasten(inputs: PlatformInputs<KastenSpec>): InstalledPlatform {
  const { name, scope, spec, registration } = inputs;
  const kasten = new Kasten(
    scope.name(name),
    {
      release: spec.release,
      namespace: spec.namespace,
      chart: spec.chart,
      installed: spec.installed,
      host: spec.host,
      ...signInArgs(inputs),
      clientSecret: requireClientSecret(name, registration),
      prompt: spec.prompt,
      sessionDuration: spec.session.duration,
      refreshTokens: spec.session.refresh,
      requirePkce: spec.requirePkce || undefined,
      issuerCertificateAuthority: inputs.identityProvider.certificateAuthority,
      values: spec.values,
    },
    scope.options,
  );
  return {
    secret: { namespace: spec.namespace, name: kasten.secretName },
    files: spec.installed === true ? kasten.ownersValues.apply((values) => ({ [`${spec.release}-values.yaml`]: values })) : undefined,
    ready: kasten,
  };
}
