import { createHash, createPublicKey, type JsonWebKey, type KeyObject } from "node:crypto";
import { decodeBase64Url } from "./base64";
import { readCertificate, readCertificates } from "./certificate";
import { foldName, stringOf, stringsOf } from "./decode";
import { GoJsonError, parseGoJson, type JsonNode } from "./json";

/** One key of a set. `use`, `alg` and `key_ops` are not read: go-oidc tries every key of the name. */
export interface VerificationKey {
  readonly keyId: string;
  readonly kind: "rsa" | "ec" | "none";
  /** Absent where the key can prove nothing: private, symmetric, Edwards, or out of bounds for RSA. */
  readonly key?: KeyObject;
  /** Bytes of a coordinate, for an elliptic curve. */
  readonly size?: number;
}

/** A key set that cannot be read proves nothing at all: one unreadable key makes the API server refuse every token. */
export type KeySetResult = { readonly keys: readonly VerificationKey[] } | { readonly unreadable: string };

/** go-jose v2.6.3 `JSONWebKeySet` through `encoding/json`, as go-oidc v2.5.0 (jwks.go `updateKeys`) reads an answer. */
export function readKeySet(text: Buffer): KeySetResult {
  try {
    const node = parseGoJson(text);
    if (node.type !== "object") {
      throw new GoJsonError("no JSON object");
    }
    let keys: readonly JsonNode[] = [];
    for (const [name, value] of node.members) {
      if (foldName(name) === "keys") {
        if (value.type !== "array" && value.type !== "null") {
          throw new GoJsonError("keys that are no list");
        }
        keys = value.type === "array" ? value.items : [];
        keys.forEach(readKey);
      }
    }
    return { keys: keys.map(readKey) };
  } catch (error) {
    if (error instanceof GoJsonError) {
      return { unreadable: error.message };
    }
    throw error;
  }
}

type RawKey = ReadonlyMap<string, JsonNode>;

/** `JSONWebKey.UnmarshalJSON` (go-jose v2.6.3, jwk.go). @throws GoJsonError */
export function readKey(node: JsonNode): VerificationKey {
  if (node.type !== "object" && node.type !== "null") {
    throw new GoJsonError("a key that is no object");
  }
  const members = node.type === "null" ? [] : node.members;
  const raw: RawKey = new Map(members);
  if (raw.size < members.length) {
    throw new GoJsonError("duplicate key in a key");
  }
  const text = (name: string): string => stringOf(raw.get(name) ?? { type: "null" });
  const [kty, kid, crv] = [text("kty"), text("kid"), text("crv")];
  ["use", "alg"].forEach(text);
  for (const name of ["k", "x", "y", "n", "e", "d", "p", "q", "dp", "dq", "qi"]) {
    bytesOf(raw, name);
  }
  if (raw.get("x5u") !== undefined && raw.get("x5u")?.type !== "null" && raw.get("x5u")?.type !== "object") {
    throw new GoJsonError("x5u, which go-jose cannot read from a text");
  }
  const chain = readCertificates(stringsOf(raw.get("x5c") ?? { type: "null" }));
  const key = keyOf(kty, crv, kid, raw, chain.length > 0);
  checkCertificates(raw, chain, text("x5t"), text("x5t#S256"));
  return key;
}

/** Whether a key may stand in a header: RSA with an exponent, an elliptic curve or Ed25519, without its private part. */
export function isPublicKey(key: VerificationKey): boolean {
  return publicKeys.has(key);
}
const publicKeys = new WeakSet<VerificationKey>();

function keyOf(kty: string, crv: string, keyId: string, raw: RawKey, certified: boolean): VerificationKey {
  const present = (...names: string[]): boolean => names.every((name) => bytesOf(raw, name) !== undefined);
  const secret = present("d");
  switch (kty) {
    case "EC": {
      const size = { "P-256": 32, "P-384": 48, "P-521": 66 }[crv];
      const [x, y, d] = [bytesOf(raw, "x"), bytesOf(raw, "y"), bytesOf(raw, "d")];
      if (size === undefined || x?.length !== size || y?.length !== size || (secret && d?.length !== size)) {
        throw new GoJsonError("an elliptic key of another curve or size");
      }
      const key = imported({ kty, crv, x: x.toString("base64url"), y: y.toString("base64url") });
      if (key === undefined) {
        throw new GoJsonError("an elliptic key that is not on its curve");
      }
      return secret ? { keyId, kind: "none" } : open({ keyId, kind: "ec", key, size });
    }
    case "RSA": {
      const [n, e] = [bytesOf(raw, "n"), bytesOf(raw, "e")];
      if (n === undefined || e === undefined || (secret && !validPrivate(raw))) {
        throw new GoJsonError("an RSA key without all its parts");
      }
      if (secret) {
        return { keyId, kind: "none" };
      }
      const exponent = BigInt.asIntN(64, integer(e));
      const key = { keyId, kind: "rsa" as const, key: usableRsa(integer(n), exponent) ? imported(rsaOf(n, exponent)) : undefined };
      return exponent === 0n ? key : open(key);
    }
    case "oct":
      if (certified || !present("k")) {
        throw new GoJsonError("a symmetric key with a certificate, or without its value");
      }
      return { keyId, kind: "none" };
    case "OKP":
      if (crv !== "Ed25519" || !present("x")) {
        throw new GoJsonError(`unknown curve ${JSON.stringify(crv)}`);
      }
      return secret ? { keyId, kind: "none" } : open({ keyId, kind: "none" });
    default:
      throw new GoJsonError(`unknown json web key type ${JSON.stringify(kty)}`);
  }
}

function open(key: VerificationKey): VerificationKey {
  publicKeys.add(key);
  return key;
}

/** What Go 1.26 (crypto/rsa `checkPublicKeySize`, `checkPublicKey`) lets verify: 1024 bits or more, odd, an odd exponent of 31 bits. */
function usableRsa(modulus: bigint, exponent: bigint): boolean {
  return modulus >= 1n << 1023n && (modulus & 1n) === 1n && exponent >= 2n && exponent < 1n << 31n && (exponent & 1n) === 1n;
}

function rsaOf(n: Buffer, exponent: bigint): JsonWebKey {
  const digits = exponent.toString(16);
  const e = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, "hex");
  return { kty: "RSA", n: n.toString("base64url"), e: e.toString("base64url") };
}

/** The sums that Go's `PrivateKey.Validate` does: the primes make the modulus, and both exponents undo each other. */
function validPrivate(raw: RawKey): boolean {
  const [n, e, d, p, q] = ["n", "e", "d", "p", "q"].map((name) => bytesOf(raw, name)).map((bytes) => bytes && integer(bytes));
  return (
    n !== undefined &&
    e !== undefined &&
    d !== undefined &&
    p !== undefined &&
    q !== undefined &&
    p > 1n &&
    q > 1n &&
    p * q === n &&
    usableRsa(n, e) &&
    (d * e) % (p - 1n) === 1n &&
    (d * e) % (q - 1n) === 1n
  );
}

/** A member in base64url: absent (undefined) where it is null, empty where it is an empty text. */
function bytesOf(raw: RawKey, name: string): Buffer | undefined {
  const node = raw.get(name);
  if (node === undefined || node.type === "null") {
    return undefined;
  }
  const bytes = decodeBase64Url(stringOf(node));
  if (bytes === undefined) {
    throw new GoJsonError(`${name}, which is no base64url`);
  }
  return bytes;
}

function integer(bytes: Buffer): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${bytes.toString("hex")}`);
}

function imported(jwk: JsonWebKey): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk, format: "jwk" });
  } catch {
    return undefined;
  }
}

/** A certificate must be about the key, and thumbprints about the certificate. */
function checkCertificates(raw: RawKey, chain: readonly Buffer[], sha1: string, sha256: string): void {
  const leaf = chain[0];
  if (leaf !== undefined) {
    const certified = readCertificate(leaf)?.publicKey.export({ format: "jwk" });
    const same = (name: "n" | "x" | "y"): boolean => {
      const [mine, its] = [bytesOf(raw, name), certified?.[name]];
      return its === undefined || (mine !== undefined && integer(mine) === integer(Buffer.from(its, "base64url")));
    };
    if (
      certified === undefined ||
      !same("n") ||
      !same("x") ||
      !same("y") ||
      certified.kty !== stringOf(raw.get("kty") ?? { type: "null" })
    ) {
      throw new GoJsonError("a certificate of another key");
    }
  }
  for (const [text, algorithm, size] of [
    [sha1, "sha1", 20],
    [sha256, "sha256", 32],
  ] as const) {
    const print = thumbprint(text, size);
    if (leaf !== undefined && print.length > 0 && !print.equals(createHash(algorithm).update(leaf).digest())) {
      throw new GoJsonError("a thumbprint of another certificate");
    }
  }
}

/** Base64url of the digest, or of its hexadecimal digits, which some issuers send (go-jose reads both). */
function thumbprint(text: string, size: number): Buffer {
  const bytes = decodeBase64Url(text);
  const print = bytes?.length === 2 * size ? hexadecimal(bytes.toString("latin1")) : bytes;
  if (print === undefined || (print.length !== 0 && print.length !== size)) {
    throw new GoJsonError("a thumbprint of another size");
  }
  return print;
}

function hexadecimal(digits: string): Buffer | undefined {
  return /^[0-9a-fA-F]+$/.test(digits) ? Buffer.from(digits, "hex") : undefined;
}
