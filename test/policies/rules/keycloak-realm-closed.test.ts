import { keycloakRealmClosed } from "../../../policies/rules/keycloak-realm-closed";
import { keycloak } from "../../../policies/types";
import { describeRule, unknown } from "../harness";

const one = (type: string, props: Record<string, unknown>, ...messages: string[]) => ({ resources: [{ type, props }], messages });
const overHttp = (type: string, signed: object, ...paths: readonly string[]) =>
  Object.fromEntries(
    paths.map((path) => [
      `${path} of ${type.split(":")[1] ?? ""} over http`,
      one(type, { [path]: "http://idp.example.com", ...signed }, `${path}: expected an https URL, got "http://idp.example.com"`),
    ]),
  );

describeRule(keycloakRealmClosed, {
  passing: {
    type: keycloak.realm,
    props: { registrationAllowed: false, editUsernameAllowed: false, duplicateEmailsAllowed: false, sslRequired: "external" },
  },
  alsoPassing: {
    "attributes that administrators write": {
      resources: [{ type: keycloak.userProfile, props: { unmanagedAttributePolicy: "ADMIN_EDIT" } }],
    },
    "a broker over https": { resources: [{ type: keycloak.broker, props: { tokenUrl: "https://idp.example.com", trustEmail: true } }] },
    "signed assertions": { resources: [{ type: keycloak.samlBroker, props: { validateSignature: true } }] },
    "assertions of which that is not known yet": { resources: [{ type: keycloak.samlBroker, props: { validateSignature: unknown } }] },
    "a service account that reads": { resources: [{ type: keycloak.serviceAccountRole, props: { role: "view-users" } }] },
    "a service account with its own account": {
      resources: [{ type: keycloak.serviceAccountRole, props: { role: "manage-account-links" } }],
    },
    "a role that only ends like an administrator's": { resources: [{ type: keycloak.serviceAccountRole, props: { role: "shop-admin" } }] },
    "a role that only begins like an administrator's": {
      resources: [{ type: keycloak.serviceAccountRole, props: { role: "admin-viewer" } }],
    },
    "Keycloak's role for everybody as it is": {
      resources: [{ type: keycloak.role, props: { name: "default-roles-x", compositeRoles: [] } }],
    },
    "a role of parts": { resources: [{ type: keycloak.role, props: { name: "k10", compositeRoles: ["a"] } }] },
  },
  violations: {
    ...Object.fromEntries(
      ["registrationAllowed", "editUsernameAllowed", "duplicateEmailsAllowed"].map((flag) => [
        flag,
        { change: { [flag]: true }, messages: [`${flag}: expected false, got true`] },
      ]),
    ),
    "passwords in the clear": { change: { sslRequired: "NONE" }, messages: ['sslRequired: expected external or all, got "NONE"'] },
    "attributes that anybody writes": one(
      keycloak.userProfile,
      { unmanagedAttributePolicy: "ENABLED" },
      'unmanagedAttributePolicy: expected ADMIN_EDIT, ADMIN_VIEW or nothing, got "ENABLED"',
    ),
    ...overHttp(keycloak.broker, {}, "authorizationUrl", "tokenUrl", "jwksUrl", "userInfoUrl", "issuer", "logoutUrl"),
    ...overHttp(keycloak.samlBroker, { validateSignature: "true" }, "singleSignOnServiceUrl", "singleLogoutServiceUrl"),
    "groups that people write themselves": one(
      keycloak.userProfile,
      {
        attributes: [
          { name: "email", permissions: { edits: ["user"] } },
          { name: "groups", permissions: { edits: ["user"] } },
        ],
      },
      "attributes[1].permissions.edits: expected administrators only for 'groups', got \"user\"",
    ),
    "registration among the attributes": one(
      keycloak.realm,
      { attributes: { registrationAllowed: "true" } },
      'attributes.registrationAllowed: expected false, got "true"',
    ),
    "assertions without a signature": one(keycloak.samlBroker, {}, "validateSignature: expected true, got nothing"),
    "both at once": one(
      keycloak.samlBroker,
      { singleSignOnServiceUrl: "http://idp.example.com" },
      'singleSignOnServiceUrl: expected an https URL, got "http://idp.example.com"',
      "validateSignature: expected true, got nothing",
    ),
    "assertions whose signature nobody checks": one(
      keycloak.samlBroker,
      { validateSignature: false },
      "validateSignature: expected true, got false",
    ),
    "more roles for everybody": one(
      keycloak.role,
      { name: "default-roles-x", compositeRoles: ["a"] },
      'compositeRoles: expected no further roles for every person of the realm, got "some"',
    ),
    "roles for everybody that are not known yet": one(
      keycloak.role,
      { name: "default-roles-x", compositeRoles: unknown },
      'compositeRoles: expected no further roles for every person of the realm, got "some"',
    ),
    ...Object.fromEntries(
      ["admin", "realm-admin", "create-realm", "impersonation", "create-client", "manage-users", "manage-identity-providers"].map(
        (role) => [
          `a service account with ${role}`,
          one(keycloak.serviceAccountRole, { role }, `role: expected no role of Keycloak's administration, got "${role}"`),
        ],
      ),
    ),
    "a service account that rules every realm": one(
      keycloak.serviceAccountRealmRole,
      { role: "admin" },
      'role: expected no role of Keycloak\'s administration, got "admin"',
    ),
  },
});
