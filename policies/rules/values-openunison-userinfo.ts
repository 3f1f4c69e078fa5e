import { isOpenUnison, releaseOf } from "../reading/helm";
import { mismatch, resourceRule, type Finding } from "../rule";
import { releases } from "../types";
import { at, isTrue, text } from "../value";

export const valuesOpenUnisonUserinfo = resourceRule({
  id: "values-openunison-userinfo",
  candidate: 36,
  title: "OpenUnison reads a person's claims where the identity provider puts them",
  severity: "medium",
  level: "advisory",
  rationale:
    "Okta's organisation server issues thin ID tokens: groups are at the userinfo endpoint. Entra ID puts them into the ID token and has no groups scope. With the wrong switch people sign in and have no access (OpenUnison/openunison-k8s#88, #130).",
  remediation:
    "Set oidc.user_in_idtoken false for Okta and true for Entra ID, and drop groups from oidc.scopes for Entra ID; write enable_impersonation out.",
  controls: [],
  unknowns: "An issuer that is unknown is not judged.",
  types: releases,
  settings: {},
  check(resource) {
    const release = releaseOf(resource);
    if (!isOpenUnison(release)) {
      return [];
    }
    const oidc = at(release.values, "oidc");
    const issuer = text(oidc, "issuer") ?? "";
    const inIdToken = at(oidc, "user_in_idtoken");
    const findings: Finding[] = [];
    const entra = issuer.startsWith("https://login.microsoftonline.");
    const okta = /^https:\/\/[^/]+\.okta(?:preview|-emea)?\.com\/?$/.test(issuer);
    if (okta && isTrue(oidc, "user_in_idtoken")) {
      findings.push(mismatch("values.oidc.user_in_idtoken", "false for Okta's organisation server", inIdToken));
    }
    if (entra && inIdToken === false) {
      findings.push(mismatch("values.oidc.user_in_idtoken", "true for Entra ID", inIdToken));
    }
    const scopes = text(oidc, "scopes");
    if (entra && scopes?.split(/\s+/).includes("groups")) {
      findings.push(mismatch("values.oidc.scopes", "no groups scope for Entra ID", scopes));
    }
    // The chart's default is true, the vendor's sample says false.
    if (release.chart?.startsWith("orchestra") && at(release.values, "enable_impersonation") === undefined) {
      findings.push(mismatch("values.enable_impersonation", "true or false, written out", undefined));
    }
    return findings;
  },
});
