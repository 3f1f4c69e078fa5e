import { entra, keycloak, okta } from "../../../policies/types";
import type { Fixture } from "../harness";
import type { Evasion } from "./evasion";

const evasions = (kind: string, rule: string, cases: Readonly<Record<string, Fixture>>): Evasion[] =>
  Object.entries(cases).map(([name, resource]) => ({ kind, name, rule, resources: [resource] }));
const of = (type: string, props: Record<string, unknown>): Fixture => ({ type, props });

/** What says who a person is, and lets others in: brokers, profiles, and claims from elsewhere. */
export const brokerEvasions: readonly Evasion[] = [
  ...evasions("Keycloak's brokers of one vendor over http", "keycloak-realm-closed", {
    Kubernetes: of(keycloak.kubernetesBroker, { issuer: "http://api.example.com" }),
    OpenShift: of(keycloak.openshiftBroker, { baseUrl: "HTTP://api.example.com" }),
    SPIFFE: of(keycloak.spiffeBroker, { bundleEndpoint: "http://spire.example.com" }),
    "GitHub's own server": of(keycloak.githubBroker, { baseUrl: "http://github.example.com" }),
  }),
  ...evasions("profiles that people write themselves", "keycloak-realm-closed", {
    groups: of(keycloak.userProfile, { attributes: [{ name: "groups", permissions: { edits: ["admin", "user"] } }] }),
    entitlements: of(keycloak.userProfile, {
      attributes: [{ name: "mail" }, { name: "k10Entitlement", permissions: { edits: ["user"] } }],
    }),
    "registration among the attributes": of(keycloak.realm, { attributes: { registrationAllowed: "true" } }),
    "user names among the attributes": of(keycloak.realm, { attributes: { editUsernameAllowed: true } }),
  }),
  ...evasions("names from elsewhere", "keycloak-no-hardcoded-role", {
    "a nickname as the user name": of(keycloak.brokerImporter, { userAttribute: "username", claimName: "nickname" }),
    "a claim of one's own as the address": of(keycloak.brokerImporter, { userAttribute: "email", claimName: "contact" }),
    "one name for everybody": of(keycloak.brokerTemplate, { template: "admin" }),
    "a template of a nickname": of(keycloak.brokerTemplate, { template: "${ALIAS}.${CLAIM.nickname}" }),
  }),
  ...evasions("a client's keys and signatures", "keycloak-client-hardened", {
    "keys over http": of(keycloak.client, { accessType: "CONFIDENTIAL", extraConfig: { "jwks.url": "http://k10.example.com/keys" } }),
    "tokens without a signature": of(keycloak.client, {
      accessType: "CONFIDENTIAL",
      extraConfig: { "id.token.signed.response.alg": "None" },
    }),
  }),
  ...evasions("Okta's federated claims", "okta-groups-filter-not-catch-all", {
    "an attribute as groups": of(okta.federatedClaim, { name: "groups", expression: "user.nickName" }),
    "every group": of(okta.federatedClaim, { name: "teams", expression: 'Groups.startsWith("OKTA", "", 100)' }),
  }),
  ...evasions("who is a person at Okta", "okta-server-bounded", {
    "a federated name": of(okta.federatedClaim, { name: "email", expression: "user.nickName" }),
    "anybody of a public network": of(okta.socialProvider, { type: "FACEBOOK" }),
    "the same, written out": of(okta.socialProvider, { type: "GOOGLE", provisioningAction: "AUTO" }),
    "sign-in names that people change": of(okta.ownProperty, { index: "login", permissions: "READ_WRITE" }),
  }),
  ...evasions("words in another case", "entra-group-closed", {
    "a group that anybody joins": of(entra.group, { displayName: "x", types: ["Unified"], visibility: "public" }),
    "in capitals": of(entra.group, { displayName: "x", types: ["Unified"], visibility: "PUBLIC" }),
  }),
];

/** The same resources as people rightly write them. */
export const ordinaryBrokers: Readonly<Record<string, readonly Fixture[]>> = {
  "Keycloak's brokers": [
    of(keycloak.githubBroker, { clientId: "c", baseUrl: "https://github.example.com" }),
    of(keycloak.kubernetesBroker, { issuer: "https://kubernetes.default.svc" }),
    of(keycloak.brokerImporter, { userAttribute: "username", claimName: "preferred_username" }),
    of(keycloak.brokerImporter, { userAttribute: "lastName", claimName: "family_name" }),
    of(keycloak.brokerTemplate, { template: "${ALIAS}.${CLAIM.sub | lowercase}" }),
    of(keycloak.userProfile, { attributes: [{ name: "email", permissions: { edits: ["admin", "user"] } }, { name: "groups" }] }),
    of(keycloak.userProfile, { attributes: [{ name: "groups", permissions: { edits: ["admin"], views: ["user"] } }] }),
    of(keycloak.realm, { realm: "x", attributes: { frontendUrl: "https://idp.example.com", registrationAllowed: "false" } }),
  ],
  "Okta's other ways in": [
    of(okta.federatedClaim, { name: "department", expression: "user.department" }),
    of(okta.federatedClaim, { name: "groups", expression: 'Groups.startsWith("OKTA", "k10-", 100)' }),
    of(okta.federatedClaim, { name: "email", expression: "user.email" }),
    of(okta.socialProvider, { type: "MICROSOFT", provisioningAction: "DISABLED" }),
    of(okta.ownProperty, { index: "nickName", permissions: "READ_WRITE" }),
    of(okta.ownProperty, { index: "login", permissions: "READ_ONLY" }),
  ],
};
