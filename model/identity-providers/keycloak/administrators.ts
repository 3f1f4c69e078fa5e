import { z } from "zod";
import { compareText } from "../../text";
import { found, shaped, UnreadableDirectoryError, type Directory, type DirectoryClient } from "../directory";
import { clientNamed } from "./clients";
import { pages } from "./pages";

type MayChange = Awaited<ReturnType<Directory["mayChange"]>>;

const pageSize = 100;

/** Roles of the client realm-management by which somebody changes who is in a group, what a client is, or both (Server Administration Guide, "Realm-specific roles"). */
const changing = [
  "realm-admin",
  "manage-realm",
  "manage-users",
  "manage-clients",
  "manage-authorization",
  "manage-identity-providers",
  "create-client",
  "impersonation",
];

const rolesSchema = z.array(z.looseObject({ id: z.string(), name: z.string(), composite: z.boolean().optional() }));
const peopleSchema = z.array(z.looseObject({ username: z.string() }));
const groupsSchema = z.array(z.looseObject({ path: z.string() }));
const realmSchema = z.looseObject({ adminPermissionsEnabled: z.boolean().nullish() });
const permissionsSchema = z.array(z.looseObject({ id: z.string(), name: z.string() }));

/**
 * Who may change people, groups and clients of the realm: whoever holds a role of realm-management that can, by itself, through a realm role
 * that contains it, or through a group; and the fine-grained permissions that are set. Administrators of the realm `master` are not seen
 * from within another realm.
 */
export async function mayChange(client: DirectoryClient, admin: string): Promise<MayChange> {
  const management = (await clientNamed(client, admin, "realm-management"))?.id;
  if (management === undefined) {
    throw new UnreadableDirectoryError(
      "directory_rights",
      "Expected the client realm-management in the realm, got none.\nFix: where it is the realm master, read it from another; else the credentials need view-clients.",
    );
  }
  const composites = await compositeRoles(client, admin, management);
  const held: MayChange = [];
  for (const role of changing) {
    const holders = await holdersOf(client, `${admin}/clients/${management}/roles/${role}`);
    const through: string[] = [];
    for (const name of composites.get(role) ?? []) {
      const those = await holdersOf(client, `${admin}/roles/${encodeURIComponent(name)}`);
      through.push(...those.map((who) => `${who} (through the realm role ${name})`));
    }
    held.push({ what: `realm: ${role}`, who: [...holders, ...through].sort(compareText) });
  }
  return [...held.filter(({ who }) => who.length > 0), ...(await finePermissions(client, admin))];
}

/** Realm roles that contain one of the changing roles, by that role. */
async function compositeRoles(client: DirectoryClient, admin: string, management: string): Promise<Map<string, string[]>> {
  const containing = new Map<string, string[]>();
  for (const { id, name, composite } of await pages(client, `${admin}/roles`, rolesSchema, pageSize)) {
    if (composite !== true) {
      continue;
    }
    const path = `${admin}/roles-by-id/${encodeURIComponent(id)}/composites/clients/${management}`;
    for (const inner of shaped(rolesSchema, found(await client.get(path), path), "the roles in a role")) {
      containing.set(inner.name, [...(containing.get(inner.name) ?? []), name]);
    }
  }
  return containing;
}

async function holdersOf(client: DirectoryClient, role: string): Promise<string[]> {
  const people = await pages(client, `${role}/users`, peopleSchema, pageSize);
  const groups = await pages(client, `${role}/groups`, groupsSchema, pageSize);
  return [...people.map(({ username }) => username), ...groups.map(({ path }) => `everybody in the group ${path}`)];
}

/** Fine-grained admin permissions are policies of the client admin-permissions, where the realm has switched them on (Keycloak 26.2). */
async function finePermissions(client: DirectoryClient, admin: string): Promise<MayChange> {
  const realm = shaped(realmSchema, found(await client.get(admin), "the realm"), "the realm");
  if (realm.adminPermissionsEnabled !== true) {
    return [];
  }
  const id = (await clientNamed(client, admin, "admin-permissions"))?.id;
  if (id === undefined) {
    throw new UnreadableDirectoryError(
      "directory_rights",
      "Expected the client admin-permissions of a realm with fine-grained admin permissions, got none.\nFix: the credentials need view-clients.",
    );
  }
  const server = `${admin}/clients/${id}/authz/resource-server`;
  const set: MayChange = [];
  for (const permission of await pages(client, `${server}/permission`, permissionsSchema, pageSize)) {
    const path = `${server}/policy/${encodeURIComponent(permission.id)}/associatedPolicies`;
    const policies = shaped(permissionsSchema, found(await client.get(path), path), "the policies of a permission");
    set.push({
      what: `fine-grained permission '${permission.name}'`,
      who: policies.map(({ name }) => `whoever the policy '${name}' names`).sort(compareText),
    });
  }
  return set;
}
