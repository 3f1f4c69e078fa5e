import { oktaRedirectTypes, redirectFaults, registeredUris } from "../reading/redirects";
import { mismatch, resourceRule } from "../rule";
import { text } from "../value";

export const oktaRedirectHttpsExact = resourceRule({
  id: "okta-redirect-https-exact",
  candidate: 19,
  title: "Redirect URIs of an Okta application are exact and use https",
  severity: "critical",
  level: "mandatory",
  rationale:
    "Okta accepts a wildcard in the host when wildcardRedirect is SUBDOMAIN: every forgotten subdomain then receives authorization codes. Plain http gives them to the network path.",
  remediation: "Leave wildcardRedirect DISABLED and register the platform's one callback, with https, in full.",
  controls: ["rfc9700-2.1", "asvs-10.4.1"],
  unknowns: "Each known URI is judged; one computed from an output is judged at the update.",
  types: oktaRedirectTypes,
  settings: {
    allowLoopback: {
      default: true,
      schema: { type: "boolean", description: "Accept http://localhost and http://127.0.0.1 (command line clients)." },
    },
  },
  check(resource, { allowLoopback }) {
    const wildcard = text(resource.properties, "wildcardRedirect");
    return [
      ...(wildcard === undefined || wildcard === "DISABLED" ? [] : [mismatch("wildcardRedirect", "DISABLED", wildcard)]),
      ...registeredUris(resource).flatMap(({ path, uri, native }) =>
        typeof uri === "string"
          ? redirectFaults(uri, { native, allowLoopback, entraLimits: false }).map((expected) => mismatch(path, expected, uri))
          : [],
      ),
    ];
  },
});
