import type { EvidenceDecision } from "../evidence/schema";
import type { Review } from "./schema";

/** A decision of a review that was applied, as evidence names it; when it was carried out is for whoever looks. */
export type ReviewDecision = Omit<EvidenceDecision, "carriedOutAt">;

/** The decisions of a review: one for each grant, and one for each grant that a person loses with a group. */
export function reviewDecisions({ grants, members, applied, opened }: Review): ReviewDecision[] {
  const decidedAt = applied ?? opened;
  const aboutGrants = grants.flatMap(({ grant, decision, reason, by }): ReviewDecision[] =>
    decision === null ? [] : [{ grant, decision: decisionText(decision), by: by ?? "", reason: reason ?? "", decidedAt }],
  );
  const aboutPeople = members.flatMap(({ group, remove }) =>
    remove.flatMap(({ person, reason, by }) =>
      grants
        .filter((row) => row.group === group)
        .map(({ grant }): ReviewDecision => ({ grant, person, decision: "remove", by, reason, decidedAt })),
    ),
  );
  return [...aboutGrants, ...aboutPeople];
}

/** keep, remove, `end: 2027-03-31`. */
export function decisionText(decision: NonNullable<Review["grants"][number]["decision"]>): string {
  return typeof decision === "string" ? decision : `end: ${decision.end}`;
}
