import { dayOf, type DocumentGrant, type EnvironmentDocument } from "../model";
import { check, type Check } from "./steps";
import type { EffectiveIdentity, LackingGroup } from "./verdict";

export interface GrantResult {
  readonly check: Check;
  readonly grants: readonly DocumentGrant[];
  readonly ended: readonly DocumentGrant[];
  readonly lacking: readonly LackingGroup[];
}

/** Whether the last day of a grant has passed. A grant holds to the end of its last day in UTC. */
export function hasEnded(grant: Pick<DocumentGrant, "until">, now: Date): boolean {
  return grant.until !== null && grant.until < dayOf(now);
}

/** The grants of a platform that an identity meets, those that have ended, and the groups it would take for the others. */
export function grantsOf(document: EnvironmentDocument, platform: string, identity: EffectiveIdentity, now: Date): GrantResult {
  const held = new Set(identity.groups);
  const all = document.access.filter((grant) => grant.platform === platform);
  // Where the platform cannot read groups, each grant names its person by what the username claim carries.
  const reaches = (grant: DocumentGrant): boolean =>
    grant.person === undefined ? held.has(grant.subject.name) : grant.person.claimValue === identity.username;
  const reached = all.filter(reaches);
  const grants = reached.filter((grant) => !hasEnded(grant, now));
  const ended = reached.filter((grant) => hasEnded(grant, now));
  const expected = `one of ${quoted(all.filter((grant) => !hasEnded(grant, now)).map((grant) => grant.subject.name)) || "(no grant is running)"}`;
  const got =
    grants.length > 0
      ? quoted(grants.map((grant) => grant.subject.name))
      : ended.length > 0
        ? `only ended grants (${ended.map((grant) => `${grant.role} until ${grant.until ?? ""}`).join(", ")})`
        : `none of them; the names are ${quoted([identity.username, ...identity.groups])}`;
  return {
    check: check("grants", grants.length > 0, expected, got, "no_grant"),
    grants,
    ended,
    lacking: lackingGroups(
      document,
      all.filter((grant) => !reaches(grant)),
    ),
  };
}

function lackingGroups(document: EnvironmentDocument, missed: readonly DocumentGrant[]): LackingGroup[] {
  const lacking = new Map<string, LackingGroup>();
  for (const grant of missed) {
    const group = document.groups[grant.group];
    const earlier = lacking.get(grant.group);
    lacking.set(grant.group, {
      group: grant.group,
      displayName: group?.displayName ?? grant.group,
      claimValue: group?.claimValue ?? grant.subject.name,
      roles: [...new Set([...(earlier?.roles ?? []), grant.role])],
    });
  }
  return [...lacking.values()];
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
