import { expressionFault, filterFault } from "../reading/okta-filter";
import { mismatch, resourceRule } from "../rule";
import { okta } from "../types";
import { at, text, unknownValue } from "../value";

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
  unknowns:
    "A filter computed from outputs is judged at the update. A filter is tried on the names of forty groups of others and may match one in ten; an expression may look groups up by literal names or IDs (Groups.startsWith and its like, getFilteredGroups, Arrays.flatten over them), and nothing else counts as naming them.",
  types: [okta.app, okta.serverClaim, okta.federatedClaim],
  settings: {},
  check({ type, properties }) {
    if (type === okta.federatedClaim) {
      const [name, expression] = [text(properties, "name"), text(properties, "expression")];
      const fault = expression === undefined || !listsGroups(name, expression) ? undefined : expressionFault(expression);
      return fault === undefined ? [] : [mismatch("expression", fault, expression)];
    }
    const inApp = type === okta.app;
    const claim = inApp ? at(properties, "groupsClaim") : properties;
    const kind = text(claim, inApp ? "type" : "valueType");
    const filter = text(claim, inApp ? "filterType" : "groupFilterType");
    const value = text(claim, "value");
    const path = inApp ? "groupsClaim.value" : "value";
    if (value === undefined || at(claim, inApp ? "type" : "valueType") === unknownValue) {
      return [];
    }
    const isFilter = kind === "FILTER" || kind === "GROUPS";
    if (!isFilter && !inApp && !listsGroups(text(properties, "name"), value)) {
      return [];
    }
    const fault = isFilter ? filterFault(filter, value) : expressionFault(value);
    return fault === undefined ? [] : [mismatch(path, fault, value)];
  },
});

/** Whether an expression claim is about groups: by its name, or by the functions that it calls. */
function listsGroups(name: string | undefined, expression: string): boolean {
  return /group|role|entitlement|permission/i.test(name ?? "groups") || /\bGroups\.|Groups?\(/.test(expression);
}
