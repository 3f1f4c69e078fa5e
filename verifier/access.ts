import { compareText, effectiveGroup, type DocumentPlatform, type EnvironmentDocument } from "../model";
import { groupsClaim } from "./api-server/claims";
import type { KubernetesUser } from "./api-server/rules";
import { member, type JsonObject } from "./go/json";
import { grantsOf, type GrantResult } from "./grants";
import { check, notChecked, type Check } from "./steps";
import type { EffectiveIdentity } from "./verdict";

/** What a person has at a platform, once it knows who they are. */
export interface Access {
  readonly identity: EffectiveIdentity;
  readonly grants: GrantResult;
  /** Groups as the token carries them, before the prefix. */
  readonly claimed: readonly string[];
  readonly checks: readonly Check[];
}

/**
 * Grants and groups of a person. A platform that looks the names of groups up in the directory sees more than a token can show: of the
 * ids there only the environment's own are known by name, and what else the person is in remains unseen.
 */
export function accessOf(
  document: EnvironmentDocument,
  name: string,
  platform: DocumentPlatform,
  found: { readonly user: KubernetesUser; readonly claims: JsonObject; readonly now: Date },
): Access {
  const claimed = claimedGroups(found.claims, platform.groups.claim);
  const looked = platform.groupsFrom === "directory" ? displayNames(document) : undefined;
  const known =
    looked === undefined
      ? found.user.groups
      : claimed.flatMap((value) => looked.get(value) ?? []).map((value) => effectiveGroup({ prefix: platform.groups.prefix, value }));
  const identity = { username: found.user.username, groups: [...new Set(known)].sort(compareText) };
  const grants = grantsOf(document, name, identity, found.now);
  const unseen =
    looked === undefined ? [] : [lookedUp(claimed.length, known.length, member(found.claims, platform.groups.claim) !== undefined)];
  return { identity, grants, claimed, checks: [...unseen, groupless(found.claims, platform, grants) ?? grants.check] };
}

/** Why there is no grant: where the claim itself is missing, that is the reason worth a code of its own. */
function groupless(claims: JsonObject, { groups, groupsFrom }: DocumentPlatform, { grants }: GrantResult): Check | undefined {
  if (groups.claim === "" || groupsFrom === "directory" || grants.length > 0 || member(claims, groups.claim) !== undefined) {
    return undefined;
  }
  const pointer = member(claims, "hasgroups");
  const overage = (pointer?.type === "boolean" && pointer.value) || (pointer?.type === "string" && pointer.value === "true");
  const expected = `a list of groups in claim '${groups.claim}'`;
  return overage
    ? check("grants", false, expected, "a pointer instead of groups (hasgroups)", "groups_overage")
    : check("grants", false, expected, "no such claim", "groups_missing");
}

function lookedUp(claimed: number, known: number, there: boolean): Check {
  const why = there
    ? `the token carries ids; ${known} of ${claimed} are groups of this environment, taken by their names there`
    : "the token carries none, and the platform looks groups up in the directory";
  return notChecked("group names", "the names that the platform looks up in the directory", why);
}

function claimedGroups(claims: JsonObject, claim: string): string[] {
  const node = claim === "" ? undefined : member(claims, claim);
  try {
    return node === undefined ? [] : groupsClaim(node);
  } catch {
    return [];
  }
}

/** Display names by what tokens carry. */
function displayNames(document: EnvironmentDocument): Map<string, string> {
  return new Map(Object.values(document.groups).map(({ claimValue, displayName }) => [claimValue, displayName]));
}
