import {
  addDays,
  days,
  identityProviderFacts,
  platformOf,
  rotationRuleOf,
  rotationSchedule,
  startOfDayText,
  type Environment,
  type ScheduledSecret,
} from "../../model";

/** What a rotation asked for on a day would do. */
export interface RotationPlan {
  /** Why there can be none, with the remedy; null when there can. */
  readonly refused: string | null;
  /** Platforms whose client secret changes. */
  readonly platforms: readonly string[];
  /** The secret that is active today; null where nothing rotates. */
  readonly present: ScheduledSecret | null;
  /** The one that the next `pulumi up` makes; null when refused. */
  readonly next: ScheduledSecret | null;
  /** Last moment of the present one (RFC 3339, UTC): the next update on or after that day removes it. Null: it ends within the update. */
  readonly presentEndsFrom: string | null;
  /** In words, in the order of what will happen. */
  readonly steps: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * What the next `pulumi up` does when a rotation is asked for today.
 * @param today `YYYY-MM-DD`, UTC
 */
export function planRotation(environment: Environment, today: string): RotationPlan {
  const facts = identityProviderFacts(environment.idp);
  const rule = rotationRuleOf(environment.idp);
  const platforms = Object.keys(environment.platforms)
    .sort()
    .filter((name) => hasSecret(environment, name));
  const nothing = { platforms, present: null, next: null, presentEndsFrom: null, steps: [], warnings: [] };
  if (rule === undefined || platforms.length === 0) {
    const why =
      rule === undefined
        ? `client secrets of ${facts.capabilities.title} are not made by this stack`
        : "no platform of this stack has a client secret";
    return { ...nothing, refused: `There is nothing to rotate: ${why}.` };
  }
  const [present] = rotationSchedule(rule, today).secrets;
  const after = rotationSchedule({ ...rule, rotatedOn: [...rule.rotatedOn, today] }, today);
  const [next, previous] = after.secrets;
  if (next.start === present.start) {
    return {
      ...nothing,
      present,
      refused:
        `The secret of ${today} is the active one already, and there is one a day. If the last \`pulumi up\` was before ${today}, the next one makes it. ` +
        "If that very secret must go today, replace it by name: `pulumi up --replace '<urn>'` with the URN of the secret resource (`pulumi stack --show-urns`), or rotate again tomorrow.",
    };
  }
  const overlapped = previous === undefined ? null : overlapEnd(rule.overlap ?? "0d", today);
  // A rotation by the calendar inside the overlap makes a third secret, for which the oldest gives way.
  const ends = overlapped !== null && after.next !== null && after.next < overlapped ? startOfDayText(after.next) : overlapped;
  const earlier = rotationSchedule(rule, today).secrets[1];
  return {
    refused: null,
    platforms,
    present,
    next,
    presentEndsFrom: ends,
    steps: steps({
      platforms,
      handOver: handOver(environment, platforms),
      next,
      present,
      ends,
      title: facts.capabilities.title,
      firstStays: rule.firstStays,
    }),
    warnings:
      earlier === undefined || previous === undefined
        ? []
        : [
            `The secret of ${earlier.start} is still in its overlap, and at most two are valid at once: the next \`pulumi up\` removes it. Whatever still uses it must have taken over the one of ${present.start} by then.`,
          ],
  };
}

function hasSecret(environment: Environment, name: string): boolean {
  const spec = environment.platforms[name];
  return spec !== undefined && platformOf(spec).requirements(spec, identityProviderFacts(environment.idp)).clientAuthentication !== "none";
}

function overlapEnd(overlap: string, today: string): string {
  return startOfDayText(addDays(today, days(overlap)));
}

/** How the platforms get it, in the words of their rows: once where all have it alike. */
function handOver(environment: Environment, names: readonly string[]): string {
  const words = names.map((name) => {
    const spec = environment.platforms[name];
    return { name, how: (spec === undefined ? undefined : platformOf(spec).capabilities.secretChange) ?? "" };
  });
  const [first] = words;
  return words.every(({ how }) => how === first?.how) ? (first?.how ?? "") : words.map(({ name, how }) => `to ${name} ${how}`).join("; ");
}

function steps(found: {
  readonly platforms: readonly string[];
  readonly handOver: string;
  readonly next: ScheduledSecret;
  readonly present: ScheduledSecret;
  readonly ends: string | null;
  readonly title: string;
  readonly firstStays?: string;
}): string[] {
  const { platforms, handOver: words, next, present, ends, title, firstStays } = found;
  const named = present.start === "initial" ? "the first one" : `the one of ${present.start}`;
  return [
    `The next \`pulumi up\` makes a client secret at ${title} for ${platforms.join(", ")}` +
      `${next.expiresAt === null ? "" : `, valid until ${next.expiresAt}`}; hands it over ${words}.`,
    ends === null
      ? `There is one secret at a time at ${title}: ${named} ends within that update, and sign-ins fail until the platform has taken the new one. Choose a quiet hour.`
      : present.start === "initial" && firstStays !== undefined
        ? `Beside it ${named} stays valid: ${firstStays}`
        : `Beside it ${named} stays valid; the first \`pulumi up\` from ${ends.slice(0, 10)} on removes it.`,
  ];
}
