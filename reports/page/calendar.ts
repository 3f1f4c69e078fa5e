import { compareText, type EnvironmentDocument } from "../../model";

/** Something that ends or is due on a day. */
export interface CalendarEntry {
  /** `YYYY-MM-DD` in UTC. */
  readonly day: string;
  readonly what: "grant ends" | "secret ends" | "secret is rotated" | "certificate ends" | "review is due";
  readonly subject: string;
}

/**
 * What of an environment ends, and when; the earliest first.
 * @param seen what ends and was found out beside the declaration
 */
export function calendarOf(document: EnvironmentDocument, seen: readonly CalendarEntry[] = []): CalendarEntry[] {
  const grants = document.access.flatMap(({ until, platform, role, group, person }): CalendarEntry[] =>
    until === null
      ? []
      : [
          {
            day: until,
            what: "grant ends",
            subject: `${platform}: ${role} of ${person?.login ?? document.groups[group]?.displayName ?? group}`,
          },
        ],
  );
  const secrets = Object.entries(document.platforms).flatMap(([name, { secret }]): CalendarEntry[] => [
    ...(secret?.expiresAt == null
      ? []
      : [{ day: secret.expiresAt.slice(0, 10), what: "secret ends" as const, subject: `${name}: client secret` }]),
    ...(secret?.rotatesAt == null
      ? []
      : [{ day: secret.rotatesAt, what: "secret is rotated" as const, subject: `${name}: client secret, at the next update` }]),
  ]);
  const { certificateAuthorityEnds: end } = document.identityProvider;
  const authorities: CalendarEntry[] =
    end === undefined
      ? []
      : [
          {
            day: end.slice(0, 10),
            what: "certificate ends",
            subject: "the authority behind the issuer's certificate: nobody signs in after that",
          },
        ];
  const reviews = new Map(
    document.access.flatMap((grant): [string, CalendarEntry][] => {
      const { platform, role, group, review } = grant;
      const subject = `${platform}: ${role} of ${document.groups[group]?.displayName ?? group}`;
      // One entry for the grant, however many people it names one by one.
      return review?.due == null ? [] : [[`${subject} ${review.due}`, { day: review.due, what: "review is due", subject }]];
    }),
  );
  return [...grants, ...secrets, ...authorities, ...reviews.values(), ...seen].sort((left, right) =>
    compareText(`${left.day} ${left.what} ${left.subject}`, `${right.day} ${right.what} ${right.subject}`),
  );
}

/** Text of a calendar file: commas, semicolons and backslashes are escaped, lines end by CRLF and are folded at 75 bytes (RFC 5545). */
const escaped = (text: string): string => text.replace(/[\\;,]/g, "\\$&").replace(/\r?\n/g, "\\n");

function folded(line: string): string {
  const parts: string[] = [];
  let part = "";
  for (const character of line) {
    if (Buffer.byteLength(part + character) > 74) {
      parts.push(part);
      part = "";
    }
    part += character;
  }
  return [...parts, part].join("\r\n ");
}

/**
 * The calendar as an iCalendar file of whole days (RFC 5545).
 * @param stamp moment of its making, RFC 3339 in UTC
 */
export function calendarFile(stack: string, entries: readonly CalendarEntry[], stamp: string): string {
  const moment = stamp.replace(/[-:]/g, "").replace(/\.\d+/, "");
  const events = entries.flatMap(({ day, what, subject }, position) => [
    "BEGIN:VEVENT",
    `UID:${position}-${day}-${stack}@gatehouse.dev`,
    `DTSTAMP:${moment}`,
    `DTSTART;VALUE=DATE:${day.replaceAll("-", "")}`,
    `SUMMARY:${escaped(`${stack}: ${what}: ${subject}`)}`,
    "TRANSP:TRANSPARENT",
    "END:VEVENT",
  ]);
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//gatehouse.dev//Gatehouse//EN",
    "CALSCALE:GREGORIAN",
    ...events,
    "END:VCALENDAR",
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join("");
}
