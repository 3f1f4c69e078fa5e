import { addDays, days, periodStart, startOfDayText } from "../text/calendar";
import { compareText } from "../text/stable-order";

/** How client secrets follow each other. */
export interface RotationRule {
  /** A new secret each time this many days have passed, `90d`; left out: only by hand. */
  readonly rotateEvery?: string;
  /** Days on which a rotation was asked for by hand, `YYYY-MM-DD`. */
  readonly rotatedOn: readonly string[];
  /** How long a secret is valid from its first day, `180d`; left out where the identity provider sets no end. */
  readonly lifetime?: string;
  /** How long the old secret stays beside the new one, `14d`; left out where there can be only one. */
  readonly overlap?: string;
  /** Client secrets that were there before the stack, where there are any: the calendar begins with the first rotation by hand. */
  readonly adopted?: Readonly<Record<string, unknown>>;
  /** What becomes of such a secret after that rotation, in a sentence; left out where an update removes it when its overlap has ended. */
  readonly firstStays?: string;
}

/** One client secret of a schedule. */
export interface ScheduledSecret {
  /** First day, `YYYY-MM-DD`: what names the secret. The days before any rotation belong to `initial`. */
  readonly start: string;
  /** End of its validity, RFC 3339 in UTC; null without one. */
  readonly expiresAt: string | null;
}

/** The secrets of a day: the active one first, then the one before it while the overlap lasts. At most two. */
export interface RotationSchedule {
  readonly secrets: readonly [active: ScheduledSecret, ...previous: ScheduledSecret[]];
  /** Day of the next rotation by the calendar, `YYYY-MM-DD`; null when only by hand. */
  readonly next: string | null;
}

/** How an overlap becomes shorter than the period; it has a default, so that it need not stand in the file. */
export function overlapFix(rotateEvery: string): string {
  const half = Math.floor(days(rotateEvery) / 2);
  return half < 1 ? "rotate less often" : `write overlap: ${half}d, or rotate less often`;
}

/**
 * The secrets that must exist on a day. A pure function of rule and day: periods are counted from 1970-01-01 in UTC and
 * days of rotation by hand stand between them, so that every machine agrees, and a preview differs only at a boundary.
 * @param today `YYYY-MM-DD`
 */
export function rotationSchedule(rule: RotationRule, today: string): RotationSchedule {
  const [active = "initial", previous] = boundaries(rule, today);
  const overlaps =
    rule.overlap !== undefined && previous !== undefined && active !== "initial" && today < addDays(active, days(rule.overlap));
  const scheduled = (start: string): ScheduledSecret => ({ start, expiresAt: expiry(start, rule) });
  return { secrets: [scheduled(active), ...(overlaps ? [scheduled(previous)] : [])], next: nextBoundary(rule, today) };
}

/** First days of the secrets up to a day, latest first: at least two where the calendar rotates. */
function boundaries(rule: RotationRule, today: string): string[] {
  const byHand = rule.rotatedOn.filter((day) => day <= today);
  const byCalendar = calendarOf(rule, today);
  // "initial" sorts after every date, and must come last here: it is the oldest.
  return [...new Set([...byHand, ...byCalendar])].sort((left, right) =>
    left === "initial" ? 1 : right === "initial" ? -1 : compareText(right, left),
  );
}

/**
 * First days of the periods that count. A secret that is in use already belongs to no period: with one of the calendar in its place it
 * would end at the next update, without an overlap. So it stays until somebody asks for another, and the calendar follows that day.
 */
function calendarOf(rule: RotationRule, today: string): string[] {
  const periods = rule.rotateEvery === undefined ? [] : periodsOf(rule.rotateEvery, today, [0, -1]);
  if (rule.adopted === undefined) {
    return periods.length === 0 ? ["initial"] : periods;
  }
  return [...sinceFirst(rule, periods), "initial"];
}

/** The periods that begin after the first rotation by hand. */
function sinceFirst({ rotatedOn }: RotationRule, periods: readonly string[]): string[] {
  const [first] = [...rotatedOn].sort(compareText);
  return first === undefined ? [] : periods.filter((day) => day > first);
}

function nextBoundary(rule: RotationRule, today: string): string | null {
  const byHand = rule.rotatedOn.filter((day) => day > today);
  const periods = rule.rotateEvery === undefined ? [] : periodsOf(rule.rotateEvery, today, [1]);
  const all = [...byHand, ...(rule.adopted === undefined ? periods : sinceFirst(rule, periods))];
  return [...all].sort(compareText)[0] ?? null;
}

function periodsOf(every: string, today: string, offsets: readonly number[]): string[] {
  return offsets.map((offset) => periodStart(days(every), today, offset));
}

function expiry(start: string, rule: RotationRule): string | null {
  return rule.lifetime === undefined || start === "initial" ? null : startOfDayText(addDays(start, days(rule.lifetime)));
}
