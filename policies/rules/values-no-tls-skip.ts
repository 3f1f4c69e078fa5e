import { releaseOf } from "../reading/helm";
import { kubeSphereProviders } from "../reading/kubesphere";
import { plainName, settingsIn } from "../reading/settings";
import { mismatch, resourceRule } from "../rule";
import { clusterConfiguration, identityProviderEntry, releases, secretTypes } from "../types";
import type { Value } from "../value";

/** Names of switches that are dangerous when they are on, without case and separators. */
const dangerousOn = [
  /insecure.*(?:tls|ssl|verif|cert|signature|issuer|ca$|https)/,
  /(?:tls|ssl).*insecure/,
  /(?:skip|disable|ignore|no|without|bypass)(?:d|s)?.*(?:tls|ssl|cert|signature|issuer|hostname|host|token|ca|peer|server|https)?(?:verif|valid|check)/,
  /(?:skip|ignore|bypass)(?:tls|ssl)(?!redirect|port)/,
  /(?:tls|ssl|verif|validation|certificate|signature|hostname).*(?:skip|disabled?|ignored?|bypass)(?:verif\w*|check\w*|validat\w*)?$/,
  /(?:allow|accept|trust)\w*(?:insecure|selfsigned|untrusted|invalid|unverified|anycert|allcert|all)(?:tls|ssl|cert\w*|https?|connections?|hosts?|issuers?)?$/,
  /^insecureallow/,
];
/** Names of checks that are dangerous when they are off. */
const dangerousOff = [
  /(?:tls|ssl|cert|certificates?|hostname|peer|issuer|signature|token|https)(?:verif\w*|validat\w*|check\w*)(?:enabled?)?$/,
  /(?:verif\w*|validate|check)(?:the)?(?:tls|ssl|certs?|certificates?|hostname|peer|issuer|signature|idtoken|https)(?:enabled?)?$/,
  /^(?:node)?(?:tls)?rejectunauthorized$/,
  /^strictssl$/,
  /(?:checkserveridentity|reqcert)$/,
];
/** Of a name that says too little by itself, the place decides. */
const aboutSignIn = /tls|ssl|oidc|oauth|idp|ldap|issuer|dex|sso|provider|connector/i;
const on: readonly unknown[] = [true, "true", "yes", "on", "1", 1, "t", "y"];
const off: readonly unknown[] = [false, "false", "no", "off", "0", 0, "f", "n", "none", "verify_none", "never", "allow", "disabled"];

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
  unknowns:
    "An unknown switch is judged at the update. Switches are known by their names, wherever they stand (values, files in one text, environment variables, arguments); one whose name says nothing of TLS, certificates or verification is not recognised.",
  types: [...releases, clusterConfiguration, identityProviderEntry, secretTypes],
  settings: {},
  check(resource) {
    const parts: readonly { path: string; configuration: Value }[] = (releases as readonly string[]).includes(resource.type)
      ? [{ path: "values", configuration: releaseOf(resource).values ?? null }]
      : kubeSphereProviders(resource);
    return parts.flatMap(({ path: base, configuration }) => {
      const found = [...settingsIn(configuration)].flatMap(({ path, key, value }) => {
        const expected = safeValue(plainName(key), path, value);
        return expected === undefined ? [] : [mismatch(`${base}.${path}`, expected, value)];
      });
      return [...new Map(found.map((finding) => [finding.message, finding])).values()];
    });
  },
});

/** What a setting must be instead of what it is; undefined where it skips nothing. */
function safeValue(name: string, path: string, written: Value): "true" | "false" | undefined {
  const value = typeof written === "string" ? written.trim().toLowerCase() : written;
  if (on.includes(value)) {
    const skips = dangerousOn.some((pattern) => pattern.test(name)) || (/^(?:insecure|skipverify)$/.test(name) && aboutSignIn.test(path));
    return skips ? "false" : undefined;
  }
  const checks =
    dangerousOff.some((pattern) => pattern.test(name)) || (/^verif(?:y|ication)(?:mode|level)?$/.test(name) && aboutSignIn.test(path));
  return off.includes(value) && checks ? "true" : undefined;
}
