import { runAgain, takeInOrDelete, type FailureCause } from "../../failure-causes";

/**
 * Microsoft Graph application permissions that the account which deploys needs for each type of resource: the "Permissions" table
 * of each operation's page (learn.microsoft.com/graph/api). Graph itself never says which one is missing.
 */
export const graphPermissions: Readonly<Record<string, string>> = {
  Application: "Application.ReadWrite.OwnedBy or Application.ReadWrite.All",
  ApplicationPassword: "Application.ReadWrite.OwnedBy or Application.ReadWrite.All",
  ServicePrincipal: "Application.ReadWrite.OwnedBy or Application.ReadWrite.All",
  AppRoleAssignment: "AppRoleAssignment.ReadWrite.All",
  Group: "Group.ReadWrite.All",
  ConditionalAccessPolicy: "Policy.Read.All and Policy.ReadWrite.ConditionalAccess",
};

const types = /^azuread:/;

/** What Microsoft Graph and the provider before it say. */
export const entraFailureCauses: readonly FailureCause[] = [
  // The provider's own prevent_duplicate_names.
  { cause: "exists", types, sign: /was found and .prevent_duplicate_names/, remedy: takeInOrDelete },
  {
    cause: "replication",
    types: /^azuread:.*:ServicePrincipal$/,
    // The provider asks once, at once, for what it has just made (hashicorp/terraform-provider-azuread#1811).
    sign: /waiting for new service principal to be replicated/i,
    remedy: () => `Entra ID did not know its own new service principal everywhere yet. It is there, and in the state. ${runAgain}`,
  },
  {
    cause: "permission",
    types: new RegExp(`^azuread:.*:(${Object.keys(graphPermissions).join("|")})$`),
    sign: /\b403\b|Authorization_RequestDenied/,
    remedy: (type) =>
      `Microsoft Graph refused it. The account that deploys needs the application permission ${graphPermissions[type.split(":").at(-1) ?? ""] ?? ""}, ` +
      `with an administrator's consent. Grant it, wait some minutes, then: ${runAgain}`,
  },
];
