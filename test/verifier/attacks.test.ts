import { createHmac } from "node:crypto";
import fc from "fast-check";
import { readAuthenticationConfiguration, readOidcFlags, verifyClusterToken, verifyToken } from "../../verifier";
import { sampleDocument } from "../fixtures/sample";
import { claims, forge, issuer, judge, makeIssuer, now, seconds, type Issuer } from "./issuer";
import { cpuSeconds } from "../cpu-seconds";

let okta: Issuer;
let stranger: Issuer;
beforeAll(async () => {
  [okta, stranger] = await Promise.all([makeIssuer(), makeIssuer()]);
});

const changed = async (change: (parts: string[]) => string[]): Promise<string> => change((await okta.sign(claims())).split(".")).join(".");

test.each<[string, () => string | Promise<string>, string]>([
  ["alg none", () => forge({ alg: "none" }, claims(), ""), "algorithm_not_allowed"],
  [
    "HS256 with the public key",
    () => {
      const unsigned = forge({ alg: "HS256", kid: "key-RS256" }, claims()).replace(/\.[^.]*$/, "");
      return `${unsigned}.${createHmac("sha256", JSON.stringify(okta.keySet.keys[0])).update(unsigned).digest("base64url")}`;
    },
    "algorithm_not_allowed",
  ],
  ["a key in the header", () => stranger.sign(claims(), { jwk: stranger.keySet.keys[0] }), "signature_invalid"],
  ["jku", () => stranger.sign(claims(), { jku: "https://evil.example.com/keys" }), "signature_invalid"],
  ["x5u", () => stranger.sign(claims(), { x5u: "https://evil.example.com/cert" }), "signature_invalid"],
  ["kid like a path", () => stranger.sign(claims(), { kid: "../../key-RS256" }), "key_unknown"],
  ["a kid in another case", () => okta.sign(claims(), { kid: "KEY-RS256" }), "key_unknown"],
  ["an unknown critical extension", () => forge({ alg: "RS256", kid: "key-RS256", crit: ["x"], x: 1 }, claims()), "header_malformed"],
  [
    "a signature cut short",
    () => changed(([head = "", body = "", signature = ""]) => [head, body, signature.slice(0, -8)]),
    "signature_invalid",
  ],
  [
    "a signature with padding",
    () => changed(([head = "", body = "", signature = ""]) => [head, body, `${signature}==`]),
    "header_malformed",
  ],
  [
    "a payload of another token",
    async () =>
      changed(([head = "", , signature = ""]) => [
        head,
        Buffer.from(JSON.stringify(claims({ sub: "x" }))).toString("base64url"),
        signature,
      ]),
    "signature_invalid",
  ],
  [
    "a header with a name twice",
    () => `${Buffer.from('{"alg":"RS256","alg":"none"}').toString("base64url")}.${forge({}, claims()).split(".")[1] ?? ""}.c2ln`,
    "header_malformed",
  ],
  ["another client of the same issuer", () => okta.sign(claims({ aud: "0oa2other" })), "audience_mismatch"],
  ["an access token", () => okta.sign(claims({ aud: "api://default", scp: ["openid"] })), "not_an_id_token"],
  ["Keycloak's access token", () => okta.sign(claims({ aud: "account", typ: "Bearer", azp: "0oa1k10" })), "not_an_id_token"],
  ["Entra's access token for Graph", () => okta.sign(claims({ aud: "00000003-0000-0000-c000-000000000000" })), "not_an_id_token"],
  ["a trailing slash", () => okta.sign(claims({ iss: `${issuer}/` })), "issuer_mismatch"],
  ["an end that has passed", () => okta.sign(claims({ exp: seconds - 1 })), "expired"],
  ["an end in another case, later", () => okta.sign(claims({ EXP: seconds - 1 })), "expired"],
  ["a token that is too long", () => `e30.${"A".repeat(1 << 20)}.e30`, "too_large"],
  ["an encrypted token", () => "e30.a.b.c.d", "encrypted"],
])("attack: %s", async (_, make, code) => {
  const verdict = await judge(okta, {}, { token: await make(), platform: "k10" });
  expect(verdict).toMatchObject({ code, decision: { accepted: false, user: null } });
  expect(verdict.outcome).not.toBe("accepted");
});

test("no input crashes a verdict, and none takes long", async () => {
  const document = sampleDocument();
  const part = fc.oneof(
    fc.base64String(),
    fc.json().map((text) => Buffer.from(text).toString("base64url")),
    fc.constantFrom("e30", "eyJhbGciOiJSUzI1NiJ9", "A".repeat(5_000)),
  );
  const tokens = fc.oneof(
    fc.string(),
    fc.array(part, { maxLength: 6 }).map((parts) => parts.join(".")),
  );
  await fc.assert(
    fc.asyncProperty(tokens, async (token) => {
      const spent = await cpuSeconds(async () => {
        expect((await verifyToken({ token, document, platform: "k10", jwks: okta.keySet, now })).outcome).not.toBe("accepted");
      });
      expect(spent).toBeLessThan(20);
    }),
    { numRuns: 500 },
  );
});

test("what nests 300,000 deep ends in words", async () => {
  const deep = Buffer.from(`${"[".repeat(300_000)}${"]".repeat(300_000)}`).toString("base64url");
  expect(await judge(okta, {}, { token: `${deep}.e30.e30` })).toMatchObject({ outcome: "rejected", code: "malformed" });
  expect(await judge(okta, {}, { token: `e30.${deep}.e30` })).toMatchObject({ outcome: "rejected", code: "malformed" });
});

describe("a cluster that no environment describes", () => {
  const file = (more = "") => `apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
jwt:
  - issuer: { url: "${issuer}", audiences: [0oa1k10] }
    claimMappings:
      username: { expression: "'u:' + claims.sub" }
      groups: { claim: groups, prefix: "g:" }
      extra: [{ key: example.com/level, valueExpression: "claims.?acr.orValue('none')" }]
    userValidationRules: [{ expression: "!user.username.startsWith('system:')" }]${more}
`;
  const outcome = async (changes: Record<string, unknown>, rules: Parameters<typeof verifyClusterToken>[0]["rules"]) =>
    verifyClusterToken({ token: await okta.sign(claims(changes)), rules, jwks: okta.keySet, now, offline: true });

  test("is judged by its file", async () => {
    const verdict = await outcome({ jti: "1" }, await readAuthenticationConfiguration(file()));
    expect(verdict.decision).toEqual({
      accepted: true,
      code: null,
      rules: "authentication-configuration",
      user: {
        username: "u:00u1ana",
        groups: ["g:Kasten Admins"],
        uid: "",
        extra: { "authentication.kubernetes.io/credential-id": ["JTI=1"], "example.com/level": ["none"] },
      },
    });
  });

  test("is judged by its flags: RS256 alone, and the issuer before the name", async () => {
    const rules = readOidcFlags(`- --oidc-issuer-url=${issuer}\n- --oidc-client-id=0oa1k10\n- --oidc-groups-claim=groups`);
    expect((await outcome({}, rules)).decision.user).toMatchObject({ username: `${issuer}#00u1ana`, groups: ["Kasten Admins"] });
    expect(() => readOidcFlags("--oidc-issuer-url=https://x.example.com")).toThrow(
      "Expected --oidc-issuer-url and --oidc-client-id together",
    );
  });

  test.each([
    ["a prefix beside an expression", file().replace('claims.sub" }', 'claims.sub", prefix: "x" }'), "claimMappings.username.prefix"],
    ["a field that nobody knows", file("\n    audience: x"), "jwt[0]"],
    ["a field that nobody knows, without a value", file("\n    audience: null"), "jwt[0]"],
    ["a field inside that nobody knows, without a value", file().replace("{ claim: groups,", "{ claims: null, claim: groups,"), "groups"],
    ["an address with a line end", file().replace(`"${issuer}"`, `"${issuer}\\n"`), "jwt[0].issuer.url"],
    ["an address with an empty user", file().replace("https://", "https://@"), "jwt[0].issuer.url"],
    ["an address with a bad escape", file().replace(`"${issuer}"`, `"${issuer}/%zz"`), "jwt[0].issuer.url"],
    [
      "certificates that cannot be read",
      file().replace("audiences:", 'certificateAuthority: "-----BEGIN CERTIFICATE-----\\nAAAA\\n-----END CERTIFICATE-----\\n", audiences:'),
      "jwt[0].issuer.certificateAuthority",
    ],
    [
      "a value inside of a claim as a rule",
      file('\n    claimValidationRules: [{ expression: "claims.?a.?b.orValue(true)" }]'),
      "must evaluate to bool, is dyn",
    ],
    ["a key behind a domain too long", file().replace("example.com/level", `${"a".repeat(63)}.`.repeat(4) + "com/level"), "extra[0].key"],
    ["an address that nobody verified", file().replace("'u:' + claims.sub", "claims.email"), "claims.email_verified"],
    ["an alias of what is not there", `${file()}anonymous: *nobody\n`, "expected a YAML document, got Unresolved alias"],
    ["an alias that stands in what it names", `${file()}anonymous: &a { conditions: [*a] }\n`, "expected at most 100 levels"],
    ["braces that are no JSON", "{ apiVersion: apiserver.config.k8s.io/v1, kind: AuthenticationConfiguration, jwt: [] }", "expected JSON"],
    ["a comprehension over a claim", file().replace("'u:' + claims.sub", "claims.groups.map(g, g)"), "cannot be range of a comprehension"],
  ])("a file with %s is refused, as the API server refuses it", async (_, content, words) => {
    await expect(readAuthenticationConfiguration(content)).rejects.toMatchObject({
      code: "invalid_authentication_configuration",
      message: expect.stringContaining(words) as string,
    });
  });

  test.each([
    ["known fields without a value", file("\n    claimValidationRules: null\nanonymous: null")],
    ["documents behind the first", `${file()}\n---\nkind: other\n`],
    ["an address that only a text names", file().replace("'u:' + claims.sub", "'claims.email'")],
  ])("a file with %s is read, as the API server reads it", async (_, content) => {
    expect((await readAuthenticationConfiguration(content)).issuers).toHaveLength(1);
  });

  test("a function that is not evaluated here decides nothing", async () => {
    await expect(readAuthenticationConfiguration(file().replace("'u:' + claims.sub", "[?claims.?sub][0]"))).rejects.toMatchObject({
      code: "unsupported_expression",
      exit: "unavailable",
    });
  });

  test("offline, without keys, nothing is decided", async () => {
    const rules = await readAuthenticationConfiguration(file());
    const token = await okta.sign(claims());
    await expect(verifyClusterToken({ token, rules, now, offline: true })).rejects.toMatchObject({ code: "offline" });
  });
});
