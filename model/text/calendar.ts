/**
 * Days of the calendar, always in UTC: every machine agrees on them, wherever it stands. All day arithmetic of the tree is here.
 */
const dayMilliseconds = 86_400_000;

/** The day of a moment, `YYYY-MM-DD`. */
export function dayOf(moment: Date | number): string {
  return new Date(moment).toISOString().slice(0, 10);
}

/** The first moment of a day, in milliseconds since 1970; NaN for a text that is no day. */
export function startOfDay(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}

/** The first moment of a day as RFC 3339 writes it, to the second. */
export function startOfDayText(day: string): string {
  return `${day}T00:00:00Z`;
}

/** The last moment of a day written `2027-03-31`; undefined when there is no such day. */
export function endOfDay(day: string): Date | undefined {
  return isDay(day) ? new Date(startOfDay(day) + dayMilliseconds - 1) : undefined;
}

/** The day so many days later; earlier with a negative count. */
export function addDays(day: string, count: number): string {
  return dayOf(startOfDay(day) + count * dayMilliseconds);
}

/** The moment so many days later. */
export function addDaysTo(moment: Date | number, count: number): Date {
  return new Date(new Date(moment).getTime() + count * dayMilliseconds);
}

/** Days from one moment to another, with fractions. */
export function daysBetween(from: Date | number, to: Date | number): number {
  return (new Date(to).getTime() - new Date(from).getTime()) / dayMilliseconds;
}

/** The first day of the period that a day is in, or of one so many periods later; periods are counted from 1970-01-01. */
export function periodStart(length: number, day: string, offset = 0): string {
  return addDays("1970-01-01", (Math.floor(daysBetween(0, startOfDay(day)) / length) + offset) * length);
}

/** Whether a text is a day that exists, written `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) {
    return false;
  }
  const start = startOfDay(text);
  return !Number.isNaN(start) && dayOf(start) === text;
}

/** Days as a number from `90d`. */
export function days(value: string): number {
  return Number.parseInt(value, 10);
}
