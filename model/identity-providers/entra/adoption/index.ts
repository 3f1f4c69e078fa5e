/**
 * How an app registration of Entra ID that was made by hand is read: `graph.ts` asks for it, `judgement.ts` says what a stack makes of it.
 * Nothing here changes anything, and nothing knows a platform.
 */
import { z } from "zod";
import type { ImportedResource } from "../../../platforms/adoption";
import { guidPattern } from "../../../text/guid";
import type { Problem } from "../../../text/problems";
import type {
  AskManagement,
  FoundClient,
  FoundGroup,
  FoundHolders,
  FoundPerson,
  IdentityProviderAdoption,
  WantedClient,
} from "../../adoption";
import { openGraph } from "../directory";
import { directoryRoles } from "../directory-roles";
import { readGraph } from "../graph";
import {
  applicationSchema,
  filterByAppId,
  groupSchema,
  listOf,
  readGrantedRoles,
  readSurroundings,
  userSchema,
  type Application,
  type GrantedRole,
  type Surroundings,
} from "./graph";
import { carriesGroup, defaultAccess, firstEnd, problemsOf, remarksOf, settingsOf } from "./judgement";

const vendorHosts = /^https:\/\/(login\.microsoftonline\.(com|us)|login\.partner\.microsoftonline\.cn|sts\.windows\.net)(\/|$)/;
const publicCloud = "https://login.microsoftonline.com";
/** An app registration of Entra ID with its service principal, and what the tenant's Conditional Access asks of it. */
export const entraAdoption: IdentityProviderAdoption = {
  isIssuer: (issuer) => vendorHosts.test(issuer),
  settings: (issuer) => {
    const { origin, pathname } = new URL(issuer);
    return { tenantId: pathname.split("/")[1], ...(origin === publicCloud ? {} : { authority: origin }) };
  },
  open: async (source) => {
    const client = await openGraph(source);
    return async ({ path }) => (await readGraph(client, path))?.body;
  },
  client: readClient,
  people: findPeople,
};

async function groupOfId(ask: AskManagement, id: string): Promise<FoundGroup[]> {
  // Tokens carry ids in small letters; RBAC tells them from large ones.
  if (!guidPattern.test(id) || id !== id.toLowerCase()) {
    return [];
  }
  const among = { file: "entra-groups.json", value: id, properties: ["id"] };
  const path = `/v1.0/groups/${id}?$select=id,displayName,securityEnabled`;
  const answer = await ask({ path, file: `entra-group-${id}.json`, among });
  const group = groupSchema.safeParse(answer);
  return group.success ? [asGroup(group.data)] : [];
}

/** By its name; Graph's comparison does not see capitals, and OpenUnison's does. */
async function groupsNamed(ask: AskManagement, name: string): Promise<FoundGroup[]> {
  const filter = `$filter=${encodeURIComponent(`displayName eq '${name.replace(/'/g, "''")}'`)}`;
  const file = "entra-groups.json";
  const answer = await ask({ path: `/v1.0/groups?${filter}&$select=id,displayName,securityEnabled`, file });
  return listOf(answer, groupSchema, file)
    .filter(({ displayName }) => displayName === name)
    .map((group) => ({ ...asGroup(group), existing: group.displayName }));
}

const noSecurityGroup = {
  which: "is no security group: Entra ID assigns those alone to an app",
  fix: "make a security group of the same people, bind it to the same roles, and delete this binding",
};

function asGroup({ id, displayName, securityEnabled }: z.infer<typeof groupSchema>): FoundGroup {
  return {
    ...{ id, existing: id, name: displayName },
    ...(securityEnabled === false ? { fault: noSecurityGroup } : {}),
  };
}

/** By the claims whose values the directory knows; `sub` is another for each client, and nobody can look it up. */
async function findPeople(ask: AskManagement, claim: string, value: string): Promise<FoundPerson[] | undefined> {
  const select = "$select=id,userPrincipalName";
  if (claim === "email") {
    const filter = `$filter=${encodeURIComponent(`mail eq '${value.replace(/'/g, "''")}'`)}`;
    const answer = await ask({ path: `/v1.0/users?${filter}&${select}`, file: "entra-users.json" });
    const found = listOf(answer, z.intersection(userSchema, z.looseObject({ mail: z.string().nullish() })), "entra-users.json");
    return found.filter(({ mail }) => mail === undefined || mail?.toLowerCase() === value.toLowerCase()).map(asPerson);
  }
  if (!["oid", "upn", "preferred_username"].includes(claim)) {
    return undefined;
  }
  const file = `entra-user-${value.replace(/[^A-Za-z0-9@._-]/g, "_")}.json`;
  const among = { file: "entra-users.json", value, properties: ["id", "userPrincipalName"] };
  const user = userSchema.safeParse(await ask({ path: `/v1.0/users/${encodeURIComponent(value)}?${select}`, file, among }));
  return user.success ? [asPerson(user.data)] : [];
}

/** Admin consent that was given already: the same role cannot be given twice (components/identity-providers/entra/directory-reads.ts). */
function consents(component: string, granted: readonly GrantedRole[]): ImportedResource[] {
  return Object.entries(directoryRoles).flatMap(([key, { id }]) =>
    granted
      .filter(({ appRoleId }) => appRoleId === id)
      .map((role) => ({
        type: assignmentType,
        name: `${component}-reads-${key}`,
        id: `/servicePrincipals/${role.resourceId}/appRoleAssignedTo/${role.id}`,
        parent: component,
      })),
  );
}

function asPerson({ id, userPrincipalName }: z.infer<typeof userSchema>): FoundPerson {
  return { id, login: userPrincipalName };
}

async function readClient(ask: AskManagement, wanted: WantedClient): Promise<FoundClient> {
  const { platform, clientId } = wanted;
  const question = { path: `/v1.0/applications?${filterByAppId(clientId)}`, file: "entra-application.json" };
  const found = listOf(await ask(question), applicationSchema, question.file).filter(({ appId }) => appId === clientId.toLowerCase());
  const [app] = found;
  if (app === undefined || found.length > 1) {
    return { ...noClient, problems: [noApplication(clientId, found.length)] };
  }
  const around = await readSurroundings(ask, app, clientId);
  const { principal, assignments } = around;
  const groups = assignments.filter(({ principalType }) => principalType === "Group");
  const component = `${platform}-app`;
  return {
    label: app.displayName,
    settings: settingsOf(app, around),
    redirectUris: [app.web, app.spa, app.publicClient].flatMap((kind) => kind?.redirectUris ?? []),
    secretEndsOn: firstEnd(app, wanted.today),
    ...(principal?.appRoleAssignmentRequired === true
      ? {
          assigned: groups.map(({ principalId, principalDisplayName }) => ({
            id: principalId,
            existing: principalId,
            name: principalDisplayName ?? principalId,
          })),
        }
      : {}),
    // Each assignment is a resource of its own.
    keepsAssignments: true,
    groups: (value) => (wanted.readsDirectory === true ? groupsNamed(ask, value) : groupOfId(ask, value)),
    carries: ({ id }) => wanted.readsDirectory === true || (wanted.groupsClaim === "groups" && carriesGroup(app, groups, id)),
    resources: async (holders) => [
      ...resourcesOf(component, app, around, holders),
      ...(wanted.readsDirectory === true ? consents(component, await readGrantedRoles(ask, principal)) : []),
    ],
    remarks: remarksOf(app, around),
    problems: problemsOf(app, around, wanted),
  };
}

const noClient: FoundClient = {
  ...{ label: "", settings: {}, redirectUris: [], keepsAssignments: true, remarks: [], problems: [] },
  groups: () => Promise.resolve([]),
  carries: () => false,
  resources: () => Promise.resolve([]),
};

function noApplication(clientId: string, count: number): Problem {
  return {
    path: ["client"],
    expected: `one app registration of the tenant with the client id ${clientId}, which the platform uses`,
    received: count === 0 ? "none" : `${count}`,
    fix: "use credentials of the tenant that the issuer names; with files, give the answer for that app",
  };
}

const assignmentType = "azuread:index/appRoleAssignment:AppRoleAssignment";

/** Ids as the provider imports them (terraform-provider-azuread, docs/resources/application.md, service_principal.md, app_role_assignment.md). */
function resourcesOf(
  component: string,
  app: Application,
  { principal, assignments }: Surroundings,
  { groups, people }: FoundHolders,
): ImportedResource[] {
  const holders = [
    ...Object.entries(groups).map(([key, { id }]) => ({ name: `${component}-group-${key}`, id })),
    ...people.map(({ login, id }) => ({ name: `${component}-user-${login}`, id })),
  ];
  const type = assignmentType;
  const below = `/servicePrincipals/${principal?.id ?? ""}`;
  return [
    { type: "gatehouse:index:EntraApplication", name: component },
    { type: "azuread:index/application:Application", name: component, id: `/applications/${app.id}`, parent: component },
    { type: "azuread:index/servicePrincipal:ServicePrincipal", name: `${component}-principal`, id: below, parent: component },
    ...holders.flatMap(({ name, id }) =>
      assignments
        .filter(({ principalId, appRoleId }) => principalId === id && appRoleId === defaultAccess)
        .map((assignment) => ({ type, name, id: `${below}/appRoleAssignedTo/${assignment.id}`, parent: component })),
    ),
  ];
}
