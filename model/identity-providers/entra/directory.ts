import { z } from "zod";
import { jsonOrNothing } from "../../text/printable";
import {
  DirectoryClient,
  found,
  shaped,
  UnreadableDirectoryError,
  type Directory,
  type DirectoryDefinition,
  type DirectoryMembers,
  type DirectoryPerson,
  type DirectorySignIn,
  type NewestSecret,
  type DirectorySource,
} from "../directory";
import { administrators, needsLicense } from "./administrators";
import { nameOf, objectSchema, pages, pageSize, type DirectoryObject } from "./graph";

const groupSchema = z.looseObject({ displayName: z.string() });
const applicationsSchema = z.array(
  z.looseObject({
    id: z.string(),
    displayName: z.string().nullish(),
    passwordCredentials: z.array(
      z.looseObject({
        displayName: z.string().nullish(),
        startDateTime: z.string().nullish(),
        endDateTime: z.string().nullish(),
        hint: z.string().nullish(),
      }),
    ),
  }),
);
const names = z.array(z.string()).nullish();
const policiesSchema = z.array(
  z.looseObject({
    displayName: z.string(),
    state: z.string(),
    conditions: z.looseObject({
      applications: z.looseObject({ includeApplications: names, excludeApplications: names }).nullish(),
      users: z.looseObject({ excludeUsers: names, excludeGroups: names, excludeRoles: names }).nullish(),
    }),
    grantControls: z.looseObject({ builtInControls: names }).nullish(),
  }),
);

/** Graph beside each cloud's sign-in (learn.microsoft.com/graph/deployments). */
const graphs: Readonly<Record<string, string>> = {
  "login.microsoftonline.com": "https://graph.microsoft.com",
  "login.microsoftonline.us": "https://graph.microsoft.us",
  "login.partner.microsoftonline.cn": "https://microsoftgraph.chinacloudapi.cn",
};

/** Groups within groups that are followed; a circle ends by itself. */
const deepest = 50;

export const entraDirectory: DirectoryDefinition = {
  credentials:
    "ARM_CLIENT_ID and ARM_CLIENT_SECRET of an application with the permissions GroupMember.Read.All, User.Read.All, Application.Read.All, Policy.Read.All and RoleManagement.Read.Directory, or GATEHOUSE_GRAPH_TOKEN (az account get-access-token --resource-type ms-graph)",
  secretVariables: ["ARM_CLIENT_SECRET", "GATEHOUSE_GRAPH_TOKEN"],
  open: async (source) => entraReader(await openGraph(source)),
};

/** Microsoft Graph with whichever credentials are there. @throws UnreadableDirectoryError where there are none */
export async function openGraph(source: DirectorySource): Promise<DirectoryClient> {
  const graph = await graphOf(source);
  const token = source.variable("GATEHOUSE_GRAPH_TOKEN") ?? (await requestToken(source, graph));
  return new DirectoryClient(source, graph, { authorization: `Bearer ${token}` }, rightsFor, needsLicense);
}

function rightsFor(path: string): string {
  const rights = [
    ["/conditionalAccess/", "Policy.Read.All"],
    ["/roleManagement/", "RoleManagement.Read.Directory"],
    ["/applications", "Application.Read.All"],
    ["/servicePrincipals", "Application.Read.All"],
  ] as const;
  const right = rights.find(([part]) => path.includes(part))?.[1] ?? "GroupMember.Read.All and User.Read.All";
  return `the credentials need ${right}: ${entraDirectory.credentials}.`;
}

/** Graph's address; a cloud of another name says it in its metadata, as the provider's plugin asks it. */
async function graphOf(source: DirectorySource): Promise<string> {
  const host = source.variable("ARM_METADATA_HOSTNAME") ?? new URL(source.issuer).host;
  const known = graphs[host];
  if (known !== undefined) {
    return known;
  }
  const metadata = new DirectoryClient(source, `https://${host}`, {}, () => "check ARM_METADATA_HOSTNAME.");
  const path = "/metadata/endpoints?api-version=2022-09-01";
  const schema = z.looseObject({ microsoftGraphResourceId: z.string() });
  return shaped(schema, found(await metadata.get(path), "the cloud's metadata"), "the cloud's metadata").microsoftGraphResourceId.replace(
    /\/+$/,
    "",
  );
}

async function requestToken(source: DirectorySource, graph: string): Promise<string> {
  const [clientId = "", clientSecret = ""] = ["ARM_CLIENT_ID", "ARM_CLIENT_SECRET"].map(source.variable);
  if (clientId === "" || clientSecret === "") {
    throw new UnreadableDirectoryError(
      "directory_credentials",
      `Expected credentials for Microsoft Graph, got none.\nFix: set ${entraDirectory.credentials}.`,
    );
  }
  const form = { client_id: clientId, client_secret: clientSecret, grant_type: "client_credentials", scope: `${graph}/.default` };
  const endpoint = source.issuer.replace(/\/v2\.0$/, "/oauth2/v2.0/token");
  const response = await source
    .fetch(endpoint, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(form).toString(),
    })
    .catch(() => undefined);
  const answer =
    response === undefined ? undefined : z.looseObject({ access_token: z.string() }).safeParse(jsonOrNothing(await response.text()));
  if (answer?.success !== true) {
    throw new UnreadableDirectoryError(
      "directory_credentials",
      `Expected an access token for Microsoft Graph from ${endpoint}, got ${response === undefined ? "no answer" : `status ${response.status}`}.\nFix: set ${entraDirectory.credentials}.`,
    );
  }
  return answer.data.access_token;
}

function entraReader(client: DirectoryClient): Directory {
  return {
    address: client.address,
    clock: () => client.clock(),
    members: ({ id }) => members(client, id),
    signIn: (clientId) => signIn(client, clientId),
    newestSecret: (clientId) => newestSecret(client, clientId),
    mayChange: (groups, clientIds) => mayChange(client, groups, clientIds),
  };
}

async function mayChange(client: DirectoryClient, ...[groups, clientIds]: Parameters<Directory["mayChange"]>) {
  const apps: { id: string; displayName: string }[] = [];
  for (const clientId of clientIds) {
    apps.push(...(await applications(client, clientId)).map(({ id, displayName }) => ({ id, displayName: displayName ?? clientId })));
  }
  const owned: { what: string; who: string[] }[] = [];
  for (const { id, displayName } of groups) {
    owned.push({ what: `group '${displayName}' (owners)`, who: await owners(client, `/v1.0/groups/${id}`) });
  }
  for (const { id, displayName } of apps) {
    owned.push({ what: `application '${displayName}' (owners)`, who: await owners(client, `/v1.0/applications/${id}`) });
  }
  return [...owned, ...(await administrators(client, { groups, applications: apps }))];
}

async function owners(client: DirectoryClient, path: string): Promise<string[]> {
  const objects = await pages(client, `${path}/owners?$top=${pageSize}`, z.array(objectSchema));
  return objects.map(nameOf).sort();
}

/** The members by walking from group to group, and Graph's own count of all of them: two ways to one number. */
async function members(client: DirectoryClient, id: string): Promise<DirectoryMembers> {
  const path = `/v1.0/groups/${encodeURIComponent(id)}`;
  const { displayName } = shaped(groupSchema, found(await client.get(`${path}?$select=id,displayName`), `group ${id}`), "a group");
  const reached = await walk(client, id);
  const counted = found(
    await client.get(`${path}/transitiveMembers/$count`, { consistencylevel: "eventual", accept: "text/plain" }),
    `the count of group ${id}`,
  ).body;
  if (!Number.isInteger(Number(counted)) || counted === "") {
    throw new UnreadableDirectoryError(
      "directory_answer",
      `Expected the number of members of group ${id} from Microsoft Graph, got something else.`,
    );
  }
  const entries = [...reached.values()];
  return {
    name: displayName,
    people: entries.filter(({ object }) => kindOf(object) === "user").map(personOf),
    others: entries
      .filter(({ object }) => !["user", "group"].includes(kindOf(object)))
      .map(({ object }) => `${kindOf(object)} ${nameOf(object)}`),
    listed: entries.length,
    counted: Number(counted),
    countedBy: "Microsoft Graph's own count of direct and nested members (transitiveMembers/$count)",
    nesting:
      "Assigned to an app, a group counts for its direct members only; where tokens carry all groups, members of nested groups count too.",
  };
}

interface Reached {
  readonly object: DirectoryObject;
  readonly through: readonly string[];
}

/** Everybody and everything below a group, each once, by the shortest way. */
async function walk(client: DirectoryClient, root: string): Promise<Map<string, Reached>> {
  const reached = new Map<string, Reached>();
  let groups: { id: string; through: string[] }[] = [{ id: root, through: [] }];
  const select = "id,displayName,userPrincipalName,mail,accountEnabled";
  for (let depth = 0; groups.length > 0; depth += 1) {
    if (depth > deepest) {
      throw new UnreadableDirectoryError(
        "directory_answer",
        `Expected at most ${deepest} groups one within the other below ${root}, got more.`,
      );
    }
    const next: typeof groups = [];
    for (const { id, through } of groups) {
      const path = `/v1.0/groups/${encodeURIComponent(id)}/members?$select=${select}&$top=${pageSize}`;
      for (const object of await pages(client, path, z.array(objectSchema))) {
        if (reached.has(object.id) || object.id === root) {
          continue;
        }
        reached.set(object.id, { object, through });
        if (kindOf(object) === "group") {
          next.push({ id: object.id, through: [...through, object.displayName ?? object.id] });
        }
      }
    }
    groups = next;
  }
  return reached;
}

function kindOf(object: DirectoryObject): string {
  return (object["@odata.type"] ?? "").replace("#microsoft.graph.", "");
}

function personOf({ object, through }: Reached): DirectoryPerson {
  const login = object.userPrincipalName ?? object.mail ?? object.id;
  return {
    login,
    id: object.id,
    active: object.accountEnabled !== false,
    ...(through.length > 0 && { through }),
    claims: { oid: object.id, preferred_username: login, upn: login, ...(object.mail && { email: object.mail }) },
  };
}

async function applications(client: DirectoryClient, clientId: string): Promise<z.infer<typeof applicationsSchema>> {
  const query = new URLSearchParams({ $filter: `appId eq '${clientId}'` });
  return pages(client, `/v1.0/applications?${query.toString()}`, applicationsSchema);
}

async function signIn(client: DirectoryClient, clientId: string): Promise<DirectorySignIn> {
  const apps = await applications(client, clientId);
  const policies = await pages(client, "/v1.0/identity/conditionalAccess/policies", policiesSchema);
  const ours = policies.filter(({ conditions: { applications: of } }) => {
    const included = of?.includeApplications ?? [];
    return (included.includes("All") || included.includes(clientId)) && of?.excludeApplications?.includes(clientId) !== true;
  });
  const facts = ours.map(({ displayName, state, conditions, grantControls }) => {
    const { users } = conditions;
    const out = [users?.excludeUsers, users?.excludeGroups, users?.excludeRoles].flatMap((list) => list ?? []);
    const asks = (grantControls?.builtInControls ?? []).join(", ") || "nothing of its own";
    return { what: `Conditional Access '${displayName}'`, value: `${state}, asks for ${asks}, leaves out ${out.join(", ") || "nobody"}` };
  });
  return {
    facts: facts.length === 0 ? [{ what: "Conditional Access", value: "no policy includes this application" }] : facts,
    secrets: apps.flatMap(({ passwordCredentials }) =>
      passwordCredentials.map(({ displayName, endDateTime }) => ({
        what: `client secret '${displayName ?? ""}'`,
        endsAt: endDateTime ?? null,
      })),
    ),
  };
}

/** Graph never shows a secret again; `hint` is its first three characters (learn.microsoft.com/graph/api/resources/passwordcredential). */
async function newestSecret(client: DirectoryClient, clientId: string): Promise<NewestSecret | undefined> {
  const [newest] = (await applications(client, clientId))
    .flatMap(({ passwordCredentials }) => passwordCredentials)
    .sort((left, right) => Date.parse(right.startDateTime ?? "") - Date.parse(left.startDateTime ?? ""));
  const hint = newest?.hint ?? "";
  return hint === "" ? undefined : { by: "its first three characters", matches: (value) => value.startsWith(hint) };
}
