import { mustBeHttps, mustBeOff, refusedSettings, type RefusedSetting } from "../reading/refused";
import { mismatch, resourceRule, type Finding } from "../rule";
import { keycloak } from "../types";
import { at, items, text, texts, unknownValue, type Properties } from "../value";

const settings: Readonly<Record<string, readonly RefusedSetting[]>> = {
  [keycloak.realm]: [
    ...mustBeOff("registrationAllowed", "editUsernameAllowed", "duplicateEmailsAllowed"),
    // The provider hands attributes on as they are; nobody needs a switch there that has an input of its own.
    ...mustBeOff("attributes.registrationAllowed", "attributes.editUsernameAllowed", "attributes.duplicateEmailsAllowed"),
    { path: ["sslRequired"], expected: "external or all", refused: (value) => typeof value === "string" && value.toLowerCase() === "none" },
  ],
  [keycloak.userProfile]: [
    { path: ["unmanagedAttributePolicy"], expected: "ADMIN_EDIT, ADMIN_VIEW or nothing", refused: (value) => value === "ENABLED" },
  ],
  [keycloak.broker]: mustBeHttps("authorizationUrl", "tokenUrl", "jwksUrl", "userInfoUrl", "issuer", "logoutUrl"),
  // Those of one vendor: a server of one's own stands in `baseUrl`, `issuer` and the like.
  ...Object.fromEntries(
    [
      ...[keycloak.googleBroker, keycloak.githubBroker, keycloak.facebookBroker, keycloak.microsoftBroker],
      ...[keycloak.kubernetesBroker, keycloak.spiffeBroker, keycloak.openshiftBroker],
    ].map((type) => [type, mustBeHttps("baseUrl", "apiUrl", "issuer", "bundleEndpoint", "authorizationUrl", "tokenUrl", "jwksUrl")]),
  ),
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
    "With open registration anybody on the network is a person of the realm; with editable user names, or addresses that several people share, a person takes another's name, and so what is bound to it. sslRequired none sends passwords in the clear; an attribute called groups that people edit themselves is access of their own making. A broker over http, or a SAML one whose signatures are not checked, signs in whom anybody on the way likes. A service account with an administration role turns a client secret into the realm.",
  remediation:
    "Leave registrationAllowed, editUsernameAllowed and duplicateEmailsAllowed off, sslRequired external or all, brokers on https (SAML with validateSignature), and administration to people.",
  controls: ["asvs-10.4.11"],
  unknowns:
    "Each known setting is judged; a realm that the program does not make is not seen. An OIDC broker's tokens come from its token endpoint over TLS, with or without a checked signature, and trustEmail is right for a directory of one's own: neither is judged, nor whom a broker of a public network (Google, GitHub) lets in: without a group such a person has nothing. verifyEmail, resetPasswordAllowed, the signature algorithm and required actions decide how people prove who they are, which a second factor in the flow answers. Roles that are given by ID (GroupRoles, UserRoles) say nothing about what they permit.",
  types: [...Object.keys(settings), keycloak.role, ...serviceAccountTypes],
  settings: {},
  check(resource) {
    const { type, properties } = resource;
    if (serviceAccountTypes.includes(type)) {
      const role = text(properties, "role");
      return role !== undefined && administration.test(role) ? [mismatch("role", "no role of Keycloak's administration", role)] : [];
    }
    if (type === keycloak.userProfile) {
      return [...refusedSettings(resource, settings), ...ownAttributes(properties)];
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

/** Attributes that decide about access by their name, and that people may edit themselves (Server Administration Guide, "Managing attributes"). */
function ownAttributes(profile: Properties): Finding[] {
  return items(profile, "attributes").flatMap((attribute, index) =>
    /group|role|entitlement|permission/i.test(text(attribute, "name") ?? "") && texts(attribute, "permissions", "edits").includes("user")
      ? [mismatch(`attributes[${index}].permissions.edits`, `administrators only for '${text(attribute, "name") ?? ""}'`, "user")]
      : [],
  );
}
