import { check, notChecked, type Check } from "../steps";
import { show } from "../decode";
import { parseCompactSignature, type CompactSignature } from "../go/compact-signature";
import { decodeBase64Url } from "../go/base64";
import { foldName } from "../go/decode";
import { GoJsonError, member, parseGoJson, plainValue, type JsonNode, type JsonObject } from "../go/json";
import type { KeySetResult } from "../go/key-set";
import { verifiesWith } from "../go/signature";
import { namedIssuer, sameIssuer, standardClaims, type StandardClaims } from "./claims";
import { identify } from "./identify";
import type { Surroundings } from "./world";
import type { ApiServerRules, JwtRules, KubernetesUser } from "./rules";

/** A token taken apart, as far as its form allows. */
export interface ReadToken {
  readonly text: string;
  readonly payload?: JsonNode;
  readonly jws?: CompactSignature;
  readonly reason?: string;
  /** Whether the header is no JSON object at all, rather than one with something odd in it. */
  readonly headless?: boolean;
}

export interface Authentication {
  readonly checks: readonly Check[];
  /** The entry that the issuer chose. */
  readonly rules: JwtRules | undefined;
  /** Set when signature, issuer and audience hold and the mappings gave one, also where a time or a rule refuses the person. */
  readonly user: KubernetesUser | undefined;
  /** Claims of the payload; proven only where `user` is set. */
  readonly claims: JsonObject | undefined;
  /** The issuer's keys, where they were asked for. */
  readonly keys?: KeySetResult;
}

/** A request's header cannot be longer (net/http `DefaultMaxHeaderBytes`, which kube-apiserver sets): the server answers 431. */
export const longestToken = 1 << 20;
/** `nbf` has this leeway, `exp` none (go-oidc v2.5.0, verify.go). */
const notBeforeLeeway = 60n;
const form = "a signed JSON web token (three base64url parts)";

/**
 * Takes a token apart. Nothing is proven yet, and nothing is thrown. What stands behind a blank is no part of it: the API server cuts its
 * header there (k8s.io/apiserver v0.36.3, pkg/authentication/request/bearertoken), also for a TokenReview.
 */
export function readToken(header: string): ReadToken {
  return readWholeToken(header.split(" ")[0] ?? "");
}

/** As {@link readToken}, where no header was cut: what an endpoint answers. */
export function readWholeToken(text: string): ReadToken {
  if (text.length > longestToken) {
    return { text, reason: `a text of ${text.length} characters` };
  }
  const parts = text.split(".");
  const bytes = parts.length === 3 ? decodeBase64Url(parts[1] ?? "") : undefined;
  if (bytes === undefined) {
    const count = `a text of ${parts.length} part${parts.length === 1 ? "" : "s"}`;
    return { text, reason: text === "" ? "an empty text" : parts.length === 3 ? "a payload that is no base64url" : count };
  }
  let payload: JsonNode;
  try {
    payload = parseGoJson(bytes);
    namedIssuer(payload);
  } catch (error) {
    return { text, reason: `a payload that is no base64url-encoded JSON object with a text as issuer (${reasonOf(error)})` };
  }
  try {
    return { text, payload, jws: parseCompactSignature(text) };
  } catch (error) {
    return { text, payload, reason: `a header or signature with ${reasonOf(error)}`, headless: !isObject(parts[0] ?? "") };
  }
}

function isObject(part: string): boolean {
  try {
    return parseGoJson(decodeBase64Url(part) ?? Buffer.alloc(0), Infinity).type === "object";
  } catch {
    return false;
  }
}

/**
 * Judges a token as the API server's OpenID authenticator does (k8s.io/apiserver v0.36.3, plugin/pkg/authenticator/token/oidc/oidc.go
 * `AuthenticateToken`, over github.com/coreos/go-oidc v2.5.0 and go-jose v2.6.3). After a failure the checks that still have an object go
 * on, for the diagnosis; the first failure is why the API server refuses.
 */
export async function authenticate(token: ReadToken, rules: ApiServerRules, world: Surroundings): Promise<Authentication> {
  const checks: Check[] = [formCheck(token)];
  const claims = token.payload?.type === "object" ? token.payload : undefined;
  if (token.payload === undefined || token.headless === true) {
    return { checks, rules: undefined, user: undefined, claims };
  }
  const issuer = namedIssuer(token.payload);
  const entry = rules.issuers.find((candidate) => candidate.issuer === issuer);
  const wanted = rules.issuers.map((candidate) => show(candidate.issuer)).join(" or ") || "an issuer, of which the configuration has none";
  checks.push(check("issuer", entry !== undefined, wanted, issuer === "" ? "no such claim" : show(issuer), "issuer_mismatch"));
  const { jws } = token;
  if (jws === undefined) {
    checks.push(
      check("header", false, "a header and a signature in the form that go-jose reads", token.reason ?? "another", "header_malformed"),
    );
    return { checks, rules: entry, user: undefined, claims };
  }
  checks.push(algorithmCheck(jws, rules));
  checks.push(await signatureCheck(jws, entry, checks, world));
  const standard = rules.writtenAs === "token-endpoint" ? looseClaims(token.payload, issuer) : claimsCheck(token.payload, checks);
  if (standard === undefined || claims === undefined) {
    return { checks, rules: entry, user: undefined, claims };
  }
  checks.push(
    audienceCheck(standard, entry === undefined ? rules.issuers.flatMap((one) => one.audiences) : entry.audiences, claims),
    ...(rules.writtenAs === "token-endpoint" ? [] : timeChecks(standard, world)),
  );
  if (entry === undefined || !sameIssuer(standard.issuer, entry.issuer) || unproven(checks)) {
    return { checks, rules: entry, user: undefined, claims };
  }
  const whole = (await world.completed?.(claims)) ?? { claims, checks: [] };
  const { checks: mapped, user } = await identify(whole.claims, entry, rules.writtenAs === "token-endpoint" ? undefined : world);
  return { checks: [...checks, ...whole.checks, ...mapped], rules: entry, user, claims: whole.claims };
}

/** Times may have passed and the identity is still worth reading; claims without proof or for another client are not. */
function unproven(checks: readonly Check[]): boolean {
  return checks.some(({ ok, code }) => ok !== true && code !== "expired" && code !== "not_yet_valid");
}

function formCheck({ text, payload, reason, headless }: ReadToken): Check {
  if (text.length > longestToken) {
    return check("form", false, `at most ${longestToken} characters`, reason ?? "", "too_large");
  }
  if (text.split(".").length === 5) {
    return check("form", false, form, "an encrypted one (five parts)", "encrypted");
  }
  return payload === undefined || headless === true
    ? check("form", false, form, headless === true ? "a header that is no base64url-encoded JSON object" : (reason ?? ""), "malformed")
    : check("form", true, form, "a signed JSON web token", "malformed");
}

function algorithmCheck({ algorithm }: CompactSignature, { algorithms }: ApiServerRules): Check {
  const got = algorithm === "" ? "no such claim" : show(algorithm);
  return check("algorithm", algorithms.includes(algorithm), `one of ${algorithms.join(", ")}`, got, "algorithm_not_allowed");
}

async function signatureCheck(
  jws: CompactSignature,
  entry: JwtRules | undefined,
  earlier: readonly Check[],
  world: Surroundings,
): Promise<Check> {
  const failed = earlier.find(({ ok }) => ok === false);
  const expected = `a signature by a key of ${entry?.issuer ?? "the issuer"}`;
  if (failed !== undefined || entry === undefined) {
    return notChecked("signature", expected, `the check '${failed?.name ?? "issuer"}' comes first`);
  }
  const result = await world.keysOf(entry);
  if ("unreadable" in result) {
    return check(
      "signature",
      false,
      expected,
      `a key set that cannot be read (${result.unreadable}); no key of it counts`,
      "keys_unreadable",
    );
  }
  const named = result.keys.filter(({ keyId }) => jws.keyId === "" || keyId === jws.keyId);
  if (named.length === 0) {
    const got = jws.keyId === "" ? "no kid, and no key" : `kid ${show(jws.keyId)}`;
    return check("signature", false, expected, got, "key_unknown");
  }
  if (jws.critical?.every((name) => name === "b64") !== true) {
    return check(
      "signature",
      false,
      "no extension that must be understood (crit), except b64",
      show(jws.critical ?? "another shape"),
      "header_malformed",
    );
  }
  const proven = named.some((key) => verifiesWith(jws, key));
  const usable = named.some(({ key }) => key !== undefined);
  const got = proven
    ? `one by ${jws.keyId === "" ? "one of its keys" : `key ${show(jws.keyId)}`}`
    : usable
      ? "another signature"
      : "a key or signature that cannot be used";
  return check("signature", proven, expected, got, "signature_invalid");
}

function claimsCheck(payload: JsonNode, checks: Check[]): StandardClaims | undefined {
  const expected = "iss, sub, nonce and at_hash as texts, times as numbers, aud as texts, sources for every distributed claim";
  try {
    const claims = standardClaims(payload);
    checks.push(check("claims", true, expected, "claims of these types", "claims_malformed"));
    return claims;
  } catch (error) {
    const got = reasonOf(error);
    checks.push(check("claims", false, expected, got, /^(exp|iat|nbf):/.test(got) ? "time_missing" : "claims_malformed"));
    return undefined;
  }
}

/** For a platform that reads no type but the claims' own: what it would take for issuer and audiences. */
function looseClaims(payload: JsonNode, issuer: string): StandardClaims {
  const aud = payload.type === "object" ? member(payload, "aud") : undefined;
  const items = aud?.type === "array" ? aud.items : aud === undefined ? [] : [aud];
  return { issuer, audiences: items.flatMap((item) => (item.type === "string" ? [item.value] : [])), expiry: 0n, notBefore: undefined };
}

function audienceCheck({ audiences }: StandardClaims, wanted: readonly string[], claims: JsonObject): Check {
  const unique = [...new Set(wanted)];
  const expected = unique.length === 1 ? show(unique[0]) : `one of ${unique.map(show).join(", ")}`;
  const sent = claims.members.findLast(([name]) => foldName(name) === "aud")?.[1];
  const got = show(sent === undefined ? undefined : plainValue(sent));
  return check(
    "audience",
    audiences.some((audience) => unique.includes(audience)),
    expected,
    got,
    "audience_mismatch",
  );
}

export function timeChecks(
  { expiry, notBefore }: StandardClaims,
  { now, clockSkewSeconds }: Pick<Surroundings, "now" | "clockSkewSeconds">,
): Check[] {
  const at = now.toISOString();
  const skew = BigInt(clockSkewSeconds);
  const milliseconds = BigInt(now.getTime());
  const differing = clockSkewSeconds === 0 ? "" : `, give or take ${clockSkewSeconds} s`;
  const checks = [check("expiry", (expiry + skew) * 1000n >= milliseconds, `exp after ${at}${differing}`, dateText(expiry), "expired")];
  if (notBefore !== undefined) {
    const ok = milliseconds + (notBeforeLeeway + skew) * 1000n >= notBefore * 1000n;
    checks.push(check("not before", ok, `nbf at most 60 s after ${at}${differing}`, dateText(notBefore), "not_yet_valid"));
  }
  return checks;
}

/** Seconds as a date in RFC 3339, or as they are where the calendar ends. */
function dateText(seconds: bigint): string {
  if (seconds === -62_135_596_800n) {
    return "no such claim";
  }
  const date = new Date(Number(seconds) * 1000);
  return Number.isNaN(date.getTime()) ? `${seconds} seconds` : date.toISOString();
}

function reasonOf(error: unknown): string {
  if (error instanceof GoJsonError) {
    return error.message;
  }
  throw error;
}
