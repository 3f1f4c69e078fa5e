import { distributedClaims } from "./distributed";
import type { Mutation } from "./draft";

const claim = (name: string, ...values: readonly unknown[]): Mutation[] =>
  values.map((value): Mutation => [
    `${name}: ${value === undefined ? "absent" : JSON.stringify(value).slice(0, 60)}`,
    ({ claims }) => {
      if (value === undefined) {
        Reflect.deleteProperty(claims, name);
      } else {
        claims[name] = value;
      }
    },
  ]);
const head = (name: string, ...values: readonly unknown[]): Mutation[] =>
  values.map((value): Mutation => [
    `header ${name}: ${value === undefined ? "absent" : JSON.stringify(value).slice(0, 60)}`,
    ({ header }) => {
      if (value === undefined) {
        Reflect.deleteProperty(header, name);
      } else {
        header[name] = value;
      }
    },
  ]);
const seconds = (name: string, ...offsets: readonly number[]): Mutation[] =>
  offsets.map((offset): Mutation => [`${name}: now ${offset}`, ({ claims, now }) => void (claims[name] = now + offset)]);
/** Writes a member into the payload's text, where JSON.stringify could not: doubled, oddly spelt, oddly written. */
const raw = (...members: readonly string[]): Mutation[] =>
  members.flatMap((member): Mutation[] => [
    [`payload begins with ${member}`, ({ payloadText }) => void payloadText.push((text) => text.replace("{", `{${member},`))],
    [`payload ends with ${member}`, ({ payloadText }) => void payloadText.push((text) => text.replace(/}$/, `,${member}}`))],
  ]);
const rawHead = (...members: readonly string[]): Mutation[] =>
  members.map((member): Mutation => [
    `header ends with ${member}`,
    ({ headerText }) => void headerText.push((text) => text.replace(/}$/, `,${member}}`)),
  ]);

const text = "another";
const types = [undefined, null, 7, true, "", text, [], {}, [text]] as const;
const far = { name: "far" };

export const mutations: readonly Mutation[] = [
  ...claim("sub", ...types),
  ...claim("iss", undefined, null, "", 7, "https://elsewhere.example.com"),
  ...claim("aud", ...types, ["kubernetes", null], ["kubernetes", 7], ["other", "kubernetes"], [["kubernetes"]], "KUBERNETES", "k10"),
  ...claim(
    "exp",
    ...types,
    "4102444800",
    "4102444800.5",
    4102444800.9,
    1e18,
    1e19,
    1e30,
    -1,
    "soon",
    9007199254740993,
    "1e12",
    "01",
    " 4102444800",
  ),
  ...claim("iat", ...types, "5", 1e30, 4102444800),
  ...claim("nbf", ...types, "5", 0, -5, 1e18),
  ...seconds("exp", -3600, -61, -59, -2, 5, 30),
  ...seconds("nbf", -1, 30, 55, 70, 3600),
  ...seconds("iat", 55, 70, 3600),
  ...claim("nonce", null, 7, [], ""),
  ...claim("at_hash", null, 7, {}, ""),
  ...claim("jti", undefined, null, 7, ""),
  ...claim(
    "groups",
    ...types,
    ["g", null],
    ["g", 7],
    [["g"]],
    [""],
    ["g", "g"],
    ["system:masters"],
    ["system:authenticated"],
    "system:masters",
    "a,b",
  ),
  ...claim("roles", undefined, 7, [], null),
  ...claim("email", ...types),
  ...claim("email_verified", undefined, null, false, "true", 1),
  ...claim("preferred_username", undefined, null, 7, "", "system:admin"),
  ...claim("oid", undefined, null, 7, ""),
  ...claim("hd", undefined, null, "evil.example.com", 7, ""),
  ...claim("azp", undefined, null, "other", 7),
  ...claim("acr", "low", "high", 7),
  ...claim("amr", undefined, "pwd", [7], null, ["", "x"]),
  ...claim("tid", undefined, 7, ["a", ""], null),
  ...claim("hasgroups", true, "true"),
  ...claim("scp", "openid"),
  ...claim("typ", "Bearer", "Refresh"),
  ...claim("example.com", undefined, {}, { roles: null }, { roles: 7 }, { roles: "x" }),
  ...claim("_claim_names", null, {}, [], { groups: "src1" }, { groups: "" }, { groups: 7 }, { other: "src1" }, { groups: null }),
  ...claim("_claim_sources", null, {}, [], { src1: {} }, { src1: null }, { src1: { endpoint: 7 } }, { src1: { JWT: "x" } }, { src1: [] }),
  ...[{}, { JWT: "x" }, { JWT: 7 }, { endpoint: "https://127.0.0.1:1/none" }, null, { Endpoint: "" }].map((source): Mutation => [
    `distributed groups ${JSON.stringify(source)}`,
    ({ claims }) => {
      Reflect.deleteProperty(claims, "groups");
      Object.assign(claims, { _claim_names: { groups: "src1" }, _claim_sources: { src1: source } });
    },
  ]),
  [
    "distributed groups, sources missing",
    ({ claims }) => void Object.assign(claims, { groups: undefined, _claim_names: { groups: "src1" } }),
  ],
  [
    "distributed groups, of another claim",
    ({ claims }) => void Object.assign(claims, { groups: undefined, _claim_names: { roles: "s" }, _claim_sources: { s: {} } }),
  ],
  ...distributedClaims,
  ...raw(
    '"exp":1',
    '"EXP":1',
    '"eXp":4102444800',
    '"ISS":"https://elsewhere.example.com"',
    '"Sub":7',
    '"\\u0073ub":"twice"',
    '"i\u017fs":"x"',
    '"aud":"x"',
    '"AUD":["x"]',
  ),
  ...raw(
    '"sub":"twice"',
    '"groups":["twice"]',
    '"GROUPS":["other"]',
    '"email_verified":false',
    '"x":"\\ud800"',
    '"sub":"\\ud83d\\ude00"',
    '"__proto__":{"sub":"x"}',
    '"n":1e999',
  ),
  ...raw(
    '"_CLAIM_NAMES":{"groups":""}',
    '"_claim_names":{"a":"b"}',
    '"nonce":7',
    '"Nonce":null',
    '"constructor":1',
    '"exp":4102444800.0e0',
    '"nbf":null',
    '"NBF":4102444800',
  ),
  ["payload with a byte that is no UTF-8", ({ payloadText }) => void payloadText.push((all) => bytesInto(all, [0xff]))],
  ["payload with half a letter", ({ payloadText }) => void payloadText.push((all) => bytesInto(all, [0xe2, 0x82]))],
  ["payload with a surrogate in UTF-8", ({ payloadText }) => void payloadText.push((all) => bytesInto(all, [0xed, 0xa0, 0x80]))],
  ["payload with a byte order mark", ({ payloadText }) => void payloadText.push((all) => `\ufeff${all}`)],
  ["payload with blanks around", ({ payloadText }) => void payloadText.push((all) => ` \n\t${all}\r\n `)],
  ["payload with something behind", ({ payloadText }) => void payloadText.push((all) => `${all}x`)],
  ["payload with a comma too many", ({ payloadText }) => void payloadText.push((all) => all.replace(/}$/, ",}"))],
  ["payload with a control character", ({ payloadText }) => void payloadText.push((all) => all.replace('"sub":"', '"sub":"\u0001'))],
  ["payload nested 9,000 deep", ({ payloadText }) => void payloadText.push((all) => nested(all, 9_000))],
  ["payload nested 9,999 deep", ({ payloadText }) => void payloadText.push((all) => nested(all, 9_999))],
  ["payload nested 10,000 deep", ({ payloadText }) => void payloadText.push((all) => nested(all, 10_000))],
  ["payload nested 10,001 deep", ({ payloadText }) => void payloadText.push((all) => nested(all, 10_001))],
  ...["null", "[]", '"x"', "7", "", "{}", "nul"].map((all): Mutation => [
    `payload ${all || "empty"}`,
    ({ payloadText }) => void payloadText.push(() => all),
  ]),
  ...head("kid", undefined, null, "", "unknown", 7, "../../rsa-1", "rsa-2", "RSA-1", [], "' or 1=1"),
  ...head("typ", "at+jwt", "JWS", 7, null),
  ...head("crit", null, [], ["b64"], ["exp"], "b64", [null], [7], {}),
  ...head("b64", true, false, "false", null, 7),
  ...head("nonce", "x", 7, null, []),
  ...head("x5c", [], [""], ["AAAA"], "x", null, [7]),
  ...head("x5u", "https://elsewhere.example.com", 7),
  ...head("jku", "https://elsewhere.example.com/keys", {}),
  ...head(
    "jwk",
    null,
    {},
    7,
    { kty: "RSA", n: "AQAB", e: "AQAB" },
    { kty: "oct", k: "AAAA" },
    { kty: "EC", crv: "P-256", x: "AA", y: "AA" },
  ),
  ["header jwk of the signer", ({ header, key }) => void (header["jwk"] = key.jwk)],
  ["header jwk, private", ({ header, key }) => void (header["jwk"] = key.privateKey.export({ format: "jwk" }))],
  [
    "header jwk of a stranger who signs",
    (draft) => void Object.assign(draft, { key: draft.keys.stranger }, ((draft.header["jwk"] = draft.keys.stranger.jwk), {})),
  ],
  ...rawHead(
    '"kid":"rsa-1"',
    '"Kid":"x"',
    '"alg":"RS256"',
    '"ALG":"none"',
    '"x":{"a":1,"a":2}',
    '"x":1e999',
    '"x":"\\ud800"',
    '"zip":"DEF"',
  ),
  ["header nested 20,000 deep", ({ headerText }) => void headerText.push((all) => nested(all, 20_000))],
  ["header with blanks", ({ headerText }) => void headerText.push((all) => ` ${all}\n`)],
  ...["null", "[]", "", "{}", "{", '{"alg":null}'].map((all): Mutation => [
    `header ${all || "empty"}`,
    ({ headerText }) => void headerText.push(() => all),
  ]),
  ...[
    "none",
    "None",
    "HS256",
    "HS512",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "EdDSA",
    "ES256",
    "ES384",
    "ES512",
    "RS257",
    "",
    "rs256",
  ].map((alg): Mutation => [`alg ${alg}`, ({ header }) => void (header["alg"] = alg)]),
  ...head("alg", undefined, null, 7, []),
  ...["ES256", "ES384", "ES512"].flatMap((alg) =>
    (["p256", "p384", "p521"] as const).map((name): Mutation => [
      `${alg} by ${name}`,
      (draft) => void Object.assign(draft, { key: draft.keys[name], header: { ...draft.header, alg, kid: draft.keys[name].kid } }),
    ]),
  ),
  ...[0, 10, 20, 64, 222].map((saltLength): Mutation => [
    `PS256 with ${saltLength} bytes of salt`,
    (draft) => void Object.assign(draft, { key: draft.keys.rsa, saltLength, header: { ...draft.header, alg: "PS256", kid: "rsa-1" } }),
  ]),
  ["signed by a stranger", (draft) => void (draft.key = draft.keys.stranger)],
  ["signed by Ed25519", (draft) => void Object.assign(draft, { key: draft.keys.ed25519, header: { alg: "EdDSA", kid: "ed25519" } })],
  [
    "header says RS256, signed PS256",
    (draft) =>
      void Object.assign(draft, { algorithm: "PS256", key: draft.keys.rsa, header: { ...draft.header, alg: "RS256", kid: "rsa-1" } }),
  ],
  [
    "payload not encoded, b64 false",
    (draft) => void Object.assign(draft, { unencoded: true, header: { ...draft.header, b64: false, crit: ["b64"] } }),
  ],
  [
    "payload not encoded, b64 false, no crit",
    (draft) => void Object.assign(draft, { unencoded: true, header: { ...draft.header, b64: false } }),
  ],
  ["no kid", ({ header }) => void Reflect.deleteProperty(header, "kid")],
  ["signature cut", ({ finish }) => void finish.push((token) => token.slice(0, -4))],
  ["signature longer", ({ finish }) => void finish.push((token) => `${token}AAAA`)],
  ["signature one letter longer", ({ finish }) => void finish.push((token) => `${token}A`)],
  ["signature empty", ({ finish }) => void finish.push((token) => token.replace(/[^.]*$/, ""))],
  ["signature of zeros", ({ finish }) => void finish.push((token) => token.replace(/[^.]*$/, "A".repeat(342)))],
  ["signature in another spelling", ({ finish }) => void finish.push(spareBits)],
  ["payload in another spelling", ({ finish }) => void finish.push((token) => part(token, 1, spareBits))],
  ["header in another spelling", ({ finish }) => void finish.push((token) => part(token, 0, spareBits))],
  ["signature padded", ({ finish }) => void finish.push((token) => `${token}==`)],
  ["payload padded", ({ finish }) => void finish.push((token) => part(token, 1, (all) => `${all}=`))],
  [
    "line end in the signature",
    ({ finish }) => void finish.push((token) => part(token, 2, (all) => `${all.slice(0, 9)}\n${all.slice(9)}`)),
  ],
  [
    "line end in the payload",
    ({ finish }) => void finish.push((token) => part(token, 1, (all) => `${all.slice(0, 9)}\r\n${all.slice(9)}`)),
  ],
  ["blank in the signature", ({ finish }) => void finish.push((token) => part(token, 2, (all) => `${all.slice(0, 9)} ${all.slice(9)}`))],
  ["blank in the payload", ({ finish }) => void finish.push((token) => part(token, 1, (all) => `${all.slice(0, 9)} ${all.slice(9)}`))],
  [
    "wide blank in the header",
    ({ finish }) => void finish.push((token) => part(token, 0, (all) => `${all.slice(0, 9)}\u2003${all.slice(9)}`)),
  ],
  ["two parts", ({ finish }) => void finish.push((token) => token.split(".").slice(0, 2).join("."))],
  ["four parts", ({ finish }) => void finish.push((token) => `${token}.AAAA`)],
  ["five parts", ({ finish }) => void finish.push((token) => `${token}.AAAA.AAAA`)],
  ["other base64", ({ finish }) => void finish.push((token) => token.replace(/-/g, "+").replace(/_/g, "/"))],
  [
    "changed after signing",
    ({ finish }) =>
      void finish.push((token) =>
        part(token, 1, (all) => Buffer.from(Buffer.from(all, "base64url").toString().replace("00u", "00x")).toString("base64url")),
      ),
  ],
  ["as JSON", ({ finish }) => void finish.push(asJson)],
  ["with a large claim", ({ claims }) => void (claims["large"] = Array.from({ length: 2_000 }, () => far))],
  ["with 3,000 groups", ({ claims }) => void (claims["groups"] = Array.from({ length: 3_000 }, (_, index) => `g${index}`))],
];

function bytesInto(all: string, bytes: readonly number[]): Buffer {
  const [before = "", after = ""] = all.split('"sub":"');
  return Buffer.concat([Buffer.from(`${before}"sub":"`), Buffer.from(bytes), Buffer.from(after)]);
}

function nested(all: string, depth: number): string {
  return all.replace(/}$/, `,"deep":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`);
}

function part(token: string, index: number, change: (all: string) => string): string {
  return token
    .split(".")
    .map((all, at) => (at === index ? change(all) : all))
    .join(".");
}

/** Another letter at the end that means the same bytes, where there are spare bits. */
function spareBits(all: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const last = /[^.]*$/.exec(all)?.[0] ?? "";
  const spare = last.length % 4 === 2 ? 4 : last.length % 4 === 3 ? 2 : 0;
  const letter = alphabet[alphabet.indexOf(all.at(-1) ?? "A") ^ (spare === 0 ? 0 : 1)] ?? "";
  return all.slice(0, -1) + letter;
}

function asJson(token: string): string {
  const [header, payload, signature] = token.split(".");
  return JSON.stringify({ protected: header, payload, signature });
}
