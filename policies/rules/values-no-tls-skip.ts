import { releaseOf } from "../reading/helm";
import { kubeSphereProviders } from "../reading/kubesphere";
import { fileLeaves } from "../reading/yaml";
import { mismatch, resourceRule } from "../rule";
import { clusterConfiguration, releases, secretTypes } from "../types";
import type { Value } from "../value";

const switches =
  /^(?:insecureskipverify|insecureca|idtokenskipverify|insecureskiptlsverify|skiptlsverify|tlsskipverify|tlsinsecure|tlsinsecureskipverify|sslinsecureskipverify|insecuretls|insecureskipsignaturevalidation|insecureskipissuerverification|insecureallowunverifiedemail)$/;

export const valuesNoTlsSkip = resourceRule({
  id: "values-no-tls-skip",
  candidate: 33,
  title: "No platform skips the verification of TLS or of ID tokens",
  severity: "critical",
  level: "mandatory",
  rationale:
    "Without verification anybody between the platform and the identity provider issues tokens for anyone, administrators included.",
  remediation: "Give the platform the private CA instead (a trusted_certs entry, a mounted bundle), and leave the switch off.",
  controls: [],
  unknowns: "An unknown switch is judged at the update.",
  types: [...releases, clusterConfiguration, secretTypes],
  settings: {},
  check(resource) {
    const parts: readonly { path: string; configuration: Value }[] = (releases as readonly string[]).includes(resource.type)
      ? [{ path: "values", configuration: releaseOf(resource).values ?? null }]
      : kubeSphereProviders(resource);
    return parts.flatMap(({ path: base, configuration }) =>
      [...fileLeaves(configuration)]
        .filter(({ key, value }) => (value === true || value === "true") && switches.test(key.toLowerCase().replace(/[-_.]/g, "")))
        .map(({ path, value }) => mismatch(`${base}.${path}`, "false", value)),
    );
  },
});
