import { mismatch, resourceRule } from "../rule";
import { keycloak } from "../types";

export const keycloakNoHardcodedRole = resourceRule({
  id: "keycloak-no-hardcoded-role",
  candidate: 27,
  title: "No Keycloak mapper gives one role to everybody who signs in",
  severity: "high",
  level: "mandatory",
  rationale:
    "A hardcoded role mapper adds its role to every token of the client, whoever signs in: access without a grant, and no review of groups shows it.",
  remediation: "Grant the role to a group and let the group mapper carry it.",
  controls: ["asvs-10.4.11"],
  unknowns: "Judged by the resource's type; nothing to know.",
  types: [keycloak.hardcodedRole],
  settings: {},
  check() {
    return [mismatch("HardcodedRoleProtocolMapper", "roles through groups", "a role for every person")];
  },
});
