import { mismatch, resourceRule, type Finding } from "../rule";
import { keycloak } from "../types";
import { at, text, texts, unknownValue, type Properties } from "../value";

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
    "Most are judged by their type; a claim whose name is unknown is judged at the update. Which claim a platform reads is its own setting: claims are known by what they are called. A directory's groups (GroupMapper) and a broker's claim of groups are the directory's decision about each person, and a full name (FullNameProtocolMapper) is no claim that platforms bind. Default client scopes are known by name only.",
  types: [
    ...[keycloak.hardcodedRole, keycloak.hardcodedClaim, keycloak.scriptMapper],
    ...[keycloak.attributeMapper, keycloak.propertyMapper, keycloak.sessionNoteMapper],
    ...[keycloak.genericMapper, keycloak.genericClientMapper],
    ...[keycloak.defaultGroups, keycloak.defaultRoles, keycloak.brokerRole, keycloak.brokerGroup],
    ...[keycloak.directoryRole, keycloak.directoryGroup, keycloak.directoryAttribute, keycloak.directoryAttributeOfRealm],
    ...[keycloak.brokerImporter, keycloak.brokerTemplate],
    ...[keycloak.brokerAttribute, keycloak.brokerMapper, keycloak.directoryMapper],
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
    if (type === keycloak.brokerImporter || type === keycloak.brokerTemplate) {
      return namedByOthers(properties, type === keycloak.brokerTemplate);
    }
    const attribute = attributeOf[type];
    if (attribute !== undefined) {
      return claimOf(attribute, text(properties, attribute), undefined);
    }
    const source = sources[type];
    if (type === keycloak.hardcodedClaim || source !== undefined) {
      return claimOf("claimName", text(properties, "claimName"), source === undefined ? undefined : readFrom(properties, source));
    }
    return judgeGeneric(properties);
  },
});

/** Mappers whose kind is a text: of tokens, of brokers, of directories. */
function judgeGeneric(properties: Properties): Finding[] {
  const path = ["protocolMapper", "identityProviderMapper", "providerId"].find((name) => text(properties, name) !== undefined) ?? "";
  const mapper = text(properties, path) ?? "";
  if (/script|oidc-role-name-mapper/.test(mapper) || /hardcoded-(?:ldap-)?(?:role|group)/.test(mapper)) {
    return [mismatch(path, "groups and roles through mappers of their own", mapper)];
  }
  if (/^hardcoded-(?:user-session-|ldap-)?attribute/.test(mapper)) {
    const [values, name] = path === "providerId" ? ["config", "user.model.attribute"] : ["extraConfig", "attribute"];
    return claimOf(`${values}['${name}']`, text(properties, values, name), undefined);
  }
  return /^oidc-(?:hardcoded-claim|usermodel-attribute|usermodel-property|usersessionmodel-note)-mapper$/.test(mapper)
    ? claimOf(
        "config['claim.name']",
        text(properties, "config", "claim.name"),
        mapper === "oidc-hardcoded-claim-mapper" ? undefined : readFrom(properties, "config", "user.attribute"),
      )
    : [];
}

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
/** Mappers of attributes, with the setting that says which one is read. */
const sources: Readonly<Record<string, string>> = {
  [keycloak.attributeMapper]: "userAttribute",
  [keycloak.propertyMapper]: "userProperty",
  [keycloak.sessionNoteMapper]: "sessionNote",
};
/** Which attribute a mapper reads: one that is not known yet may be the account's own. */
function readFrom(properties: Properties, ...path: readonly string[]): string {
  return at(properties, ...path) === unknownValue ? "id" : (text(properties, ...path) ?? "");
}
/** Mappers that give everybody of a directory or broker one attribute. */
const attributeOf: Readonly<Record<string, string>> = {
  [keycloak.brokerAttribute]: "attributeName",
  [keycloak.directoryAttribute]: "attributeName",
  [keycloak.directoryAttributeOfRealm]: "attributeName",
};

/** What a person is, and what Keycloak itself keeps that in: with editable user names, keycloak-realm-closed speaks. */
const identity = /^(?:sub|email|preferred_username|upn|oid|email_verified|acr|amr)$/;
const own = /^(?:username|email|emailVerified|id)$/;
const access = /group|role|entitlement|permission/i;

/**
 * A claim of one value for everybody, or of a value that people may write themselves, is access where platforms read it.
 * @param source the attribute that it is read from; undefined for one value for every person
 */
function claimOf(path: string, claim: string | undefined, source: string | undefined): Finding[] {
  const decides = (name: string): boolean =>
    access.test(name) || (source === undefined ? /^name$/.test(name) || identity.test(name) : identity.test(name) && !own.test(source));
  const said = source === undefined ? "one value for every person" : "an attribute, which people may write";
  return claim !== undefined && decides(claim)
    ? [mismatch(path, "groups and roles through mappers of their own", `'${claim}' of ${said}`)]
    : [];
}

/** Claims by which an identity provider itself names a person. */
const namesPerson = /^(?:sub|oid|upn|email|preferred_username|username|login)$/;

/** A broker's mapper that says who a person is here: from a claim that names the person there, and not from what people write. */
function namedByOthers(properties: Properties, template: boolean): Finding[] {
  if (template) {
    const written = text(properties, "template");
    const claims = [...(written ?? "").matchAll(/\$\{CLAIM\.([^}|]+)/g)].map(([, claim = ""]) => claim.trim());
    const named = claims.some((claim) => namesPerson.test(claim));
    return written === undefined || named
      ? []
      : [mismatch("template", "a claim that names the person there, such as ${CLAIM.sub}", written)];
  }
  const [attribute, claim] = [text(properties, "userAttribute") ?? "", text(properties, "claimName")];
  return own.test(attribute) && claim !== undefined && !namesPerson.test(claim)
    ? [mismatch("claimName", `a claim that names the person there, for '${attribute}'`, claim)]
    : [];
}
