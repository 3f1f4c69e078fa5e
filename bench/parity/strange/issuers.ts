import { stringify } from "yaml";
import type { IssuerServer } from "../tokens/issuer";
import type { Keys, SigningKey } from "../tokens/keys";
import { strangeToken, type StrangeIssuer } from "./token";
import { anyValue, bytesOf, edited, pick, textValue, written, type Members, type Random } from "./written";

const keyMembers = ["kty", "kid", "use", "alg", "key_ops", "crv", "n", "e", "x", "y", "d", "p", "q", "k", "x5c", "x5u", "x5t", "x5t#S256"];
const discoveryMembers = [
  ...["issuer", "jwks_uri", "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "id_token_signing_alg_values_supported"],
  ...["scopes_supported", "response_types_supported", "claims_supported"],
];

/** Issuers whose key sets, discovery documents and mappings chance has made; the first is good, so that one can see when all are known. */
export function strangeIssuers(server: IssuerServer, keys: Keys, random: Random, round: number): { all: StrangeIssuer[]; text: string } {
  const all = Array.from({ length: 50 }, (_, index) =>
    strangeIssuer(server, keys, random, { path: `/r${round}/${index}`, good: index === 0, first: round === 0 }),
  );
  const jwt = all.map(({ entry }) => entry);
  return {
    all,
    text: stringify({ apiVersion: "apiserver.config.k8s.io/v1", kind: "AuthenticationConfiguration", jwt }, { lineWidth: 0 }),
  };
}

function strangeIssuer(
  server: IssuerServer,
  keys: Keys,
  random: Random,
  { path, good, first }: { readonly path: string; readonly good: boolean; readonly first: boolean },
): StrangeIssuer {
  const address = server.base + path;
  const trusted = Object.values(keys).filter(({ kid }) => kid !== "rsa-1024");
  const signers = good ? [keys.rsa] : [keys.rsa, ...trusted.filter((key) => key !== keys.rsa && key !== keys.stranger && random() < 0.3)];
  const [keySet, discovery] = [
    keySetText(signers, keys, good || random() < 0.35 ? 0 : 1, random),
    // A server that runs takes over no configuration with an issuer that cannot be discovered; one that starts does.
    discoveryText(address, first && !good && random() < 0.5, random),
  ];
  server.serve(`${path}/.well-known/openid-configuration`, { body: bytesOf(discovery) });
  server.serve(`${path}/keys`, { body: bytesOf(keySet) });
  const audiences = ["kubernetes", "k10", "a b"].slice(0, good ? 1 : 1 + Math.floor(random() * 3));
  const issuer: StrangeIssuer = {
    address,
    audiences,
    signers,
    served: `${discovery} ${keySet}`,
    entry: {
      issuer: {
        url: address,
        certificateAuthority: server.certificateAuthority,
        audiences,
        ...(audiences.length > 1 ? { audienceMatchPolicy: "MatchAny" } : {}),
      },
      ...(good ? { claimMappings: { username: { claim: "sub", prefix: "" } } } : mappings(random)),
    },
  };
  for (let endpoint = 0; endpoint < 4; endpoint++) {
    server.serve(`${path}/claims/${endpoint}`, { body: strangeToken(issuer, keys, random, endpoint) });
  }
  return issuer;
}

function keySetText(signers: readonly SigningKey[], keys: Keys, changes: number, random: Random): string {
  const list = signers.map(({ jwk }) => Object.entries(jwk).map(([name, value]) => [name, JSON.stringify(value)] as const) as Members);
  for (let more = changes + (changes > 0 && random() < 0.3 ? 1 : 0); more > 0; more--) {
    const at = Math.floor(random() * list.length);
    list[at] = edited(list[at] ?? [], random, keyMembers, (name) => keyValue(name, signers[at] ?? keys.rsa, keys, random));
  }
  const items = list.map((members) => written(members, random));
  const whole: Members = [["keys", `[${items.join(",")}]`]];
  return written(changes > 0 && random() < 0.12 ? edited(whole, random, ["keys", "KEYS", "other"], () => anyValue(random)) : whole, random);
}

/** A value that the member of a key may have: of the key itself spelt otherwise, of another key, or anything. */
function keyValue(name: string, own: SigningKey, keys: Keys, random: Random): string {
  const exported = (key: SigningKey): string => {
    const value = { ...key.privateKey.export({ format: "jwk" }), kid: key.kid }[name];
    return typeof value === "string" ? value : "";
  };
  const bytes = Buffer.from(exported(own), "base64url");
  const known: Readonly<Record<string, readonly string[]>> = {
    kty: ["RSA", "EC", "OKP", "oct", "rsa"],
    crv: ["P-256", "P-384", "P-521", "Ed25519", "Ed448", "secp256k1", "p-256"],
    use: ["enc", "sig", ""],
    alg: ["RS256", "RSA-OAEP", "none"],
    e: ["AQAB", "Aw", "AQ", "AA", "", "AAEAAQ", "AQAA", "AQAAAAE", "f____w", "gAAAAQ"],
    kid: ["rsa-1", "p256", "other", ""],
    k: ["AAAA", "", "A"],
    x5t: ["", "AAAA", "A".repeat(27), Buffer.from("a".repeat(40)).toString("base64url")],
    "x5t#S256": ["", "AAAA", "A".repeat(43), Buffer.from("a".repeat(64)).toString("base64url")],
  };
  const spellings = [
    bytes.toString("base64url"),
    bytes.toString("base64"),
    Buffer.concat([Buffer.alloc(1), bytes]).toString("base64url"),
    bytes.subarray(1).toString("base64url"),
    `${bytes.toString("base64url")}\\n`,
    exported(pick(random, Object.values(keys))),
    ...(known[name] ?? []),
    ...(known[name] ?? []),
  ];
  return random() < 0.75 ? `"${pick(random, spellings)}"` : anyValue(random);
}

function discoveryText(address: string, odd: boolean, random: Random): string {
  const members: Members = [
    ["issuer", `"${address}"`],
    ["jwks_uri", `"${address}/keys"`],
    ["id_token_signing_alg_values_supported", '["RS256"]'],
  ];
  const value = (name: string): string => {
    const known: Readonly<Record<string, readonly string[]>> = {
      issuer: [`"${address}/"`, `"${address}"`, textValue(random, address)],
      jwks_uri: [`"${address}/keys"`, `"${address}/none"`, '""', '"/keys"'],
      id_token_signing_alg_values_supported: ['["none"]', '["RS256",null]', '"RS256"', "[7]", "[]"],
    };
    return random() < 0.6 ? pick(random, known[name] ?? [textValue(random)]) : anyValue(random);
  };
  return written(odd ? edited(members, random, discoveryMembers, value) : members, random);
}

function mappings(random: Random): object {
  const prefix = pick(random, ["", "p:", "system:", "\u00fc/"]);
  const username = pick<object>(random, [
    ...["sub", "sub", "sub", "email", "name", "aud", "exp", "missing", "iss"].map((claim) => ({ claim, prefix })),
    { expression: "claims.sub" },
    { expression: "'x' + string(claims.exp)" },
    { expression: "claims.?name.orValue(claims.sub)" },
    { expression: "claims.sub.lowerAscii()" },
  ]);
  const groups = pick<object | undefined>(random, [
    undefined,
    ...["groups", "groups", "groups", "groups", "roles", "sub", "aud", "hd", "_claim_names"].map((claim) => ({ claim, prefix })),
    { expression: "claims.groups" },
    { expression: "claims.?groups.orValue([])" },
    { expression: "[claims.sub, claims.?hd.orValue('')]" },
  ]);
  const uid = pick<object | undefined>(random, [
    undefined,
    undefined,
    { claim: "jti" },
    { claim: "sub" },
    { expression: "claims.?jti.orValue('')" },
  ]);
  const extra = [
    { key: "example.com/x", valueExpression: pick(random, ["claims.?hd.orValue('')", "claims.?amr.orValue([])", "[claims.sub]"]) },
  ];
  const claimValidationRules = pick<readonly object[]>(random, [
    [],
    [],
    [{ claim: "hd", requiredValue: "example.com" }],
    [{ claim: "nonce", requiredValue: "" }],
    [{ expression: "claims.exp - claims.iat < 90000" }],
    [{ expression: "!has(claims.nbf) || claims.nbf > 0" }],
  ]);
  const userValidationRules = random() < 0.3 ? [{ expression: "user.groups.all(g, g != 'system:masters')" }] : [];
  return {
    claimMappings: {
      username,
      ...(groups === undefined ? {} : { groups }),
      ...(uid === undefined ? {} : { uid }),
      ...(random() < 0.3 ? { extra } : {}),
    },
    claimValidationRules,
    userValidationRules,
  };
}
