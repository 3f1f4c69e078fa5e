import type { GrantSpec, PlatformSpecBase } from "../platforms/definition";
import { isMissed, missedText, reviewOf } from "../review/cycle";
import { addDays } from "../text/calendar";
import { holderOf } from "../platforms";
import type { Problem } from "../text/problems";
import type { Environment } from "./schema";

/** Days for which a grant whose `until` has passed may still stand in the file: `up` takes it away and says so. */
export const expiredGrantGraceDays = 30;

/** Days after which the end of a grant is none: reports and warnings would call a permanent grant a temporary one. */
export const longestGrantDays = 5 * 365;

/** A grant that is left out because its last day has passed. */
export interface ExpiredGrant {
  /** `platforms.k10.access[2]` */
  readonly path: string;
  /** Key of the group, or `user:` and a person's sign-in name. */
  readonly holder: string;
  readonly role: string;
  /** Its last day, or that of its review; null: it was never reviewed. */
  readonly until: string | null;
  /** Set where it is left out since its review was missed. */
  readonly missedReview?: string;
}

/**
 * A grant holds to the end of its last day. On the days after, `up` takes it away; a file that still carries it a month
 * later is refused, as is a new grant written with a date long gone (docs/decisions: ended grants), or with one that nobody will see.
 */
export function grantEndProblems({ platforms }: Pick<Environment, "platforms">, today: string): Problem[] {
  return Object.entries(platforms).flatMap(([name, platform]) => {
    const { access, serviceAccounts = [] }: PlatformSpecBase = platform;
    return Object.entries({ access, serviceAccounts }).flatMap(([list, entries]) =>
      entries.flatMap(({ until }, position): Problem[] => {
        const fault = until === undefined ? undefined : endFault(until, today);
        return until === undefined || fault === undefined
          ? []
          : [{ path: ["platforms", name, list, position, "until"], received: until, ...fault }];
      }),
    );
  });
}

function endFault(until: string, today: string): Pick<Problem, "expected" | "fix"> | undefined {
  if (until < addDays(today, -expiredGrantGraceDays)) {
    return {
      expected: `a day that has not passed, or passed within the last ${expiredGrantGraceDays} days (today is ${today})`,
      fix: "remove the grant, or write its new last day",
    };
  }
  const latest = addDays(today, longestGrantDays);
  return until > latest
    ? {
        expected: `a day up to ${latest}, ${longestGrantDays / 365} years from today: a grant that ends later is one without an end`,
        fix: "write a nearer day, or leave until out and say so in the review",
      }
    : undefined;
}

/** The environment without the grants that have ended, and those. */
export function withoutExpiredGrants(environment: Environment, today: string): { environment: Environment; expired: ExpiredGrant[] } {
  const expired: ExpiredGrant[] = [];
  const kept = Object.entries(environment.platforms).map(([name, platform]) => {
    const access = platform.access.filter((grant, position) => {
      const ended = endedBy(platform, grant, today);
      if (ended !== undefined) {
        expired.push({ path: `platforms.${name}.access[${position}]`, holder: holderOf(grant), role: grant.role, ...ended });
      }
      return ended === undefined;
    });
    // The same platform with fewer grants; the compiler cannot follow its kind through the filter.
    return [name, { ...platform, access } as typeof platform] as const;
  });
  return { environment: { ...environment, platforms: Object.fromEntries(kept) }, expired };
}

function endedBy(platform: PlatformSpecBase, grant: GrantSpec, today: string): Pick<ExpiredGrant, "until" | "missedReview"> | undefined {
  if (grant.until !== undefined && grant.until < today) {
    return { until: grant.until };
  }
  const review = reviewOf(platform, grant);
  return review?.missed === "end" && isMissed(review, today) ? { until: review.due, missedReview: missedText(review) } : undefined;
}

/** What a plan says about a grant that has ended. */
export function expiryWarning({ path, role, holder, until, missedReview }: ExpiredGrant): string {
  if (missedReview !== undefined) {
    return `${path}: the grant '${role}' of '${holder}' ended, since ${missedReview}; the next up takes it away. Hold the review, or remove it from the stack file.`;
  }
  return `${path}: the grant '${role}' of '${holder}' ended with ${until}; the next up takes it away. Remove it from the stack file.`;
}
