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
const application = (props: Record<string, unknown>) => of(entra.application, { displayName: "K10", ...props });
const dynamic = (rule: string) =>
  of(entra.group, {
    displayName: "x",
    securityEnabled: true,
    types: ["DynamicMembership"],
    dynamicMembership: { enabled: true, rule },
  });

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
  ...evasions("public clients", "entra-sign-in-not-weakened", {
    "a fallback": application({ fallbackPublicClientEnabled: true }),
    "a fallback as a resource": of(entra.fallbackPublicClient, { applicationId: "a", enabled: true }),
    "devices without people": application({ deviceOnlyAuthEnabled: true }),
  }),
  ...evasions("claims of one's own", "entra-sign-in-not-weakened", {
    "claims that are mapped": application({ api: { mappedClaimsEnabled: true } }),
    "a policy of claims": of(entra.claimsMapping, { displayName: "x", definitions: ["{}"] }),
    "its assignment": of(entra.claimsMappingAssignment, { claimsMappingPolicyId: "p", servicePrincipalId: "s" }),
    "groups among the roles": application({ optionalClaims: { idTokens: [{ name: "groups", additionalProperties: ["emit_as_roles"] }] } }),
    "the same as a resource": of(entra.optionalClaims, {
      accessTokens: [{ name: "groups", additionalProperties: ["sam_account_name", "emit_as_roles"] }],
    }),
    "groups by name": application({ optionalClaims: { idTokens: [{ name: "groups", additionalProperties: ["cloud_displayname"] }] } }),
    "guests named like people": application({
      optionalClaims: { accessTokens: [{ name: "upn", additionalProperties: ["include_externally_authenticated_upn_without_hash"] }] },
    }),
  }),
  ...evasions("addresses after logout", "entra-sign-in-not-weakened", {
    "an application's": application({ web: { logoutUrl: "http://k10.example.com/logout" } }),
    "a registration's": of(entra.registration, { displayName: "K10", logoutUrl: "HTTP://k10.example.com/logout" }),
  }),
  ...evasions("groups that hold everybody", "entra-group-closed", {
    "whoever has an account": dynamic("user.objectId -ne null"),
    "accounts that are on": dynamic("(user.accountEnabled -eq true)"),
    "all but some": dynamic('user.department -ne "Contractors"'),
    "or members": dynamic('(user.department -eq "Backup") -or (user.userType -eq "Member")'),
    "an address": dynamic('user.userPrincipalName -contains "@"'),
    "any text": dynamic('user.mail -match ".*"'),
    "any address of a list": dynamic('user.proxyAddresses -any (_ -contains "@")'),
    "every plan": dynamic("user.assignedPlans -all (assignedPlan.servicePlanId -ne null)"),
    "without members of its own": { ...dynamic("user.mail -ne null"), type: entra.groupWithoutMembers },
  }),
  ...evasions("public groups", "entra-group-closed", {
    "anybody joins": of(entra.group, { displayName: "x", types: ["Unified"], mailEnabled: true, visibility: "Public" }),
    "beside a membership rule": of(entra.groupWithoutMembers, {
      types: ["DynamicMembership", "Unified"],
      visibility: "Public",
      dynamicMembership: { enabled: true, rule: 'user.department -eq "Backup"' },
    }),
  }),
  ...evasions("grants for people", "entra-no-granted-permissions", {
    "the whole directory": of(entra.delegatedGrant, { claimValues: ["openid", "Directory.ReadWrite.All"] }),
    "several in one text": of(entra.delegatedGrant, { claimValues: ["openid Group.ReadWrite.All"], userObjectId: "u" }),
    "another client without consent": of(entra.preAuthorized, {
      applicationId: "a",
      authorizedClientId: "11111111-2222-4333-8444-555555555555",
      permissionIds: ["p"],
    }),
  }),
  ...evasions("directory roles", "entra-no-granted-permissions", {
    "by the text": of(entra.directoryRoleAssignment, { roleId: "62e90394-69f5-4237-9190-012177145e10", principalObjectId: "p" }),
    "in capitals": of(entra.directoryRoleAssignment, { roleId: "E8611AB8-C189-46E8-94E1-60213AB1F814", principalObjectId: "p" }),
    "a member": [
      of(entra.directoryRole, { displayName: "Application Administrator" }, { name: "admins" }),
      of(entra.directoryRoleMember, { memberObjectId: "p" }, { name: "member", from: { roleObjectId: ["admins"] } }),
    ],
    "an application as a member": [
      principal,
      of(entra.directoryRoleMember, { roleObjectId: "r" }, { name: "member", from: { memberObjectId: ["app"] } }),
    ],
    "an application that is eligible": [
      principal,
      of(entra.directoryRoleEligibility, { roleDefinitionId: "r" }, { name: "eligible", from: { principalId: ["app"] } }),
    ],
  }),
  ...evasions("permissions that lead to others", "entra-no-granted-permissions", {
    "second factors of everybody": of(entra.appRoleAssignment, { appRoleId: "50483e42-d915-4231-9639-7fdb7fd190e5" }),
    "the policies of sign-in": of(entra.appRoleAssignment, { appRoleId: "01c0a623-fc9b-48e9-b794-0756f8e8f067" }),
  }),
  ...evasions("subjects that many share", "entra-federated-subject-exact", {
    "every pod of a namespace": of(entra.federatedCredential, { subject: "system:serviceaccount:default:default" }),
    "the same in an expression": of(entra.flexibleCredential, {
      claimsMatchingExpression: "claims['sub'] eq 'system:serviceaccount:ci:default'",
    }),
    "one or another": of(entra.flexibleCredential, { claimsMatchingExpression: "claims['sub'] eq 'a' or claims['aud'] eq 'b'" }),
    "whoever calls a workflow": of(entra.flexibleCredential, {
      claimsMatchingExpression: "claims['job_workflow_ref'] eq 'x/y/.github/workflows/a.yml@refs/heads/main'",
    }),
  }),
  ...evasions("secrets that begin later", "entra-secret-max-lifetime", {
    "in ten years": of(entra.password, { startDate: "2036-01-01T00:00:00Z", endDate: "2036-03-01T00:00:00Z" }),
    "in an application": application({
      password: { displayName: "x", startDate: "2030-01-01T00:00:00Z", endDate: "2030-02-01T00:00:00Z" },
    }),
  }),
  ...evasions("certificates for ever", "entra-secret-max-lifetime", {
    "of an application": of(entra.certificate, { value: "x", endDate: "2056-01-01T00:00:00Z" }),
    "of a service principal": of(entra.servicePrincipalCertificate, { value: "x", endDate: "2036-01-01T00:00:00Z" }),
  }),
  ...evasions("group rules by logic", "okta-not-everyone", {
    "all but some": condition('user.department != "Contractors"'),
    "a denial": condition('!(user.department == "Contractors")'),
    "a choice": condition('user.department == "x" ? true : true'),
    "what is never false": condition('"a" == "a"'),
    "a comparison with false": condition('(user.department == "x") == false'),
    "an address": condition('String.stringContains(user.email, "@")'),
    "names that begin with a letter": condition('isMemberOfGroupNameStartsWith("E")'),
    "what cannot be read": condition("user.getInternalProperty(id).surprise()"),
  }),
  ...evasions("the group of all people", "okta-groups-filter-not-catch-all", {
    "by its name": claim("Everyone", "FILTER", "EQUALS"),
    "in a server's claim": of(okta.serverClaim, { name: "groups", valueType: "GROUPS", groupFilterType: "EQUALS", value: "everyone" }),
  }),
  ...evasions("claims under another name", "okta-groups-filter-not-catch-all", {
    entitlements: of(okta.serverClaim, { name: "entitlements", valueType: "EXPRESSION", value: '{"k10-admins"}' }),
    permissions: of(okta.serverClaim, { name: "app_permissions", valueType: "EXPRESSION", value: "user.nickName" }),
  }),
  ...evasions("Okta's administrators", "okta-no-administrators", {
    "a group": of(okta.groupRole, { groupId: "00g1", roleType: "SUPER_ADMIN" }),
    "a group, by a custom role": of(okta.groupRole, { groupId: "00g1", roleType: "CUSTOM", roleId: "cr0", resourceSetId: "iam" }),
    "a person": of(okta.userRoles, { userId: "00u1", adminRoles: ["READ_ONLY_ADMIN", "APP_ADMIN"] }),
    "a client": of(okta.clientRole, { clientId: "0oa1", type: "GROUP_MEMBERSHIP_ADMIN" }),
    "a client, by a type of its own": of("okta:index/oauth2V1ClientsRoleSuperAdmin:Oauth2V1ClientsRoleSuperAdmin", { clientId: "0oa1" }),
    "scopes of the API": of(okta.apiScopes, { appId: "0oa1", issuer: "https://example.okta.com", scopes: ["okta.users.manage"] }),
  }),
  ...evasions("authorization servers for all", "okta-server-bounded", {
    "every client": of(okta.serverPolicy, { clientWhitelists: ["ALL_CLIENTS"] }),
    "the password grant": of(okta.serverPolicyRule, { grantTypeWhitelists: ["authorization_code", "password"] }),
    "the implicit grant": of(okta.serverPolicyRule, { grantTypeWhitelists: ["implicit"], groupWhitelists: ["00g1"] }),
  }),
  ...evasions("names that people choose", "okta-server-bounded", {
    "a nickname": of(okta.serverClaim, { name: "preferred_username", valueType: "EXPRESSION", value: "user.nickName" }),
    "in capitals": of(okta.serverClaim, { name: "Unique_Name", value: "user.nickName" }),
    "in the place of a claim of Okta's": of(okta.serverClaimDefault, { name: "sub", value: "user.nickName" }),
    "another address": of(okta.serverClaim, { name: "email", value: "user.secondEmail" }),
    "a subject": of(okta.serverClaim, { name: "sub", valueType: "EXPRESSION", value: "appuser.alias" }),
  }),
  ...evasions("people from elsewhere", "okta-server-bounded", {
    "whoever registers": of(okta.enrollment, { policyId: "p", unknownUserAction: "REGISTER" }),
    "assertions over http": of(okta.samlProvider, { ssoUrl: "http://idp.example.com/sso" }),
    "keys over http": of(okta.identityProvider, { jwksUrl: "http://idp.example.com/keys", issuerUrl: "https://idp.example.com" }),
    "an upstream's word about factors": of(okta.identityProvider, { issuerUrl: "https://idp.example.com", trustClaims: true }),
  }),
  ...evasions("other addresses of sign-in", "okta-redirect-https-exact", {
    "where sign-in begins": of(okta.app, { type: "web", loginMode: "SPEC", loginUri: "http://k10.example.com/start" }),
    "a client's keys": of(okta.app, { type: "web", jwksUri: "http://k10.example.com/keys" }),
    "a trusted origin": of(okta.trustedOrigin, { origin: "http://k10.example.com", scopes: [{ type: "REDIRECT" }] }),
  }),
  ...evasions("Keycloak's grants as attributes", "keycloak-client-hardened", {
    CIBA: of(keycloak.client, { accessType: "CONFIDENTIAL", extraConfig: { "oidc.ciba.grant.enabled": "true" } }),
    "the device grant": of(keycloak.client, {
      accessType: "CONFIDENTIAL",
      extraConfig: { "oauth2.device.authorization.grant.enabled": "true" },
    }),
    "assertions as an attribute": of(keycloak.client, {
      accessType: "CONFIDENTIAL",
      extraConfig: { "oauth2.jwt.authorization.grant.enabled": "true" },
    }),
    "tokens for tokens": of(keycloak.client, { accessType: "CONFIDENTIAL", standardTokenExchangeEnabled: true }),
    "somebody else's assertions": of(keycloak.client, { accessType: "CONFIDENTIAL", oauth2JwtAuthorizationGrantEnabled: true }),
    "in small letters": of(keycloak.client, { accessType: "public", validRedirectUris: ["https://k10.example.com/cb"] }),
    "logout over http": of(keycloak.client, { accessType: "CONFIDENTIAL", backchannelLogoutUrl: "http://k10.example.com/logout" }),
  }),
  ...evasions("brokers that give everybody something", "keycloak-no-hardcoded-role", {
    "a role in the custom form": of(keycloak.brokerMapper, { identityProviderMapper: "oidc-hardcoded-role-idp-mapper" }),
    "a group in the custom form": of(keycloak.brokerMapper, { identityProviderMapper: "oidc-hardcoded-group-idp-mapper" }),
    "an attribute in the custom form": of(keycloak.brokerMapper, {
      identityProviderMapper: "hardcoded-attribute-idp-mapper",
      extraConfig: { attribute: "groups", "attribute.value": "k10-admins" },
    }),
    "a role in its own form": of(keycloak.brokerRole, { role: "k10-admin" }),
    "an attribute in its own form": of(keycloak.brokerAttribute, { attributeName: "roles", attributeValue: "admin", userSession: false }),
    "a directory's attribute": of(keycloak.directoryAttribute, { attributeName: "groups", attributeValue: "k10-admins" }),
    "a directory's mapper in the custom form": of(keycloak.directoryMapper, { providerId: "hardcoded-ldap-role-mapper" }),
  }),
  ...evasions("names that people write", "keycloak-no-hardcoded-role", {
    "a user name": of(keycloak.attributeMapper, { claimName: "preferred_username", userAttribute: "nick" }),
    "an address": of(keycloak.attributeMapper, { claimName: "email", userAttribute: "mail2" }),
    "a name of the account": of(keycloak.propertyMapper, { claimName: "preferred_username", userProperty: "firstName" }),
    "a note of the session": of(keycloak.sessionNoteMapper, { claimName: "sub", sessionNote: "x" }),
    "in the generic form": of(keycloak.genericMapper, {
      protocolMapper: "oidc-usermodel-attribute-mapper",
      config: { "claim.name": "sub", "user.attribute": "employee" },
    }),
    "a role under another name": of(keycloak.genericMapper, {
      protocolMapper: "oidc-role-name-mapper",
      config: { role: "viewer", "new.role.name": "admin" },
    }),
  }),
  ...evasions("open realms", "keycloak-realm-closed", {
    registration: of(keycloak.realm, { realm: "example", registrationAllowed: true }),
    "names that people change": of(keycloak.realm, { realm: "example", editUsernameAllowed: true }),
    "addresses that people share": of(keycloak.realm, { realm: "example", duplicateEmailsAllowed: true }),
    "passwords in the clear": of(keycloak.realm, { realm: "example", sslRequired: "none" }),
    "attributes of anybody": of(keycloak.userProfile, { realmId: "r", unmanagedAttributePolicy: "ENABLED" }),
    "more for everybody": of(keycloak.role, { realmId: "r", name: "default-roles-example", compositeRoles: ["admins"] }),
  }),
  ...evasions("Keycloak's brokers", "keycloak-realm-closed", {
    "over http": of(keycloak.broker, { tokenUrl: "http://idp.example.com/token", authorizationUrl: "https://idp.example.com" }),
    "assertions without signatures": of(keycloak.samlBroker, { singleSignOnServiceUrl: "https://idp.example.com/sso" }),
  }),
  ...evasions("service accounts that administer", "keycloak-realm-closed", {
    "the realm": of(keycloak.serviceAccountRole, { role: "realm-admin" }),
    "its people": of(keycloak.serviceAccountRole, { role: "manage-users" }),
    "every realm": of(keycloak.serviceAccountRealmRole, { role: "admin" }),
  }),
];
