/** What Keycloak's admin API says of a client and of what surrounds it, for `gatehouse adopt`. Paths are below the realm. */
import { z } from "zod";
import { askFor, type AskManagement } from "../../adoption";
import { UnreadableDirectoryError } from "../../directory";

const flag = z.boolean().nullish();
const texts = z.array(z.string()).nullish();

const mapperSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  protocolMapper: z.string(),
  config: z.record(z.string(), z.unknown()).nullish(),
});
export type Mapper = z.infer<typeof mapperSchema>;

const clientSchema = z.looseObject({
  id: z.string(),
  clientId: z.string(),
  name: z.string().nullish(),
  // Whoever may list clients and see none of them gets ids alone.
  enabled: z.boolean(),
  protocol: z.string().nullish(),
  publicClient: flag,
  bearerOnly: flag,
  standardFlowEnabled: flag,
  implicitFlowEnabled: flag,
  directAccessGrantsEnabled: flag,
  serviceAccountsEnabled: flag,
  authorizationServicesEnabled: flag,
  fullScopeAllowed: flag,
  consentRequired: flag,
  clientAuthenticatorType: z.string().nullish(),
  rootUrl: z.string().nullish(),
  redirectUris: texts,
  webOrigins: texts,
  attributes: z.record(z.string(), z.string().nullish()).nullish(),
  authenticationFlowBindingOverrides: z.record(z.string(), z.string()).nullish(),
  protocolMappers: z.array(mapperSchema).nullish(),
  defaultClientScopes: texts,
  optionalClientScopes: texts,
});
export type Client = z.infer<typeof clientSchema>;

const scopeSchema = z.looseObject({ name: z.string(), protocolMappers: z.array(mapperSchema).nullish() });
export type ClientScope = z.infer<typeof scopeSchema>;

const roleSchema = z.looseObject({ id: z.string(), name: z.string(), composite: flag });
export type Role = z.infer<typeof roleSchema>;

const realmSchema = z.looseObject({ accessTokenLifespan: z.number() });
const flowSchema = z.looseObject({ alias: z.string() });

interface GroupTree {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly subGroups?: readonly GroupTree[] | null;
}
const groupSchema: z.ZodType<GroupTree> = z.looseObject({
  id: z.string(),
  name: z.string(),
  path: z.string(),
  get subGroups() {
    return z.array(groupSchema).nullish();
  },
});
export type Group = Pick<GroupTree, "id" | "name" | "path">;

const userSchema = z.looseObject({ id: z.string(), username: z.string(), email: z.string().nullish() });
export type User = z.infer<typeof userSchema>;

/** Where an answer stands that somebody else fetched: what names it, without what a file's name cannot have. */
function fileOf(kind: string, name: string): string {
  return `keycloak-${kind}-${name.replace(/[^A-Za-z0-9@._-]/g, "_")}.json`;
}

/** @throws UnreadableDirectoryError that names the missing role where the account sees that there is a client, and not what it is */
export async function askClient(ask: AskManagement, clientId: string): Promise<Client | undefined> {
  const question = { path: `/clients?${new URLSearchParams({ clientId }).toString()}`, file: "keycloak-client.json" };
  // The look-up takes a part of the name for a match on some versions.
  const listed = (await askFor(ask, question, z.array(z.looseObject({ clientId: z.string() })), [])).find(
    (one) => one.clientId === clientId,
  );
  if (listed === undefined) {
    return undefined;
  }
  const client = clientSchema.safeParse(listed);
  if (!client.success) {
    throw new UnreadableDirectoryError(
      "directory_rights",
      `Expected Keycloak to show the client ${clientId} as it is, got less (${question.file}).\nFix: give the account the client role view-clients of realm-management.`,
    );
  }
  return client.data;
}

export function askScopes(ask: AskManagement): Promise<ClientScope[]> {
  return askFor(ask, { path: "/client-scopes", file: "keycloak-client-scopes.json" }, z.array(scopeSchema));
}

/** How long tokens of the realm are valid, in seconds. */
export async function askTokenLifetime(ask: AskManagement): Promise<number> {
  const realm = realmSchema.safeParse(await ask({ path: "", file: "keycloak-realm.json" }));
  if (!realm.success) {
    throw new UnreadableDirectoryError(
      "directory_rights",
      "Expected Keycloak to show the realm's accessTokenLifespan (keycloak-realm.json), got less.\nFix: give the account the client role view-realm of realm-management.",
    );
  }
  return realm.data.accessTokenLifespan;
}

export async function askFlowAlias(ask: AskManagement, id: string): Promise<string> {
  const question = { path: `/authentication/flows/${encodeURIComponent(id)}`, file: "keycloak-flow.json" };
  return (await askFor(ask, question, flowSchema)).alias;
}

export function askRoles(ask: AskManagement, client: Client): Promise<Role[]> {
  return askFor(ask, { path: `/clients/${client.id}/roles`, file: "keycloak-roles.json", paged: true }, z.array(roleSchema), []);
}

/** The groups that hold a role of the client themselves. */
export function askHolders(ask: AskManagement, client: Client, role: string): Promise<Group[]> {
  const path = `/clients/${client.id}/roles/${encodeURIComponent(role)}/groups`;
  return askFor(ask, { path, file: fileOf("role-groups", role), paged: true }, z.array(groupSchema), []);
}

export async function askGroupAt(ask: AskManagement, path: string): Promise<Group[]> {
  const segments = path.split("/").filter((segment) => segment !== "");
  const answer = await ask({
    path: `/group-by-path/${segments.map(encodeURIComponent).join("/")}`,
    file: fileOf("group", segments.join("/")),
  });
  const group = groupSchema.safeParse(answer);
  return group.success && group.data.path === path ? [group.data] : [];
}

/** Every group of a name, wherever it stands: the search gives each below its parents. */
export async function askGroupsNamed(ask: AskManagement, name: string): Promise<Group[]> {
  const query = new URLSearchParams({ search: name, exact: "true" }).toString();
  const question = {
    path: `/groups?${query}`,
    file: fileOf("groups", name),
    among: { file: "keycloak-groups.json" },
    paged: true,
  } as const;
  const trees = await askFor(ask, question, z.array(groupSchema), []);
  const below = (group: GroupTree): GroupTree[] => [group, ...(group.subGroups ?? []).flatMap(below)];
  return trees.flatMap(below).filter((group) => group.name === name);
}

/** Where all people stand together that somebody fetched. */
const allUsers = "keycloak-users.json";

/** @param attribute `id`, `username` or `email` */
export async function askUsers(ask: AskManagement, attribute: "id" | "username" | "email", value: string): Promise<User[]> {
  if (attribute === "id") {
    const among = { file: allUsers, value, properties: ["id"] };
    const user = userSchema.safeParse(await ask({ path: `/users/${encodeURIComponent(value)}`, file: fileOf("user", value), among }));
    return user.success ? [user.data] : [];
  }
  const query = new URLSearchParams({ [attribute]: value, exact: "true" }).toString();
  const question = { path: `/users?${query}`, file: fileOf("users", value), among: { file: allUsers }, paged: true } as const;
  const found = await askFor(ask, question, z.array(userSchema), []);
  return found.filter((user) => user[attribute] === value);
}
