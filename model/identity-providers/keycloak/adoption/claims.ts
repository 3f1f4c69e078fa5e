/** How a client's tokens get their groups today, and which groups those are. */
import { UnreadableDirectoryError } from "../../directory";
import type { AskManagement, FoundGroup } from "../../adoption";
import { leafOf, type KeycloakGroupClaims } from "../groups";
import { askGroupAt, askGroupsNamed, askHolders, type Client, type ClientScope, type Group, type Mapper, type Role } from "./admin";

export const groupMapper = "oidc-group-membership-mapper";
export const roleMapper = "oidc-usermodel-client-role-mapper";

/** A mapper that writes a claim of the ID token. */
export interface Writer {
  readonly mapper: Mapper;
  /** The client scope that it is in; left out for one of the client's own. */
  readonly scope?: string;
}

function setting({ config }: Mapper, key: string): string {
  const value = config?.[key];
  return typeof value === "string" ? value : "";
}

export function writes(mapper: Mapper, claims: readonly string[]): boolean {
  return claims.includes(setting(mapper, "claim.name")) && setting(mapper, "id.token.claim") === "true";
}

/** @param scopes those whose mappers take part in a sign-in of the platform */
export function writersOf(claim: string, client: Client, scopes: readonly ClientScope[]): Writer[] {
  return [
    ...(client.protocolMappers ?? []).map((mapper): Writer => ({ mapper })),
    ...scopes.flatMap(({ name, protocolMappers }) => (protocolMappers ?? []).map((mapper): Writer => ({ mapper, scope: name }))),
  ].filter(({ mapper }) => writes(mapper, [claim]));
}

/** What a stack would call this mapper's way; undefined where it has no word for it. */
function wayOf({ mapper }: Writer, { clientId }: Client): KeycloakGroupClaims | undefined {
  if (mapper.protocolMapper === groupMapper) {
    return setting(mapper, "full.path") === "true" ? "paths" : "insecureNames";
  }
  const isOwn =
    mapper.protocolMapper === roleMapper &&
    setting(mapper, "usermodel.clientRoleMapping.clientId") === clientId &&
    setting(mapper, "usermodel.clientRoleMapping.rolePrefix") === "" &&
    setting(mapper, "multivalued") === "true";
  return isOwn ? "granted" : undefined;
}

/** The one way in which all of them write the claim; undefined where there are several, or one that a stack cannot say. */
export function commonWay(writers: readonly Writer[], client: Client): KeycloakGroupClaims | undefined {
  const ways = new Set(writers.map((writer) => wayOf(writer, client)));
  return ways.size === 1 ? [...ways][0] : undefined;
}

export function describeWriter({ mapper, scope }: Writer): string {
  return `mapper '${mapper.name}' (${mapper.protocolMapper})${scope === undefined ? "" : ` of client scope ${scope}`}`;
}

/** The groups of which a token carries this value. */
export async function groupsCarried(
  ask: AskManagement,
  { way, client, roles }: { readonly way: KeycloakGroupClaims | undefined; readonly client: Client; readonly roles: readonly Role[] },
  value: string,
): Promise<FoundGroup[]> {
  switch (way) {
    case "paths":
      return (await askGroupAt(ask, value)).map((group) => foundGroup(group, value));
    case "insecureNames":
      return (await askGroupsNamed(ask, value)).map((group) => foundGroup(group, value));
    case "granted":
      return groupsOfRole(ask, client, roles, value);
    case undefined:
      return [];
    default:
      throw new UnreadableDirectoryError(
        "directory_answer",
        `Expected a way in which tokens carry groups, got ${String(way satisfies never)}.`,
      );
  }
}

function foundGroup({ id, path }: Group, claimValue: string): FoundGroup {
  return { id, existing: path, name: path, claimValue };
}

async function groupsOfRole(ask: AskManagement, client: Client, roles: readonly Role[], value: string): Promise<FoundGroup[]> {
  const role = roles.find(({ name }) => name === value);
  if (role === undefined) {
    return [];
  }
  const holders = await askHolders(ask, client, value);
  return holders.map((group) => {
    const fault = holders.length > 1 ? sharedRole(role, group, holders) : roleFault(role, roles, leafOf(group.path));
    return { ...foundGroup(group, value), ...(fault === undefined ? {} : { fault }) };
  });
}

/** Tokens of the people of both carry the same value: a binding of it reaches both, and the stack's roles are of one group each. */
function sharedRole(role: Role, { path }: Group, holders: readonly Group[]): FoundGroup["fault"] {
  const others = holders.flatMap((other) => (other.path === path ? [] : [`'${other.path}'`]));
  return {
    which: `shares the role '${role.name}' of the client with ${others.join(", ")}: a stack gives each group a role of its own`,
    fix: "bind each of these groups by a role that is called like it and that it alone holds, then take the shared one away",
  };
}

/** The stack gives each granted group a role of the group's own name. */
function roleFault(role: Role, roles: readonly Role[], own: string): FoundGroup["fault"] {
  if (role.name === own) {
    return role.composite === true
      ? {
          which: `has the role '${own}', which contains other roles: the stack's contains none`,
          fix: "give its holders the roles within by themselves, and take those out of it",
        }
      : undefined;
  }
  return roles.some(({ name }) => name === own)
    ? {
        which: `has the role '${role.name}', while the client has another role of the group's own name, '${own}': who holds that one would gain`,
        fix: `rename the client's role '${own}', or delete it where nobody needs it`,
      }
    : undefined;
}
