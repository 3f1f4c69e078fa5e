import { compareText } from "../../text/stable-order";

/**
 * The regular expression of Okta's groups claim: exactly the given group names and nothing else, never `.*`.
 *
 * Anchored and escaped for Java's syntax, which Okta uses. Okta cuts the claim off at 100 groups without a sign, so a filter that matches only this environment's groups is also what keeps the claim complete.
 */
export function oktaGroupsFilter(groupNames: readonly string[]): string {
  if (groupNames.length === 0) {
    throw new RangeError("Groups claim: expected at least one group name, got none: a filter of no names would match the empty name.");
  }
  const names = [...new Set(groupNames)].sort(compareText).map((name) => name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return `^(${names.join("|")})$`;
}
