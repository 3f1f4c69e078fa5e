import type { Evidence, EvidenceDecision } from "../evidence/schema";
import { reviewDecisions, type ReviewDecision } from "./decisions";
import type { Review } from "./schema";

/** What an evidence found out of what has ended, and an earlier one's decisions. */
export interface CarriedOutBy {
  readonly ended: readonly Evidence["ended"][number][];
  /** RFC 3339 in UTC. */
  readonly moment: string;
  readonly earlier?: readonly EvidenceDecision[];
}

/**
 * The decisions of a review, each with the moment at which its access was seen to be gone: all that was asked about it was refused by the
 * API server. An earlier evidence that saw it first keeps its moment; what was not asked is not said to be gone.
 */
export function carriedOut(review: Review, { ended, moment, earlier = [] }: CarriedOutBy): EvidenceDecision[] {
  return reviewDecisions(review).map((decision): EvidenceDecision => {
    const before = earlier.find((one) => sameDecision(one, decision))?.carriedOutAt;
    const found = ended.filter((one) => isAbout(one, decision, review));
    const gone = decision.decision !== "keep" && found.length > 0 && found.every((one) => one.gone === true);
    return { ...decision, carriedOutAt: before ?? (gone ? moment : null) };
  });
}

function sameDecision(one: ReviewDecision, other: ReviewDecision): boolean {
  return (["grant", "person", "decision", "by", "decidedAt"] as const).every((key) => one[key] === other[key]);
}

/** On platforms that take people one by one, each person of a grant has an entry, with the sign-in name behind the grant's key. */
function isAbout({ grant, person }: Evidence["ended"][number], decision: ReviewDecision, { grants }: Review): boolean {
  if (decision.person !== undefined) {
    return (grant === decision.grant && person === decision.person) || grant === `${decision.grant}/${decision.person}`;
  }
  const people = grants.find((row) => row.grant === decision.grant)?.people ?? [];
  return person === undefined && (grant === decision.grant || people.some((login) => grant === `${decision.grant}/${login}`));
}
