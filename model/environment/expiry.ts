import { addDays } from "../text/calendar";
import type { Problem } from "../text/problems";
import type { Environment } from "./schema";

/** Days for which a grant whose `until` has passed may still stand in the file: `up` takes it away and says so. */
export const expiredGrantGraceDays = 30;

/** A grant that is left out because its last day has passed. */
export interface ExpiredGrant {
  /** `platforms.k10.access[2]` */
  readonly path: string;
  readonly group: string;
  readonly role: string;
  readonly until: string;
}

/**
 * A grant holds to the end of its last day. On the days after, `up` takes it away; a file that still carries it a month
 * later is refused, as is a new grant written with a date long gone (docs/decisions: ended grants).
 */
export function expiredGrantProblems({ platforms }: Pick<Environment, "platforms">, today: string): Problem[] {
  const oldest = addDays(today, -expiredGrantGraceDays);
  return Object.entries(platforms).flatMap(([name, { access }]) =>
    access.flatMap(({ until }, position): Problem[] =>
      until === undefined || until >= oldest
        ? []
        : [
            {
              path: ["platforms", name, "access", position, "until"],
              expected: `a day that has not passed, or passed within the last ${expiredGrantGraceDays} days (today is ${today})`,
              received: until,
              fix: "remove the grant, or write its new last day",
            },
          ],
    ),
  );
}

/** The environment without the grants that have ended, and those. */
export function withoutExpiredGrants(environment: Environment, today: string): { environment: Environment; expired: ExpiredGrant[] } {
  const expired: ExpiredGrant[] = [];
  const kept = Object.entries(environment.platforms).map(([name, platform]) => {
    const access = platform.access.filter(({ group, role, until }, position) => {
      if (until === undefined || until >= today) {
        return true;
      }
      expired.push({ path: `platforms.${name}.access[${position}]`, group, role, until });
      return false;
    });
    // The same platform with fewer grants; the compiler cannot follow its kind through the filter.
    return [name, { ...platform, access } as typeof platform] as const;
  });
  return { environment: { ...environment, platforms: Object.fromEntries(kept) }, expired };
}

/** What a plan says about a grant that has ended. */
export function expiryWarning({ path, role, group, until }: ExpiredGrant): string {
  return `${path}: the grant '${role}' of '${group}' ended with ${until}; the next up takes it away. Remove it from the stack file.`;
}
