import { oktaRedirectTypes, redirectFaults, registeredUris } from "../reading/redirects";
import { mustBeHttps, refusedSettings } from "../reading/refused";
import { mismatch, resourceRule } from "../rule";
import { okta } from "../types";
import { text, type Value } from "../value";

/** Addresses that decide where people begin, whose keys a client signs with, and where Okta sends browsers besides. */
const otherAddresses = {
  [okta.app]: mustBeHttps("loginUri", "jwksUri"),
  [okta.trustedOrigin]: [
    ...mustBeHttps("origin"),
    {
      path: ["origin"],
      expected: "an origin without a wildcard",
      refused: (value: Value) => typeof value === "string" && value.includes("*"),
    },
  ],
};

export const oktaRedirectHttpsExact = resourceRule({
  id: "okta-redirect-https-exact",
  candidate: 19,
  title: "Redirect URIs of an Okta application are exact and use https",
  severity: "critical",
  level: "mandatory",
  rationale:
    "Okta accepts a wildcard in the host when wildcardRedirect is SUBDOMAIN: every forgotten subdomain then receives authorization codes. Plain http gives them to the network path; a trusted origin over http, or an address that sign-in begins at, gives it the person.",
  remediation: "Leave wildcardRedirect DISABLED and register the platform's one callback, with https, in full.",
  controls: ["rfc9700-2.1", "asvs-10.4.1"],
  unknowns: "Each known URI is judged; one computed from an output is judged at the update.",
  types: [...oktaRedirectTypes, okta.trustedOrigin],
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
      ...refusedSettings(resource, otherAddresses),
      ...registeredUris(resource).flatMap(({ path, uri, native }) =>
        typeof uri === "string"
          ? redirectFaults(uri, { native, allowLoopback, entraLimits: false }).map((expected) => mismatch(path, expected, uri))
          : [],
      ),
    ];
  },
});
