import { grantKey, type EnvironmentDocument, type Evidence, type EvidenceTest } from "../../model";
import type { RbacIdentity, RbacIndex } from "../../verifier/rbac";
import { identityAt, idsOf } from "./grants";
import { declaredToAllow, question, type Question } from "./questions";

type Ended = Evidence["ended"][number];

/** Something that ended, with what is asked about it. */
export type EndedQuestions = Omit<Ended, "tests" | "gone"> & { readonly questions: readonly Question[] };

/**
 * What was there in an earlier evidence and is not any more: each grant that was taken out or has ended, and each person who has left a
 * group, with the action that was permitted then. It is refused now, unless something else that is declared permits it.
 */
export function endedSince(
  earlier: Evidence | undefined,
  document: EnvironmentDocument,
  groups: Evidence["groups"],
  index: RbacIndex,
  today: string,
): EndedQuestions[] {
  const now = new Map(document.access.map((grant) => [grantKey(grant), grant]));
  return (earlier?.grants ?? []).flatMap((grant): EndedQuestions[] => {
    const present = now.get(grant.key);
    const permitted = grant.tests.find(({ expected }) => expected === "allowed")?.request;
    if (present === undefined || (present.until !== null && present.until < today)) {
      const what = grant.until !== null && grant.until < today ? "grant ended" : "grant removed";
      const identity = {
        username: grant.subject.kind === "User" ? grant.subject.name : "",
        groups: grant.subject.kind === "Group" ? [grant.subject.name] : [],
      };
      return [asked({ what, grant: grant.key }, identity, permitted, index, grant.subject.name)];
    }
    const [before, after] = [earlier?.groups[grant.group]?.people, groups[grant.group]?.people];
    const still = idsOf(groups[grant.group]).all;
    const left = (before ?? []).filter(({ id, through }) => through === undefined && after != null && !still.has(id));
    return left.map((person) =>
      asked(
        { what: "person removed", grant: grant.key, person: person.login },
        identityAt(document, groups, grant.platform, person),
        permitted,
        index,
        person.login,
      ),
    );
  });
}

function asked(
  of: Pick<Ended, "what" | "grant" | "person">,
  identity: RbacIdentity,
  permitted: EvidenceTest["request"] | undefined,
  index: RbacIndex,
  who: string,
): EndedQuestions {
  if (permitted === undefined) {
    return { ...of, questions: [], untested: "The earlier evidence names no action that the grant permitted." };
  }
  if (declaredToAllow(index, identity, permitted)) {
    return { ...of, questions: [], untested: "Another grant that is declared permits the same." };
  }
  return { ...of, questions: [question(identity, permitted, "refused", `${who}: ${of.what}`)] };
}
