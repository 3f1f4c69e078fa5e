import { kastenExposure, kastenValuesOf } from "../reading/helm";
import { mismatch, resourceRule, type Finding } from "../rule";
import { releases } from "../types";
import { at, isOn, text, unknownValue, type Value } from "../value";

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
  unknowns:
    "Exposure and authentication switches are literals; an unknown way of signing in counts as on. A K10 under another chart's name is recognised by its repository or by settings that only K10 has.",
  types: releases,
  settings: {},
  check(resource) {
    return kastenValuesOf(resource).flatMap(({ path, values }) => judge(path, values));
  },
});

function judge(path: string, values: Value | undefined): Finding[] {
  const exposure = kastenExposure(values);
  if (exposure.length === 0) {
    return [];
  }
  const findings: Finding[] = [];
  const exposed = `(exposed by ${exposure.join(", ")})`;
  for (const method of ["basicAuth", "tokenAuth"]) {
    if (isOn(values, "auth", method, "enabled")) {
      findings.push(mismatch(`${path}.auth.${method}.enabled`, `false ${exposed}`, at(values, "auth", method, "enabled")));
    }
  }
  const ways = ["oidcAuth", "ldap", "openshift"];
  if (!ways.some((method) => isOn(values, "auth", method, "enabled") || at(values, "auth", method, "enabled") === unknownValue)) {
    findings.push(mismatch(`${path}.auth.oidcAuth.enabled`, `true ${exposed}`, at(values, "auth", "oidcAuth", "enabled")));
  }
  if (text(values, "auth", "basicAuth", "htpasswd")) {
    findings.push({ message: `${path}.auth.basicAuth.htpasswd: expected nothing, got a value` });
  }
  return findings;
}
