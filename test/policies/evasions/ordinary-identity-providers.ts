import { entra, keycloak, okta } from "../../../policies/types";
import type { Fixture } from "../harness";

const of = (type: string, props: Record<string, unknown>): Fixture => ({ type, props });

/** What people write for their identity provider: no mandatory rule names any of it. */
export const ordinaryIdentityProviders: Readonly<Record<string, readonly Fixture[]>> = {
  "Entra applications": [
    of(entra.application, { displayName: "K10", web: { redirectUris: ["https://k10.example.com/k10/auth-svc/v0/oidc/redirect"] } }),
    of(entra.servicePrincipal, { clientId: "c", appRoleAssignmentRequired: true }),
    of(entra.servicePrincipal, { clientId: "00000003-0000-0000-c000-000000000000", useExisting: true }),
    of(entra.password, { applicationId: "a", endDate: "2027-03-01T00:00:00Z" }),
    of(entra.federatedCredential, {
      subject: "repo:example/access:environment:production",
      issuer: "https://token.actions.githubusercontent.com",
      audiences: ["api://AzureADTokenExchange"],
    }),
  ],
  "Okta applications": [
    of(okta.app, {
      type: "web",
      grantTypes: ["authorization_code", "refresh_token"],
      responseTypes: ["code"],
      tokenEndpointAuthMethod: "client_secret_basic",
      redirectUris: ["https://k10.example.com/k10/auth-svc/v0/oidc/redirect"],
      groupsClaim: { type: "FILTER", filterType: "STARTS_WITH", name: "groups", value: "k10-" },
    }),
    of(okta.app, { type: "service", grantTypes: ["client_credentials"], responseTypes: [], tokenEndpointAuthMethod: "private_key_jwt" }),
    of(okta.serverClaim, { name: "department", valueType: "EXPRESSION", value: "user.department" }),
    of(okta.groupRule, {
      expressionValue: 'user.department == "Engineering" AND user.title == "Lead"',
      status: "ACTIVE",
      groupAssignments: ["00g1"],
    }),
  ],
  "Keycloak clients": [
    of(keycloak.client, { accessType: "CONFIDENTIAL", standardFlowEnabled: true, validRedirectUris: ["https://k10.example.com/cb"] }),
    of(keycloak.groupMapper, { claimName: "groups", fullPath: false }),
    of(keycloak.attributeMapper, { claimName: "department", userAttribute: "department" }),
    of(keycloak.defaultRoles, { defaultRoles: ["offline_access", "uma_authorization"] }),
  ],
  "more of Entra ID": [
    of(entra.application, {
      displayName: "K10",
      web: {
        redirectUris: ["https://k10.example.com/cb"],
        logoutUrl: "https://k10.example.com/logout",
        homepageUrl: "https://k10.example.com",
      },
      optionalClaims: { idTokens: [{ name: "email" }, { name: "upn" }, { name: "groups", additionalProperties: ["sam_account_name"] }] },
      fallbackPublicClientEnabled: false,
      api: { requestedAccessTokenVersion: 2, mappedClaimsEnabled: false },
    }),
    of(entra.registration, { displayName: "K10", logoutUrl: "https://k10.example.com/logout" }),
    of(entra.fallbackPublicClient, { applicationId: "a", enabled: false }),
    of(entra.optionalClaims, { applicationId: "a", idTokens: [{ name: "email" }] }),
    of(entra.group, {
      displayName: "Backup team",
      securityEnabled: true,
      types: ["DynamicMembership"],
      dynamicMembership: { enabled: true, rule: '(user.department -eq "Backup") -and (user.accountEnabled -eq true)' },
    }),
    of(entra.group, {
      displayName: "resting",
      securityEnabled: true,
      dynamicMembership: { enabled: false, rule: "user.objectId -ne null" },
    }),
    of(entra.group, { displayName: "Team", types: ["Unified"], mailEnabled: true, visibility: "Private" }),
    of(entra.delegatedGrant, { claimValues: ["openid", "profile", "email", "offline_access", "User.Read"] }),
    of(entra.directoryRoleAssignment, { roleId: "4a5d8f65-41da-4de4-8968-e035b65339cf", principalObjectId: "p" }),
    of(entra.directoryRoleEligibility, { roleDefinitionId: "62e90394-69f5-4237-9190-012177145e10", principalId: "p" }),
    of(entra.federatedCredential, { subject: "system:serviceaccount:ci:default-runner", issuer: "https://oidc.example.com" }),
    of(entra.flexibleCredential, {
      claimsMatchingExpression:
        "claims['sub'] eq 'repo:x/y:ref:refs/heads/main' and claims['job_workflow_ref'] eq 'x/y/.github/workflows/a.yml@refs/heads/main'",
    }),
    of(entra.certificate, { value: "x", endDate: "2028-01-01T00:00:00Z" }),
    of(entra.certificate, { value: "x" }),
    of(entra.password, { startDate: "2026-12-01T00:00:00Z", endDate: "2027-05-01T00:00:00Z" }),
  ],
  "more of Okta": [
    of(okta.groupRule, { expressionValue: 'user.division == "Storage" || isMemberOfGroupNameStartsWith("Backup ")', status: "ACTIVE" }),
    of(okta.groupRule, { expressionValue: 'user.isBackupOperator == true AND !(user.title == "Intern")', status: "ACTIVE" }),
    of(okta.groupRole, { groupId: "00g1", roleType: "READ_ONLY_ADMIN" }),
    of(okta.userRoles, { userId: "00u1", adminRoles: ["REPORT_ADMIN"] }),
    of(okta.apiScopes, { appId: "0oa1", issuer: "https://example.okta.com", scopes: ["okta.groups.read", "okta.users.read"] }),
    of(okta.serverPolicy, { clientWhitelists: ["0oa1"] }),
    of(okta.serverPolicyRule, { grantTypeWhitelists: ["authorization_code", "refresh_token"], groupWhitelists: ["EVERYONE"] }),
    of(okta.serverClaim, { name: "preferred_username", valueType: "EXPRESSION", value: "user.login" }),
    of(okta.serverClaim, { name: "email", value: "user.email" }),
    of(okta.identityProvider, { jwksUrl: "https://idp.example.com/keys", tokenUrl: "https://idp.example.com/token" }),
    of(okta.enrollment, { policyId: "p", unknownUserAction: "DENY" }),
    of(okta.trustedOrigin, { origin: "https://k10.example.com", scopes: [{ type: "CORS" }] }),
    of(okta.trustedOrigin, { origin: "http://localhost:3000", scopes: [{ type: "CORS" }] }),
  ],
  "more of Keycloak": [
    of(keycloak.realm, {
      realm: "example",
      sslRequired: "external",
      registrationAllowed: false,
      loginWithEmailAllowed: true,
      resetPasswordAllowed: true,
    }),
    of(keycloak.userProfile, { realmId: "r", unmanagedAttributePolicy: "ADMIN_EDIT" }),
    of(keycloak.broker, {
      tokenUrl: "https://idp.example.com/token",
      authorizationUrl: "https://idp.example.com/authorize",
      trustEmail: true,
    }),
    of(keycloak.samlBroker, { singleSignOnServiceUrl: "https://idp.example.com/sso", validateSignature: true }),
    of(keycloak.role, { realmId: "r", name: "default-roles-example" }),
    of(keycloak.role, { realmId: "r", name: "k10-operators", compositeRoles: ["a"] }),
    of(keycloak.serviceAccountRole, { role: "view-users" }),
    of(keycloak.serviceAccountRealmRole, { role: "offline_access" }),
    of(keycloak.brokerMapper, { identityProviderMapper: "oidc-user-attribute-idp-mapper", extraConfig: { claim: "department" } }),
    of(keycloak.brokerMapper, { identityProviderMapper: "hardcoded-attribute-idp-mapper", extraConfig: { attribute: "origin" } }),
    of(keycloak.directoryAttribute, { attributeName: "emailVerified", attributeValue: "true" }),
    of(keycloak.directoryMapper, { providerId: "msad-user-account-control-mapper" }),
    of(keycloak.attributeMapper, { claimName: "preferred_username", userAttribute: "username" }),
    of(keycloak.propertyMapper, { claimName: "email", userProperty: "email" }),
    of(keycloak.client, {
      accessType: "CONFIDENTIAL",
      standardFlowEnabled: true,
      serviceAccountsEnabled: true,
      validRedirectUris: ["https://k10.example.com/cb"],
      backchannelLogoutUrl: "https://k10.example.com/logout",
      extraConfig: { "oidc.ciba.grant.enabled": "false", "access.token.signed.response.alg": "RS256" },
    }),
  ],
};
