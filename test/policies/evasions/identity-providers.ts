import { entra, keycloak, okta } from "../../../policies/types";
import { unknown, type Fixture } from "../harness";
import type { Evasion } from "./evasion";

const evasions = (kind: string, rule: string, cases: Readonly<Record<string, Fixture | readonly Fixture[]>>): Evasion[] =>
  Object.entries(cases).map(([name, resources]) => ({
    kind,
    name,
    rule,
    resources: Array.isArray(resources) ? resources : [resources as Fixture],
  }));

const of = (type: string, props: Record<string, unknown>, more: Partial<Fixture> = {}): Fixture => ({ type, props, ...more });
const principal = of(entra.servicePrincipal, { clientId: "c", appRoleAssignmentRequired: true }, { name: "app" });
const claim = (value: string, type = "FILTER", filterType = "REGEX") =>
  of(okta.app, { type: "web", groupsClaim: { type, filterType, name: "groups", value } });
const condition = (expressionValue: string) => of(okta.groupRule, { expressionValue, status: "ACTIVE", groupAssignments: ["00g1"] });
const client = (...grantTypes: string[]) => of(okta.app, { type: "web", tokenEndpointAuthMethod: "client_secret_basic", grantTypes });
const assignments = (appId: string, name: string, from?: readonly string[]) =>
  of(okta.groupAssignments, { appId, groups: [{ id: "00g1" }] }, { name, ...(from === undefined ? {} : { from: { appId: from } }) });

export const identityProviderEvasions: readonly Evasion[] = [
  ...evasions("inputs without effect", "entra-secret-max-lifetime", {
    "an end that the provider ignores": of(entra.password, { applicationId: "a", displayName: "k10", endDateRelative: "360h" }),
    "the same for a service principal": of(entra.servicePrincipalPassword, { servicePrincipalId: "a", endDateRelative: "24h" }),
    "an end that is none": of(entra.password, { endDate: "soon" }),
  }),
  ...evasions("useExisting", "entra-assignment-required", {
    "the own application, taken over": of(entra.servicePrincipal, { clientId: unknown, useExisting: true }),
    "an older application, taken over": of(entra.servicePrincipal, { clientId: "11111111-2222-4333-8444-555555555555", useExisting: true }),
  }),
  ...evasions("role assignments", "entra-no-granted-permissions", {
    "a permission of Graph, without asking for it": of(entra.appRoleAssignment, {
      appRoleId: "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8",
      principalObjectId: "p",
      resourceObjectId: "g",
    }),
    "a role of an API that was looked up": [
      principal,
      of(
        entra.appRoleAssignment,
        { appRoleId: "11111111-2222-4333-8444-555555555555", resourceObjectId: "g" },
        { name: "role", from: { principalObjectId: ["app"] } },
      ),
    ],
    "a directory role": [
      principal,
      of(
        entra.directoryRoleAssignment,
        { roleId: "62e90394-69f5-4237-9190-012177145e10" },
        { name: "role", from: { principalObjectId: ["app"] } },
      ),
    ],
  }),
  ...evasions("wildcard subjects", "entra-federated-subject-exact", {
    "every pull request, spelt otherwise": of(entra.federatedCredential, { subject: "repo:example/access:Pull_Request" }),
    "every pull request": of(entra.federatedCredential, { subject: "repo:example/access:pull_request" }),
    "one character": of(entra.flexibleCredential, { claimsMatchingExpression: "claims['sub'] matches 'repo:x/y:ref:refs/heads/?'" }),
    "any service account": of(entra.federatedCredential, { subject: "system:serviceaccount:ci:*" }),
  }),
  ...evasions("filters that let everything through", "okta-groups-filter-not-catch-all", {
    "a possessive star": claim(".*+"),
    "all but one digit": claim("[^0].*"),
    "an atomic group": claim("(?>.*)"),
    "all letters": claim("\\p{Alpha}.*"),
    "two characters": claim(".{2,}"),
    "an alternative": claim("^(Kasten Admins|.*)$"),
    "what cannot be read": claim("(?<x"),
    "a class of Java's": claim("\\p{javaLetter}.*"),
    "a script of Java's": claim("\\p{IsLatin}.*"),
    "classes that are cut": claim("[\\p{L}&&[^x]].*"),
    "one letter": claim("a", "FILTER", "CONTAINS"),
    "a server's claim": of(okta.serverClaim, { name: "groups", valueType: "GROUPS", groupFilterType: "REGEX", value: "[\\w\\W]+" }),
  }),
  ...evasions("expressions", "okta-groups-filter-not-catch-all", {
    "all groups of a person": claim("user.getGroups()", "EXPRESSION"),
    "a group for everybody": claim('{"Kasten Admins"}', "EXPRESSION"),
    "a choice that is always the same": claim('isMemberOfGroupName("Everyone") ? {"Kasten Admins"} : {}', "EXPRESSION"),
    "a letter": claim('Groups.contains("OKTA", "e", 100)', "EXPRESSION"),
    "a lookup beside a list": claim('Arrays.flatten(Groups.startsWith("OKTA", "Kasten", 100), {"Kasten Admins"})', "EXPRESSION"),
    "an attribute": of(okta.serverClaim, { name: "groups", valueType: "EXPRESSION", value: "user.team" }),
  }),
  ...evasions("Okta group rules", "okta-not-everyone", {
    true: condition("true"),
    "an account that is active": condition('user.status == "ACTIVE"'),
    "a name that is there": condition("user.login != null"),
    "everybody's group": condition('isMemberOfGroupName("Everyone")'),
    "or true": condition('user.department == "Backup" || 1 == 1'),
  }),
  ...evasions("literal application IDs", "okta-single-assignment-owner", {
    "one by the resource, one by the text": [
      of(okta.app, { clientId: "0oa1" }, { name: "app" }),
      assignments("0oa1", "first", ["app"]),
      assignments("0oa1", "second"),
    ],
    "both by the text": [assignments("0oa1", "first"), of(okta.groupAssignment, { appId: "0oa1", groupId: "00g1" }, { name: "second" })],
  }),
  ...evasions("the device grant and others", "okta-web-client-auth", {
    "the device grant": client("authorization_code", "urn:ietf:params:oauth:grant-type:device_code"),
    "a client's own credentials": client("authorization_code", "client_credentials"),
    "a SAML assertion": client("authorization_code", "urn:ietf:params:oauth:grant-type:saml2-bearer"),
  }),
  ...evasions("Keycloak's other grants and origins", "keycloak-client-hardened", {
    "the device grant": of(keycloak.client, { accessType: "CONFIDENTIAL", oauth2DeviceAuthorizationGrantEnabled: true }),
    "every page": of(keycloak.client, { accessType: "CONFIDENTIAL", webOrigins: ["*"] }),
  }),
  ...evasions("Keycloak's ways to give everybody access", "keycloak-no-hardcoded-role", {
    "default groups": of(keycloak.defaultGroups, { realmId: "r", groupIds: ["g"] }),
    "default roles": of(keycloak.defaultRoles, { realmId: "r", defaultRoles: ["k10-admin"] }),
    "a script": of(keycloak.scriptMapper, { claimName: "x", script: "exports = ['k10-admins']" }),
    "a script in the generic form": of(keycloak.genericMapper, { protocolMapper: "script-groups.js" }),
    "an attribute": of(keycloak.attributeMapper, { claimName: "groups", userAttribute: "team" }),
    "an attribute in the generic form": of(keycloak.genericClientMapper, {
      protocolMapper: "oidc-usermodel-attribute-mapper",
      config: { "claim.name": "groups" },
    }),
    "a directory's role": of(keycloak.directoryRole, { role: "k10-admin" }),
    "a directory's group": of(keycloak.directoryGroup, { groupName: "k10-admins" }),
    "addresses that nobody verified": of(keycloak.hardcodedClaim, { claimName: "email_verified", claimValue: "true" }),
    "a second factor that nobody gave": of(keycloak.hardcodedClaim, { claimName: "acr", claimValue: "2" }),
    "a broker's group": of(keycloak.brokerGroup, { group: "/k10-admins" }),
    "one user name for all": of(keycloak.hardcodedClaim, { claimName: "preferred_username", claimValue: "admin" }),
  }),
];
