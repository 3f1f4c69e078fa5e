import { entraRedirectTypes, redirectFaults, registeredUris } from "../reading/redirects";
import { mismatch, resourceRule } from "../rule";

export const entraRedirectHttpsExact = resourceRule({
  id: "entra-redirect-https-exact",
  candidate: 3,
  title: "Redirect URIs of an Entra application are exact and use https",
  severity: "critical",
  level: "mandatory",
  rationale:
    "Whoever controls a registered redirect URI receives authorization codes. A wildcard or plain http gives that to anyone on a forgotten subdomain or on the network path.",
  remediation: "Register the platform's one callback, with https, in full, and nothing else.",
  controls: ["rfc9700-2.1", "asvs-10.4.1", "microsoft-redirect"],
  unknowns: "Each known URI is judged; one computed from an output is judged at the update.",
  types: entraRedirectTypes,
  settings: {
    allowLoopback: {
      default: true,
      schema: { type: "boolean", description: "Accept http://localhost and http://127.0.0.1 (command line clients)." },
    },
  },
  check(resource, { allowLoopback }) {
    return registeredUris(resource).flatMap(({ path, uri, native }) =>
      typeof uri === "string"
        ? redirectFaults(uri, { native, allowLoopback, entraLimits: true }).map((expected) => mismatch(path, expected, uri))
        : [],
    );
  },
});
