import { compareText } from "../../text/stable-order";
import { describeReceived, type Problem } from "../../text/problems";
import { isReservedGroupName } from "../../text/trusted-names";
import type { DescribedGroup } from "../definition";

/** How Keycloak's tokens name groups. */
export type KeycloakGroupClaims = "granted" | "paths" | "insecureNames";

/** The last part of a group's path. */
export function leafOf(name: string): string {
  return name.split("/").at(-1) ?? "";
}

/**
 * What a token carries for a group.
 * @param name the path of a group that is there already, or the name of a made one, which stands at the top
 */
export function keycloakClaimValue(claims: KeycloakGroupClaims, name: string): string {
  return claims === "paths" ? (name.startsWith("/") ? name : `/${name}`) : leafOf(name);
}

/** What Keycloak, or its provider, would not find or would take for another group. Paths begin at `gatehouse:groups`. */
export function keycloakGroupProblems(claims: KeycloakGroupClaims, groups: Readonly<Record<string, DescribedGroup>>): Problem[] {
  const values = new Map<string, string>();
  return Object.entries(groups)
    .sort(([left], [right]) => compareText(left, right))
    .flatMap(([key, group]): Problem[] => {
      const fault = pathFault(group);
      if (fault !== undefined) {
        return [{ path: [key, group.existing === undefined ? "displayName" : "existing"], ...fault }];
      }
      const value = keycloakClaimValue(claims, group.existing ?? group.displayName ?? "");
      const earlier = values.get(value);
      values.set(value, key);
      return earlier === undefined ? memberProblems(key, group) : [sameValue(claims, key, value, earlier)];
    });
}

/** Two groups for which tokens carry one text: whoever is in one would hold the grants of both. */
function sameValue(claims: KeycloakGroupClaims, key: string, value: string, earlier: string): Problem {
  const received = `${describeReceived(value, [])}, which is also that of '${earlier}'`;
  return claims === "paths"
    ? {
        path: [key],
        expected: "a path that no other group of the environment has: a made group stands at the top",
        received,
        fix: "use one key for it in all grants, or give the group another name",
      }
    : {
        path: [key],
        expected: "a name that no other group of the environment has under another parent: tokens carry the name without its path",
        received,
        fix: "write idp.groupClaims: paths, so that tokens carry the whole path",
      };
}

function pathFault(group: DescribedGroup): Omit<Problem, "path"> | undefined {
  if (group.existing === undefined) {
    // A top-level group `a/b` and a group b inside of a have one path, in the API and in tokens.
    return (group.displayName ?? "").includes("/")
      ? {
          expected: "a name without a slash, which Keycloak cannot tell from a path",
          received: describeReceived(group.displayName, []),
          fix: "give the group another name",
        }
      : undefined;
  }
  const { existing } = group;
  if (!existing.startsWith("/")) {
    return {
      expected: "the path of the group, beginning with a slash: by its name alone another group of that name would be found",
      received: describeReceived(existing, []),
      fix: `write /${existing}, or the path that Keycloak's admin console shows`,
    };
  }
  if (
    existing
      .split("/")
      .slice(1)
      .some((part) => part === "")
  ) {
    return { expected: "a path of names with one slash before each", received: describeReceived(existing, []) };
  }
  const leaf = leafOf(existing);
  return isReservedGroupName(leaf)
    ? {
        expected: "a group of this environment's own; names beginning with system: or k10:, and Everyone, are refused",
        received: describeReceived(existing, []),
        fix: "make a group for the people who need the access, and grant to that",
      }
    : undefined;
}

function memberProblems(key: string, group: DescribedGroup): Problem[] {
  return (group.members ?? []).flatMap((member, position): Problem[] => {
    const fault = keycloakNameFault(member);
    return fault === undefined ? [] : [{ path: [key, "members", position], ...fault }];
  });
}

/** The provider compares user names byte for byte with what Keycloak keeps, which is lower case, and only says so during an update. */
export function keycloakNameFault(name: string): Omit<Problem, "path"> | undefined {
  return name === name.toLowerCase()
    ? undefined
    : {
        expected: "a user name in lower case, as Keycloak keeps it",
        received: describeReceived(name, []),
        fix: `write ${name.toLowerCase()}`,
      };
}
