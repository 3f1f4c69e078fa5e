// azuread:index/servicePrincipal:ServicePrincipal — the requests of service_principal_resource.go.
import { randomUUID } from "node:crypto";
import { flag, notImplemented, object, set, text } from "../../provider/schema";
import { objectOf, objectsOf, textOf, textsOf } from "../../provider/json";
import type { ResourceType } from "../../provider/table";
import type { Properties, Value } from "../../provider/values";
import { filtered, objectId, quoted, undefinedIfGone, type GraphClient, type RetryWhen } from "../client";
import { bindOwners, changeReferences, idsOf, settleOwners } from "../owners";
import { idsByValue } from "./application-state";
import { orNull } from "./application-schema";

/** A new application is not at once known everywhere (docs/traps.md, Entra ID). */
const whenApplicationIsNew: RetryWhen = ({ status, message }) =>
  (status === 400 && message.includes("does not reference a valid application object")) ||
  (status === 403 && message.includes("backing application"));

function body(inputs: Properties): Properties {
  const saml = objectOf(inputs.samlSingleSignOn);
  return {
    "@odata.type": "#microsoft.graph.servicePrincipal",
    accountEnabled: inputs.accountEnabled !== false,
    alternativeNames: textsOf(inputs.alternativeNames),
    appRoleAssignmentRequired: inputs.appRoleAssignmentRequired === true,
    description: orNull(inputs.description),
    loginUrl: orNull(inputs.loginUrl),
    notes: orNull(inputs.notes),
    notificationEmailAddresses: textsOf(inputs.notificationEmailAddresses),
    preferredSingleSignOnMode: orNull(inputs.preferredSingleSignOnMode),
    samlSingleSignOnSettings: Object.keys(saml).length > 0 ? { relayState: textOf(saml.relayState) ?? "" } : {},
    tags: textsOf(inputs.tags),
  };
}

async function readState(client: GraphClient, id: string, known: Properties): Promise<Properties | undefined> {
  const found = await client.find(`/v1.0/servicePrincipals/${id}`);
  if (!found) {
    return undefined;
  }
  const beta = await client.send("GET", `/beta/servicePrincipals/${id}?${new URLSearchParams({ $select: "samlMetadataUrl" }).toString()}`);
  const owners = await idsOf(client, `/v1.0/servicePrincipals/${id}/owners`);
  const text = (key: string): Value => textOf(found[key]) ?? "";
  const relayState = textOf(objectOf(found.samlSingleSignOnSettings).relayState);
  const tags = textsOf(found.tags);
  return {
    accountEnabled: found.accountEnabled !== false,
    alternativeNames: textsOf(found.alternativeNames),
    appRoleAssignmentRequired: found.appRoleAssignmentRequired === true,
    appRoleIds: idsByValue(objectsOf(found.appRoles)),
    applicationTenantId: text("appOwnerOrganizationId"),
    clientId: text("appId"),
    description: text("description"),
    displayName: text("displayName"),
    features: [
      {
        customSingleSignOnApp: tags.includes("WindowsAzureActiveDirectoryCustomSingleSignOnApplication"),
        enterpriseApplication: tags.includes("WindowsAzureActiveDirectoryIntegratedApp"),
        galleryApplication: tags.includes("WindowsAzureActiveDirectoryGalleryApplicationNonPrimaryV1"),
        visibleToUsers: !tags.includes("HideApp"),
      },
    ],
    homepageUrl: text("homepage"),
    loginUrl: text("loginUrl"),
    logoutUrl: text("logoutUrl"),
    notes: text("notes"),
    notificationEmailAddresses: textsOf(found.notificationEmailAddresses),
    oauth2PermissionScopeIds: idsByValue(objectsOf(found.oauth2PermissionScopes)),
    objectId: text("id"),
    owners,
    preferredSingleSignOnMode: text("preferredSingleSignOnMode"),
    redirectUris: textsOf(found.replyUrls),
    samlMetadataUrl: textOf(beta.samlMetadataUrl) ?? "",
    samlSingleSignOn: relayState || known.samlSingleSignOn ? { relayState: relayState ?? "" } : null,
    servicePrincipalNames: textsOf(found.servicePrincipalNames),
    signInAudience: text("signInAudience"),
    tags,
    type: text("servicePrincipalType"),
  };
}

export const servicePrincipal: ResourceType<GraphClient> = {
  properties: {
    accountEnabled: flag({ default: true }),
    alternativeNames: set(text()),
    appRoleAssignmentRequired: flag(),
    appRoleIds: { type: "map", outputOnly: true },
    appRoles: { type: "list", outputOnly: true },
    applicationTenantId: text({ outputOnly: true }),
    clientId: text({ required: true, forceNew: true }),
    description: text(),
    displayName: text({ outputOnly: true }),
    featureTags: { ...notImplemented, computed: true },
    features: { ...notImplemented, computed: true },
    homepageUrl: text({ outputOnly: true }),
    loginUrl: text(),
    logoutUrl: text({ outputOnly: true }),
    notes: text(),
    notificationEmailAddresses: set(text()),
    oauth2PermissionScopeIds: { type: "map", outputOnly: true },
    oauth2PermissionScopes: { type: "list", outputOnly: true },
    objectId: text({ outputOnly: true }),
    owners: set(text()),
    preferredSingleSignOnMode: text({ allowed: ["oidc", "password", "saml", "notSupported"] }),
    redirectUris: { type: "list", element: text(), outputOnly: true },
    samlMetadataUrl: text({ outputOnly: true }),
    samlSingleSignOn: object({ relayState: text() }),
    servicePrincipalNames: { type: "list", element: text(), outputOnly: true },
    signInAudience: text({ outputOnly: true }),
    tags: set(text(), { computed: true }),
    type: text({ outputOnly: true }),
    useExisting: flag(),
  },
  async create(client, inputs, created) {
    const clientId = textOf(inputs.clientId) ?? "";
    const [existing] = await client.list(filtered("/v1.0/servicePrincipals", `appId eq ${quoted(clientId)}`));
    if (existing) {
      const id = textOf(existing.id) ?? "";
      if (inputs.useExisting !== true) {
        throw new Error(
          `a service principal of application ${clientId} already exists with object id ${id}: import it, or set useExisting`,
        );
      }
      created(`/servicePrincipals/${id}`);
      return { id: `/servicePrincipals/${id}`, state: (await this.update?.(client, id, {}, inputs)) ?? {} };
    }
    const made = await client.send(
      "POST",
      "/v1.0/servicePrincipals",
      {
        ...body(inputs),
        appId: clientId,
        description: `TERRAFORM_UPDATE_${randomUUID()}`,
        ...bindOwners(client, "v1.0", textsOf(inputs.owners)),
      },
      whenApplicationIsNew,
    );
    const id = textOf(made.id) ?? "";
    created(`/servicePrincipals/${id}`);
    const path = `/v1.0/servicePrincipals/${id}`;
    const description = { "@odata.type": "#microsoft.graph.servicePrincipal", description: orNull(inputs.description) };
    await client.send("PATCH", path, description).catch((error: unknown) => {
      // The official plugin does not wait for it either (hashicorp/terraform-provider-azuread#1811): the principal stays, in the state as well.
      undefinedIfGone(error);
      throw new Error("Timed out whilst waiting for new service principal to be replicated in Azure AD", { cause: error });
    });
    await settleOwners(client, `${path}/owners`, textsOf(inputs.owners));
    return { id: `/servicePrincipals/${id}`, state: (await readState(client, id, inputs)) ?? {} };
  },
  async read(client, id, state) {
    const found = await readState(client, objectId(id), state);
    return found && { state: found };
  },
  async update(client, id, _state, inputs) {
    const path = `/v1.0/servicePrincipals/${objectId(id)}`;
    await client.send("PATCH", path, body(inputs));
    const owners = `${path}/owners`;
    await changeReferences(client, "v1.0", owners, await idsOf(client, owners), textsOf(inputs.owners));
    return (await readState(client, objectId(id), inputs)) ?? {};
  },
  async delete(client, id, state) {
    // What was there before stays (useExisting).
    if (state.useExisting === true) {
      return;
    }
    const path = `/v1.0/servicePrincipals/${objectId(id)}`;
    await client.send("DELETE", path).catch(undefinedIfGone);
    await client.confirm(path, (found) => found === undefined);
  },
};
