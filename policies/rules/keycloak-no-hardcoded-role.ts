import { mismatch, resourceRule, type Finding } from "../rule";
import { keycloak } from "../types";
import { at, text, texts, unknownValue } from "../value";

export const keycloakNoHardcodedRole = resourceRule({
  id: "keycloak-no-hardcoded-role",
  candidate: 27,
  title: "Nothing in Keycloak gives everybody who signs in a role, a group, or a claim of their own choice",
  severity: "high",
  level: "mandatory",
  rationale:
    "A hardcoded role mapper adds its role to every token of the client, whoever signs in: access without a grant, and no review of groups shows it. A hardcoded claim called groups does the same, and so do the realm's default groups and roles, and mappers of a broker that put all of its people into a group. An attribute may be the person's to write (the account console), and a script may put anything anywhere.",
  remediation: "Grant the role to a group and let the group mapper carry it.",
  controls: ["asvs-10.4.11"],
  unknowns:
    "Most are judged by their type; a claim whose name is unknown is judged at the update. Which claim a platform reads is its own setting: claims are known by what they are called.",
  types: [
    ...[keycloak.hardcodedRole, keycloak.hardcodedClaim, keycloak.scriptMapper],
    ...[keycloak.attributeMapper, keycloak.propertyMapper, keycloak.sessionNoteMapper],
    ...[keycloak.genericMapper, keycloak.genericClientMapper],
    ...[keycloak.defaultGroups, keycloak.defaultRoles, keycloak.brokerRole, keycloak.brokerGroup],
    ...[keycloak.directoryRole, keycloak.directoryGroup],
  ],
  settings: {},
  check({ type, properties }) {
    const everybody = forEverybody[type];
    if (everybody !== undefined) {
      const list = listsOf[type];
      return list !== undefined && at(properties, list) !== unknownValue && texts(properties, list).every((name) => harmless.test(name))
        ? []
        : [mismatch(list ?? type.slice(type.lastIndexOf(":") + 1), "access through groups that people are put into", everybody)];
    }
    if (type === keycloak.hardcodedClaim || attributeTypes.includes(type)) {
      return claimOf("claimName", text(properties, "claimName"), type !== keycloak.hardcodedClaim);
    }
    const mapper = text(properties, "protocolMapper") ?? "";
    if (mapper === "oidc-hardcoded-role-mapper" || mapper.includes("script")) {
      return [mismatch("protocolMapper", "groups and roles through mappers of their own", mapper)];
    }
    return /^oidc-(?:hardcoded-claim|usermodel-attribute|usermodel-property|usersessionmodel-note)-mapper$/.test(mapper)
      ? claimOf("config['claim.name']", text(properties, "config", "claim.name"), mapper !== "oidc-hardcoded-claim-mapper")
      : [];
  },
});

/** What gives everybody something, by its type alone. */
const forEverybody: Readonly<Record<string, string>> = {
  [keycloak.hardcodedRole]: "a role for every person",
  [keycloak.scriptMapper]: "a script, which may put anything into a token",
  [keycloak.defaultGroups]: "groups for every person of the realm",
  [keycloak.defaultRoles]: "roles for every person of the realm",
  [keycloak.brokerRole]: "a role for every person of another identity provider",
  [keycloak.directoryRole]: "a role for every person of a directory",
  [keycloak.directoryGroup]: "a group for every person of a directory",
  [keycloak.brokerGroup]: "a group for every person of another identity provider",
};
const listsOf: Readonly<Record<string, string>> = { [keycloak.defaultRoles]: "defaultRoles", [keycloak.defaultGroups]: "groupIds" };
/** Roles that Keycloak itself gives everybody, and no others. */
const harmless = /^(?:offline_access|uma_authorization|default-roles-.+|account\/(?:view-profile|manage-account))$/;
const attributeTypes: readonly string[] = [keycloak.attributeMapper, keycloak.propertyMapper, keycloak.sessionNoteMapper];

/** A claim of one value for everybody, or of a value that people may write themselves, is access where platforms read it. */
function claimOf(path: string, claim: string | undefined, written: boolean): Finding[] {
  const decides = written
    ? /group|role|entitlement|permission/i
    : /group|role|entitlement|permission|^(?:sub|email|preferred_username|upn|oid|name|email_verified|acr|amr)$/i;
  return claim !== undefined && decides.test(claim)
    ? [
        mismatch(
          path,
          "groups and roles through mappers of their own",
          `'${claim}' of ${written ? "an attribute, which people may write" : "one value for every person"}`,
        ),
      ]
    : [];
}
