import { isKasten, kastenExposure, releaseOf } from "../reading/helm";
import { mismatch, resourceRule, type Finding } from "../rule";
import { releases } from "../types";
import { at, isTrue, text, UNKNOWN } from "../value";

export const valuesK10NoBasicOrDirect = resourceRule({
  id: "values-k10-no-basic-or-direct",
  candidate: 34,
  title: "A K10 that is reachable from outside authenticates people through the identity provider",
  severity: "critical",
  level: "mandatory",
  rationale:
    "Basic and direct access know no RBAC: whoever gets in administers all backups (docs.kasten.io, access). Basic authentication in values also stores the password file there.",
  remediation: "Enable auth.oidcAuth (or LDAP, OpenShift), and turn auth.basicAuth and auth.tokenAuth off.",
  controls: ["asvs-10.4.10"],
  unknowns: "Exposure and authentication switches are literals; an unknown way of signing in counts as on.",
  types: releases,
  settings: {},
  check(resource) {
    const release = releaseOf(resource);
    const exposure = kastenExposure(release.values);
    if (!isKasten(release) || exposure.length === 0) {
      return [];
    }
    const findings: Finding[] = [];
    const exposed = `(exposed by ${exposure.join(", ")})`;
    for (const method of ["basicAuth", "tokenAuth"]) {
      if (isTrue(release.values, "auth", method, "enabled")) {
        findings.push(mismatch(`values.auth.${method}.enabled`, `false ${exposed}`, true));
      }
    }
    const methods = ["oidcAuth", "ldap", "openshift"].map((method) => at(release.values, "auth", method, "enabled"));
    const identityProvider = methods.some((enabled) => enabled === true || enabled === "true" || enabled === UNKNOWN);
    if (!identityProvider) {
      findings.push(mismatch("values.auth.oidcAuth.enabled", `true ${exposed}`, at(release.values, "auth", "oidcAuth", "enabled")));
    }
    if (text(release.values, "auth", "basicAuth", "htpasswd")) {
      findings.push({ message: `values.auth.basicAuth.htpasswd: expected nothing, got a value` });
    }
    return findings;
  },
});
