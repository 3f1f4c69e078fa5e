import { mismatch, resourceRule } from "../rule";
import { okta } from "../types";
import { at, text } from "../value";

/** Names that no useful filter lets through together: a filter that matches all of them matches everything. */
const probes = ["Everyone", "zzz unrelated", "Finance-EMEA", "0", "ünïcode/grp"];

export const oktaGroupsFilterNotCatchAll = resourceRule({
  id: "okta-groups-filter-not-catch-all",
  candidate: 20,
  title: "An Okta groups claim is filtered to the platform's groups",
  severity: "high",
  level: "mandatory",
  rationale:
    "Okta cuts the groups claim at 100 groups without a mark (HashiCorp Vault's Okta page). With a filter such as .* people of many groups lose access at random, and every platform learns all groups of everybody.",
  remediation: "Filter by a name prefix of the platform's groups: STARTS_WITH, or a regular expression that names them.",
  controls: ["asvs-10.4.11"],
  unknowns: "A filter computed from outputs is judged at the update.",
  types: [okta.app, okta.serverClaim],
  settings: {},
  check({ type, properties }) {
    const inApp = type === okta.app;
    const claim = inApp ? at(properties, "groupsClaim") : properties;
    const kind = text(claim, inApp ? "type" : "valueType");
    const filter = text(claim, inApp ? "filterType" : "groupFilterType");
    const value = text(claim, "value");
    const path = inApp ? "groupsClaim.value" : "value";
    if (value === undefined) {
      return [];
    }
    if (kind === "FILTER" || kind === "GROUPS") {
      return matchesEverything(filter, value) ? [mismatch(path, "a filter that names the platform's groups", value)] : [];
    }
    // An expression: Groups.startsWith("OKTA", "", 100) and .contains("") list everything.
    return /Groups\.(?:startsWith|contains|endsWith)\(\s*["'][^"']*["']\s*,\s*(["'])\1/.test(value)
      ? [mismatch(path, "an expression that names the platform's groups", value)]
      : [];
  },
});

function matchesEverything(filter: string | undefined, value: string): boolean {
  if (filter === "EQUALS") {
    return false;
  }
  if (filter === "STARTS_WITH" || filter === "CONTAINS") {
    return value === "";
  }
  let expression: RegExp;
  try {
    // Okta matches the whole name, as Java's String.matches does.
    // JavaScript has no flags inside an expression; none of Java's makes `.*` name fewer groups.
    expression = new RegExp(`^(?:${value.replace(/^\(\?[a-zA-Z]+\)/, "")})$`, "u");
  } catch {
    return false;
  }
  return probes.every((name) => expression.test(name));
}
