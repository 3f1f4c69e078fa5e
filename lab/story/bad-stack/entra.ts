import * as azuread from "@pulumi/azuread";

/** Entra ID: open to every tenant, implicit grant, plain http, every group in the token, tenant-wide permissions, a group of everybody. */
export function breakEntraRules(): void {
  const application = new azuread.Application("k10-entra", {
    displayName: "K10",
    signInAudience: "AzureADMultipleOrgs",
    groupMembershipClaims: ["All"],
    // Passwords and device codes, without the client's secret.
    fallbackPublicClientEnabled: true,
    web: {
      redirectUris: ["http://k10.example.com/k10/auth-svc/v0/oidc/redirect"],
      implicitGrant: { accessTokenIssuanceEnabled: true, idTokenIssuanceEnabled: true },
    },
    requiredResourceAccesses: [
      // Microsoft Graph: User.Read.All as an application permission.
      {
        resourceAppId: "00000003-0000-0000-c000-000000000000",
        resourceAccesses: [{ id: "df021288-bdef-4463-88db-98f22de89214", type: "Role" }],
      },
    ],
  });
  const principal = new azuread.ServicePrincipal("k10-entra", { clientId: application.clientId });
  // Microsoft Graph: Application.ReadWrite.All, given without being asked for.
  new azuread.AppRoleAssignment("k10-entra", {
    appRoleId: "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9",
    principalObjectId: principal.objectId,
    resourceObjectId: "00000000-0000-4000-8000-000000000003",
  });
  // Five years.
  new azuread.ApplicationPassword("k10-entra", {
    applicationId: application.id,
    startDate: "2026-01-01T00:00:00Z",
    endDate: "2031-01-01T00:00:00Z",
  });
  new azuread.ApplicationFederatedIdentityCredential("k10-entra", {
    applicationId: application.id,
    displayName: "ci",
    issuer: "https://token.actions.example.com",
    subject: "repo:example/*",
    audiences: ["api://AzureADTokenExchange"],
  });
  new azuread.Group("admins-entra", {
    displayName: "Kasten Admins",
    securityEnabled: true,
    types: ["DynamicMembership"],
    dynamicMembership: { enabled: true, rule: "user.accountEnabled -eq true" },
  });
}
