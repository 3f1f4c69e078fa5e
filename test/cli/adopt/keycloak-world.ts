/** An installation of Kasten K10 on Keycloak as somebody clicks it together in the admin console, as its admin API answers for it. */
import type { Outcome } from "../harness";
import { binding, environmentOf, files, values } from "./world";

export const issuer = "https://sso.example.com/realms/main";
export const clientUuid = "9a4a2d0e-3c0f-4b1e-8a55-6f1d6f3f7a01";
export const ids = {
  admins: "1b7a5c58-7d0c-4a56-9a1c-2f3b4c5d6e7f",
  operators: "2c8b6d69-8e1d-4b67-8b2d-3a4c5d6e7f80",
  nested: "3d9c7e7a-9f2e-4c78-9c3e-4b5d6e7f8091",
  mapper: "4ead8f8b-a03f-4d89-8d4f-5c6e7f809102",
} as const;

export const keycloakValues = {
  auth: {
    oidcAuth: {
      ...values.auth.oidcAuth,
      providerURL: issuer,
      scopes: "openid profile email",
      clientID: "kasten",
      usernamePrefix: "kc:",
      groupPrefix: "kc:",
    },
  },
};

export const groupsMapper = (config: Readonly<Record<string, string>> = {}, name = "groups"): Record<string, unknown> => ({
  ...{ id: ids.mapper, name, protocol: "openid-connect", protocolMapper: "oidc-group-membership-mapper" },
  config: { "claim.name": "groups", "full.path": "false", "id.token.claim": "true", "access.token.claim": "true", ...config },
});

export const rolesMapper = (config: Readonly<Record<string, string>> = {}, name = "client roles"): Record<string, unknown> => ({
  ...{ id: ids.mapper, name, protocol: "openid-connect", protocolMapper: "oidc-usermodel-client-role-mapper" },
  config: {
    ...{ "claim.name": "groups", "id.token.claim": "true", "usermodel.clientRoleMapping.clientId": "kasten", multivalued: "true" },
    ...config,
  },
});

export const keycloakClient = {
  ...{ id: clientUuid, clientId: "kasten", name: "Kasten", enabled: true, protocol: "openid-connect" },
  ...{ publicClient: false, bearerOnly: false, standardFlowEnabled: true, implicitFlowEnabled: false, directAccessGrantsEnabled: true },
  ...{ serviceAccountsEnabled: false, fullScopeAllowed: true, consentRequired: false, clientAuthenticatorType: "client-secret" },
  rootUrl: "https://k10.example.com",
  redirectUris: ["/*"],
  webOrigins: ["+"],
  attributes: { "client.secret.creation.time": "1700000000", "oauth2.device.authorization.grant.enabled": "false" },
  authenticationFlowBindingOverrides: {},
  protocolMappers: [groupsMapper()],
  defaultClientScopes: ["web-origins", "acr", "profile", "roles", "basic", "email"],
  optionalClientScopes: ["address", "phone", "offline_access", "microprofile-jwt"],
};

const scope = (name: string, ...protocolMappers: unknown[]): unknown => ({ id: `scope-${name}`, name, protocolMappers });
export const scopes = [...keycloakClient.defaultClientScopes, ...keycloakClient.optionalClientScopes].map((name) => scope(name));
export const groupsScope = (mapper: unknown): unknown => scope("groups", mapper);

export const group = (id: string, path: string): Record<string, unknown> => ({
  id,
  path,
  name: path.split("/").at(-1) ?? "",
  subGroups: [],
});
export const admins = group(ids.admins, "/Backup Admins");
export const operators = group(ids.operators, "/platform/Operators");

export const keycloakBindings = [
  binding("ClusterRoleBinding", undefined, "k10-admin", "ClusterRole/k10-admin", "Group/kc:Backup Admins"),
  binding("RoleBinding", "kasten-io", "k10-admin", "Role/k10-ns-admin", "Group/kc:Backup Admins"),
  binding("RoleBinding", "shop", "operators", "ClusterRole/k10-basic", "Group/kc:Operators"),
];

/** The admin API's answers by the names of their files. */
export function keycloakAnswers(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    "keycloak-client.json": [keycloakClient],
    "keycloak-client-scopes.json": scopes,
    "keycloak-realm.json": { realm: "main", accessTokenLifespan: 300 },
    "keycloak-groups-Backup_Admins.json": [admins],
    // The search gives a group below its parents.
    "keycloak-groups-Operators.json": [{ ...group("parent", "/platform"), subGroups: [operators] }],
    ...changes,
  };
}

export function keycloakFiles(changes: Readonly<Record<string, unknown>> = {}): Record<string, string> {
  const all = files({ "values.yaml": keycloakValues, "bindings.json": { items: keycloakBindings }, ...keycloakAnswers(), ...changes });
  return Object.fromEntries(Object.entries(all).filter(([name]) => !name.startsWith("okta-")));
}

export const client = (changes: Readonly<Record<string, unknown>>): Record<string, unknown> => ({
  "keycloak-client.json": [{ ...keycloakClient, ...changes }],
});
export const imported = ({ written = {} }: Outcome): unknown[][] =>
  (
    JSON.parse(written["adopted/import.json"] ?? '{"resources":[]}') as { resources: { type: string; id?: string; logicalName: string }[] }
  ).resources.flatMap(({ type, id, logicalName }) => (id === undefined ? [] : [[type, logicalName, id]]));
export const idp = (outcome: Outcome): unknown => environmentOf(outcome)["idp"];
