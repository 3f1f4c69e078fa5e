import type { EnvironmentDocument } from "../../../model";
import type { RbacState } from "../../../verifier/rbac";

/**
 * What about who becomes whom cannot be compared: another issuer, or another claim, can name anybody. Another prefix can: subjects are
 * compared by what tokens carry. Pure.
 */
export function mappingReasons(before: EnvironmentDocument | undefined, after: EnvironmentDocument): string[] {
  if (before === undefined) {
    return [];
  }
  return Object.entries(after.platforms).flatMap(([name, is]) => {
    const was = before.platforms[name];
    if (was === undefined) {
      return [];
    }
    const changed = (what: string, old: string, now: string): string[] =>
      old === now ? [] : [`${name}: the ${what} changes from '${old}' to '${now}': whom tokens then name cannot be told from rules.`];
    return [
      ...changed("issuer", was.issuer, is.issuer),
      ...changed("username claim", was.username.claim, is.username.claim),
      ...changed("groups claim", was.groups.claim, is.groups.claim),
      ...changed("source of groups", was.groupsFrom, is.groupsFrom),
    ];
  });
}

/**
 * A platform that puts another prefix before names: whoever was `<old>x` becomes `<new>x`. Gives the pairs that matter, one for each
 * subject that is bound under the new prefix.
 */
export function renamedSubjects(
  before: EnvironmentDocument | undefined,
  after: EnvironmentDocument,
  bound: RbacState,
): { readonly who: string; readonly was: string; readonly is: string }[] {
  const names = new Set(bound.bindings.flatMap(({ subjects }) => subjects.map(({ kind, name }) => `${kind} ${name}`)));
  return Object.entries(after.platforms).flatMap(([platform, is]) => {
    const was = before?.platforms[platform];
    if (was === undefined) {
      return [];
    }
    const pairs = (kind: "User" | "Group", old: string, now: string) =>
      old === now
        ? []
        : [...names].flatMap((subject) => {
            const value = subject.startsWith(`${kind} ${now}`) ? subject.slice(kind.length + 1 + now.length) : "";
            return value === "" ? [] : [{ who: `whoever ${platform} knows as '${value}'`, was: `${kind} ${old}${value}`, is: subject }];
          });
    const plain = (prefix: string): string => (prefix === "-" ? "" : prefix);
    return [
      ...pairs("Group", was.groups.prefix, is.groups.prefix),
      ...pairs("User", plain(was.username.prefix), plain(is.username.prefix)),
    ];
  });
}
