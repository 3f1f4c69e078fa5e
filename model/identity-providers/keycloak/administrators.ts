import { z } from "zod";
import { compareText } from "../../text";
import { found, shaped, UnreadableDirectoryError, type DirectoryClient, type MayChange } from "../directory";
import { clientNamed } from "./clients";
import { pages } from "./pages";

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

/** The realm that administers the others: there each of them has a client of its own with the roles of its realm-management. */
const master = "master";

/**
 * Who may change people, groups and clients of the realm: whoever holds a role of realm-management that can, by itself, through a realm role
 * that contains it, or through a group; and the fine-grained permissions that are set. From the realm `master` the same roles are held at the
 * client `<realm>-realm`; they are read with credentials of that realm alone.
 */
export async function mayChange(client: DirectoryClient, realm: string, realmOfCredentials: string): Promise<MayChange[]> {
  const own = realm === master ? `${master}-realm` : "realm-management";
  const held = await holdersIn(client, realm, own);
  const above = realm !== master && realmOfCredentials === master ? await holdersIn(client, master, `${realm}-realm`) : [];
  return [...held, ...above, ...(await finePermissions(client, adminOf(realm)))];
}

export function adminOf(realm: string): string {
  return `/admin/realms/${encodeURIComponent(realm)}`;
}

async function holdersIn(client: DirectoryClient, realm: string, clientId: string): Promise<MayChange[]> {
  const admin = adminOf(realm);
  const management = (await clientNamed(client, admin, clientId))?.id;
  if (management === undefined) {
    throw new UnreadableDirectoryError(
      "directory_rights",
      `Expected the client ${clientId} in the realm ${realm}, got none.\nFix: the credentials need view-clients there.`,
    );
  }
  const composites = await compositeRoles(client, admin, management);
  const held: MayChange[] = [];
  const there = await pages(client, `${admin}/clients/${management}/roles`, rolesSchema, pageSize);
  // Not every version has each of them, nor has a realm's client in master a realm-admin.
  for (const role of changing.filter((name) => there.some((one) => one.name === name))) {
    const holders = await holdersOf(client, `${admin}/clients/${management}/roles/${role}`);
    const through: string[] = [];
    for (const name of composites.get(role) ?? []) {
      const those = await holdersOf(client, `${admin}/roles/${encodeURIComponent(name)}`);
      through.push(...those.map((who) => `${who} (through the realm role ${name})`));
    }
    held.push({ what: `realm${realm === master ? ` ${master}` : ""}: ${role}`, who: [...holders, ...through].sort(compareText) });
  }
  return held.filter(({ who }) => who.length > 0);
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
async function finePermissions(client: DirectoryClient, admin: string): Promise<MayChange[]> {
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
  const set: MayChange[] = [];
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
