import { addDaysTo, dayOf, type DocumentGrant, type EnvironmentDocument } from "../model";
import type { ApiServerRules } from "./api-server/rules";
import type { Check } from "./steps";
import type { Warning } from "./verdict";

/** What browsers keep of one cookie, name and attributes included (RFC 6265, section 6.1). */
const cookieLimit = 4096;
/** Room for a cookie's name and attributes, and for what a platform puts beside the token. */
const cookieOverhead = 512;
const soonDays = 14;

/** Things that work today and may not tomorrow. */
export function warningsOf(found: {
  readonly document: EnvironmentDocument;
  readonly tokenBytes: number;
  readonly claimedGroups: number;
  readonly grants: readonly DocumentGrant[];
  readonly now: Date;
}): Warning[] {
  const warnings: Warning[] = [];
  if (found.tokenBytes + cookieOverhead > cookieLimit) {
    warnings.push({
      code: "cookie_size",
      message: `The token has ${found.tokenBytes} bytes (${found.claimedGroups} groups). A session cookie that holds it may pass ${cookieLimit} bytes, where browsers drop it and sign-in loops. Bound the groups claim to the groups of this environment.`,
    });
  }
  const { groupLimit, aboveGroupLimit } = found.document.identityProvider;
  if (groupLimit !== undefined && found.claimedGroups >= groupLimit) {
    const next = aboveGroupLimit === "truncated" ? "further ones are left out without a sign" : "one more and the token carries none";
    warnings.push({
      code: "groups_at_limit",
      message: `The token carries ${found.claimedGroups} groups and the limit is ${groupLimit}: ${next}.`,
    });
  }
  const soon = dayOf(addDaysTo(found.now, soonDays));
  for (const grant of found.grants) {
    if (grant.until !== null && grant.until <= soon) {
      warnings.push({ code: "grant_ends_soon", message: `The grant '${grant.role}' of '${grant.group}' ends with ${grant.until}.` });
    }
  }
  return warnings;
}

/** Seconds for which a running API server remembers a token that it has accepted (pkg/kubeapiserver/options, `TokenSuccessCacheTTL`). */
const successCacheSeconds = 10;

/** What no verdict can know: what was not judged, and what a server that runs may remember of earlier requests. */
export function notesOf(found: {
  readonly rules: ApiServerRules;
  readonly checks: readonly Check[];
  readonly now: Date;
  readonly claims: Readonly<Record<string, unknown>>;
  /** Whether there is no token at all. */
  readonly empty: boolean;
}): string[] {
  const failed = (code: Check["code"]): boolean => found.checks.some((check) => check.code === code);
  const ago = found.now.getTime() / 1000 - Number(found.claims["exp"]);
  return [
    ...found.rules.notJudged.map((setting) => `Not judged: ${setting}.`),
    ...(found.checks.some(({ name, ok }) => name === "distributed claims" && ok === true)
      ? ["An API server that has not asked the issuer of the distributed claim before refuses the first token: it asks for the keys then."]
      : []),
    ...(found.empty ? [withoutToken(found.rules.anonymous)] : []),
    ...(failed("expired") && ago <= successCacheSeconds
      ? [
          `An API server that has seen the token in the last ${successCacheSeconds} seconds still accepts it: it remembers good tokens for so long.`,
        ]
      : []),
    ...(failed("key_unknown")
      ? [
          "An API server that has fetched the key earlier still accepts the token: it asks for keys again only when none of those that it has fits.",
        ]
      : []),
  ];
}

/** A bad token is refused whatever the setting; a request with none is what it decides (k8s.io/apiserver, pkg/authentication/request/anonymous). */
function withoutToken(anonymous: ApiServerRules["anonymous"]): string {
  if (anonymous === undefined) {
    return "A request without any token is let in as system:anonymous where --anonymous-auth says so, which these rules do not tell.";
  }
  const where = anonymous.paths.length === 0 ? "" : ` at ${anonymous.paths.join(", ")}, and nowhere else`;
  return anonymous.enabled
    ? `A request without any token is let in as system:anonymous${where}; RBAC says what that may do.`
    : "A request without any token is refused (status 401): anonymous requests are switched off.";
}
