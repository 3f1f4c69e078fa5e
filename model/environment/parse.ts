import { identityProviderOf } from "../identity-providers";
import { missedReviewWarnings } from "../review/missed";
import { InvalidEnvironmentError, onePerPlace, problemsFromZod, type Problem } from "../text/problems";
import { checks } from "./checks";
import { expiryWarning, withoutExpiredGrants, type ExpiredGrant } from "./expiry";
import { problemsOfReadableParts } from "./parts";
import { environmentRisks } from "./risks";
import { environmentSchema, type Environment } from "./schema";
import { sizeProblems } from "./size";
import { prototypeKeys, settingsOfOthers } from "./unknown-settings";

/** An environment that was accepted. */
export interface ParsedEnvironment {
  /** Without the grants that have ended. */
  readonly environment: Environment;
  /** Grants left out because their last day has passed. */
  readonly expired: readonly ExpiredGrant[];
  /** What a person who runs this environment should know: grants that have ended, and every dangerous choice. */
  readonly warnings: readonly string[];
}

/** Settings of Pulumi providers, by their whole keys: `okta:orgName`. */
export type ProviderSettings = Readonly<Record<string, string>>;

/** What is wrong with an environment, and what was accepted: exactly when nothing is. */
export interface JudgedEnvironment {
  readonly problems: readonly Problem[];
  readonly accepted?: ParsedEnvironment;
}

/**
 * Judges the raw configuration of an environment: the one place that decides what `gatehouse validate`, a preview and an update
 * refuse, and what they warn of.
 * @param today the day in UTC, `YYYY-MM-DD`; grants and certificates end by it
 * @param settings of the providers beside it, where they are known: what they say must not be another thing
 */
export function judgeEnvironment(raw: unknown, today: string, settings: ProviderSettings = {}): JudgedEnvironment {
  const tooLarge = sizeProblems(raw);
  if (tooLarge.length > 0) {
    return { problems: tooLarge };
  }
  const parsed = environmentSchema.safeParse(raw);
  const found = parsed.success
    ? [...settingsProblems(parsed.data, settings), ...checks.flatMap((check) => check.find(parsed.data, today))]
    : settingsOfOthers(allProblems(problemsFromZod(parsed.error, raw), raw, today), raw);
  const problems = bounded([...prototypeKeys(raw), ...onePerPlace(found)]);
  if (!parsed.success || problems.length > 0) {
    return { problems };
  }
  const { environment, expired } = withoutExpiredGrants(parsed.data, today);
  const warnings = [...expired.map(expiryWarning), ...missedReviewWarnings(environment, today), ...environmentRisks(environment)];
  return { problems, accepted: { environment, expired, warnings } };
}

function settingsProblems({ idp }: Environment, settings: ProviderSettings): Problem[] {
  const found = identityProviderOf(idp).settingsProblems?.(idp, (key) => settings[key]) ?? [];
  return found.map((problem) => ({ ...problem, path: ["idp", ...problem.path] }));
}

/** With what else is wrong beside values that cannot be read; where most cannot, that says nothing. */
function allProblems(unreadable: readonly Problem[], raw: unknown, today: string): readonly Problem[] {
  return unreadable.length < mostProblems ? [...unreadable, ...problemsOfReadableParts(raw, today)] : unreadable;
}

/** Nobody reads more of them at once, and each is looked up in the file. */
const mostProblems = 200;

function bounded(problems: readonly Problem[]): readonly Problem[] {
  const more = problems.length - mostProblems;
  return more <= 0
    ? problems
    : [...problems.slice(0, mostProblems), { path: [], expected: "no further problem", received: `${more} more`, fix: "mend these first" }];
}

/**
 * Accepts or refuses the raw configuration of an environment.
 * @param today the day in UTC, `YYYY-MM-DD`; grants end by it
 * @throws InvalidEnvironmentError with every problem that was found
 */
export function parseEnvironment(raw: unknown, today: string, settings: ProviderSettings = {}): ParsedEnvironment {
  const { problems, accepted } = judgeEnvironment(raw, today, settings);
  if (accepted === undefined) {
    throw new InvalidEnvironmentError(problems);
  }
  return accepted;
}
