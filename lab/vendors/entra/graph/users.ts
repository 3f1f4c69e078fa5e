import { GraphError, badRequest, resourceNotFound } from "./errors";
import type { User } from "./entities";
import { listOptions, list, one, type GraphCall, type Route } from "./call";
import { referenceRow } from "./owners";
import { readObjects, readUsers, signedInOnly } from "./permissions";
import { groupsOf } from "./store";

function userRow(user: User): Record<string, unknown> {
  return {
    id: user.id,
    ageGroup: null,
    businessPhones: [],
    city: null,
    companyName: null,
    consentProvidedForMinor: null,
    country: null,
    createdDateTime: user.createdDateTime,
    creationType: null,
    department: null,
    employeeHireDate: null,
    employeeId: null,
    employeeOrgData: null,
    employeeType: null,
    externalUserState: null,
    externalUserStateChangeDateTime: null,
    faxNumber: null,
    imAddresses: [],
    isResourceAccount: null,
    jobTitle: null,
    legalAgeGroupClassification: null,
    mobilePhone: null,
    officeLocation: null,
    onPremisesDistinguishedName: null,
    onPremisesDomainName: null,
    onPremisesImmutableId: null,
    onPremisesSamAccountName: null,
    onPremisesSecurityIdentifier: null,
    onPremisesSyncEnabled: null,
    onPremisesUserPrincipalName: null,
    otherMails: [],
    passwordPolicies: null,
    postalCode: null,
    preferredLanguage: null,
    proxyAddresses: [],
    showInAddressList: null,
    state: null,
    streetAddress: null,
    securityIdentifier: null,
    usageLocation: null,
    ...user.fields,
  };
}

function user(call: GraphCall): User {
  const id = call.params["id"] ?? "";
  const found = call.store.user(id);
  if (found === undefined) {
    throw resourceNotFound(id);
  }
  return found;
}

function signedIn(call: GraphCall): User {
  if (!call.caller.delegated) {
    throw new GraphError(400, "BadRequest", "/me request is only valid with delegated authentication flow.");
  }
  const found = call.store.user(call.caller.objectId);
  if (found === undefined) {
    throw resourceNotFound(call.caller.objectId);
  }
  return found;
}

/** getMemberObjects: the ids of all groups, nested ones too; where the overage claim of a token points. */
function memberObjects(call: GraphCall, of: User): { status: number; body: unknown } {
  const body = call.body as { securityEnabledOnly?: unknown };
  if (typeof body !== "object" || typeof body.securityEnabledOnly !== "boolean" || Object.keys(body).length !== 1) {
    throw badRequest('Expected a body of exactly {"securityEnabledOnly": true or false}.');
  }
  const groups = groupsOf(call.store, of.id, true).filter((group) => !body.securityEnabledOnly || group.fields.securityEnabled);
  return { status: 200, body: { value: groups.map((group) => group.id) } };
}

export const userRoutes: readonly Route[] = [
  { method: "GET", path: "me", requires: signedInOnly, query: ["$select"], handle: (call) => one(call, userRow(signedIn(call))) },
  {
    method: "GET",
    path: "users",
    requires: readUsers,
    query: listOptions,
    handle: (call) => {
      const rows = call.store.list("user").map(userRow);
      return list(call, rows, ["accountEnabled", "displayName", "employeeId", "id", "mail", "mailNickname", "userPrincipalName"]);
    },
  },
  { method: "GET", path: "users/:id", requires: readUsers, query: ["$select"], handle: (call) => one(call, userRow(user(call))) },
  {
    method: "GET",
    path: "users/:id/manager",
    requires: readUsers,
    handle: (call) => {
      // Nobody here has a manager; the provider's getUser asks and takes a 404 for that.
      throw new GraphError(404, "Request_ResourceNotFound", `Resource 'manager' of '${user(call).id}' does not exist.`);
    },
  },
  {
    method: "GET",
    path: "users/:id/memberOf",
    requires: readUsers,
    query: listOptions,
    handle: (call) => list(call, groupsOf(call.store, user(call).id, false).map(referenceRow), ["id"]),
  },
  {
    method: "GET",
    path: "users/:id/transitiveMemberOf",
    requires: readUsers,
    query: listOptions,
    handle: (call) => list(call, groupsOf(call.store, user(call).id, true).map(referenceRow), ["id"]),
  },
  { method: "POST", path: "users/:id/getMemberObjects", requires: readUsers, handle: (call) => memberObjects(call, user(call)) },
  {
    method: "GET",
    path: "directoryObjects/:id",
    requires: readObjects,
    query: ["$select"],
    handle: (call) => {
      const id = call.params["id"] ?? "";
      const object = call.store.readObject(id);
      if (object === undefined) {
        throw resourceNotFound(id);
      }
      return one(call, referenceRow(object));
    },
  },
];
