import type { AdviceCode, PlatformCode, RejectionCode } from "../../../verifier";
import type { Draft } from "./draft";

/**
 * One token that somebody might show, what the platform says to it, and what we advise: every class in which a verifier and the API server
 * have been seen to disagree, and every attack that a reader of tokens has to stand. The verifier's test compares each row; `npm run parity`
 * asks a real API server the same.
 */
export interface Attack {
  readonly name: string;
  /** What is different from a good ID token of `claims.sub` and `claims.groups`. */
  readonly change: (draft: Draft) => void;
  /** Why the platform refuses; null where it accepts. */
  readonly code: RejectionCode | PlatformCode | null;
  readonly advice: readonly AdviceCode[];
}

type Code = Attack["code"];
type Change = Attack["change"];

/** A member of the claims or of the header, with a value of its own. */
const member =
  (called: "claim" | "header", of: "claims" | "header") =>
  (name: string, value: unknown, code: Code, ...advice: AdviceCode[]): Attack => ({
    name: `${called} ${name}: ${value === undefined ? "absent" : JSON.stringify(value).slice(0, 80)}`,
    change: (draft) => {
      draft[of][name] = value;
    },
    code,
    advice,
  });
const claim = member("claim", "claims");
const head = member("header", "header");
/** A time, in seconds from now. */
const time = (name: string, offset: number, code: Code, ...advice: AdviceCode[]): Attack => ({
  name: `claim ${name}: ${Math.abs(offset)} s ${offset < 0 ? "ago" : "ahead"}`,
  change: ({ claims, now }) => {
    claims[name] = now + offset;
  },
  code,
  advice,
});
/** A member written behind the others, as JSON.stringify could not. */
const written =
  (called: "payload" | "header", of: "payloadText" | "headerText") =>
  (text: string, code: Code, ...advice: AdviceCode[]): Attack => ({
    name: `${called} ends with ${text}`,
    change: (draft) => void draft[of].push((whole) => whole.replace(/}$/, `,${text}}`)),
    code,
    advice,
  });
const behind = written("payload", "payloadText");
const headBehind = written("header", "headerText");
const other = (name: string, change: Change, code: Code, ...advice: AdviceCode[]): Attack => ({ name, change, code, advice });
const finished = (name: string, change: (token: string) => string, code: Code, ...advice: AdviceCode[]): Attack =>
  other(name, ({ finish }) => void finish.push(change), code, ...advice);
const payload = (name: string, change: (text: string) => string, code: Code, ...advice: AdviceCode[]): Attack =>
  other(name, ({ payloadText }) => void payloadText.push(change), code, ...advice);
/** Signed by another key than the header of a good token names. */
const by =
  (key: keyof Draft["keys"], header: Record<string, unknown>): Change =>
  (draft) => {
    draft.key = draft.keys[key];
    Object.assign(draft.header, header);
  };
const distributed = (names: unknown, sources: unknown, code: Code): Attack => ({
  name: `groups elsewhere: _claim_names ${JSON.stringify(names)}, _claim_sources ${JSON.stringify(sources)}`,
  change: ({ claims }) => {
    Object.assign(claims, { groups: undefined, _claim_names: names, _claim_sources: sources });
  },
  code,
  advice: [],
});
const nested = (depth: number) => (text: string) => text.replace(/}$/, `,"deep":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`);

/** What an attacker tries: another key, another algorithm, another form (RFC 8725). */
const forgeries: readonly Attack[] = [
  other(
    "alg none, unsigned",
    ({ header, finish }) => void ((header["alg"] = "none"), finish.push((token) => token.replace(/[^.]*$/, ""))),
    "algorithm_not_allowed",
  ),
  head("alg", "None", "algorithm_not_allowed"),
  head("alg", "HS256", "algorithm_not_allowed"),
  head("alg", "HS512", "algorithm_not_allowed"),
  head("alg", "rs256", "algorithm_not_allowed"),
  other("EdDSA by a key of the issuer", by("ed25519", { alg: "EdDSA", kid: "ed25519" }), "algorithm_not_allowed"),
  other("a stranger's signature under a known kid", by("stranger", {}), "signature_invalid"),
  other(
    "a stranger's key embedded",
    (draft) => by("stranger", { jwk: draft.keys.stranger.jwk })(draft),
    "signature_invalid",
    "key_in_header",
  ),
  other("a stranger's key by jku", by("stranger", { jku: "https://evil.example.com/keys" }), "signature_invalid", "key_in_header"),
  other("a stranger's key by x5u", by("stranger", { x5u: "https://evil.example.com/cert" }), "signature_invalid", "key_in_header"),
  head("kid", "../../rsa-1", "key_unknown"),
  head("kid", "/dev/null", "key_unknown"),
  head("kid", "' or 1=1 --", "key_unknown"),
  head("kid", "RSA-1", "key_unknown"),
  head("kid", "rsa-2", "signature_invalid"),
  head("crit", ["exp"], "header_malformed", "header_extension"),
  other(
    "an unknown critical extension",
    ({ header }) => void Object.assign(header, { crit: ["x"], x: 1 }),
    "header_malformed",
    "header_extension",
  ),
  other("ES256 by P-384", by("p384", { alg: "ES256", kid: "p384" }), "signature_invalid"),
  // go-jose counts the bytes of a signature, and does not compare the curve with the algorithm: the issuer's own key, so nothing is forged.
  other("ES384 by P-256, as long as one of P-384", by("p256", { alg: "ES384", kid: "p256" }), null),
  other("PS256 under RS256", (draft) => void (draft.algorithm = "PS256"), "signature_invalid"),
  finished("a signature cut short", (token) => token.slice(0, -4), "signature_invalid"),
  finished("a signature that is longer", (token) => `${token}AAAA`, "signature_invalid"),
  finished("no signature", (token) => token.replace(/[^.]*$/, ""), "signature_invalid"),
  finished("a signature of zeros", (token) => token.replace(/[^.]*$/, "A".repeat(342)), "signature_invalid"),
  finished("a padded signature", (token) => `${token}==`, "header_malformed"),
  finished("base64 of another alphabet", (token) => token.replace(/[^.]*$/, (all) => `+/${all.slice(2)}`), "header_malformed"),
  finished("two parts", (token) => token.split(".").slice(0, 2).join("."), "malformed"),
  finished("five parts (JWE)", () => "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.a.b.c.d", "encrypted"),
  finished("the JSON form", (token) => JSON.stringify({ payload: token.split(".")[1], signature: token.split(".")[2] }), "malformed"),
  finished("longer than 1 MiB", (token) => `${token}${"A".repeat(1 << 20)}`, "too_large"),
];

/** Members that come twice, in another case, of another form: Go's reader takes names without regard to case, the later wins. */
const json: readonly Attack[] = [
  behind('"exp":1', "expired", "duplicate_claim"),
  behind('"EXP":1', "expired", "duplicate_claim"),
  behind('"exp":4102444800', null, "duplicate_claim"),
  behind('"i\u017fs":"https://evil.example.com"', "issuer_mismatch"),
  behind('"iss":"https://evil.example.com"', "issuer_mismatch", "duplicate_claim"),
  behind('"AUD":"other"', "audience_mismatch", "duplicate_claim"),
  behind('"sub":"root"', null, "duplicate_claim"),
  behind('"GROUPS":["system:masters"]', null, "duplicate_claim"),
  behind('"__proto__":{"groups":["x"]}', null),
  headBehind('"alg":"none"', "header_malformed"),
  headBehind('"kid":"rsa-1"', "header_malformed"),
  headBehind('"x":{"a":1,"a":2}', "header_malformed"),
  payload("something behind the claims", (text) => `${text}x`, "malformed"),
  payload("a comma too many", (text) => text.replace(/}$/, ",}"), "malformed"),
  payload("a byte order mark", (text) => `\ufeff${text}`, "malformed"),
  payload("a list", () => "[]", "malformed"),
  payload("nesting of 10,001", nested(10_001), "malformed"),
  payload("nesting of 9,999", nested(9_999), null),
];

/** The verifier once said yes, where the API server says no. */
const refused: readonly Attack[] = [
  time("exp", -2, "expired"),
  time("exp", -3600, "expired"),
  time("nbf", 3600, "not_yet_valid"),
  claim("exp", undefined, "expired"),
  claim("exp", "soon", "time_missing"),
  claim("nbf", true, "time_missing"),
  claim("iat", "yesterday", "time_missing"),
  claim("sub", 7, "claims_malformed", "subject_missing"),
  claim("sub", undefined, "username_missing", "subject_missing"),
  claim("aud", ["kubernetes", 7], "claims_malformed"),
  claim("aud", { kubernetes: true }, "claims_malformed"),
  claim("aud", undefined, "audience_mismatch"),
  claim("aud", "KUBERNETES", "audience_mismatch"),
  claim("nonce", 7, "claims_malformed"),
  claim("at_hash", {}, "claims_malformed"),
  claim("_claim_names", [], "claims_malformed"),
  claim("_claim_names", { groups: 7 }, "claims_malformed"),
  claim("_claim_sources", { src1: { endpoint: 7 } }, "claims_malformed"),
  claim("_claim_sources", { src1: [] }, "claims_malformed"),
  distributed({ groups: "src1" }, undefined, "claims_malformed"),
  distributed({ groups: "src1" }, { other: {} }, "claims_malformed"),
  claim("groups", 7, "groups_malformed"),
  claim("groups", ["g", 7], "groups_malformed"),
  claim("groups", {}, "groups_malformed"),
  head("jwk", 7, "header_malformed"),
  head("jwk", { kty: "oct", k: "AAAA" }, "header_malformed"),
  head("x5c", ["AAAA"], "header_malformed"),
  head("nonce", 7, "header_malformed"),
  head("kid", 7, "header_malformed"),
  head("b64", false, "signature_invalid", "header_extension"),
];

/** The verifier once said no, where the API server says yes; what is to be said about it is advice. */
const accepted: readonly Attack[] = [
  claim("azp", "other", null, "authorized_party"),
  other(
    "several audiences, no azp",
    ({ claims }) => void Object.assign(claims, { aud: ["other", "kubernetes"], azp: undefined }),
    null,
    "authorized_party",
  ),
  claim("iat", undefined, null, "issued_at_missing"),
  time("iat", 3600, null, "issued_in_future"),
  time("nbf", 30, null),
  claim("exp", "4102444800", null),
  claim("exp", 4102444800.9, null),
  claim("nbf", -5, null),
  claim("groups", null, null),
  claim("groups", undefined, null),
  claim("groups", ["g", null], null),
  claim("groups", "system:masters", null),
  claim("hasgroups", true, null),
  distributed({ groups: "src1" }, { src1: {} }, null),
  claim("scp", ["openid"], null, "not_an_id_token"),
  claim("typ", "Bearer", null, "not_an_id_token"),
  claim("typ", "Refresh", null, "not_an_id_token"),
  claim("events", { "http://schemas.openid.net/event/backchannel-logout": {} }, null, "not_an_id_token"),
  head("typ", "at+jwt", null, "not_an_id_token"),
  // Without a kid every key of the set would do, the weak one too.
  head("kid", undefined, null, "weak_key"),
  head("kid", "", null, "weak_key"),
  head("kid", null, null, "weak_key"),
  head("crit", [], null, "header_extension"),
  head("crit", null, null, "header_extension"),
  head("crit", ["b64"], null, "header_extension"),
  other("the issuer's own key in the header", ({ header, keys }) => void (header["jwk"] = keys.rsa.jwk), null, "key_in_header"),
  other("RSA of 1024 bits", by("rsa1024", { alg: "RS256", kid: "rsa-1024" }), null, "weak_key"),
  ...[0, 20, 64].map((saltLength) =>
    other(
      `PS256 with ${saltLength} bytes of salt`,
      (draft) => void Object.assign(draft, { saltLength, header: { alg: "PS256", kid: "rsa-1" } }),
      null,
    ),
  ),
  other("ES256", by("p256", { alg: "ES256", kid: "p256" }), null),
];

/** Good tokens, for somebody or something else. */
const lookalikes: readonly Attack[] = [
  claim("aud", "other", "audience_mismatch"),
  other(
    "Keycloak's access token",
    ({ claims }) => void Object.assign(claims, { aud: "account", typ: "Bearer", scope: "openid profile", sid: "s" }),
    "audience_mismatch",
    "not_an_id_token",
  ),
  other(
    "Okta's access token",
    ({ claims }) => void Object.assign(claims, { aud: "api://default", scp: ["openid"] }),
    "audience_mismatch",
    "not_an_id_token",
  ),
  other(
    "Entra ID's access token for Graph",
    ({ claims }) => void Object.assign(claims, { aud: "00000003-0000-0000-c000-000000000000" }),
    "audience_mismatch",
    "not_an_id_token",
  ),
  other("an issuer with a slash behind", ({ claims }) => void (claims["iss"] = `${String(claims["iss"])}/`), "issuer_mismatch"),
  claim("iss", "https://elsewhere.example.com", "issuer_mismatch"),
];

/** Rows that any API server with a readable key set can be asked. */
export const attacks: readonly Attack[] = [...forgeries, ...json, ...refused, ...accepted, ...lookalikes];
