import { isOpenUnison, releaseOf } from "../reading/helm";
import { isPlainAddress } from "../reading/refused";
import { mismatch, resourceRule, type Finding } from "../rule";
import { releases } from "../types";
import { at, isOn, isProperties, text, texts, type Value } from "../value";

/** Switches of OpenUnison's charts that hand out access of their own (values.yaml and rbac.yaml of orchestra; the second spelling is the chart's). */
const switches = [
  "openunison.enable_provisioning",
  "openunison.enabled_provisioning",
  "openunison.management_proxy.enabled",
  "openunison.naas.enabled",
  "openunison.naas.groups.external.enabled",
];

/** Maps of settings that decide who signs in as whom, whatever their keys are today. */
const configuration = ["openunison.non_secret_data", "openunison.myvd_configmap", "openunison.myvd_config_map"];

export const valuesOpenUnisonAccess = resourceRule({
  id: "values-openunison-access",
  title: "OpenUnison's values give no access of their own",
  severity: "high",
  level: "mandatory",
  rationale:
    "enabled_provisioning binds k8s-cluster-administrators to cluster-admin, management_proxy lets another system act with an administrator's rights, and non_secret_data overrules any setting: OIDC_IDP_TOKEN_URL, for instance, sends the client secret and the codes elsewhere.",
  remediation: "Leave the keys out; grant roles by bindings of the program.",
  controls: ["cis-5.1.1"],
  unknowns:
    "Unknown switches are judged at the update. Images, which run with OpenUnison's rights, are values-openunison-images' matter. Which attribute OpenUnison reads as roles (role_attribute) has no public description that was found, and is not judged.",
  types: releases,
  settings: {},
  check(resource) {
    const release = releaseOf(resource);
    if (!isOpenUnison(release)) {
      return [];
    }
    const findings: Finding[] = switches
      .filter((path) => isOn(release.values, ...path.split(".")))
      .map((path) => mismatch(`values.${path}`, "false", at(release.values, ...path.split("."))));
    for (const path of configuration) {
      const map = at(release.values, ...path.split("."));
      if (isProperties(map) ? Object.keys(map).length > 0 : typeof map === "string" && map !== "") {
        findings.push(mismatch(`values.${path}`, "nothing", isProperties(map) ? Object.keys(map) : map));
      }
    }
    if (isOff(at(release.values, "dashboard", "require_session"))) {
      findings.push(mismatch("values.dashboard.require_session", "true", at(release.values, "dashboard", "require_session")));
    }
    const chain = text(release.values, "openunison", "include_auth_chain");
    // The vendor's own chain puts names in the place of Entra ID's group IDs.
    if (chain !== undefined && chain !== "" && chain !== "azuread-load-groups") {
      findings.push(mismatch("values.openunison.include_auth_chain", "azuread-load-groups or nothing", chain));
    }
    for (const [index, uri] of texts(release.values, "openunison", "k8sidp_additional_redirects").entries()) {
      if (isPlainAddress(uri) || uri.includes("*")) {
        findings.push(mismatch(`values.openunison.k8sidp_additional_redirects[${index}]`, "an exact https URL", uri));
      }
    }
    return findings;
  },
});

function isOff(value: Value | undefined): boolean {
  return value === false || (typeof value === "string" && value.trim().toLowerCase() === "false");
}
