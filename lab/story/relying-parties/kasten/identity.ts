/** How K10 turns the claims of an ID token into the user and groups that it acts as. Pure. */
import { effectiveGroup, effectiveUsername } from "../../../../model/access/subjects";
import type { Identity } from "../cluster-api";
import { SignInRefusal } from "../page-server";
import type { KastenConfiguration } from "./configuration";

export type IdentityRule = Pick<
  KastenConfiguration,
  "providerUrl" | "usernameClaim" | "usernamePrefix" | "groupClaim" | "groupPrefix" | "groupAllowList"
>;

/**
 * @param claims of the ID token
 * @throws SignInRefusal when the username claim is missing, or an allow list is set and holds none of the groups
 */
export function kastenIdentity(claims: Readonly<Record<string, unknown>>, rule: IdentityRule): Identity {
  const value = claims[rule.usernameClaim];
  if (typeof value !== "string" || value === "") {
    throw new SignInRefusal(
      `expected claim ${rule.usernameClaim} (usernameClaim) as a text, got claims ${Object.keys(claims).sort().join(", ")}`,
    );
  }
  const username = effectiveUsername({ claim: rule.usernameClaim, prefix: rule.usernamePrefix, issuer: rule.providerUrl, value });
  const groups = groupValues(claims, rule.groupClaim).map((group) => effectiveGroup({ prefix: rule.groupPrefix, value: group }));
  if (rule.groupAllowList.length === 0) {
    return { username, groups };
  }
  // The vendor does not say whether the list names raw or prefixed groups. The chart uses the same strings as RBAC subjects, so: prefixed.
  const allowed = groups.filter((group) => rule.groupAllowList.includes(group));
  if (allowed.length === 0) {
    throw new SignInRefusal(
      `expected one of the groups in groupAllowList (${rule.groupAllowList.join(", ")}), got ${groups.join(", ") || "none"}`,
    );
  }
  return { username, groups: allowed };
}

/** Values of the group claim: a list, a single text, or none. Anything else in the list is refused rather than dropped. */
function groupValues(claims: Readonly<Record<string, unknown>>, claim: string): string[] {
  const value = claim === "" ? undefined : claims[claim];
  if (value === undefined || value === null) {
    return [];
  }
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (!list.every((item) => typeof item === "string")) {
    throw new SignInRefusal(`expected claim ${claim} (groupClaim) as a list of texts, got something else`);
  }
  return list;
}
