import { parse, stringify } from "yaml";
import { authenticationConfiguration } from "../../../model/platforms/kubernetes/authentication";
import type { IssuerServer } from "./issuer";
import { signBytes, type Keys, type SigningKey } from "./keys";

/** One issuer, one entry of the configuration: what its tokens normally are, and what signs them. */
export interface Configuration {
  readonly name: string;
  readonly issuer: string;
  readonly audience: string;
  /** Keys that sign; the first most often. */
  readonly signers: readonly SigningKey[];
  /** The entry of `jwt`. */
  readonly entry: Readonly<Record<string, unknown>>;
}

interface Variant {
  readonly name: string;
  readonly audiences?: readonly string[];
  readonly entry: Readonly<Record<string, unknown>>;
  readonly signers?: readonly SigningKey[];
  /** The key set, as text; left out, the public keys of the signers. */
  readonly keys?: string;
  readonly discovery?: Readonly<Record<string, unknown>>;
  readonly discoveryUrl?: true;
  readonly redirected?: true;
}

/** The configuration that the rows of attacks.ts are shown to. */
export const everyKey = "every key";

const sub = { username: { claim: "sub", prefix: "oidc:" } };
const subAndGroups = { ...sub, groups: { claim: "groups", prefix: "oidc:" } };

/** Puts every issuer on the server, and gives the entries and the text of the whole configuration. */
export function makeConfigurations(server: IssuerServer, keys: Keys): { all: readonly Configuration[]; text: string } {
  const all = [...mappings(keys), ...keySets(keys), ...discoveries(), ...celVariants()].map((variant, index) =>
    publish(server, keys, variant, index),
  );
  const generated = ["okta:", "entra:", "-", "", "kc/"].map((prefix, index) => gatehouse(server, keys, prefix, index));
  const configurations = [...all, ...generated];
  const text = stringify(
    { apiVersion: "apiserver.config.k8s.io/v1", kind: "AuthenticationConfiguration", jwt: configurations.map(({ entry }) => entry) },
    { lineWidth: 0 },
  );
  return { all: configurations, text };
}

function publish(server: IssuerServer, keys: Keys, variant: Variant, index: number): Configuration {
  const path = `/i${index}`;
  const issuer = server.base + path;
  const signers = variant.signers ?? [keys.rsa, keys.rsa2, keys.p256];
  const discovery = { issuer, jwks_uri: `${issuer}/keys`, id_token_signing_alg_values_supported: ["RS256"], ...variant.discovery };
  const where = variant.discoveryUrl === true ? `/elsewhere${path}/openid` : `${path}/.well-known/openid-configuration`;
  if (variant.redirected === true) {
    server.serve(where, { status: 302, body: "", location: `${server.base}/moved${path}` });
    server.serve(`/moved${path}`, { body: JSON.stringify(discovery) });
  } else {
    server.serve(where, { body: JSON.stringify(discovery) });
  }
  server.serve(`${path}/keys`, { body: variant.keys ?? JSON.stringify({ keys: signers.map(({ jwk }) => jwk) }) });
  const audiences = variant.audiences ?? ["kubernetes"];
  serveClaims(server, issuer, path, signers[0] ?? keys.rsa);
  return {
    name: variant.name,
    issuer,
    audience: audiences[0] ?? "",
    signers,
    entry: {
      issuer: {
        url: issuer,
        ...(variant.discoveryUrl === true ? { discoveryURL: server.base + where } : {}),
        certificateAuthority: server.certificateAuthority,
        audiences,
        ...(audiences.length > 1 ? { audienceMatchPolicy: "MatchAny" } : {}),
      },
      ...variant.entry,
    },
  };
}

/** What the endpoints of distributed claims answer: `<issuer>/claims/<name>`. */
function serveClaims(server: IssuerServer, issuer: string, path: string, key: SigningKey): void {
  const now = Math.floor(Date.now() / 1000);
  const good = { iss: issuer, aud: "kubernetes", exp: now + 7200, groups: ["from-endpoint", "admins"] };
  const token = (claims: object, header: object = {}): string => {
    const parts = [{ alg: key.algorithm, kid: key.kid, ...header }, claims].map((part) =>
      Buffer.from(JSON.stringify(part)).toString("base64url"),
    );
    return `${parts.join(".")}.${signBytes(Buffer.from(parts.join(".")), key.algorithm, key).toString("base64url")}`;
  };
  const bodies: Readonly<Record<string, string>> = {
    good: token(good),
    text: token({ ...good, groups: "one" }),
    null: token({ ...good, groups: null }),
    numbers: token({ ...good, groups: [7] }),
    early: token({ ...good, nbf: now + 3600 }),
    expired: token({ ...good, exp: now - 60 }),
    audience: token({ ...good, aud: ["other"] }),
    several: token({ ...good, aud: ["other", "kubernetes"] }),
    issuer: token({ ...good, iss: "https://127.0.0.1:1" }),
    claimless: token({ ...good, groups: undefined }),
    expless: token({ ...good, exp: undefined }),
    capital: token({ ...good, groups: undefined, Groups: ["capital"] }),
    kidless: token(good, { kid: undefined }),
    unknown: token(good, { kid: "unknown" }),
    changed: `${token(good).slice(0, -6)}AAAAAA`,
    blanks: ` ${token(good)}\n`,
    none: "no token",
    empty: "",
  };
  for (const [name, body] of Object.entries(bodies)) {
    server.serve(`${path}/claims/${name}`, { body });
  }
  server.serve(`${path}/claims/bearer`, { body: bodies["good"] ?? "", bearer: "letmein" });
  server.serve(`${path}/claims/gone`, { status: 500, body: bodies["good"] ?? "" });
  server.serve(`${path}/claims/created`, { status: 201, body: bodies["good"] ?? "" });
  server.serve(`${path}/claims/moved`, { status: 302, body: "", location: `${server.base}${path}/claims/good` });
}

/** An entry as Gatehouse itself writes it. */
function gatehouse(server: IssuerServer, keys: Keys, prefix: string, index: number): Configuration {
  const base = publish(server, keys, { name: `Gatehouse's own, prefix '${prefix}'`, entry: {} }, 100 + index);
  const written = parse(
    authenticationConfiguration({
      issuer: base.issuer,
      audiences: index === 1 ? ["kubernetes", "other"] : ["kubernetes"],
      certificateAuthority: server.certificateAuthority,
      username: { claim: index === 2 ? "email" : "sub", prefix },
      groups: { claim: "groups", prefix },
    }),
  ) as { jwt: Record<string, unknown>[] };
  return { ...base, entry: written.jwt[0] ?? {} };
}

function mappings(keys: Keys): Variant[] {
  const wide = [keys.rsa, keys.rsa3072, keys.p256, keys.p384, keys.p521];
  const entry = (claimMappings: unknown, more: object = {}): Variant["entry"] => ({ claimMappings, ...more });
  return [
    { name: "sub and groups", entry: entry(subAndGroups) },
    { name: "every algorithm", entry: entry(subAndGroups), signers: wide },
    { name: everyKey, entry: entry(subAndGroups), signers: [...wide, keys.rsa2, keys.rsa1024, keys.ed25519] },
    { name: "no groups", entry: entry(sub) },
    { name: "no prefix", entry: entry({ username: { claim: "sub", prefix: "" }, groups: { claim: "groups", prefix: "" } }) },
    { name: "email", entry: entry({ username: { claim: "email", prefix: "" }, groups: { claim: "groups", prefix: "g:" } }) },
    {
      name: "preferred_username",
      entry: entry({ username: { claim: "preferred_username", prefix: "u:" }, groups: { claim: "roles", prefix: "" } }),
    },
    { name: "uid claim", entry: entry({ ...subAndGroups, uid: { claim: "oid" } }) },
    { name: "several audiences", audiences: ["kubernetes", "k10", "other"], entry: entry(subAndGroups) },
    { name: "required claim", entry: entry(subAndGroups, { claimValidationRules: [{ claim: "hd", requiredValue: "example.com" }] }) },
    { name: "required empty claim", entry: entry(subAndGroups, { claimValidationRules: [{ claim: "nonce", requiredValue: "" }] }) },
    {
      name: "two required claims",
      entry: entry(subAndGroups, {
        claimValidationRules: [
          { claim: "hd", requiredValue: "example.com" },
          { claim: "azp", requiredValue: "kubernetes" },
        ],
      }),
    },
  ];
}

function keySets(keys: Keys): Variant[] {
  const entry = { claimMappings: subAndGroups };
  const jwks = (list: readonly unknown[]): string => JSON.stringify({ keys: list });
  const { rsa } = keys;
  const odd: readonly (readonly [string, string])[] = [
    ["a null among the keys", jwks([rsa.jwk, null])],
    ["a key of a kind that nobody knows", jwks([rsa.jwk, { kty: "XYZ", kid: "x" }])],
    ["a key X25519", jwks([rsa.jwk, { kty: "OKP", crv: "X25519", x: "AAAA", kid: "x" }])],
    ["an encryption key that says so", jwks([{ ...rsa.jwk, use: "enc" }])],
    ["another alg and key_ops", jwks([{ ...rsa.jwk, alg: "RS512", key_ops: ["encrypt"] }])],
    ["use of another type", jwks([{ ...rsa.jwk, use: 7 }])],
    ["an exponent of one", jwks([{ ...rsa.jwk, e: "AQ" }])],
    ["x5u as a text", jwks([{ ...rsa.jwk, x5u: "https://example.com/cert" }])],
    ["a thumbprint of another size", jwks([{ ...rsa.jwk, x5t: "AAAA" }])],
    ["a good thumbprint", jwks([{ ...rsa.jwk, x5t: Buffer.alloc(20).toString("base64url") }])],
    ["KEYS in capitals", JSON.stringify({ KEYS: [rsa.jwk] })],
    ["keys twice", `{"keys":[],"keys":${JSON.stringify([rsa.jwk])}}`],
    ["a member twice in a key", `{"keys":[${JSON.stringify(rsa.jwk).replace("{", '{"kid":"rsa-1",')}]}`],
    ["a symmetric key beside", jwks([{ kty: "oct", k: "aHVudGVyMg", kid: "s" }, rsa.jwk])],
    ["keys that are an object", JSON.stringify({ keys: {} })],
    ["no keys", JSON.stringify({})],
    ["padding in the modulus", jwks([{ ...rsa.jwk, n: `${String(rsa.jwk["n"])}==` }])],
    ["two keys of one name", jwks([{ ...keys.rsa2.jwk, kid: "rsa-1" }, rsa.jwk])],
    ["a key without a name", jwks([{ ...rsa.jwk, kid: undefined }])],
    ["a private key", jwks([{ ...rsa.privateKey.export({ format: "jwk" }), kid: "rsa-1" }])],
    [
      "a point off its curve",
      jwks([
        rsa.jwk,
        { kty: "EC", crv: "P-256", x: Buffer.alloc(32, 1).toString("base64url"), y: Buffer.alloc(32, 2).toString("base64url") },
      ]),
    ],
  ];
  return [
    { name: "RSA of 1024 bits", entry, signers: [keys.rsa1024, rsa] },
    { name: "an Edwards key beside", entry, signers: [rsa, keys.ed25519] },
    ...odd.map(([name, text]): Variant => ({ name: `key set: ${name}`, entry, signers: [rsa], keys: text })),
  ];
}

function discoveries(): Variant[] {
  const entry = { claimMappings: subAndGroups };
  return [
    { name: "discovery: algorithms as a text", entry, discovery: { id_token_signing_alg_values_supported: "RS256" } },
    { name: "discovery: another issuer", entry, discovery: { issuer: "https://elsewhere.example.com" } },
    { name: "discovery: moved", entry, redirected: true },
    { name: "discovery: elsewhere", entry, discoveryUrl: true },
    { name: "discovery: no keys' address", entry, discovery: { jwks_uri: "" } },
  ];
}

function celVariants(): Variant[] {
  const users = [
    { expression: "!user.username.startsWith('system:')", message: "no system users" },
    { expression: "user.groups.all(g, !g.startsWith('system:'))", message: "no system groups" },
  ];
  return [
    { name: "CEL: username", entry: { claimMappings: { username: { expression: "'cel:' + claims.sub" } }, userValidationRules: users } },
    {
      name: "CEL: everything",
      entry: {
        claimMappings: {
          username: { expression: "claims.?preferred_username.orValue(claims.sub)" },
          groups: { expression: "dyn(claims.groups).map(g, 'x:' + g)" },
          uid: { expression: "has(claims.oid) ? claims.oid : ''" },
          extra: [
            { key: "example.com/tenant", valueExpression: "claims.?tid.orValue('')" },
            { key: "example.com/amr", valueExpression: "claims.amr" },
          ],
        },
        claimValidationRules: [{ expression: "claims.exp - claims.iat <= 86400", message: "lives too long" }],
        userValidationRules: users,
      },
    },
    {
      name: "CEL: rules",
      entry: {
        claimMappings: subAndGroups,
        claimValidationRules: [
          { expression: "claims.?email_verified.orValue(true) == true", message: "address not verified" },
          { expression: "!('acr' in claims) || claims.acr != 'low'", message: "too low" },
        ],
        userValidationRules: [{ expression: "size(user.groups) < 50 && user.username != ''", message: "odd user" }],
      },
    },
    { name: "CEL: address", entry: { claimMappings: { username: { expression: "claims.email_verified ? claims.email : claims.sub" } } } },
    { name: "CEL: escapes", entry: { claimMappings: { ...sub, groups: { expression: "claims.example__dot__com.roles" } } } },
    { name: "CEL: groups as they are", entry: { claimMappings: { ...sub, groups: { expression: "claims.groups" } } } },
    {
      name: "CEL: roles from two claims",
      entry: { claimMappings: { ...sub, groups: { expression: "dyn(claims.roles.split(',') + claims.groups).map(r, 'r:' + r)" } } },
    },
  ];
}
