import {
  effectiveUsername,
  grantKey,
  type DocumentGrant,
  type EnvironmentDocument,
  type Evidence,
  type EvidenceGroup,
  type ResourceRequest,
} from "../../model";
import { groupSubjects, type RbacIdentity, type RbacIndex } from "../../verifier/rbac";
import { declaredToAllow, permittedRequest, question, refusedRequest, type Question } from "./questions";

/** A question with the grant that it stands beside. */
export interface GrantQuestion {
  readonly grant: string;
  readonly question: Question;
}

export interface GrantQuestions {
  readonly questions: readonly GrantQuestion[];
  /** Why a grant was not asked about, by its key. */
  readonly untested: Readonly<Record<string, string>>;
}

export type Person = NonNullable<EvidenceGroup["people"]>[number];

interface Ids {
  readonly all: ReadonlySet<string>;
  /** Of people who are in the group themselves. */
  readonly direct: ReadonlySet<string>;
}

/** A group may have tens of thousands of people, and is asked about for each of them: its ids are indexed once. */
const indexed = new WeakMap<EvidenceGroup, Ids>();

export function idsOf(group: EvidenceGroup | undefined): Ids {
  const known = group === undefined ? undefined : indexed.get(group);
  if (known !== undefined) {
    return known;
  }
  const people = group?.people ?? [];
  const ids = {
    all: new Set(people.map(({ id }) => id)),
    direct: new Set(people.filter(({ through }) => through === undefined).map(({ id }) => id)),
  };
  if (group !== undefined) {
    indexed.set(group, ids);
  }
  return ids;
}

/** Who a person is at a platform: the name and the groups that their token gives them there, by what the identity provider says now. */
export function identityAt(document: EnvironmentDocument, groups: Evidence["groups"], platform: string, person: Person): RbacIdentity {
  const { username, issuer } = document.platforms[platform] ?? { username: { claim: "", prefix: "" }, issuer: "" };
  const value = person.claims[username.claim];
  const isIn = (key: string): boolean => idsOf(groups[key]).direct.has(person.id);
  return {
    username: value === undefined ? "" : effectiveUsername({ ...username, issuer, value }),
    groups: groupSubjects(document)
      .filter((subject) => subject.platform === platform && isIn(subject.group))
      .map(({ subject }) => subject),
  };
}

/**
 * What is asked for each grant: one action that it permits and one that the declaration refuses, as whoever holds nothing but the grant,
 * and the same as some of the people who hold it, with all of their groups.
 */
export function grantQuestions(
  document: EnvironmentDocument,
  groups: Evidence["groups"],
  index: RbacIndex,
  { sample, today }: { readonly sample: number; readonly today: string },
): GrantQuestions {
  const questions: GrantQuestion[] = [];
  const untested: Record<string, string> = {};
  for (const grant of document.access) {
    const key = grantKey(grant);
    const permitted = permittedRequest(index, grant);
    if (typeof permitted === "string") {
      untested[key] = permitted;
      continue;
    }
    const { kind, name } = grant.subject;
    const alone: RbacIdentity = kind === "User" ? { username: name, groups: [] } : { username: "", groups: [name] };
    const people =
      kind === "User"
        ? []
        : sampleOf(groups[grant.group], sample).map((person) => ({
            who: person.login,
            identity: identityAt(document, groups, grant.platform, person),
          }));
    const asked = [{ who: kind === "User" ? (grant.person?.login ?? name) : "whoever is in the group", identity: alone }, ...people];
    for (const { who, identity } of asked) {
      questions.push(...pairFor(index, grant, permitted, who, identity, today).map((one) => ({ grant: key, question: one })));
    }
  }
  return { questions, untested };
}

/** The first people by sign-in name who are in the group themselves and can sign in. */
function sampleOf(group: EvidenceGroup | undefined, sample: number): Person[] {
  return (group?.people ?? []).filter(({ active, through }) => active && through === undefined).slice(0, sample);
}

function pairFor(
  index: RbacIndex,
  grant: DocumentGrant,
  permitted: ResourceRequest,
  who: string,
  identity: RbacIdentity,
  today: string,
): Question[] {
  const allowed = declaredToAllow(index, identity, permitted);
  const why = allowed
    ? `${who}: the role ${grant.role} permits it`
    : grant.until !== null && grant.until < today
      ? `${who}: the grant ended on ${grant.until}`
      : `${who}: their groups there do not hold the grant`;
  const refused = refusedRequest(index, identity, permitted);
  return [
    question(identity, permitted, allowed ? "allowed" : "refused", why),
    ...(refused === undefined ? [] : [question(identity, refused, "refused", `${who}: nothing that is declared permits it`)]),
  ];
}
