import { createHmac } from "node:crypto";
import { requireAccepted, TokenRejectedError, verifyToken } from "../../verifier";
import { sampleDocument } from "../fixtures/sample";
import { claims, failure, forge, issuer, judge, makeIssuer, now, seconds, type Issuer } from "./issuer";

let okta: Issuer;
beforeAll(async () => {
  okta = await makeIssuer();
});

const algorithms = "one of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA, Ed25519";
const form = "a signed JSON web token (three base64url parts)";
const signedBy = `a signature by a key of ${issuer}`;
const at = "2026-11-23T12:00:00.000Z, with 60 s of clock skew";

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
    ["algorithm", true],
    ["token type", true],
    ["issuer", true],
    ["signature", true],
    ["audience", true],
    ["expiry", true],
    ["issued at", true],
    ["subject", true],
    ["username", true],
    ["groups", true],
    ["reserved names", true],
    ["grants", true],
  ]);
  expect(okta.requests.slice(-2)).toEqual([`${issuer}/.well-known/openid-configuration`, `${issuer}/oauth2/v1/keys`]);
});

test.each(["RS384", "PS256", "ES256", "ES384", "EdDSA"])("a token signed with %s is accepted", async (alg) => {
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
      `form: expected ${form}, got a payload that is no base64url-encoded JSON object`,
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

  test("without kid, where several keys could have made it, is not", async () => {
    const two = [...okta.keySet.keys, { ...okta.keySet.keys[0], kid: "second" }];
    const verdict = await judge(okta, {}, { token: await okta.sign(claims(), { kid: undefined }), jwks: { keys: two } });
    expect(verdict).toMatchObject({ outcome: "rejected", code: "key_missing" });
    expect(failure(verdict)).toBe(`signature: expected ${signedBy}, got no kid, and 2 keys that could have signed it`);
  });

  test("by an encryption key of that name is not looked for", async () => {
    const jwks = { keys: [{ ...okta.keySet.keys[0], use: "enc" }] };
    expect(await judge(okta, claims(), { jwks })).toMatchObject({ outcome: "rejected", code: "key_unknown" });
  });

  test("by a broken key is no crash", async () => {
    const jwks = { keys: [{ kty: "RSA", kid: "key-RS256", n: "AQ", e: "AQ" }] };
    const verdict = await judge(okta, claims(), { jwks });
    expect(failure(verdict)).toBe(`signature: expected ${signedBy}, got a key or signature that cannot be used`);
  });
});

describe("claims of the protocol", () => {
  const none = "no such claim";
  test.each([
    ["expired, beyond the skew", { exp: seconds - 60 }, "expired", `expiry: expected exp after ${at}, got 2026-11-23T11:59:00.000Z`],
    ["exp absent", { exp: undefined }, "time_missing", `expiry: expected exp after ${at} (a number of seconds), got ${none}`],
    ["exp as a text", { exp: "soon" }, "time_missing", `expiry: expected exp after ${at} (a number of seconds), got "soon"`],
    ["not yet valid", { nbf: seconds + 61 }, "not_yet_valid", `not before: expected nbf at or before ${at}, got 2026-11-23T12:01:01.000Z`],
    ["nbf as a text", { nbf: "now" }, "time_missing", `not before: expected nbf at or before ${at} (a number of seconds), got "now"`],
    [
      "issued in the future",
      { iat: seconds + 61 },
      "issued_in_future",
      `issued at: expected iat at or before ${at}, got 2026-11-23T12:01:01.000Z`,
    ],
    ["iat absent", { iat: undefined }, "time_missing", `issued at: expected iat at or before ${at} (a number of seconds), got ${none}`],
    ["sub absent", { sub: undefined }, "subject_missing", `subject: expected a non-empty sub, got ${none}`],
    ["sub empty", { sub: "" }, "subject_missing", 'subject: expected a non-empty sub, got ""'],
  ])("%s", async (_, changes, code, message) => {
    const verdict = await judge(okta, claims(changes));
    expect(verdict).toMatchObject({ outcome: "rejected", code });
    expect(failure(verdict)).toBe(message);
  });

  test.each([
    ["expired within the skew", { exp: seconds - 59 }],
    ["nbf within the skew", { nbf: seconds + 60 }],
    ["iat within the skew", { iat: seconds + 60 }],
  ])("%s is accepted", async (_, changes) => {
    expect((await judge(okta, claims(changes))).outcome).toBe("accepted");
  });

  test("no skew at all is possible", async () => {
    expect(await judge(okta, claims({ exp: seconds }), { clockSkewSeconds: 0 })).toMatchObject({ code: "expired" });
    expect(await judge(okta, claims({ exp: seconds + 1 }), { clockSkewSeconds: 0 })).toMatchObject({ outcome: "accepted" });
  });

  test("an expired token still shows what it would have opened, and stays rejected", async () => {
    const verdict = await judge(okta, claims({ exp: seconds - 3600 }));
    expect(verdict).toMatchObject({ outcome: "rejected", code: "expired", identity: { username: "okta:00u1ana" } });
    expect(verdict.grants.map(({ role }) => role)).toEqual(["admin"]);
    expect(verdict.causes.map(({ code, remedy }) => [code, remedy])).toEqual([["expired", "Sign in again."]]);
  });

  test("a clock that is off is named as the cause", async () => {
    const verdict = await judge(okta, claims({ iat: seconds + 600 }));
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
