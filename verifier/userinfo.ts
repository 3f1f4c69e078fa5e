import type { DocumentPlatform } from "../model";
import { show } from "./decode";
import { fetchUserInfo, type Fetch } from "./discovery";
import { check } from "./protocol-checks";
import type { Check } from "./verdict";

type Claims = Readonly<Record<string, unknown>>;

/**
 * The claims as the platform has them: where it takes groups from the userinfo endpoint (thin ID tokens) and the ID token
 * has none, the groups claim of the userinfo answer, which must be about the same subject. Nothing else is taken from it.
 */
export async function platformClaims(
  claims: Claims,
  platform: DocumentPlatform,
  given: { readonly userInfo?: Claims; readonly accessToken?: string; readonly fetch: Fetch },
): Promise<{ claims: Claims; checks: Check[] }> {
  const { claim } = platform.groups;
  if (platform.groupsFrom !== "userinfo" || claims[claim] !== undefined) {
    return { claims, checks: [] };
  }
  const userInfo =
    given.userInfo ?? (given.accessToken === undefined ? undefined : await fetchUserInfo(platform.issuer, given.accessToken, given.fetch));
  if (userInfo === undefined) {
    return { claims, checks: [] };
  }
  const same = typeof userInfo["sub"] === "string" && userInfo["sub"] === claims["sub"];
  const about = check(
    "userinfo subject",
    same,
    `the token's subject ${show(claims["sub"])}`,
    show(userInfo["sub"]),
    "userinfo_subject_mismatch",
  );
  return { claims: same ? { ...claims, [claim]: userInfo[claim] } : claims, checks: [about] };
}
