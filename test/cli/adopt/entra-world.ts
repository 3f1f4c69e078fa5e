/** An installation of Kasten K10 on Entra ID as the vendor's third article makes it, as Microsoft Graph answers for it. */
import { binding, files, values } from "./world";

export const tenant = "6d2374b4-aceb-42ac-966a-716a93f07db0";
const appId = "3cae7658-5192-4122-b31a-1efcb9355a6f";
export const ids = {
  app: "11111111-2222-4333-8444-555555555555",
  principal: "66666666-7777-4888-9999-aaaaaaaaaaaa",
  users: "d228b7e7-c10c-488b-9b13-8714682dbb0c",
  operators: "a318b1eb-8b78-4715-98ad-ffc8670ac79d",
} as const;

export const entraValues = {
  auth: {
    oidcAuth: {
      ...values.auth.oidcAuth,
      providerURL: `https://login.microsoftonline.com/${tenant}/v2.0`,
      scopes: "openid email",
      prompt: "select_account",
      clientID: appId,
      usernamePrefix: "kasten_azure_",
      groupPrefix: "kasten_azure_",
    },
  },
};

export const application = {
  id: ids.app,
  appId,
  displayName: "kasten-service",
  signInAudience: "AzureADMyOrg",
  groupMembershipClaims: "SecurityGroup",
  identifierUris: [],
  appRoles: [],
  api: { oauth2PermissionScopes: [], requestedAccessTokenVersion: null },
  optionalClaims: { idToken: [{ name: "groups", additionalProperties: [] }] },
  requiredResourceAccess: [{ resourceAppId: "00000003-0000-0000-c000-000000000000", resourceAccess: [] }],
  keyCredentials: [],
  passwordCredentials: [{ keyId: "00000000-0000-4000-8000-000000000001", displayName: "kasten", endDateTime: "2027-03-01T09:30:00Z" }],
  web: {
    redirectUris: ["https://k10.example.com/k10/auth-svc/v0/oidc/redirect"],
    implicitGrantSettings: { enableIdTokenIssuance: true, enableAccessTokenIssuance: false },
  },
  spa: { redirectUris: [] },
  publicClient: { redirectUris: [] },
};

export const principal = { id: ids.principal, appId, accountEnabled: true, appRoleAssignmentRequired: false };
export const assignment = (id: string, principalId: string, appRoleId = "00000000-0000-0000-0000-000000000000"): unknown => ({
  ...{ id, appRoleId, principalId, principalType: "Group", principalDisplayName: "Kasten Users", resourceId: ids.principal },
});

export const entraBindings = [
  binding("ClusterRoleBinding", undefined, "k10-admin", "ClusterRole/k10-admin", `Group/kasten_azure_${ids.users}`),
  binding("RoleBinding", "kasten-io", "k10-admin", "Role/k10-ns-admin", `Group/kasten_azure_${ids.users}`),
  binding("RoleBinding", "shop", "operators", "ClusterRole/k10-basic", `Group/kasten_azure_${ids.operators}`),
];

/** Graph's answers by the names of their files. */
export const graph: Readonly<Record<string, unknown>> = {
  "entra-application.json": { value: [application] },
  "entra-principal.json": { value: [principal] },
  "entra-owners.json": { value: [{ id: "o1", displayName: "Ana", userPrincipalName: "ana@example.com" }] },
  "entra-principal-owners.json": { value: [] },
  "entra-assignments.json": { value: [] },
  "entra-conditional-access.json": {
    value: [
      {
        displayName: "Second factor for all",
        state: "enabled",
        conditions: { applications: { includeApplications: ["All"], excludeApplications: [] } },
        grantControls: { builtInControls: ["mfa"] },
      },
    ],
  },
  [`entra-group-${ids.users}.json`]: { id: ids.users, displayName: "Kasten Users", securityEnabled: true },
  [`entra-group-${ids.operators}.json`]: { id: ids.operators, displayName: "Kasten Operators", securityEnabled: true },
};

export function entraFiles(changes: Readonly<Record<string, unknown>> = {}): Record<string, string> {
  return files({ "values.yaml": entraValues, "bindings.json": { items: entraBindings }, ...graph, ...changes });
}
