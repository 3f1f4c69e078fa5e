import { z } from "zod";
import { list, listOptions, readBody, type GraphCall, type GraphAnswer, type Route } from "./call";
import { badRequest, GraphError, malformed } from "./errors";
import { referenceRow } from "./owners";
import { readRoles, writeRoles } from "./permissions";

const path = "roleManagement/directory";

/**
 * Some of the built-in roles: their ids are the same in every tenant, their actions are picked from the reference
 * (learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference).
 */
const definitions = [
  definition("62e90394-69f5-4237-9190-012177145e10", "Global Administrator", [
    "microsoft.directory/applications/allProperties/allTasks",
    "microsoft.directory/conditionalAccessPolicies/allProperties/allTasks",
    "microsoft.directory/groups/allProperties/allTasks",
    "microsoft.directory/users/password/update",
  ]),
  definition("f2ef992c-3afb-46b9-b7cf-a126ee74c451", "Global Reader", [
    "microsoft.directory/groups/allProperties/read",
    "microsoft.directory/users/authenticationMethods/standard/restrictedRead",
  ]),
  definition("fdd7a751-b60b-444a-984c-02652fe8fa1c", "Groups Administrator", [
    "microsoft.directory/groups/create",
    "microsoft.directory/groups/members/update",
    "microsoft.directory/groups/owners/update",
  ]),
];

function definition(id: string, displayName: string, allowedResourceActions: readonly string[]) {
  return {
    ...{ id, displayName, description: null, isBuiltIn: true, isEnabled: true, resourceScopes: ["/"], templateId: id, version: "1" },
    rolePermissions: [{ allowedResourceActions, condition: null }],
  };
}

const assignmentBody = z.strictObject({
  "@odata.type": z.string().optional(),
  principalId: z.guid(),
  roleDefinitionId: z.guid(),
  directoryScopeId: z.string().startsWith("/"),
});

function create(call: GraphCall): GraphAnswer {
  const { "@odata.type": _, ...body } = readBody(assignmentBody, call.body, "unifiedRoleAssignment");
  const principal = call.store.readObject(body.principalId);
  if (principal === undefined || principal.kind === "application") {
    throw badRequest("The given principal does not exist, or cannot hold a role.");
  }
  if (!definitions.some(({ id }) => id === body.roleDefinitionId)) {
    throw badRequest(`The role definition '${body.roleDefinitionId}' does not exist.`);
  }
  return { status: 201, body: call.store.assignRole({ id: call.store.newId(), ...body }) };
}

/** "For the directory provider, you must filter on either the roleDefinitionId or principalId" (rbacapplication-list-roleassignments). */
function assignments(call: GraphCall): GraphAnswer {
  const { $expand: expand, $filter: filter } = call.query;
  if (filter === undefined) {
    throw malformed("The $filter query option is required: roleDefinitionId or principalId.");
  }
  if (expand !== undefined && expand !== "principal") {
    throw malformed(`Expanding '${expand}' is not supported here. Supported: principal.`);
  }
  const rows = call.store.roleHolders().map((one) => {
    const principal = call.store.readObject(one.principalId);
    return { ...one, ...(expand !== undefined && { principal: principal === undefined ? null : referenceRow(principal) }) };
  });
  return list(call, rows, ["roleDefinitionId", "principalId"]);
}

export const roleManagementRoutes: readonly Route[] = [
  {
    method: "GET",
    path: `${path}/roleDefinitions`,
    requires: readRoles,
    query: listOptions,
    handle: (call) => list(call, definitions, ["id", "displayName", "isBuiltIn"]),
  },
  { method: "GET", path: `${path}/roleAssignments`, requires: readRoles, query: [...listOptions, "$expand"], handle: assignments },
  { method: "POST", path: `${path}/roleAssignments`, requires: writeRoles, handle: create },
  {
    method: "GET",
    path: `${path}/roleEligibilityScheduleInstances`,
    requires: readRoles,
    query: [...listOptions, "$expand"],
    handle: () => {
      // The lab's tenant has no licence for Privileged Identity Management.
      throw new GraphError(
        400,
        "AadPremiumLicenseRequired",
        "The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license.",
      );
    },
  },
];
