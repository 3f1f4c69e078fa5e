import { readAuthenticationConfiguration, readOidcFlags, verifyClusterToken, type ApiServerRules, type Fetch } from "../../verifier";
import { attacks } from "../../bench/parity/tokens/attacks";
import type { Configuration } from "../../bench/parity/tokens/configurations";
import { realistic, tokenOf, type Draft } from "../../bench/parity/tokens/draft";
import { makeKeys, type Keys } from "../../bench/parity/tokens/keys";

const issuer = "https://id.example.com";
const entry = {
  issuer: { url: issuer, audiences: ["kubernetes"] },
  claimMappings: { username: { claim: "sub", prefix: "oidc:" }, groups: { claim: "groups", prefix: "oidc:" } },
};

let keys: Keys;
let configuration: Configuration;
let rules: ApiServerRules;
beforeAll(async () => {
  keys = makeKeys();
  const signers = Object.entries(keys).flatMap(([name, key]) => (name === "stranger" ? [] : [key]));
  configuration = { name: "one", issuer, audience: "kubernetes", signers: [keys.rsa, ...signers.filter((key) => key !== keys.rsa)], entry };
  rules = await readAuthenticationConfiguration(
    JSON.stringify({ apiVersion: "apiserver.config.k8s.io/v1", kind: "AuthenticationConfiguration", jwt: [entry] }),
  );
});

const published = (): Record<string, unknown>[] => configuration.signers.map(({ jwk }) => ({ ...jwk }));

function tokenWith(change: (draft: Draft) => void): string {
  const draft = realistic(configuration, keys, () => 0.5, 1);
  change(draft);
  return tokenOf(draft);
}

const good = (): string => tokenWith(() => undefined);

test("the token that every row changes is accepted, and nothing is advised", async () => {
  const verdict = await verifyClusterToken({ token: good(), rules, jwks: { keys: published() }, offline: true });
  expect(verdict.decision).toMatchObject({ accepted: true, code: null, user: { username: "oidc:00u1" } });
  expect(verdict.advice).toEqual([]);
});

test("no row is there twice", () => {
  expect(new Set(attacks.map(({ name }) => name)).size).toBe(attacks.length);
});

test.each(attacks)("$name: $code $advice", async ({ change, code, advice }) => {
  const { decision, advice: given } = await verifyClusterToken({
    token: tokenWith(change),
    rules,
    jwks: { keys: published() },
    offline: true,
  });
  expect([decision.code, decision.accepted, given.map((one) => one.code)]).toEqual([code, code === null, advice]);
});

/** What the issuer publishes decides, not the token: these need an issuer of their own. */
describe("a good token", () => {
  const judged = async (list: unknown): Promise<string | null> => {
    const { decision } = await verifyClusterToken({ token: good(), rules, jwks: JSON.stringify({ keys: list }), offline: true });
    return decision.code;
  };

  test.each<[string, (key: Record<string, unknown>) => unknown, string | null]>([
    ["beside a key of an unknown kind", (key) => [key, { kty: "strange" }], "keys_unreadable"],
    ["beside a key of an unknown curve", (key) => [key, { kty: "EC", crv: "P-257", x: "AA", y: "AA" }], "keys_unreadable"],
    ["beside a null", (key) => [key, null], "keys_unreadable"],
    ["behind its key that is for encryption", (key) => [{ ...key, use: "enc" }], null],
    ["behind its key that is for another algorithm", (key) => [{ ...key, alg: "PS512" }], null],
    ["behind its key that is for other operations", (key) => [{ ...key, key_ops: ["encrypt"] }], null],
    ["behind its key with the exponent 1", (key) => [{ ...key, e: "AQ" }], "signature_invalid"],
    ["whose key was withdrawn", () => [], "key_unknown"],
    ["whose kid several keys have", (key) => [{ ...keys.rsa2.jwk, kid: key["kid"] }, key], null],
  ])("%s", async (_, list, code) => {
    expect(await judged(list({ ...keys.rsa.jwk }))).toBe(code);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ["a list of algorithms that is a text", { id_token_signing_alg_values_supported: "RS256" }, "bad_answer"],
    ["another issuer", { issuer: `${issuer}/` }, "issuer_differs"],
    ["no keys", { jwks_uri: undefined }, "bad_answer"],
  ])("of an issuer whose discovery names %s: no token is accepted", async (_, changes, code) => {
    const fetch: Fetch = () => Promise.resolve(Response.json({ issuer, jwks_uri: `${issuer}/keys`, ...changes }));
    await expect(verifyClusterToken({ token: good(), rules, fetch })).rejects.toMatchObject({ code });
  });

  test.each(["ES256", "PS256", "RS384"])("signed by %s is refused by flags, which name RS256 alone unless they say so", async (alg) => {
    const key = alg === "ES256" ? keys.p256 : keys.rsa;
    const token = tokenWith((draft) => void Object.assign(draft, { key, header: { alg, kid: key.kid } }));
    const flags = `--oidc-issuer-url=${issuer} --oidc-client-id=kubernetes`;
    const code = async (line: string): Promise<unknown> =>
      (await verifyClusterToken({ token, rules: readOidcFlags(line), jwks: { keys: published() }, offline: true })).decision.code;
    expect([await code(flags), await code(`${flags} --oidc-signing-algs=RS256,${alg}`)]).toEqual(["algorithm_not_allowed", null]);
  });

  test("whose name comes from another claim needs no sub", async () => {
    const byEmail = readOidcFlags(`--oidc-issuer-url=${issuer} --oidc-client-id=kubernetes --oidc-username-claim=email`);
    const token = tokenWith(({ claims }) => void (claims["sub"] = undefined));
    const { decision, advice } = await verifyClusterToken({ token, rules: byEmail, jwks: { keys: published() }, offline: true });
    expect([decision.code, decision.user?.username, advice.map(({ code }) => code)]).toEqual([
      null,
      "person1@example.com",
      ["subject_missing"],
    ]);
  });
});
