import { GraphError, badRequest, requestDenied, resourceNotFound, valueRequired } from "./errors";
import { defaultAppRole, type AppRoleAssignment, type ServicePrincipal } from "./entities";
import {
  listOptions,
  found,
  list,
  merge,
  noContent,
  one,
  readBody,
  referenced,
  requireOwnership,
  type GraphCall,
  type Route,
} from "./call";
import { ownerRoutes } from "./owners";
import { readApplications, readAssignments, writeApplications, writeAssignments } from "./permissions";
import { appRoleAssignmentBody, servicePrincipalBody } from "./shapes";
import type { TenantStore } from "./store";

const resourceType = "ServicePrincipal";

export function newServicePrincipal(
  store: TenantStore,
  appId: string,
  owners: Set<string>,
  rest: { id?: string; fields?: object; foreign?: ServicePrincipal["foreign"] } = {},
): ServicePrincipal {
  const empty: ServicePrincipal["fields"] = {
    accountEnabled: true,
    alternativeNames: [],
    appRoleAssignmentRequired: false,
    description: null,
    loginUrl: null,
    notes: null,
    notificationEmailAddresses: [],
    preferredSingleSignOnMode: null,
    samlSingleSignOnSettings: null,
    tags: [],
  };
  return {
    kind: "servicePrincipal",
    id: rest.id ?? store.newId(),
    appId: appId.toLowerCase(),
    createdDateTime: store.timestamp(),
    owners,
    fields: merge(empty, rest.fields ?? {}),
    ...(rest.foreign === undefined ? {} : { foreign: rest.foreign }),
  };
}

function displayName(store: TenantStore, principal: ServicePrincipal): string | null {
  return principal.foreign?.displayName ?? store.applicationByAppId(principal.appId)?.fields.displayName ?? null;
}

/** What a principal shows of its application (names, roles, reply URLs) is looked up: a change there shows here at once. */
function principalRow(call: GraphCall, principal: ServicePrincipal): Record<string, unknown> {
  const application = call.store.applicationByAppId(principal.appId)?.fields;
  const replyUrls = [application?.web, application?.spa, application?.publicClient].flatMap((platform) => platform?.redirectUris ?? []);
  return {
    id: principal.id,
    appId: principal.appId,
    appDisplayName: displayName(call.store, principal),
    appDescription: application?.description ?? null,
    appOwnerOrganizationId: principal.foreign === undefined ? call.store.tenantId : null,
    applicationTemplateId: null,
    appRoles: call.store.rolesOf(principal),
    createdDateTime: principal.createdDateTime,
    deletedDateTime: null,
    disabledByMicrosoftStatus: null,
    displayName: displayName(call.store, principal),
    homepage: application?.web?.homePageUrl ?? null,
    info: application?.info ?? null,
    keyCredentials: [],
    logoutUrl: application?.web?.logoutUrl ?? null,
    oauth2PermissionScopes: application?.api?.oauth2PermissionScopes ?? [],
    passwordCredentials: [],
    preferredTokenSigningKeyThumbprint: null,
    replyUrls,
    servicePrincipalNames: [...(application?.identifierUris ?? []), principal.appId],
    servicePrincipalType: "Application",
    signInAudience: application?.signInAudience ?? "AzureADMultipleOrgs",
    tokenEncryptionKeyId: null,
    verifiedPublisher: { displayName: null, verifiedPublisherId: null, addedDateTime: null },
    ...principal.fields,
    ...(call.version === "beta" ? { samlMetadataUrl: null } : {}),
  };
}

function create(call: GraphCall): ServicePrincipal {
  const { appId, "owners@odata.bind": bound = [], ...fields } = readBody(servicePrincipalBody, call.body, resourceType);
  if (appId === undefined) {
    throw valueRequired("appId", resourceType);
  }
  const application = call.store.list("application").find((one) => one.appId === appId.toLowerCase());
  if (application === undefined) {
    const text = `The appId '${appId}' of the service principal does not reference a valid application object.`;
    throw new GraphError(400, "NoBackingApplicationObject", text);
  }
  if (call.store.principalByAppId(appId) !== undefined) {
    const text = `The service principal cannot be created, updated, or restored because the service principal name ${appId} is already in use.`;
    throw new GraphError(409, "Request_MultipleObjectsWithSameKeyValue", text);
  }
  const onlyOwned = !call.caller.roles.some((role) => role === "Application.ReadWrite.All" || role === "Directory.ReadWrite.All");
  if (onlyOwned && !application.owners.has(call.caller.objectId)) {
    throw requestDenied();
  }
  const owners = bound.map((url) => referenced(call, url, "owners").id);
  return call.store.add(newServicePrincipal(call.store, appId, new Set(owners.length > 0 ? owners : [call.caller.objectId]), { fields }));
}

function assignmentRow(store: TenantStore, assignment: AppRoleAssignment): Record<string, unknown> {
  const principal = store.readObject(assignment.principalId);
  const resource = store.readObject(assignment.resourceId);
  const kinds: Record<string, string> = { user: "User", group: "Group", servicePrincipal: "ServicePrincipal" };
  const nameOf = (object: typeof principal): string | null =>
    object === undefined ? null : object.kind === "servicePrincipal" ? displayName(store, object) : (object.fields.displayName ?? null);
  return {
    ...assignment,
    deletedDateTime: null,
    principalDisplayName: nameOf(principal),
    principalType: principal === undefined ? null : (kinds[principal.kind] ?? null),
    resourceDisplayName: nameOf(resource),
  };
}

function assign(call: GraphCall): AppRoleAssignment {
  const resource = found(call, "servicePrincipal", call.params["id"] ?? "");
  const body = readBody(appRoleAssignmentBody, call.body, "AppRoleAssignment");
  if (body.resourceId.toLowerCase() !== resource.id) {
    throw badRequest("The resourceId of the request does not match the resource of its URL.");
  }
  const principal = call.store.readObject(body.principalId);
  // The provider retries on exactly these words: a new group may not be there yet.
  if (principal === undefined || principal.kind === "application") {
    throw badRequest("Not a valid reference update.");
  }
  const roles = call.store.rolesOf(resource);
  const role = roles.find((one) => one.id === body.appRoleId.toLowerCase());
  const isDefault = body.appRoleId === defaultAppRole;
  if (!isDefault && role === undefined) {
    throw badRequest(`Permission being assigned was not found on application '${resource.appId}'.`);
  }
  if (role?.isEnabled === false) {
    throw badRequest(`Permission being assigned is disabled on application '${resource.appId}'.`);
  }
  const member = principal.kind === "servicePrincipal" ? "Application" : "User";
  if (role !== undefined && !role.allowedMemberTypes.includes(member)) {
    throw badRequest(`Permission being assigned allows ${role.allowedMemberTypes.join(", ")}, not ${member}.`);
  }
  // A group that is no security group cannot be assigned (approleassignment-post: "only security groups").
  if (principal.kind === "group" && !principal.fields.securityEnabled) {
    throw badRequest("Invalid value specified for property 'principalId': only security-enabled groups can be assigned.");
  }
  const twice = call.store.assignments(resource.id).some((one) => one.principalId === principal.id && one.appRoleId === body.appRoleId);
  if (twice) {
    throw badRequest("Permission being assigned already exists on the object");
  }
  return call.store.assign({ appRoleId: body.appRoleId.toLowerCase(), principalId: principal.id, resourceId: resource.id });
}

function existingAssignment(call: GraphCall): AppRoleAssignment {
  const resource = found(call, "servicePrincipal", call.params["id"] ?? "");
  const id = call.params["assignment"] ?? "";
  const assignment = call.store.assignments(resource.id).find((one) => one.id === id);
  if (assignment === undefined) {
    throw resourceNotFound(id);
  }
  return assignment;
}

const assignedPath = "servicePrincipals/:id/appRoleAssignedTo";

export const servicePrincipalRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "servicePrincipals",
    requires: readApplications,
    query: listOptions,
    handle: (call) => {
      const rows = call.store.list("servicePrincipal").map((one) => principalRow(call, one));
      return list(call, rows, ["appId", "displayName", "id", "servicePrincipalType"]);
    },
  },
  {
    method: "POST",
    path: "servicePrincipals",
    requires: writeApplications,
    handle: (call) => one(call, principalRow(call, create(call)), 201),
  },
  {
    method: "GET",
    path: "servicePrincipals/:id",
    requires: readApplications,
    query: ["$select"],
    handle: (call) => one(call, principalRow(call, found(call, "servicePrincipal", call.params["id"] ?? ""))),
  },
  {
    method: "PATCH",
    path: "servicePrincipals/:id",
    requires: writeApplications,
    handle: (call) => {
      const principal = found(call, "servicePrincipal", call.params["id"] ?? "");
      requireOwnership(call, principal);
      const body = readBody(servicePrincipalBody.omit({ appId: true, "owners@odata.bind": true }), call.body, resourceType);
      principal.fields = merge(principal.fields, body);
      return noContent;
    },
  },
  {
    method: "DELETE",
    path: "servicePrincipals/:id",
    requires: writeApplications,
    handle: (call) => {
      const principal = found(call, "servicePrincipal", call.params["id"] ?? "");
      requireOwnership(call, principal);
      call.store.remove(principal.id);
      return noContent;
    },
  },
  {
    method: "GET",
    path: assignedPath,
    requires: readAssignments,
    query: listOptions,
    handle: (call) => {
      const resource = found(call, "servicePrincipal", call.params["id"] ?? "");
      const rows = call.store.assignments(resource.id).map((one) => assignmentRow(call.store, one));
      return list(call, rows, ["principalId", "appRoleId"]);
    },
  },
  {
    method: "POST",
    path: assignedPath,
    requires: writeAssignments,
    handle: (call) => one(call, assignmentRow(call.store, assign(call)), 201),
  },
  {
    method: "GET",
    path: `${assignedPath}/:assignment`,
    requires: readAssignments,
    query: ["$select"],
    handle: (call) => one(call, assignmentRow(call.store, existingAssignment(call))),
  },
  {
    method: "DELETE",
    path: `${assignedPath}/:assignment`,
    requires: writeAssignments,
    handle: (call) => {
      call.store.unassign(existingAssignment(call).id);
      return noContent;
    },
  },
  ...ownerRoutes("servicePrincipals", "servicePrincipal", readApplications, writeApplications),
];
