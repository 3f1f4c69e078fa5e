import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import { directoryRoles } from "../../../model";
import { lookupError } from "../lookup";

/** The application id of Microsoft Graph, the same in every tenant. */
const graphClientId = "00000003-0000-0000-c000-000000000000";

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
