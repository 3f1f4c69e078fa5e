import { compareText, effectiveGroup, effectiveUsername, isReservedName, type DocumentPlatform } from "../model";
import { show } from "./decode";
import { check, notChecked } from "./protocol-checks";
import type { Check, EffectiveIdentity } from "./verdict";

type Claims = Readonly<Record<string, unknown>>;

export interface IdentityResult {
  readonly checks: readonly Check[];
  /** Null where the platform would refuse the person before looking at grants. */
  readonly identity: EffectiveIdentity | null;
  /** The groups as the token carries them, before the prefix. */
  readonly claimed: readonly string[];
}

/**
 * The platform's own identity rule, as kube-apiserver's OIDC authenticator has it and K10 copies it (traps T4, T15, T16):
 * a username claim that is a text, `email_verified` true where the username is the address and the claim is there, groups
 * as a text or a list of texts, then the prefixes. A platform without a groups claim (KubeSphere, trap T2) reads none.
 *
 * @param names display names by id, for a platform that looks the names of groups up in the directory: a token cannot show those, only
 * the ids, and only the environment's own are known. What else the person is in, under whatever name, remains unseen.
 */
export function identityChecks(claims: Claims, platform: DocumentPlatform, names?: ReadonlyMap<string, string>): IdentityResult {
  const username = claims[platform.username.claim];
  const named = typeof username === "string" && username !== "";
  const checks = [check("username", named, `a text in claim '${platform.username.claim}'`, show(username), "username_missing")];
  if (platform.username.claim === "email" && claims["email_verified"] !== undefined) {
    // The newest API servers say only 'invalid bearer token' here (kubernetes/kubernetes#136887).
    const verified = claims["email_verified"] === true;
    checks.push(check("email verified", verified, "email_verified true", show(claims["email_verified"]), "email_not_verified"));
  }
  const groups =
    platform.groups.claim === ""
      ? undefined
      : names === undefined
        ? groupsCheck(claims, platform.groups.claim)
        : lookedUpGroupsCheck(claims, platform.groups.claim);
  const values = groups?.values ?? [];
  checks.push(...(groups === undefined ? [] : [groups.check]));
  const known = names === undefined ? values : values.flatMap((value) => names.get(value) ?? []);
  if (names !== undefined) {
    const why = `the token carries ids; ${known.length} of ${values.length} are groups of this environment, taken by their names there`;
    checks.push(notChecked("group names", "the names that the platform looks up in the directory", why));
  }
  if (!named) {
    return { checks, identity: null, claimed: values };
  }
  const identity = {
    username: effectiveUsername({ ...platform.username, issuer: platform.issuer, value: username }),
    groups: [...new Set(known.map((value) => effectiveGroup({ prefix: platform.groups.prefix, value })))].sort(compareText),
  };
  const reserved = [identity.username, ...identity.groups].filter((name) => isReservedName(name));
  const got = reserved.length === 0 ? "none" : reserved.slice(0, 5).map(show).join(", ");
  checks.push(check("reserved names", reserved.length === 0, "no name beginning with system: or k10:", got, "reserved_name"));
  return { checks, identity, claimed: values };
}

function groupsCheck(claims: Claims, claim: string): { check: Check; values: string[] } {
  const value = claims[claim];
  const expected = `a list of groups in claim '${claim}'`;
  if (hasOverage(claims, claim)) {
    const got = "a pointer instead of groups (_claim_names or hasgroups)";
    return { check: check("groups", false, expected, got, "groups_overage"), values: [] };
  }
  if (value === undefined) {
    return { check: check("groups", false, expected, show(value), "groups_missing"), values: [] };
  }
  const values: unknown[] = Array.isArray(value) ? value : [value];
  if (!values.every((item): item is string => typeof item === "string")) {
    return { check: check("groups", false, expected, show(value), "groups_malformed"), values: [] };
  }
  return { check: check("groups", true, expected, `${values.length} group${values.length === 1 ? "" : "s"}`, "groups_missing"), values };
}

/** The platform does not need the claim: without it, above the limit too, it looks the groups up, and only a verifier cannot judge. */
function lookedUpGroupsCheck(claims: Claims, claim: string): { check: Check; values: string[] } {
  if (claims[claim] === undefined) {
    const why = "the token carries none, and the platform looks groups up in the directory";
    return { check: notChecked("groups", `a list of groups in claim '${claim}'`, why), values: [] };
  }
  return groupsCheck(claims, claim);
}

/** Entra ID above its limit: a distributed claim, or `hasgroups` in the implicit flow (trap T4). */
function hasOverage(claims: Claims, claim: string): boolean {
  const names = claims["_claim_names"];
  const distributed = typeof names === "object" && names !== null && Object.hasOwn(names, claim);
  return claims[claim] === undefined && (distributed || claims["hasgroups"] === true || claims["hasgroups"] === "true");
}
