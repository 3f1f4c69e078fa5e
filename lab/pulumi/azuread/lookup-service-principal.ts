// azuread:index/getServicePrincipal — the requests of service_principal_data_source.go. Of what it computes, feature tags and SAML settings
// are left out: nothing here reads them.
import { text } from "../provider/schema";
import { objectsOf, textOf, textsOf } from "../provider/json";
import type { Lookup } from "../provider/table";
import type { Properties, Value } from "../provider/values";
import { filtered, quoted, type GraphClient } from "./client";
import { onlyOne } from "./only-one";
import { idsByValue } from "./resources/application-state";

const keys = ["clientId", "displayName", "objectId"];

async function findOne(client: GraphClient, key: string, value: string): Promise<Properties> {
  if (key === "objectId") {
    const found = await client.find(`/v1.0/servicePrincipals/${encodeURIComponent(value)}`);
    if (!found) {
      throw new Error(`Service principal with object ID ${JSON.stringify(value)} was not found`);
    }
    return found;
  }
  const filter = `${key === "clientId" ? "appId" : key} eq ${quoted(value)}`;
  const [found, ...more] = await client.list(filtered("/v1.0/servicePrincipals", filter));
  if (!found) {
    throw new Error(`No service principals found matching filter: ${JSON.stringify(filter)}`);
  }
  if (more.length > 0) {
    throw new Error(`Found multiple service principals matching filter: ${JSON.stringify(filter)}`);
  }
  return found;
}

export const getServicePrincipal: Lookup<GraphClient> = {
  inputs: Object.fromEntries(keys.map((key) => [key, text()])),
  async call(client, inputs) {
    const { key, value } = onlyOne("azuread:index/getServicePrincipal:getServicePrincipal", inputs, keys);
    const found = await findOne(client, key, value);
    const word = (field: string): Value => textOf(found[field]) ?? "";
    const select = new URLSearchParams({ $select: "samlMetadataUrl" }).toString();
    const beta = await client.send("GET", `/beta/servicePrincipals/${textOf(found.id) ?? ""}?${select}`);
    const appRoles = objectsOf(found.appRoles);
    return {
      accountEnabled: found.accountEnabled !== false,
      alternativeNames: textsOf(found.alternativeNames),
      appRoleAssignmentRequired: found.appRoleAssignmentRequired === true,
      appRoleIds: idsByValue(appRoles),
      appRoles: appRoles.map((role) => ({
        allowedMemberTypes: textsOf(role.allowedMemberTypes),
        description: textOf(role.description) ?? "",
        displayName: textOf(role.displayName) ?? "",
        enabled: role.isEnabled !== false,
        id: textOf(role.id) ?? "",
        value: textOf(role.value) ?? "",
      })),
      applicationTenantId: word("appOwnerOrganizationId"),
      clientId: word("appId"),
      description: word("description"),
      displayName: word("displayName"),
      homepageUrl: word("homepage"),
      id: word("id"),
      loginUrl: word("loginUrl"),
      logoutUrl: word("logoutUrl"),
      notes: word("notes"),
      notificationEmailAddresses: textsOf(found.notificationEmailAddresses),
      oauth2PermissionScopeIds: idsByValue(objectsOf(found.oauth2PermissionScopes)),
      objectId: word("id"),
      preferredSingleSignOnMode: word("preferredSingleSignOnMode"),
      redirectUris: textsOf(found.replyUrls),
      samlMetadataUrl: textOf(beta.samlMetadataUrl) ?? "",
      servicePrincipalNames: textsOf(found.servicePrincipalNames).filter((name) => name !== found.appId),
      signInAudience: word("signInAudience"),
      tags: textsOf(found.tags),
      type: word("servicePrincipalType"),
    };
  },
};
