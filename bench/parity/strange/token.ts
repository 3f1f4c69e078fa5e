import { signBytes, type Keys, type SigningKey } from "../tokens/keys";
import { anyValue, bytesOf, disturbed, edited, pick, textValue, written, type Members, type Random } from "./written";

/** Whose tokens are made. */
export interface StrangeIssuer {
  readonly address: string;
  readonly audiences: readonly string[];
  readonly signers: readonly SigningKey[];
  /** Its entry in the configuration. */
  readonly entry: object;
  /** What is odd about its answers, for a disagreement. */
  readonly served: string;
}

const headerNames = [
  "alg",
  "kid",
  "typ",
  "cty",
  "jwk",
  "jku",
  "x5u",
  "x5c",
  "x5t",
  "x5t#S256",
  "crit",
  "b64",
  "nonce",
  "zip",
  "enc",
  "epk",
  "p2c",
];
const claimNames = [
  ...["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "nonce", "at_hash", "azp", "groups", "roles", "email", "email_verified", "name"],
  ...["preferred_username", "oid", "hd", "acr", "amr", "auth_time", "scp", "typ", "hasgroups", "_claim_names", "_claim_sources"],
];
const algorithms = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "HS256",
  "HS512",
  "EdDSA",
  "none",
  "",
  "RSA1_5",
];
/** Letters that a token should not hold, and some that it may. */
const strangers = [
  ".",
  "=",
  "==",
  "\n",
  "\r",
  "\t",
  "+",
  "/",
  "\u00a0",
  "\u2003",
  "\u200b",
  "\u0085",
  "A",
  "_",
  "-",
  "~",
  "\u0000",
  "\u00e9",
];

/** A token of an issuer: good at first, then changed where chance says, as form and not as meaning. */
export function strangeToken(issuer: StrangeIssuer, keys: Keys, random: Random, serial: number): string {
  const edits = (): number => pick(random, [0, 0, 0, 1, 1, 2, 4]);
  const key = random() < 0.8 ? pick(random, issuer.signers) : pick(random, Object.values(keys));
  const algorithm = random() < 0.85 ? suited(key, random) : pick(random, algorithms);
  let header: Members = [
    ["alg", `"${algorithm}"`],
    ["kid", `"${key.kid}"`],
  ];
  for (let more = edits(); more > 0; more--) {
    header = edited(header, random, headerNames, (name) => headerValue(name, keys, random));
  }
  let claims = goodClaims(issuer, random, serial);
  for (let more = edits(); more > 0; more--) {
    claims = edited(claims, random, claimNames, (name) => claimValue(name, issuer, random));
  }
  const texts = [written(header, random), written(claims, random)].map((text) =>
    random() < 0.03 ? disturbed(text, random, ["{", "}", "[", ",", ":", '"', "\\", " ", "x", "\ufeff", "\ue0ff"]) : text,
  );
  const encoded = texts.map((text) => bytesOf(text).toString("base64url"));
  const signature = signBytes(Buffer.from(encoded.join(".")), random() < 0.95 ? algorithm : pick(random, algorithms), key);
  const parts = [...encoded, (random() < 0.85 ? signature : bent(signature, key, random)).toString("base64url")];
  const whole = parts.map((part) => (random() < 0.03 ? disturbed(part, random, strangers) : part)).join(".");
  return random() < 0.03 ? disturbed(whole, random, [...strangers, " ", "Bearer "]) : whole;
}

function suited({ algorithm, privateKey }: SigningKey, random: Random): string {
  return privateKey.asymmetricKeyType === "rsa" ? pick(random, ["RS256", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]) : algorithm;
}

function goodClaims({ address, audiences }: StrangeIssuer, random: Random, serial: number): Members {
  const now = Math.floor(Date.now() / 1000);
  const all: Members = [
    ["iss", `"${address}"`],
    ["sub", `"user-${serial}"`],
    ["aud", random() < 0.6 ? `"${pick(random, audiences)}"` : JSON.stringify(["x", pick(random, audiences)])],
    ["exp", String(now + 3600)],
    ["iat", String(now - 5)],
    ["groups", JSON.stringify(["a", "b:c", "system:x"].slice(0, Math.floor(random() * 4)))],
    ["email", `"u${serial}@example.com"`],
    ["name", `"N ${serial}"`],
    ["hd", '"example.com"'],
  ];
  return random() < 0.3 ? all.toSorted(() => random() - 0.5) : all;
}

function headerValue(name: string, keys: Keys, random: Random): string {
  const key = pick(random, Object.values(keys));
  const known: Readonly<Record<string, readonly string[]>> = {
    alg: algorithms.map((each) => `"${each}"`),
    kid: ['"rsa-1"', '"rsa-2"', '"p256"', '"RSA-1"', '"../rsa-1"', '"rsa-1\\u0000"', '"/dev/null"', '""'],
    jwk: [JSON.stringify(key.jwk), JSON.stringify({ ...key.jwk, e: "" }), JSON.stringify(key.privateKey.export({ format: "jwk" }))],
    crit: ['["b64"]', '["b64","b64"]', '["exp"]', '["alg"]', "[]", '"b64"', '[null,"b64"]'],
    b64: ["true", "false", '"false"', "0"],
    x5c: ['["AAAA"]', '["MIIB"]', "[[]]", '""'],
    zip: ['"DEF"', '""'],
  };
  return random() < 0.6 ? pick(random, known[name] ?? [textValue(random)]) : anyValue(random);
}

function claimValue(name: string, { address, audiences }: StrangeIssuer, random: Random): string {
  const now = Math.floor(Date.now() / 1000);
  const endpoint = JSON.stringify({ a: { endpoint: `${address}/claims/${Math.floor(random() * 4)}` } });
  // Seconds away from every edge: both sides look at their clock, one after the other.
  const times = [-3600, -70, -15, 30, 45, 90, 3600].map((offset) => String(now + offset));
  const time = [...times, `"${now + 3600}"`, `${now + 3600}.9`, `${(now + 3600) / 10}e1`, "4e9", '"4e9"', "1e18", "-62135596800"];
  const known: Readonly<Record<string, readonly string[]>> = {
    iss: [`"${address}/"`, `"${address.toUpperCase()}"`, `"${address}?"`, textValue(random, address), '"accounts.google.com"'],
    aud: [...audiences.map((each) => `"${each}"`), JSON.stringify([...audiences, "x"]), '["x",null]', '[["x"]]', '"x"'],
    exp: time,
    nbf: time,
    iat: time,
    groups: ['"one"', '["a","a"]', '["system:masters"]', '["a",null]', '["a",7]', '"a,b"', "null"],
    roles: ['"one"', '["r"]', '{"groups":["a"]}'],
    email_verified: ["true", "false", "null", '"true"', "1"],
    _claim_names: ['{"groups":"a"}', '{"groups":"b"}', '{"roles":"a","groups":"a"}', '{"GROUPS":"a"}', '{"groups":"a","groups":"b"}'],
    _claim_sources: [endpoint, endpoint.replace("endpoint", "ENDPOINT"), '{"a":{}}', '{"a":{"JWT":"e30.e30."}}', '{"a":null,"b":{}}'],
  };
  return random() < 0.65 ? pick(random, known[name] ?? [textValue(random, "v")]) : anyValue(random);
}

/** Order of the curves' groups (SEC 2), for the other half of a signature that is as good. */
const orders: Readonly<Record<string, bigint>> = {
  p256: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
};

/** Bytes that nobody signed like this: bits turned, zeros before and behind, the other half of an elliptic signature, two numbers in DER. */
function bent(signature: Buffer, { kid }: SigningKey, random: Random): Buffer {
  const half = signature.length / 2;
  const order = orders[kid];
  const other = (): Buffer => {
    const s = BigInt(`0x${signature.subarray(half).toString("hex") || "0"}`);
    return order === undefined || signature.length !== 64
      ? signature
      : Buffer.concat([signature.subarray(0, half), Buffer.from((order - s).toString(16).padStart(64, "0"), "hex")]);
  };
  const bit = Math.floor(random() * signature.length * 8);
  return pick<() => Buffer>(random, [
    () => signature.map((value, index) => (index === bit >> 3 ? value ^ (1 << (bit & 7)) : value)) as Buffer,
    () => signature.subarray(0, Math.floor(random() * signature.length)),
    () => Buffer.concat([Buffer.alloc(1), signature]),
    () => Buffer.concat([signature, Buffer.alloc(1)]),
    () => Buffer.concat([Buffer.alloc(2), signature.subarray(0, half), Buffer.alloc(2), signature.subarray(half)]),
    () => Buffer.concat([signature.subarray(half), signature.subarray(0, half)]),
    () => Buffer.alloc(signature.length),
    () => Buffer.alloc(signature.length, 0xff),
    () =>
      Buffer.concat([
        Buffer.from([0x30, signature.length + 4, 2, half]),
        signature.subarray(0, half),
        Buffer.from([2, half]),
        signature.subarray(half),
      ]),
    other,
    other,
  ])();
}
