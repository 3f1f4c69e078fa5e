import { z } from "zod";
import { compareText } from "../../text";
import { shaped, type DirectoryClient, type MayChange } from "../directory";
import { nameOf, objectSchema, pages, pageSize, readGraph, type DirectoryObject } from "./graph";

/** What the environment has at the tenant: roles that are limited to something else do not concern it. */
export interface OwnObjects {
  readonly groups: readonly { readonly id: string; readonly displayName: string }[];
  readonly applications: readonly { readonly id: string; readonly displayName: string }[];
}

const texts = z.array(z.string()).nullish();
const definitionsSchema = z.array(
  z.looseObject({
    id: z.string(),
    displayName: z.string(),
    isEnabled: z.boolean().nullish(),
    rolePermissions: z.array(z.looseObject({ allowedResourceActions: texts, condition: z.string().nullish() })),
  }),
);
const heldSchema = z.array(
  z.looseObject({
    roleDefinitionId: z.string(),
    principalId: z.string(),
    directoryScopeId: z.string().nullish(),
    endDateTime: z.string().nullish(),
    principal: objectSchema.nullish(),
  }),
);
type Held = z.infer<typeof heldSchema>[number];
const graphItselfSchema = z.array(
  z.looseObject({ id: z.string(), appRoles: z.array(z.looseObject({ id: z.string(), value: z.string().nullish() })) }),
);
const grantedSchema = z.array(
  z.looseObject({ appRoleId: z.string(), principalId: z.string(), principalDisplayName: z.string().nullish() }),
);

/**
 * Actions of directory roles by which somebody changes who is in a group, what an application is or who may use it, how people sign in,
 * or who holds such a role (learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference).
 */
const changing = [
  /^groups(?:\.security(?:\.assignedMembership)?)?\/(?:members|owners|dynamicMembershipRule|allProperties)\//,
  /^groupsAssignableToRoles\/(?:members|owners|allProperties)\//,
  /^(?:applications|servicePrincipals)\/(?:credentials|owners|authentication|appRoles|permissions|appRoleAssignedTo|allProperties)\//,
  /^users\/(?:password|userPrincipalName|allProperties|authenticationMethods(?:\/basic)?)\//,
  /^conditionalAccessPolicies\/(?:basic|allProperties)\//,
  /^(?:roleAssignments|roleDefinitions)\//,
];
const namespace = "microsoft.directory/";

/** Permissions of applications on Microsoft Graph by which they change the same (learn.microsoft.com/graph/permissions-reference). */
const changingPermissions = [
  "AppRoleAssignment.ReadWrite.All",
  "Application.ReadWrite.All",
  "Directory.ReadWrite.All",
  "Group.ReadWrite.All",
  "GroupMember.ReadWrite.All",
  "Policy.ReadWrite.ConditionalAccess",
  "RoleManagement.ReadWrite.Directory",
  "User-PasswordProfile.ReadWrite.All",
  "UserAuthenticationMethod.ReadWrite.All",
];
/** Microsoft Graph's own client id, the same in every tenant. */
const graphAppId = "00000003-0000-0000-c000-000000000000";

/** Holders of directory roles, at once or as soon as they activate them, and applications with permissions of their own. */
export async function administrators(client: DirectoryClient, own: OwnObjects): Promise<MayChange[]> {
  const definitions = await pages(client, "/v1.0/roleManagement/directory/roleDefinitions", definitionsSchema);
  const eligible = await eligibilities(client);
  const roles: MayChange[] = [];
  for (const { id, displayName } of definitions.filter(canChange)) {
    const query = new URLSearchParams({ $filter: `roleDefinitionId eq '${id}'`, $expand: "principal" });
    const assigned = await pages(client, `/v1.0/roleManagement/directory/roleAssignments?${query.toString()}`, heldSchema);
    const who = [
      ...assigned.flatMap((one) => holder(one, own, [])),
      ...eligible.filter(({ roleDefinitionId }) => roleDefinitionId === id).flatMap((one) => holder(one, own, ["once activated"])),
    ];
    roles.push({ what: `tenant: ${displayName}`, who: [...new Set(who)].sort(compareText) });
  }
  return [...roles, ...(await permittedApplications(client))]
    .filter(({ who }) => who.length > 0)
    .sort((left, right) => compareText(left.what, right.what));
}

function canChange({ isEnabled, rolePermissions }: z.infer<typeof definitionsSchema>[number]): boolean {
  // A permission with a condition is about oneself or what one owns; owners are listed by themselves.
  const actions = rolePermissions.flatMap(({ allowedResourceActions, condition }) => (condition ? [] : (allowedResourceActions ?? [])));
  return isEnabled !== false && actions.some(changes);
}

function changes(action: string): boolean {
  const [what, verb] = [action.slice(namespace.length), action.slice(action.lastIndexOf("/") + 1)];
  return action.startsWith(namespace) && !/read$/i.test(verb) && changing.some((pattern) => pattern.test(what));
}

/** Roles that somebody may activate (Privileged Identity Management). A tenant without the licence for it has none. */
async function eligibilities(client: DirectoryClient): Promise<Held[]> {
  const path = "/v1.0/roleManagement/directory/roleEligibilityScheduleInstances?$expand=principal";
  const reply = await readGraph(client, path);
  return reply === undefined ? [] : shaped(heldSchema, reply, "the eligible roles");
}

/** Whether Graph says that the tenant has no licence for what was asked. */
export function needsLicense(body: unknown): boolean {
  return z.looseObject({ error: z.looseObject({ code: z.literal("AadPremiumLicenseRequired") }) }).safeParse(body).success;
}

/** @returns nobody where the role is limited to objects that are not the environment's */
function holder({ principal, principalId, directoryScopeId, endDateTime }: Held, own: OwnObjects, remarks: readonly string[]): string[] {
  const scope = directoryScopeId ?? "/";
  const limited = limitOf(scope, own);
  if (limited === undefined) {
    return [];
  }
  const who = principal ? called(principal) : `somebody who is no longer there (${principalId})`;
  const until = endDateTime ? [`until ${endDateTime}`] : [];
  const all = [...remarks, ...limited, ...until];
  return [all.length === 0 ? who : `${who} (${all.join(", ")})`];
}

function called(principal: DirectoryObject): string {
  const isGroup = principal["@odata.type"] === "#microsoft.graph.group";
  return isGroup ? `everybody in the group '${principal.displayName ?? principal.id}'` : nameOf(principal);
}

/** What a role is limited to, in words; undefined where that is none of the environment's. An administrative unit may hold its people. */
function limitOf(scope: string, own: OwnObjects): string[] | undefined {
  if (scope === "/") {
    return [];
  }
  if (scope.startsWith("/administrativeUnits/")) {
    return [`in the administrative unit ${scope.slice("/administrativeUnits/".length)}`];
  }
  const object = [...own.groups, ...own.applications].find(({ id }) => scope === `/${id}`);
  return object === undefined ? undefined : [`for '${object.displayName}' alone`];
}

async function permittedApplications(client: DirectoryClient): Promise<MayChange[]> {
  const query = new URLSearchParams({ $filter: `appId eq '${graphAppId}'`, $select: "id,appRoles" });
  const [graph] = await pages(client, `/v1.0/servicePrincipals?${query.toString()}`, graphItselfSchema);
  if (graph === undefined) {
    return [];
  }
  const granted = await pages(client, `/v1.0/servicePrincipals/${graph.id}/appRoleAssignedTo?$top=${pageSize}`, grantedSchema);
  return changingPermissions.map((permission) => {
    const role = graph.appRoles.find(({ value }) => value === permission)?.id;
    const who = granted
      .filter(({ appRoleId }) => appRoleId === role)
      .map(({ principalDisplayName, principalId }) => `app '${principalDisplayName ?? "(no name)"}' (${principalId})`);
    return { what: `tenant: permission ${permission} on Microsoft Graph`, who: who.sort(compareText) };
  });
}
