import { decodeBase64Url } from "./base64";
import { readCertificates } from "./certificate";
import { stringOf, stringsOf } from "./decode";
import { GoJsonError, parseGoJson, type JsonNode } from "./json";
import { isPublicKey, readKey } from "./key-set";

/** A compact JSON Web Signature taken apart; nothing is proven yet. */
export interface CompactSignature {
  readonly algorithm: string;
  /** Empty where the header names none. */
  readonly keyId: string;
  readonly payload: Buffer;
  readonly signature: Buffer;
  /** What the signature is over: header and payload encoded again, so that blanks and spare bits in the text do not count. */
  readonly signed: Buffer;
  /** Names that must be understood; undefined where the member is malformed, which no key verifies. */
  readonly critical: readonly string[] | undefined;
  /** The header as it was sent, for showing. */
  readonly header: JsonNode;
}

// unicode.IsSpace of Go: not the same letters as \s.
const blanks = /[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/g;

/**
 * `jose.ParseSigned` of go-jose v2.6.3 (jws.go `parseSignedCompact`, shared.go `sanitized`), which kube-apiserver uses through
 * github.com/coreos/go-oidc v2.5.0. The header is read strictly: a name twice, or a member that go-jose knows in another shape, is an error.
 * @throws GoJsonError with the reason
 */
export function parseCompactSignature(token: string): CompactSignature {
  const parts = token.replace(blanks, "").split(".");
  const [protectedHeader, payload, signature] = parts.map(decodeBase64Url);
  if (parts.length !== 3 || protectedHeader === undefined || payload === undefined || signature === undefined) {
    throw new GoJsonError("a part that is no base64url");
  }
  const header: JsonNode = protectedHeader.length === 0 ? { type: "object", members: [] } : parseGoJson(protectedHeader, Infinity);
  const members = headerMembers(header);
  let algorithm = "";
  let keyId = "";
  for (const [name, value] of members) {
    if (value.type === "null") {
      continue;
    }
    switch (name) {
      case "alg":
        algorithm = stringOf(value);
        break;
      case "kid":
        keyId = stringOf(value);
        break;
      case "nonce":
        stringOf(value);
        break;
      case "jwk":
        if (!isPublicKey(readKey(value))) {
          throw new GoJsonError("invalid embedded jwk, must be public key");
        }
        break;
      case "x5c":
        readCertificates(stringsOf(value));
        break;
      default:
        refuseTwice(value);
    }
  }
  const encoded = members.get("b64");
  const asItIs = encoded?.type === "boolean" && !encoded.value;
  const head = Buffer.from(`${protectedHeader.toString("base64url")}.`);
  return {
    algorithm,
    keyId,
    payload,
    signature,
    signed: Buffer.concat([head, asItIs ? payload : Buffer.from(payload.toString("base64url"))]),
    critical: criticalOf(members.get("crit")),
    header,
  };
}

function headerMembers(header: JsonNode): Map<string, JsonNode> {
  if (header.type === "null") {
    return new Map();
  }
  if (header.type !== "object") {
    throw new GoJsonError("a header that is no object");
  }
  const members = new Map(header.members);
  if (members.size < header.members.length) {
    throw new GoJsonError("duplicate key in the header");
  }
  return members;
}

function criticalOf(node: JsonNode | undefined): readonly string[] | undefined {
  try {
    return node === undefined ? [] : stringsOf(node);
  } catch {
    return undefined;
  }
}

/** go-jose reads what it does not know into plain values, and refuses names that come twice and numbers beyond a float at any depth. */
function refuseTwice(node: JsonNode): void {
  const open = [node];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.type === "number" && !Number.isFinite(Number(next.text))) {
      throw new GoJsonError("a number that is too large");
    }
    if (next.type === "array") {
      for (const item of next.items) {
        open.push(item);
      }
    }
    if (next.type === "object") {
      if (new Set(next.members.map(([name]) => name)).size < next.members.length) {
        throw new GoJsonError("duplicate key in the header");
      }
      for (const [, item] of next.members) {
        open.push(item);
      }
    }
  }
}
