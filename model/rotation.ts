import { days } from "./primitives";

/** Where a day falls in a fixed grid of rotation periods. */
export interface RotationPeriod {
  /** Number of the period; it changes exactly at a boundary, so a preview differs only there. */
  readonly index: number;
  /** First day of the next period, `YYYY-MM-DD`. */
  readonly next: string;
}

/**
 * The rotation period of a day. Periods are counted from 1970-01-01 in UTC, so that every machine and every preview of
 * one day agrees, and no clock time plays a part.
 * @param every length of a period, `90d`
 * @param today `YYYY-MM-DD`
 */
export function rotationPeriod(every: string, today: string): RotationPeriod {
  const length = days(every);
  const index = Math.floor(Date.parse(`${today}T00:00:00Z`) / 86_400_000 / length);
  return { index, next: new Date((index + 1) * length * 86_400_000).toISOString().slice(0, 10) };
}
