import { dayOf, effectiveUsername, type DocumentGrant, type DocumentPlatform, type EnvironmentDocument } from "../model";
import { check, type Check } from "./steps";
import type { EffectiveIdentity, LackingGroup } from "./verdict";

export interface GrantResult {
  readonly check: Check;
  readonly grants: readonly DocumentGrant[];
  readonly ended: readonly DocumentGrant[];
  /** Found when it is asked for: an environment may have thousands of groups. */
  readonly lacking: () => readonly LackingGroup[];
}

/** Whether the last day of a grant has passed. A grant holds to the end of its last day in UTC. */
export function hasEnded(grant: Pick<DocumentGrant, "until">, now: Date): boolean {
  return grant.until !== null && grant.until < dayOf(now);
}

/** The grants of one platform, found by what reaches them. */
interface PlatformGrants {
  /** In the document's order. */
  readonly all: readonly DocumentGrant[];
  /** Positions in `all` by the subject's name, for groups. */
  readonly byGroup: ReadonlyMap<string, readonly number[]>;
  /** Positions in `all` by the user name that the platform makes of the person's claim, for grants that name one. */
  readonly byPerson: ReadonlyMap<string, readonly number[]>;
  /** The first few names that would open something, by day. */
  readonly expected: Map<string, string>;
}

/** Read once per document, so that a verdict costs no more with ten thousand grants than with ten. */
const indexes = new WeakMap<EnvironmentDocument["access"], Map<string, PlatformGrants>>();

function grantsAt(document: EnvironmentDocument, platform: string): PlatformGrants {
  const known = indexes.get(document.access) ?? new Map<string, PlatformGrants>();
  indexes.set(document.access, known);
  const found =
    known.get(platform) ??
    indexed(
      document.access.filter((grant) => grant.platform === platform),
      usernamesOf(document.platforms[platform]),
    );
  known.set(platform, found);
  return found;
}

/** The user name that a platform makes of a claim value: the object that names a person may be called after them instead (KubeSphere's users). */
function usernamesOf(platform: DocumentPlatform | undefined): (claimValue: string) => string {
  return (value) => (platform === undefined ? value : effectiveUsername({ ...platform.username, issuer: platform.issuer, value }));
}

function indexed(all: readonly DocumentGrant[], nameOf: (claimValue: string) => string): PlatformGrants {
  const byGroup = new Map<string, number[]>();
  const byPerson = new Map<string, number[]>();
  for (const [position, { person, subject }] of all.entries()) {
    const index = person === undefined ? byGroup : byPerson;
    const name = person === undefined ? subject.name : nameOf(person.claimValue);
    const positions = index.get(name) ?? [];
    positions.push(position);
    index.set(name, positions);
  }
  return { all, byGroup, byPerson, expected: new Map() };
}

/** The grants of a platform that an identity meets, those that have ended, and the groups it would take for the others. */
export function grantsOf(document: EnvironmentDocument, platform: string, identity: EffectiveIdentity, now: Date): GrantResult {
  const index = grantsAt(document, platform);
  const today = dayOf(now);
  const reached = reachedBy(index, identity);
  const grants: DocumentGrant[] = [];
  const ended: DocumentGrant[] = [];
  for (const grant of reached) {
    (grant.until !== null && grant.until < today ? ended : grants).push(grant);
  }
  const got =
    grants.length > 0
      ? quoted(grants.map((grant) => grant.subject.name))
      : ended.length > 0
        ? `only ended grants (${ended.map((grant) => `${grant.role} until ${grant.until ?? ""}`).join(", ")})`
        : `none of them; the names are ${quoted([identity.username, ...identity.groups])}`;
  return {
    check: check("grants", grants.length > 0, expectedNames(index, today), got, "no_grant"),
    grants,
    ended,
    lacking: () => {
      const met = new Set(reached);
      return lackingGroups(
        document,
        index.all.filter((grant) => !met.has(grant)),
      );
    },
  };
}

/** In the document's order. */
function reachedBy({ all, byGroup, byPerson }: PlatformGrants, { username, groups }: EffectiveIdentity): DocumentGrant[] {
  const positions = [...(byPerson.get(username) ?? [])];
  for (const name of groups) {
    positions.push(...(byGroup.get(name) ?? []));
  }
  return positions.sort((left, right) => left - right).flatMap((position) => all[position] ?? []);
}

function expectedNames({ all, expected }: PlatformGrants, today: string): string {
  let known = expected.get(today);
  if (known === undefined) {
    const running = all.filter(({ until }) => until === null || until >= today);
    known = `one of ${quoted(running.map((grant) => grant.subject.name)) || "(no grant is running)"}`;
    expected.set(today, known);
  }
  return known;
}

function lackingGroups(document: EnvironmentDocument, missed: readonly DocumentGrant[]): LackingGroup[] {
  const lacking = new Map<string, { group: string; displayName: string; claimValue: string; roles: Set<string> }>();
  for (const grant of missed) {
    const group = document.groups[grant.group];
    if (group === undefined) {
      // A grant to one person: nobody can be put into it.
      continue;
    }
    const earlier = lacking.get(grant.group);
    if (earlier !== undefined) {
      earlier.roles.add(grant.role);
      continue;
    }
    const { displayName, claimValue } = group;
    lacking.set(grant.group, { group: grant.group, displayName, claimValue, roles: new Set([grant.role]) });
  }
  return [...lacking.values()].map(({ roles, ...group }) => ({ ...group, roles: [...roles] }));
}

/** The first few names, each once. */
function quoted(names: readonly string[]): string {
  const unique = [...new Set(names)];
  const more = unique.length > 8 ? ` and ${unique.length - 8} more` : "";
  return (
    unique
      .slice(0, 8)
      .map((name) => JSON.stringify(name))
      .join(", ") + more
  );
}
