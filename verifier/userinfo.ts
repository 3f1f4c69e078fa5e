import type { DocumentPlatform } from "../model";
import { show } from "./decode";
import { fetchUserInfo, type Fetch } from "./discovery";
import { member, parseGoJson, plainValue, type JsonObject } from "./go/json";
import { check, type Check } from "./steps";

/**
 * The claims as the platform has them: where it takes groups from the userinfo endpoint (thin ID tokens) and the ID token
 * has none, the groups claim of the userinfo answer, which must be about the same subject. Nothing else is taken from it.
 */
export async function platformClaims(
  claims: JsonObject,
  platform: DocumentPlatform,
  given: { readonly userInfo?: Readonly<Record<string, unknown>>; readonly accessToken?: string; readonly fetch: Fetch },
): Promise<{ claims: JsonObject; checks: Check[] }> {
  const { claim } = platform.groups;
  if (platform.groupsFrom !== "userinfo" || member(claims, claim) !== undefined) {
    return { claims, checks: [] };
  }
  const userInfo =
    given.userInfo ?? (given.accessToken === undefined ? undefined : await fetchUserInfo(platform.issuer, given.accessToken, given.fetch));
  if (userInfo === undefined) {
    return { claims, checks: [] };
  }
  const subject = member(claims, "sub");
  const sub = subject === undefined ? undefined : plainValue(subject);
  const same = typeof userInfo["sub"] === "string" && userInfo["sub"] === sub;
  const about = check("userinfo subject", same, `the token's subject ${show(sub)}`, show(userInfo["sub"]), "userinfo_subject_mismatch");
  const groups = userInfo[claim];
  return same && groups !== undefined
    ? {
        claims: { type: "object", members: [...claims.members, [claim, parseGoJson(Buffer.from(JSON.stringify(groups)))]] },
        checks: [about],
      }
    : { claims, checks: [about] };
}
