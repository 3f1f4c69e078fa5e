import { GraphError, badRequest, invalidValue, resourceNotFound, valueRequired } from "./errors";
import type { Application, ServicePrincipal } from "./entities";
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
import { readApplications, writeApplications } from "./permissions";
import { checkRedirectUris } from "./redirect-uris";
import { applicationBody, type AppRole, type ApplicationBody } from "./shapes";
import type { TenantStore } from "./store";

const resourceType = "Application";
const filterable = ["appId", "displayName", "id"];
const membership = new Set(["None", "SecurityGroup", "DirectoryRole", "ApplicationGroup", "All"]);

function emptyFields(): Application["fields"] {
  return {
    displayName: null,
    description: null,
    signInAudience: "AzureADMyOrg",
    api: {
      acceptMappedClaims: null,
      knownClientApplications: [],
      oauth2PermissionScopes: [],
      preAuthorizedApplications: [],
      requestedAccessTokenVersion: null,
    },
    appRoles: [],
    groupMembershipClaims: null,
    identifierUris: [],
    info: { marketingUrl: null, privacyStatementUrl: null, supportUrl: null, termsOfServiceUrl: null },
    isDeviceOnlyAuthSupported: null,
    isFallbackPublicClient: null,
    notes: null,
    oauth2RequirePostResponse: false,
    optionalClaims: null,
    publicClient: { redirectUris: [] },
    spa: { redirectUris: [] },
    requiredResourceAccess: [],
    serviceManagementReference: null,
    tags: [],
    web: {
      homePageUrl: null,
      logoutUrl: null,
      redirectUris: [],
      implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false },
    },
  };
}

/** As `GET /applications/{id}` answers; `logoUrl` and the like are null, secrets never appear. */
function applicationRow(application: Application, version: "v1.0" | "beta"): Record<string, unknown> {
  const { oauth2RequirePostResponse, ...fields } = application.fields;
  return {
    id: application.id,
    appId: application.appId,
    applicationTemplateId: null,
    createdDateTime: application.createdDateTime,
    deletedDateTime: null,
    disabledByMicrosoftStatus: null,
    publisherDomain: "lab.example",
    ...fields,
    ...(version === "beta" ? { oauth2RequirePostResponse } : {}),
    info: { logoUrl: null, ...fields.info },
    keyCredentials: [],
    passwordCredentials: application.passwords.map((one) => ({ customKeyIdentifier: null, secretText: null, ...one })),
  };
}

/** Rules that need more than the body: enumerations that are plain strings in the schema, uniqueness, redirect URIs. */
function check(store: TenantStore, fields: Application["fields"], self?: Application): void {
  if (fields.displayName === null || fields.displayName.trim() === "") {
    throw valueRequired("displayName", resourceType);
  }
  checkRedirectUris(fields);
  const claims = fields.groupMembershipClaims?.split(",").map((word) => word.trim()) ?? [];
  const unknown = claims.find((word) => !membership.has(word));
  if (unknown !== undefined) {
    throw invalidValue("groupMembershipClaims", resourceType, `Expected any of ${[...membership].join(", ")}, got '${unknown}'.`);
  }
  checkRoles(fields.appRoles);
  for (const uri of fields.identifierUris) {
    const other = store.list("application").find((one) => one !== self && one.fields.identifierUris.includes(uri));
    if (other !== undefined) {
      throw badRequest("Another object with the same value for property identifierUris already exists.");
    }
  }
  const audience = fields.signInAudience;
  if (audience?.includes("Personal") === true && fields.api?.requestedAccessTokenVersion !== 2) {
    throw badRequest(
      "Property api.requestedAccessTokenVersion is invalid. It must be 2 for an application with a personal account audience.",
    );
  }
}

function checkRoles(roles: readonly AppRole[]): void {
  const ids = new Set<string>();
  const values = new Set<string>();
  for (const role of roles) {
    if (ids.has(role.id)) {
      throw new GraphError(400, "DuplicateValue", `Request contains a property with duplicate values: appRoles.id '${role.id}'.`);
    }
    ids.add(role.id);
    if (role.value === null || role.value === undefined || role.value === "") {
      continue;
    }
    if (role.value.length > 120 || /[\s]/.test(role.value) || role.value.startsWith(".")) {
      throw invalidValue(
        "appRoles.value",
        resourceType,
        `'${role.value}' must have no space, not begin with '.', and have at most 120 characters.`,
      );
    }
    if (values.has(role.value)) {
      throw new GraphError(400, "DuplicateValue", `Request contains a property with duplicate values: appRoles.value '${role.value}'.`);
    }
    values.add(role.value);
  }
}

/** "CannotDeleteOrUpdateEnabledEntitlement": the reason why the provider disables a role first. */
function checkRemovedEntitlements(before: Application["fields"], after: Application["fields"]): void {
  const pairs = [
    [before.appRoles, after.appRoles],
    [before.api?.oauth2PermissionScopes ?? [], after.api?.oauth2PermissionScopes ?? []],
  ] as const;
  for (const [old, fresh] of pairs) {
    const kept = new Set(fresh.map((entry) => entry.id));
    const removed = old.find((entry) => entry.isEnabled !== false && !kept.has(entry.id));
    if (removed !== undefined) {
      const text = `Property value cannot be deleted unless it is disabled first: '${removed.id}'.`;
      throw new GraphError(400, "CannotDeleteOrUpdateEnabledEntitlement", text);
    }
  }
}

/** What a new application is made of; the caller owns it, and so do those in `owners@odata.bind`. */
function createApplication(call: GraphCall, body: ApplicationBody): Application {
  const { "owners@odata.bind": bound = [], ...rest } = body;
  const fields = merge(emptyFields(), { ...rest, signInAudience: rest.signInAudience ?? "AzureADMyOrg" });
  check(call.store, fields);
  const owners = bound.map((url) => referenced(call, url, "owners").id);
  return call.store.add(newApplication(call.store, fields, new Set(owners.length > 0 ? owners : [call.caller.objectId])));
}

export function newApplication(
  store: TenantStore,
  fields: Partial<Application["fields"]>,
  owners: Set<string>,
  ids: { id?: string; appId?: string } = {},
): Application {
  return {
    kind: "application",
    id: ids.id ?? store.newId(),
    appId: ids.appId ?? store.newId(),
    createdDateTime: store.timestamp(),
    owners,
    federatedCredentials: new Map(),
    passwords: [],
    secrets: new Map(),
    fields: merge(emptyFields(), fields),
  };
}

function principalOf(store: TenantStore, application: Application): ServicePrincipal | undefined {
  return store.principalByAppId(application.appId);
}

export const applicationRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "applications",
    requires: readApplications,
    query: listOptions,
    handle: (call) =>
      list(
        call,
        call.store.list("application").map((one) => applicationRow(one, call.version)),
        filterable,
      ),
  },
  {
    method: "POST",
    path: "applications",
    requires: writeApplications,
    handle: (call) =>
      one(call, applicationRow(createApplication(call, readBody(applicationBody, call.body, resourceType)), call.version), 201),
  },
  {
    method: "GET",
    path: "applications/:id",
    requires: readApplications,
    query: ["$select"],
    handle: (call) => one(call, applicationRow(found(call, "application", call.params["id"] ?? ""), call.version)),
  },
  {
    method: "PATCH",
    path: "applications/:id",
    requires: writeApplications,
    handle: (call) => {
      const application = found(call, "application", call.params["id"] ?? "");
      requireOwnership(call, application);
      const body = readBody(applicationBody.omit({ "owners@odata.bind": true }), call.body, resourceType);
      if (body.oauth2RequirePostResponse !== undefined && call.version !== "beta") {
        throw badRequest("Invalid property 'oauth2RequirePostResponse'.");
      }
      const fields = merge(application.fields, body);
      check(call.store, fields, application);
      checkRemovedEntitlements(application.fields, fields);
      application.fields = fields;
      return noContent;
    },
  },
  {
    method: "DELETE",
    path: "applications/:id",
    requires: writeApplications,
    handle: (call) => {
      const application = call.store.read("application", call.params["id"] ?? "");
      if (application === undefined) {
        throw resourceNotFound(call.params["id"] ?? "");
      }
      requireOwnership(call, application);
      // Deleting the registration takes its principal in this tenant along (application-delete: "the service principal ... is also deleted").
      const principal = principalOf(call.store, application);
      if (principal !== undefined) {
        call.store.remove(principal.id);
      }
      call.store.remove(application.id);
      return noContent;
    },
  },
  ...ownerRoutes("applications", "application", readApplications, writeApplications),
];
