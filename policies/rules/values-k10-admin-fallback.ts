import { isKasten, releaseOf } from "../reading/helm";
import { mismatch, resourceRule } from "../rule";
import { releases } from "../types";
import { at, isList, UNKNOWN } from "../value";

export const valuesK10AdminFallback = resourceRule({
  id: "values-k10-admin-fallback",
  title: "K10's list of admitted groups is not also its list of administrators",
  severity: "critical",
  level: "mandatory",
  rationale:
    "The chart binds its administrator roles to `default groupAllowList k10AdminGroups`: with k10AdminGroups empty, every admitted group administers K10, and through <release>-mc-admin reads every Secret of the cluster (chart template rbac.yaml, 5.5 to 9.0).",
  remediation:
    "Set auth.k10AdminGroups whenever auth.groupAllowList is set; bind your own groups and put a name there that no identity provider issues.",
  controls: ["cis-5.1.2"],
  unknowns: "A list that is unknown counts as non-empty.",
  types: releases,
  settings: {},
  check(resource) {
    const release = releaseOf(resource);
    if (!isKasten(release)) {
      return [];
    }
    const allowed = at(release.values, "auth", "groupAllowList");
    const admins = at(release.values, "auth", "k10AdminGroups");
    const filtered = allowed === UNKNOWN || (isList(allowed) && allowed.length > 0);
    const named = admins === UNKNOWN || (isList(admins) && admins.length > 0);
    return filtered && !named
      ? [mismatch("values.auth.k10AdminGroups", "at least one group while groupAllowList is set", admins ?? [])]
      : [];
  },
});
