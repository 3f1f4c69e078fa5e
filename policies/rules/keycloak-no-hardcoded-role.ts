import { mismatch, resourceRule, type Finding } from "../rule";
import { keycloak } from "../types";
import { text } from "../value";

export const keycloakNoHardcodedRole = resourceRule({
  id: "keycloak-no-hardcoded-role",
  candidate: 27,
  title: "No Keycloak mapper gives one role to everybody who signs in",
  severity: "high",
  level: "mandatory",
  rationale:
    "A hardcoded role mapper adds its role to every token of the client, whoever signs in: access without a grant, and no review of groups shows it. A hardcoded claim called groups does the same.",
  remediation: "Grant the role to a group and let the group mapper carry it.",
  controls: ["asvs-10.4.11"],
  unknowns: "The role mapper is judged by its type; a claim whose name is unknown is judged at the update.",
  types: [keycloak.hardcodedRole, keycloak.hardcodedClaim, keycloak.genericMapper, keycloak.genericClientMapper],
  settings: {},
  check({ type, properties }) {
    if (type === keycloak.hardcodedRole) {
      return [mismatch("HardcodedRoleProtocolMapper", "roles through groups", "a role for every person")];
    }
    if (type === keycloak.hardcodedClaim) {
      return claimOf("claimName", text(properties, "claimName"));
    }
    switch (text(properties, "protocolMapper")) {
      case "oidc-hardcoded-role-mapper":
        return [mismatch("protocolMapper", "roles through groups", "oidc-hardcoded-role-mapper")];
      case "oidc-hardcoded-claim-mapper":
        return claimOf("config['claim.name']", text(properties, "config", "claim.name"));
      default:
        return [];
    }
  },
});

/** A claim of one value for everybody is access where platforms read groups or roles from it. */
function claimOf(path: string, claim: string | undefined): Finding[] {
  return claim !== undefined && /(?:group|role)s?$/i.test(claim)
    ? [mismatch(path, "groups and roles through mappers of their own", `'${claim}' of one value for every person`)]
    : [];
}
