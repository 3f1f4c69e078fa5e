import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import { lookupError } from "../lookup";

/** The application id of Microsoft Graph, the same in every tenant. */
const graphClientId = "00000003-0000-0000-c000-000000000000";

/** Microsoft Graph's application permissions by name: ids of app roles, the same in every tenant (learn.microsoft.com, permissions reference). */
const directoryRoles = {
  "group-members": { id: "98830695-27a2-44f7-8c18-0c3ebc9698f6", permission: "GroupMember.Read.All" },
  groups: { id: "5b567255-7703-4780-807c-7be8301ae99b", permission: "Group.Read.All" },
  users: { id: "df021288-bdef-4463-88db-98f22de89214", permission: "User.Read.All" },
} as const;

/** What the app registration asks for. It gives nothing by itself: see {@link consentToDirectoryReads}. */
export const directoryReads = {
  resourceAppId: graphClientId,
  resourceAccesses: Object.values(directoryRoles).map(({ id }) => ({ id, type: "Role" })),
};

/**
 * Admin consent: each permission is a role that the app's principal holds on Microsoft Graph's. The account that deploys
 * needs `AppRoleAssignment.ReadWrite.All`, or the directory role Privileged Role Administrator.
 */
export function consentToDirectoryReads(
  name: string,
  principalObjectId: pulumi.Input<string>,
  child: pulumi.CustomResourceOptions & pulumi.InvokeOptions,
): azuread.AppRoleAssignment[] {
  const graph = pulumi.output(
    azuread.getServicePrincipal({ clientId: graphClientId }, { parent: child.parent }).catch((error: unknown) => {
      throw lookupError(name, "service principal of Microsoft Graph", "Entra ID", error, "Application.Read.All");
    }),
  );
  return Object.entries(directoryRoles).map(
    ([key, { id }]) =>
      new azuread.AppRoleAssignment(`${name}-reads-${key}`, { appRoleId: id, principalObjectId, resourceObjectId: graph.objectId }, child),
  );
}
