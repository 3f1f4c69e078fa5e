/**
 * The expansion of groups into people, for platforms that cannot read groups: who holds which role, through which group,
 * known by which subject, until when. Pure: the identity provider's answers are handed in.
 */
import type { Environment } from "../environment/schema";
import { defaultUsername, holderOf, platformOf, type BindingTarget, type GrantSpec, type PeopleRule } from "../platforms";
import { describeReceived, InvalidEnvironmentError, type Problem } from "../text/problems";
import { compareText } from "../text/stable-order";
import { grantedGroups, grantedUsers, ownerOf } from "./grants";

/** A person as the identity provider knows them. */
export interface KnownPerson {
  /** Sign-in name, an address. */
  readonly login: string;
  /** The identity provider's own id: what the claim that names the person for good (`sub`, at Entra ID `oid`) will be in their tokens. */
  readonly id: string;
}

/** The members of groups, by the group's key; a person with a grant of their own stands alone under `user:` and their sign-in name. */
export type GroupMembers = Readonly<Record<string, readonly KnownPerson[]>>;

/** A binding object of one person. */
export interface PersonBinding extends BindingTarget {
  /** Name of the object. A person holds one role in each place, and the role is part of the name since a roleRef cannot change. */
  readonly name: string;
  /** Who holds the grant that gives it: key of a group, or `user:` and the person's own sign-in name. */
  readonly holder: string;
  readonly role: string;
  /** Who answers for the grant that gives it; undefined: nobody is named. */
  readonly owner?: string;
}

/** A person with everything that they hold on one platform. */
export interface PersonAccess {
  readonly login: string;
  /** `sub` of the person's tokens. */
  readonly subject: string;
  /** The person's user name at the platform. */
  readonly username: string;
  /** The grants that reach the person, in the stack file's order. */
  readonly grants: readonly GrantSpec[];
  /** Sorted by kind, place and name. */
  readonly bindings: readonly PersonBinding[];
}

type PlatformOf = Environment["platforms"][string];

function ruleOf(spec: PlatformOf): PeopleRule | undefined {
  return platformOf(spec).people?.(spec);
}

/** The keys of the groups whose members must be known before an update of this environment. */
export function groupsToExpand(environment: Pick<Environment, "platforms">): string[] {
  const specs = Object.values(environment.platforms).filter((spec) => ruleOf(spec) !== undefined);
  return [...new Set(specs.flatMap(grantedGroups))].sort(compareText);
}

/** The people with a grant of their own, by sign-in name: what their tokens will carry must be known before an update of this environment. */
export function usersToLookUp(environment: Pick<Environment, "platforms">): string[] {
  return [...new Set(Object.values(environment.platforms).flatMap(grantedUsers))].sort(compareText);
}

/** What is wrong with the grants of a platform that takes people one by one, as far as the stack file alone shows it. */
export function peopleProblems(environment: Pick<Environment, "groups" | "platforms">, name: string): Problem[] {
  const spec = environment.platforms[name];
  const rule = spec === undefined ? undefined : ruleOf(spec);
  if (spec === undefined || rule === undefined) {
    return [];
  }
  const unknown = spec.access.flatMap(({ group: key = "" }, position): Problem[] => {
    const group = environment.groups[key];
    return group === undefined || group.members !== undefined || (group.existing !== undefined && rule.snapshotGroups.includes(key))
      ? []
      : [unknownMembers(name, position, key, group.existing !== undefined)];
  });
  const owned = rule.snapshotGroups.flatMap((key, position): Problem[] =>
    environment.groups[key]?.members === undefined
      ? []
      : [
          {
            path: ["platforms", name, "snapshotGroups", position],
            expected: "groups whose members others manage; the stack lists the members of this one",
            received: describeReceived(key, []),
            fix: "remove it from snapshotGroups",
          },
        ],
  );
  const listed = spec.access.map(({ group, user }) => (user === undefined ? environment.groups[group ?? ""]?.members : [user]));
  const declared = new Set(listed.flatMap((logins) => logins ?? []));
  const complete = listed.every((logins) => logins !== undefined);
  return [...unknown, ...owned, ...usernameProblems(name, rule, declared, complete)];
}

/** Who fills the group is not the stack, so its members cannot be known beforehand (an Okta group rule cannot even be seen). */
function unknownMembers(platform: string, position: number, key: string, existing: boolean): Problem {
  const alternatives = existing
    ? `write displayName and members for '${key}' so that the stack owns its membership; or grant to single people (user: <sign-in name>); or, if who joins or leaves may be noticed only at the next up, add it to platforms.${platform}.snapshotGroups`
    : `list members under groups.${key}; or grant to single people (user: <sign-in name>); or make it an existing group and add it to platforms.${platform}.snapshotGroups`;
  return {
    path: ["platforms", platform, "access", position, "group"],
    expected: "a group whose members the stack lists: the platform cannot read groups, so each member is bound by name",
    received: `${describeReceived(key, [])}, which others fill, by hand or by a group rule`,
    fix: alternatives,
  };
}

/** The user name of a person, or what is wrong with it. */
function usernameOf(rule: PeopleRule, login: string): string {
  return rule.usernames[login] ?? defaultUsername(login);
}

function usernameProblems(platform: string, rule: PeopleRule, logins: ReadonlySet<string>, complete: boolean): Problem[] {
  const holders = new Map<string, string>();
  const problems: Problem[] = [];
  const place = (login: string): string[] => ["platforms", platform, "usernames", login];
  for (const login of [...logins].sort(compareText)) {
    const username = usernameOf(rule, login);
    const fix = `write usernames: { ${login}: <another name> }`;
    const earlier = holders.get(username);
    if (!rule.usernamePattern.test(username)) {
      problems.push({
        path: place(login),
        expected: "a user name of at most 32 lower-case letters, digits, dots and inner dashes, no @",
        received: `"${username}", from the sign-in name ${login}`,
        fix,
      });
    } else if (rule.reservedUsernames.includes(username)) {
      problems.push({
        path: place(login),
        expected: `a user name that the platform does not keep for itself (${rule.reservedUsernames.join(", ")})`,
        received: `"${username}"`,
        fix,
      });
    } else if (earlier !== undefined) {
      problems.push({
        path: place(login),
        expected: "a user name of the person's own",
        received: `"${username}", which is ${earlier}'s`,
        fix,
      });
    }
    holders.set(username, login);
  }
  const stray = complete ? Object.keys(rule.usernames).filter((login) => !logins.has(login)) : [];
  return [
    ...problems,
    ...stray.map((login) => ({
      path: place(login),
      expected: "the sign-in name of a member of a group with a grant here",
      received: describeReceived(login, []),
      fix: "correct the spelling, or remove the line",
    })),
  ];
}

/**
 * The people of one platform, sorted by user name; empty for a platform that reads groups.
 * @param members of every group that holds a grant there
 * @throws InvalidEnvironmentError when two people would have one user name, or a name does not fit
 */
export function expandPeople(environment: Pick<Environment, "platforms">, name: string, members: GroupMembers): PersonAccess[] {
  const spec = environment.platforms[name];
  const rule = spec === undefined ? undefined : ruleOf(spec);
  if (spec === undefined || rule === undefined) {
    return [];
  }
  const people = new Map<string, { person: KnownPerson; grants: GrantSpec[] }>();
  for (const grant of spec.access) {
    for (const person of membersOf(members, holderOf(grant))) {
      const entry = people.get(person.login) ?? { person, grants: [] };
      entry.grants.push(grant);
      people.set(person.login, entry);
    }
  }
  // A user name kept for somebody who has left a looked-up group must not stop the update that takes their rights away.
  const problems = usernameProblems(name, rule, new Set(people.keys()), false);
  if (problems.length > 0) {
    throw new InvalidEnvironmentError(problems);
  }
  return [...people.values()]
    .map(({ person, grants }): PersonAccess => {
      const username = usernameOf(rule, person.login);
      return { login: person.login, subject: person.id, username, grants, bindings: bindingsOf(spec, rule, username, grants) };
    })
    .sort((left, right) => compareText(left.username, right.username));
}

function membersOf(members: GroupMembers, key: string): readonly KnownPerson[] {
  const found = members[key];
  if (found === undefined) {
    throw new Error(`Members of group '${key}': expected them to be looked up before, got none.`);
  }
  return found;
}

/** One role in each place, the strongest of those granted: the platform's own pages assume as much, and ignore a second one. */
function bindingsOf(spec: PlatformOf, rule: PeopleRule, username: string, grants: readonly GrantSpec[]): PersonBinding[] {
  const definition = platformOf(spec);
  const rank = Object.keys(definition.roles);
  const strongest = new Map<string, PersonBinding>();
  const [first] = grants;
  const base: GrantSpec[] = first === undefined ? [] : [{ group: first.group, user: first.user, owner: first.owner, role: rule.everybody }];
  for (const grant of [...grants, ...base]) {
    for (const target of definition.bindings(spec, grant)) {
      const place = [target.kind, target.namespace ?? target.workspace ?? ""].join("/");
      const held = strongest.get(place);
      if (held === undefined || rank.indexOf(grant.role) < rank.indexOf(held.role)) {
        strongest.set(place, {
          ...target,
          name: `${username}-${target.roleRef.name}`,
          holder: holderOf(grant),
          role: grant.role,
          owner: ownerOf(spec, [grant]),
        });
      }
    }
  }
  return [...strongest.entries()].sort(([left], [right]) => compareText(left, right)).map(([, binding]) => binding);
}
