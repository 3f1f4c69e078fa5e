import { invalid } from "./errors";
import type { GroupFilter } from "./model";

/** Okta sends at most 100 groups and says nothing of the rest (traps T5). Its reference says that the request fails instead; seen is the cut. */
const groupClaimLimit = 100;

/**
 * A groups filter as a test on one group name. REGEX follows Java's `String.matches`: the whole name has to match
 * (Okta's help, "Add a groups claim": `.*` for all groups, `Admin.*` for those that begin with Admin).
 */
export function compileGroupFilter(type: GroupFilter, value: string): (name: string) => boolean {
  switch (type) {
    case "STARTS_WITH":
      return (name) => name.startsWith(value);
    case "EQUALS":
      return (name) => name === value;
    case "CONTAINS":
      return (name) => name.includes(value);
    case "REGEX": {
      let pattern: RegExp;
      try {
        // Java's inline flags, possessive quantifiers and \A \z have no JavaScript counterpart: they are refused here, not guessed.
        if (/\(\?[a-zA-Z-]+\)|[*+?}]\+|\\[AzZGQE]/.test(value)) {
          throw new SyntaxError("Java-only syntax");
        }
        pattern = new RegExp(`^(?:${value})$`, "u");
      } catch {
        throw invalid("value", `value: expected a regular expression that Java and JavaScript read alike, got ${value}`);
      }
      return (name) => pattern.test(name);
    }
    default: {
      const never: never = type;
      throw new TypeError(`unknown group filter ${String(never)}`);
    }
  }
}

/** The claim's value: names of matching groups, in the organisation's order, cut at the limit. */
export function filterGroups(names: readonly string[], type: GroupFilter, value: string): string[] {
  return names.filter(compileGroupFilter(type, value)).slice(0, groupClaimLimit);
}
