import { mustBeHttps, mustBeOff, refusedSettings, type RefusedSetting } from "../reading/refused";
import { mismatch, resourceRule } from "../rule";
import { keycloak } from "../types";
import { at, items, text, unknownValue } from "../value";

const settings: Readonly<Record<string, readonly RefusedSetting[]>> = {
  [keycloak.realm]: [
    ...mustBeOff("registrationAllowed", "editUsernameAllowed", "duplicateEmailsAllowed"),
    { path: ["sslRequired"], expected: "external or all", refused: (value) => typeof value === "string" && value.toLowerCase() === "none" },
  ],
  [keycloak.userProfile]: [
    { path: ["unmanagedAttributePolicy"], expected: "ADMIN_EDIT, ADMIN_VIEW or nothing", refused: (value) => value === "ENABLED" },
  ],
  [keycloak.broker]: mustBeHttps("authorizationUrl", "tokenUrl", "jwksUrl", "userInfoUrl", "issuer", "logoutUrl"),
  [keycloak.samlBroker]: mustBeHttps("singleSignOnServiceUrl", "singleLogoutServiceUrl"),
};

/** Roles of Keycloak's own administration (Server Administration Guide, "Dedicated realm admin consoles"). */
const administration = /^(?:admin|realm-admin|create-realm|impersonation|create-client|manage-(?!account|consent)[\w-]+)$/;
const serviceAccountTypes: readonly string[] = [keycloak.serviceAccountRole, keycloak.serviceAccountRealmRole];

export const keycloakRealmClosed = resourceRule({
  id: "keycloak-realm-closed",
  title: "A Keycloak realm knows its people: nobody registers, renames themselves, or comes in over http",
  severity: "critical",
  level: "mandatory",
  rationale:
    "With open registration anybody on the network is a person of the realm; with editable user names, or addresses that several people share, a person takes another's name, and so what is bound to it. sslRequired none sends passwords in the clear. A broker over http, or a SAML one whose signatures are not checked, signs in whom anybody on the way likes. A service account with an administration role turns a client secret into the realm.",
  remediation:
    "Leave registrationAllowed, editUsernameAllowed and duplicateEmailsAllowed off, sslRequired external or all, brokers on https (SAML with validateSignature), and administration to people.",
  controls: ["asvs-10.4.11"],
  unknowns:
    "Each known setting is judged; a realm that the program does not make is not seen. An OIDC broker's tokens come from its token endpoint over TLS, with or without a checked signature, and trustEmail is right for a directory of one's own: neither is judged. Roles that are given by ID (GroupRoles, UserRoles) say nothing about what they permit.",
  types: [...Object.keys(settings), keycloak.role, ...serviceAccountTypes],
  settings: {},
  check(resource) {
    const { type, properties } = resource;
    if (serviceAccountTypes.includes(type)) {
      const role = text(properties, "role");
      return role !== undefined && administration.test(role) ? [mismatch("role", "no role of Keycloak's administration", role)] : [];
    }
    if (type === keycloak.role) {
      const everybody = (text(properties, "name") ?? "").startsWith("default-roles-");
      const parts = at(properties, "compositeRoles");
      return everybody && (parts === unknownValue || items(parts).length > 0)
        ? [mismatch("compositeRoles", "no further roles for every person of the realm", "some")]
        : [];
    }
    // An assertion comes through the browser: without a signature anybody writes one (the provider's default is false).
    const signed = at(properties, "validateSignature");
    return type === keycloak.samlBroker && signed !== true && signed !== "true" && signed !== unknownValue
      ? [...refusedSettings(resource, settings), mismatch("validateSignature", "true", signed)]
      : refusedSettings(resource, settings);
  },
});
