import type { EnvironmentDocument } from "../document/schema";
import type { Environment } from "../environment/schema";
import { grantKey } from "../evidence/read";
import { holderOf } from "../platforms";
import { isMissed, missedText, reviewOf } from "./cycle";

/** A grant that nobody decided about in time. */
export interface MissedReview {
  /** Key of the grant, whoever holds it. */
  readonly grant: string;
  /** `k10: admin of 'Kasten Admins' everywhere: it was never reviewed (quarterly)`. */
  readonly sentence: string;
  readonly fix: string;
}

const fix =
  "run `gatehouse review open`, let the owners decide, and run `gatehouse review apply`; or take the grant out of the stack file.";

/** The grants whose review was missed, each once, however many people it names one by one. */
export function missedReviews({ access, groups }: EnvironmentDocument, today: string): MissedReview[] {
  const missed = access.flatMap((grant): MissedReview[] => {
    const { platform, role, group, review } = grant;
    if (review === undefined || !isMissed(review, today)) {
      return [];
    }
    const where = (grant.namespaces ?? grant.workspaces)?.join(", ");
    const holder = groups[group]?.displayName ?? group;
    const sentence = `${platform}: ${role} of '${holder}'${where === undefined ? "" : ` in ${where}`}: ${missedText(review)}`;
    return [{ grant: grantKey({ ...grant, person: undefined }), sentence, fix }];
  });
  return [...new Map(missed.map((item) => [item.grant, item])).values()];
}

/** The same of an environment as it is written, in the words of a warning. */
export function missedReviewWarnings({ platforms }: Pick<Environment, "platforms">, today: string): string[] {
  return Object.entries(platforms).flatMap(([name, platform]) =>
    platform.access.flatMap((grant) => {
      const review = reviewOf(platform, grant);
      return review !== undefined && isMissed(review, today)
        ? [`platforms.${name}: the grant '${grant.role}' of '${holderOf(grant)}' stays although ${missedText(review)}; docs/reviews.md.`]
        : [];
    }),
  );
}
