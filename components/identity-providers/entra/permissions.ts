/**
 * Microsoft Graph application permissions that the deploying account needs for each type of resource: the "Permissions" table of
 * each operation's page (learn.microsoft.com/graph/api). Graph itself never says which one is missing.
 */
export const graphPermissions: Readonly<Record<string, string>> = {
  "azuread:index/application:Application": "Application.ReadWrite.OwnedBy or Application.ReadWrite.All",
  "azuread:index/applicationPassword:ApplicationPassword": "Application.ReadWrite.OwnedBy or Application.ReadWrite.All",
  "azuread:index/servicePrincipal:ServicePrincipal": "Application.ReadWrite.OwnedBy or Application.ReadWrite.All",
  "azuread:index/appRoleAssignment:AppRoleAssignment": "AppRoleAssignment.ReadWrite.All",
  "azuread:index/group:Group": "Group.ReadWrite.All",
  "azuread:index/conditionalAccessPolicy:ConditionalAccessPolicy": "Policy.Read.All and Policy.ReadWrite.ConditionalAccess",
};

/** A resource operation that failed, as Pulumi tells it to an error hook. */
export interface FailedOperation {
  /** `azuread:index/group:Group` */
  readonly type: string;
  readonly name: string;
  /** `create`, `update` or `delete` */
  readonly failedOperation: string;
  /** Newest first. */
  readonly errors: readonly string[];
}

/** Which permission is missing, in words, where Graph refused for want of one; undefined for any other failure. */
export function missingGraphPermission({ type, name, failedOperation, errors }: FailedOperation): string | undefined {
  const needed = graphPermissions[type];
  const refused = /\b403\b|Authorization_RequestDenied|AccessDenied/.test(errors[0] ?? "");
  return needed === undefined || !refused
    ? undefined
    : `${name}: Microsoft Graph refused to ${failedOperation} it. The account that deploys needs the application permission ${needed}, ` +
        "with an administrator's consent. Fix: grant it, wait a few minutes, and run the update again: it goes on where it stopped.";
}
