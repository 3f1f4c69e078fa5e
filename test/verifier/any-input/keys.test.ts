import fc from "fast-check";
import { DiscoveryError, InvalidRulesError, readOidcFlags, verifyClusterToken, type KeySet } from "../../../verifier";
import { readKeySet } from "../../../verifier/go";
import { claims, issuer, makeIssuer, now, type Issuer } from "../issuer";
import { anyCharacter, anyValue, damaged, endsWell, runs, strangeJson } from "./any-input";

let okta: Issuer;
let token: string;
beforeAll(async () => {
  okta = await makeIssuer(["RS256", "ES256"]);
  token = await okta.sign(claims());
});

describe("a key set", () => {
  const names = [
    ...["kty", "kid", "use", "alg", "key_ops", "crv", "n", "e", "x", "y", "k", "d", "p", "q", "dp", "dq", "qi", "oth"],
    ...["x5c", "x5u", "x5t", "x5t#S256", "KTY", "\u212aty", "__proto__", "constructor"],
  ];
  const key = fc
    .dictionary(fc.constantFrom(...names), anyValue, { maxKeys: 10, noNullPrototype: true })
    .chain((members) =>
      fc.constantFrom("RSA", "EC", "OKP", "oct", "", undefined).map((kty) => (kty === undefined ? members : { ...members, kty })),
    );

  test("made of members that nobody sends together", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(key, { maxLength: 4 }), (keys) => endsWell(() => readKeySet(Buffer.from(JSON.stringify({ keys }))))),
      runs,
    );
  });

  test("of real keys, with a member replaced or the text damaged", async () => {
    const replaced = fc
      .tuple(fc.nat(1), fc.constantFrom(...names), anyValue)
      .map(([at, name, value]) =>
        JSON.stringify({ keys: okta.keySet.keys.map((real, index) => (index === at ? { ...real, [name]: value } : real)) }),
      );
    await fc.assert(
      fc.asyncProperty(damaged(replaced, strangeJson), (text) => endsWell(() => readKeySet(Buffer.from(text)))),
      runs,
    );
  });

  test("of any bytes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), (bytes) => endsWell(() => readKeySet(Buffer.from(bytes)))),
      runs,
    );
  });

  test.each<[string, () => unknown]>([
    ["numbers as long as an answer may be", () => ({ kty: "RSA", n: Buffer.alloc(1 << 20, 255).toString("base64url"), e: "AQAB" })],
    ["an exponent as long as an answer may be", () => ({ ...okta.keySet.keys[0], e: Buffer.alloc(1 << 20, 255).toString("base64url") })],
    [
      "a private key of numbers that are too long",
      () => {
        const long = Buffer.alloc(1 << 17, 255).toString("base64url");
        return { kty: "RSA", n: long, e: "AQAB", d: long, p: long, q: long };
      },
    ],
    ["certificates that are none, many of them", () => ({ ...okta.keySet.keys[0], x5c: new Array<string>(20_000).fill("MIIB") })],
    ["ten thousand names", () => Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`k${index}`, index]))],
  ])("with %s", async (_, make) => {
    await endsWell(() => readKeySet(Buffer.from(JSON.stringify({ keys: [make()] }))));
  });

  test("given by hand, in any shape, to a verdict", async () => {
    const rules = readOidcFlags(`--oidc-issuer-url=${issuer} --oidc-client-id=0oa1k10`);
    const shape = fc.oneof(
      fc.jsonValue(),
      fc.array(key, { maxLength: 3 }).map((keys) => ({ keys })),
    );
    await fc.assert(
      fc.asyncProperty(shape, (jwks) =>
        endsWell(async () => {
          const verdict = await verifyClusterToken({ token, rules, jwks: jwks as KeySet, now, offline: true });
          expect(verdict.decision.accepted).toBe(false);
        }, DiscoveryError),
      ),
      runs,
    );
  });
});

describe("an issuer's answers", () => {
  const document = fc
    .dictionary(
      fc.constantFrom("issuer", "jwks_uri", "ISSUER", "token_endpoint", "id_token_signing_alg_values_supported", "__proto__"),
      fc.oneof(anyValue, fc.constantFrom(issuer, `${issuer}/`, `${issuer}/keys`, "https://", "https://[", "//x", "file:///etc/passwd")),
      { noNullPrototype: true },
    )
    .chain((members) => fc.boolean().map((good) => JSON.stringify(good ? { ...members, issuer } : members)));
  const answer = fc.record({
    body: fc.oneof(damaged(document, strangeJson), fc.uint8Array({ maxLength: 100 })),
    status: fc.oneof(
      { weight: 4, arbitrary: fc.constant(200) },
      fc.constantFrom(200, 201, 226, 301, 302, 308, 400, 401, 403, 429, 500, 599),
    ),
    location: fc.option(
      fc.oneof(fc.constantFrom("", "/", "//", "https://", "http://x", "https://example.okta.com/x", "data:,x"), fc.webUrl()),
    ),
  });

  test("of any kind, in any order, decide nothing or refuse", async () => {
    const rules = readOidcFlags(`--oidc-issuer-url=${issuer} --oidc-client-id=0oa1k10`);
    await fc.assert(
      fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 4 }), (answers) => {
        let asked = 0;
        const fetch = (): Promise<Response> => {
          const next = answers[asked++ % answers.length];
          return Promise.resolve(
            new Response(next?.body ?? "", {
              status: next?.status ?? 500,
              headers: typeof next?.location === "string" ? { location: next.location } : {},
            }),
          );
        };
        return endsWell(async () => {
          const verdict = await verifyClusterToken({ token, rules, fetch, now });
          expect(verdict.decision.accepted).toBe(false);
        }, DiscoveryError);
      }),
      runs,
    );
  });
});

test("--oidc-* flags, in whatever form", async () => {
  const name = fc.constantFrom(
    ...["issuer-url", "client-id", "ca-file", "username-claim", "username-prefix", "groups-claim", "signing-algs", "required-claim", "x"],
  );
  const value = fc.oneof(
    fc.constantFrom(issuer, "https://", "https://[", "RS256,none", "a=b", "=", "", "-", '"', "'"),
    fc.string({ maxLength: 20 }),
  );
  const flag = fc
    .tuple(name, fc.constantFrom("=", " ", "\n", '="', "='"), value, fc.constantFrom("", '"', "'"))
    .map(([flagName, between, given, end]) => `--oidc-${flagName}${between}${given}${end}`);
  const line = fc
    .tuple(fc.boolean(), fc.array(flag, { maxLength: 6 }), fc.constantFrom(" ", "\n", "\n- ", "\t"))
    .map(([whole, flags, between]) => [...(whole ? [`--oidc-issuer-url=${issuer}`, "--oidc-client-id=a"] : []), ...flags].join(between));
  await fc.assert(
    fc.asyncProperty(fc.oneof(line, fc.string({ unit: anyCharacter, maxLength: 200 })), (content) =>
      endsWell(async () => {
        const rules = readOidcFlags(content, () => "-----BEGIN CERTIFICATE-----\nAAAA");
        await verifyClusterToken({ token, rules, jwks: okta.keySet, now, offline: true });
      }, InvalidRulesError),
    ),
    runs,
  );
});

test.each(['"', "'", "--oidc-issuer-url=", '="', " ", "a='"])("flags of 200,000 times %j", async (part) => {
  await endsWell(() => readOidcFlags(part.repeat(200_000)), InvalidRulesError);
});
