/** How often access is reviewed, and by when it must be again. */
import { isDay, startOfDay } from "../text/calendar";

/** Months from one review to the next. */
export const reviewCycles = { monthly: 1, quarterly: 3, "half-yearly": 6, yearly: 12 } as const;
export type ReviewCycle = keyof typeof reviewCycles;

/** The last day of a review that follows one of a day: the same day of a later month, or that month's last. */
export function reviewDue(cycle: ReviewCycle, reviewed: string): string {
  if (!isDay(reviewed)) {
    throw new Error(`A review's day: expected YYYY-MM-DD, got '${reviewed}'.`);
  }
  const from = new Date(startOfDay(reviewed));
  const month = from.getUTCMonth() + reviewCycles[cycle];
  const last = new Date(Date.UTC(from.getUTCFullYear(), month + 1, 0)).getUTCDate();
  return new Date(Date.UTC(from.getUTCFullYear(), month, Math.min(from.getUTCDate(), last))).toISOString().slice(0, 10);
}

/** What a stack file says of a grant's reviews, with what its platform says where it is silent; undefined: none is due. */
export function reviewOf(
  platform: { readonly review?: ReviewCycle; readonly missedReview?: "warn" | "end" },
  grant: { readonly review?: ReviewCycle; readonly reviewed?: string },
): GrantReview | undefined {
  const every = grant.review ?? platform.review;
  const { reviewed = null } = grant;
  return every === undefined
    ? undefined
    : { every, reviewed, due: reviewed === null ? null : reviewDue(every, reviewed), missed: platform.missedReview ?? "warn" };
}

/** A grant's reviews. */
export interface GrantReview {
  readonly every: ReviewCycle;
  /** Day of the last one; null: never. */
  readonly reviewed: string | null;
  /** Last day of the next one; null: it was never reviewed, so it is due at once. */
  readonly due: string | null;
  /** Whether a grant whose review was missed ends, or stays with a warning. */
  readonly missed: "warn" | "end";
}

/** Whether the last day of a review has passed. */
export function isMissed({ due }: Pick<GrantReview, "due">, today: string): boolean {
  return due === null || due < today;
}

/** In words, when it was due. */
export function missedText({ every, due }: Pick<GrantReview, "every" | "due">): string {
  return due === null ? `it was never reviewed (${every})` : `its ${every} review was due by ${due}`;
}
