import { createHmac } from "node:crypto";
import { requireAccepted, TokenRejectedError, verifyToken } from "../../verifier";
import { sampleDocument } from "../fixtures/sample";
import { claims, failure, forge, issuer, judge, makeIssuer, now, seconds, type Issuer } from "./issuer";

let okta: Issuer;
beforeAll(async () => {
  okta = await makeIssuer();
});

const algorithms = "one of ES256, ES384, ES512, PS256, PS384, PS512, RS256, RS384, RS512";
const form = "a signed JSON web token (three base64url parts)";
const signedBy = `a signature by a key of ${issuer}`;
const types = "expected iss, sub, nonce and at_hash as texts, times as numbers, aud as texts, sources for every distributed claim";
const at = "2026-11-23T12:00:00.000Z";

test("a good token is accepted: every check holds, and discovery was followed", async () => {
  const verdict = await judge(okta, claims());
  expect(verdict).toMatchObject({
    outcome: "accepted",
    code: null,
    platform: "k10",
    expiresAt: "2026-11-23T13:00:00.000Z",
    causes: [],
    warnings: [],
  });
  expect(verdict.checks.map(({ name, ok }) => [name, ok])).toEqual([
    ["form", true],
    ["issuer", true],
    ["algorithm", true],
    ["signature", true],
    ["claims", true],
    ["audience", true],
    ["expiry", true],
    ["username", true],
    ["groups", true],
    ["grants", true],
  ]);
  expect(verdict.decision).toEqual({
    accepted: true,
    code: null,
    rules: "go-oidc",
    user: { username: "okta:00u1ana", groups: ["okta:Kasten Admins"], uid: "", extra: {} },
  });
  expect([verdict.advice, verdict.notes]).toEqual([[], []]);
  expect(okta.requests.slice(-2)).toEqual([`${issuer}/.well-known/openid-configuration`, `${issuer}/oauth2/v1/keys`]);
});

test("EdDSA is unknown to the API server (oidc.go, allowedSigningAlgs)", async () => {
  const other = await makeIssuer(["EdDSA"]);
  expect(await judge(other, claims())).toMatchObject({ outcome: "rejected", code: "algorithm_not_allowed" });
});

test.each(["RS384", "PS256", "ES256", "ES384"])("a token signed with %s is accepted", async (alg) => {
  const other = await makeIssuer([alg]);
  expect((await judge(other, claims())).outcome).toBe("accepted");
});

test("a token pasted with Bearer and line ends is read", async () => {
  const token = `Bearer ${await okta.sign(claims())}\n`;
  expect((await judge(okta, {}, { token })).outcome).toBe("accepted");
});

describe("tokens that are refused without asking the issuer", () => {
  test.each([
    ["an empty text", "  ", "malformed", `form: expected ${form}, got an empty text`],
    ["an opaque token", "00abcdef", "malformed", `form: expected ${form}, got a text of 1 part`],
    ["two parts", "e30.e30", "malformed", `form: expected ${form}, got a text of 2 parts`],
    ["a header that is no JSON", `bm8.e30.x`, "malformed", `form: expected ${form}, got a header that is no base64url-encoded JSON object`],
    [
      "claims that are a list",
      forge({ alg: "RS256" }, []),
      "malformed",
      `form: expected ${form}, got a payload that is no base64url-encoded JSON object with a text as issuer (cannot unmarshal array into an object)`,
    ],
    ["an encrypted token", "e30.a.b.c.d", "encrypted", `form: expected ${form}, got an encrypted one (five parts)`],
    ["alg none", forge({ alg: "none" }, claims(), ""), "algorithm_not_allowed", `algorithm: expected ${algorithms}, got "none"`],
    ["alg NONE", forge({ alg: "NONE" }, claims()), "algorithm_not_allowed", `algorithm: expected ${algorithms}, got "NONE"`],
    ["no alg", forge({}, claims()), "algorithm_not_allowed", `algorithm: expected ${algorithms}, got no such claim`],
    ["alg HS256", forge({ alg: "HS256" }, claims()), "algorithm_not_allowed", `algorithm: expected ${algorithms}, got "HS256"`],
    [
      "another issuer",
      forge({ alg: "RS256" }, claims({ iss: "https://evil.example.com" })),
      "issuer_mismatch",
      'issuer: expected "https://example.okta.com", got "https://evil.example.com"',
    ],
    [
      "no issuer",
      forge({ alg: "RS256" }, claims({ iss: undefined })),
      "issuer_mismatch",
      `issuer: expected "${issuer}", got no such claim`,
    ],
  ])("%s", async (_, token, code, message) => {
    const requests: string[] = [];
    const fetch = (url: string) => Promise.reject(new Error(`unexpected request to ${requests.push(url)}`));
    const verdict = await verifyToken({ token, document: sampleDocument(), platform: "k10", now, fetch });
    expect(verdict).toMatchObject({ outcome: "rejected", code, identity: null, grants: [] });
    expect(failure(verdict)).toBe(message);
    expect(requests).toEqual([]);
  });

  test("HS256 signed with the public key", async () => {
    const unsigned = forge({ alg: "HS256", kid: "key-RS256" }, claims()).replace(/\.[^.]*$/, "");
    const mac = createHmac("sha256", JSON.stringify(okta.keySet.keys[0])).update(unsigned).digest("base64url");
    expect(await judge(okta, {}, { token: `${unsigned}.${mac}` })).toMatchObject({ outcome: "rejected", code: "algorithm_not_allowed" });
  });
});

describe("signature", () => {
  test("by a key of the same name that is not the issuer's", async () => {
    const forger = await makeIssuer();
    const verdict = await judge(okta, {}, { token: await forger.sign(claims()) });
    expect(verdict).toMatchObject({ outcome: "rejected", code: "signature_invalid", identity: null, grants: [] });
    expect(failure(verdict)).toBe(`signature: expected ${signedBy}, got another signature`);
    expect(verdict.causes.map(({ code }) => code)).toEqual(["key_rotated"]);
    expect(verdict.checks.filter(({ ok }) => ok === null).map(({ name, got }) => [name, got])).toEqual([
      ["username", "not checked: the check 'signature' comes first"],
      ["groups", "not checked: the check 'signature' comes first"],
      ["grants", "not checked: the check 'signature' comes first"],
    ]);
  });

  test("of changed claims", async () => {
    const [header, , signature] = (await okta.sign(claims())).split(".");
    const payload = Buffer.from(JSON.stringify(claims({ groups: ["Kasten Admins", "Kasten Users"] }))).toString("base64url");
    expect(await judge(okta, {}, { token: `${header}.${payload}.${signature}` })).toMatchObject({ code: "signature_invalid" });
  });

  test("by a key that the issuer does not publish", async () => {
    const verdict = await judge(okta, {}, { token: await okta.sign(claims(), { kid: "retired" }) });
    expect(verdict).toMatchObject({ outcome: "rejected", code: "key_unknown" });
    expect(failure(verdict)).toBe(`signature: expected ${signedBy}, got kid "retired"`);
  });

  test("without kid, by the only key, is good", async () => {
    expect((await judge(okta, {}, { token: await okta.sign(claims(), { kid: undefined }) })).outcome).toBe("accepted");
  });

  test("without kid, every key is tried", async () => {
    const two = [...okta.keySet.keys, { ...(await makeIssuer()).keySet.keys[0], kid: "second" }];
    const verdict = await judge(okta, {}, { token: await okta.sign(claims(), { kid: undefined }), jwks: { keys: two } });
    expect(verdict).toMatchObject({ outcome: "accepted", code: null });
  });

  test("by a key that says it is for encryption counts all the same: use, alg and key_ops are not read", async () => {
    const jwks = { keys: [{ ...okta.keySet.keys[0], use: "enc", alg: "RS512", key_ops: ["encrypt"] }] };
    expect((await judge(okta, claims(), { jwks })).outcome).toBe("accepted");
  });

  test("by a broken key is no crash", async () => {
    const jwks = { keys: [{ kty: "RSA", kid: "key-RS256", n: "AQ", e: "AQ" }] };
    const verdict = await judge(okta, claims(), { jwks });
    expect(failure(verdict)).toBe(`signature: expected ${signedBy}, got a key or signature that cannot be used`);
  });
});

describe("claims of the protocol", () => {
  test.each([
    ["expired, beyond the skew", { exp: seconds - 60 }, "expired", `expiry: expected exp after ${at}, got 2026-11-23T11:59:00.000Z`],
    ["exp absent", { exp: undefined }, "expired", `expiry: expected exp after ${at}, got no such claim`],
    ["exp a second ago", { exp: seconds - 1 }, "expired", `expiry: expected exp after ${at}, got 2026-11-23T11:59:59.000Z`],
    ["exp as a text", { exp: "soon" }, "time_missing", `claims: ${types}, got exp: no number of seconds`],
    ["exp null", { exp: null }, "time_missing", `claims: ${types}, got exp: no number of seconds`],
    [
      "nbf beyond a minute",
      { nbf: seconds + 61 },
      "not_yet_valid",
      `not before: expected nbf at most 60 s after ${at}, got 2026-11-23T12:01:01.000Z`,
    ],
    ["nbf as a text", { nbf: "now" }, "time_missing", `claims: ${types}, got nbf: no number of seconds`],
    ["iat as a text", { iat: "now" }, "time_missing", `claims: ${types}, got iat: no number of seconds`],
    ["sub a number", { sub: 7 }, "claims_malformed", `claims: ${types}, got sub: cannot unmarshal number into a string`],
    ["nonce a list", { nonce: [] }, "claims_malformed", `claims: ${types}, got nonce: cannot unmarshal array into a string`],
    [
      "a number among the audiences",
      { aud: ["0oa1k10", 7] },
      "claims_malformed",
      `claims: ${types}, got aud: cannot unmarshal number into a string`,
    ],
    [
      "a source that is not there",
      { _claim_names: { groups: "a" } },
      "claims_malformed",
      `claims: ${types}, got _claim_names names the source "a" for "groups", which is not in _claim_sources`,
    ],
  ])("%s", async (_, changes, code, message) => {
    const verdict = await judge(okta, claims(changes));
    expect(verdict).toMatchObject({ outcome: "rejected", code });
    expect(failure(verdict)).toBe(message);
  });

  test.each([
    ["nbf within a minute", { nbf: seconds + 60 }, []],
    ["exp as digits", { exp: String(seconds + 60) }, []],
    ["exp as a very large number", { exp: 1e18 }, []],
    ["iat absent", { iat: undefined }, ["issued_at_missing"]],
    ["iat in the future", { iat: seconds + 61 }, ["issued_in_future"]],
    ["azp of another client", { azp: "api" }, ["authorized_party"]],
    ["several audiences without azp", { aud: ["0oa1k10", "api"] }, ["authorized_party"]],
    ["an access token's look with a good audience", { scp: ["openid"] }, ["not_an_id_token"]],
    ["sub empty", { sub: "" }, ["subject_missing"]],
    ["a claim in another case, unread by Go maps", { Groups: ["x"] }, ["duplicate_claim"]],
  ])("%s is accepted, as the platform does, with our advice beside it", async (_, changes, advice) => {
    const verdict = await judge(okta, claims(changes));
    expect(verdict).toMatchObject({ outcome: "accepted", decision: { accepted: true } });
    expect(verdict.advice.map(({ code }) => code)).toEqual(advice);
  });

  test("the later of two names that differ in case decides, as in Go", async () => {
    const later = await judge(okta, claims({ EXP: seconds - 3600 }));
    expect(later).toMatchObject({ outcome: "rejected", code: "expired" });
  });

  test("clocks may be said to differ", async () => {
    expect(await judge(okta, claims({ exp: seconds - 30 }), { clockSkewSeconds: 0 })).toMatchObject({ code: "expired" });
    expect(await judge(okta, claims({ exp: seconds - 30 }), { clockSkewSeconds: 30 })).toMatchObject({ outcome: "accepted" });
  });

  test("what a running server may remember is a note, no verdict", async () => {
    const verdict = await judge(okta, claims({ exp: seconds - 5 }));
    expect(verdict).toMatchObject({ outcome: "rejected", code: "expired" });
    expect(verdict.notes).toEqual([
      "An API server that has seen the token in the last 10 seconds still accepts it: it remembers good tokens for so long.",
    ]);
  });

  test("an expired token still shows what it would have opened, and stays rejected", async () => {
    const verdict = await judge(okta, claims({ exp: seconds - 3600 }));
    expect(verdict).toMatchObject({ outcome: "rejected", code: "expired", identity: { username: "okta:00u1ana" } });
    expect(verdict.grants.map(({ role }) => role)).toEqual(["admin"]);
    expect(verdict.causes.map(({ code, remedy }) => [code, remedy])).toEqual([["expired", "Sign in again."]]);
  });

  test("a clock that is off is named as the cause", async () => {
    const verdict = await judge(okta, claims({ nbf: seconds + 600 }));
    expect(verdict.causes.map(({ code }) => code)).toEqual(["clock"]);
  });

  test.each([
    ["absent", undefined, "got no nonce"],
    ["another", "n-2", "got another nonce"],
  ])("a nonce that is %s is refused without being repeated", async (_, nonce, got) => {
    const verdict = await judge(okta, claims({ nonce }), { nonce: "n-1" });
    expect(verdict).toMatchObject({ outcome: "rejected", code: "nonce_mismatch" });
    expect(failure(verdict)).toBe(`nonce: expected the nonce of the authorization request, ${got}`);
    expect(JSON.stringify(verdict)).not.toContain("n-2");
  });

  test("the same nonce is good", async () => {
    expect((await judge(okta, claims({ nonce: "n-1" }), { nonce: "n-1" })).outcome).toBe("accepted");
  });
});

test("requireAccepted throws the error of the class, with code and message, and never the token", async () => {
  const token = await okta.sign(claims({ exp: seconds - 3600 }));
  const verdict = await judge(okta, {}, { token });
  const thrown = await Promise.resolve()
    .then(() => requireAccepted(verdict))
    .catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(TokenRejectedError);
  expect(thrown).toMatchObject({ code: "expired", message: `expiry: expected exp after ${at}, got 2026-11-23T11:00:00.000Z` });
  expect(JSON.stringify(verdict) + String(thrown)).not.toContain(token.slice(0, 20));
  const good = await judge(okta, claims());
  expect(requireAccepted(good)).toBe(good);
});
