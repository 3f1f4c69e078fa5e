import { isTrustedName } from "../../model/text/trusted-names";
import { isKasten, kastenValuesOf, releaseOf } from "../reading/helm";
import { mismatch, resourceRule } from "../rule";
import { releases } from "../types";
import { at, isList, texts, unknownValue, type Value } from "../value";

/** Everybody: of RBAC's first versions, and of Okta behind any prefix. */
const holdsAll = /^(?:\*|(?:[^:#]*[:#])?everyone)$/i;

export const valuesK10AdminFallback = resourceRule({
  id: "values-k10-admin-fallback",
  title: "K10's chart makes nobody an administrator unasked",
  severity: "critical",
  level: "mandatory",
  rationale:
    "The chart binds its administrator roles to `default groupAllowList k10AdminGroups`: with k10AdminGroups empty, every admitted group administers K10, and through <release>-mc-admin reads every Secret of the cluster (chart template rbac.yaml, 5.5 to 9.0). It names its role <release>-admin: for a release called cluster that is cluster-admin.",
  remediation:
    "Set auth.k10AdminGroups whenever auth.groupAllowList is set; bind your own groups and put a name there that no identity provider issues; give the release another name than cluster.",
  controls: ["cis-5.1.2"],
  unknowns: "A list that is unknown counts as non-empty.",
  types: releases,
  settings: {},
  check(resource) {
    const findings = kastenValuesOf(resource).flatMap(({ path, values }) => {
      const admins = at(values, "auth", "k10AdminGroups");
      const trusted = ["k10AdminGroups", "k10AdminUsers"].flatMap((list) => {
        const names = texts(values, "auth", list).filter((name) => (isTrustedName(name) && name !== "k10:admins") || holdsAll.test(name));
        return names.length === 0
          ? []
          : [mismatch(`${path}.auth.${list}`, "nobody whom the cluster trusts by itself, and not everybody", names)];
      });
      return [
        ...(isThere(at(values, "auth", "groupAllowList")) && !isThere(admins)
          ? [mismatch(`${path}.auth.k10AdminGroups`, "at least one group while groupAllowList is set", admins ?? [])]
          : []),
        ...trusted,
      ];
    });
    const release = releaseOf(resource);
    // The chart binds k10:admins to <release>-admin and makes that role, which is there already.
    return isKasten(release) && release.name === "cluster"
      ? [...findings, mismatch("name", "a release whose role <release>-admin is not Kubernetes' own", "cluster")]
      : findings;
  },
});

function isThere(groups: Value | undefined): boolean {
  return groups === unknownValue || (isList(groups) && groups.length > 0);
}
