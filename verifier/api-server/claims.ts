import { mapOf, objectOf, stringOf, stringsOf, structMembers } from "../go/decode";
import { GoJsonError, member, type JsonNode, type JsonObject } from "../go/json";

/** What go-oidc v2.5.0 reads from a token before anything is asked of it (verify.go `idToken`). */
export interface StandardClaims {
  readonly issuer: string;
  readonly audiences: readonly string[];
  /** Seconds; year one where the token has none. */
  readonly expiry: bigint;
  /** Seconds; undefined where the token has none. */
  readonly notBefore: bigint | undefined;
}

/** Seconds of Go's `time.Time{}`, the first of January of year one. */
const yearOne = -62_135_596_800n;

/** Google's older tokens leave the scheme out (OpenID Connect Core 1.0, section 15.6.2; go-oidc allows it to Google alone). */
const google = { issuer: "https://accounts.google.com", short: "accounts.google.com" };

/** The issuer that a token names before it is proven: later members win, whatever their case (`untrustedIssuer`). @throws GoJsonError */
export function namedIssuer(payload: JsonNode): string {
  let issuer = "";
  for (const [name, value] of structMembers(payload)) {
    issuer = name === "iss" ? stringOf(value, issuer) : issuer;
  }
  return issuer === google.short ? google.issuer : issuer;
}

/** Whether the proven issuer is the wanted one. */
export function sameIssuer(issuer: string, wanted: string): boolean {
  return issuer === wanted || (wanted === google.issuer && issuer === google.short);
}

/**
 * The standard claims in Go's types: a name in any case, the later wins, null leaves the earlier value (but is an error for a time).
 * @throws GoJsonError where a claim has another type; the API server then refuses the token
 */
export function standardClaims(payload: JsonNode): StandardClaims {
  let issuer = "";
  let audiences: readonly string[] = [];
  let expiry = yearOne;
  let notBefore: bigint | undefined;
  const names = new Map<string, string>();
  const sources = new Map<string, true>();
  for (const [name, value] of structMembers(payload)) {
    named(name, () => {
      switch (name) {
        case "iss":
          issuer = stringOf(value, issuer);
          break;
        case "sub":
        case "nonce":
        case "at_hash":
          stringOf(value);
          break;
        case "aud":
          audiences = audienceOf(value);
          break;
        case "exp":
          expiry = secondsOf(value);
          break;
        case "iat":
          secondsOf(value);
          break;
        case "nbf":
          notBefore = value.type === "null" ? undefined : secondsOf(value);
          break;
        case "_claim_names":
          merge(names, value, stringOf);
          break;
        case "_claim_sources":
          merge(sources, value, (source) => {
            claimSource(source, ["endpoint", "access_token"]);
            return true;
          });
          break;
        default:
      }
    });
  }
  for (const [claim, source] of names) {
    if (!sources.has(source) || source === "") {
      throw new GoJsonError(
        `_claim_names names the source ${JSON.stringify(source)} for ${JSON.stringify(claim)}, which is not in _claim_sources`,
      );
    }
  }
  return { issuer, audiences, expiry, notBefore };
}

function named(name: string, read: () => void): void {
  try {
    read();
  } catch (error) {
    throw error instanceof GoJsonError ? new GoJsonError(`${name}: ${error.message}`) : error;
  }
}

/** A Go map that is decoded twice keeps what it had; null empties it. */
function merge<T>(into: Map<string, T>, node: JsonNode, value: (node: JsonNode) => T): void {
  if (node.type === "null") {
    into.clear();
  }
  for (const [name, item] of mapOf(node, value)) {
    into.set(name, item);
  }
}

/** `aud`: a text, null (an empty text), or a list of texts and nulls. */
function audienceOf(node: JsonNode): string[] {
  return node.type === "array" ? stringsOf(node) : [stringOf(node)];
}

/** `jsonTime`: a number, or a text that is one; a fraction is cut off. What does not fit into 64 bits wraps as on x86-64. */
function secondsOf(node: JsonNode): bigint {
  const text = node.type === "number" ? node.text : node.type === "string" ? node.value : "";
  if (!/^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/.test(text)) {
    throw new GoJsonError("no number of seconds");
  }
  if (/^-?[0-9]+$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text)) {
    return inRange(BigInt(text));
  }
  const value = Number(text);
  if (!Number.isFinite(value)) {
    throw new GoJsonError("a number of seconds that is too large");
  }
  // A float beyond 64 bits converts to the smallest integer on x86-64.
  const whole = BigInt(Math.trunc(value));
  return inRange(BigInt.asIntN(64, whole) === whole ? whole : -(1n << 63n));
}

/** `time.Unix` counts from year one in 64 bits: the last 62 thousand million seconds wrap around to the distant past. */
function inRange(seconds: bigint): bigint {
  return BigInt.asIntN(64, seconds - yearOne) + yearOne;
}

export interface DistributedSource {
  readonly endpoint: string;
  readonly accessToken: string;
}

/** An entry of `_claim_sources`. @throws GoJsonError */
function claimSource(node: JsonNode, texts: readonly string[]): DistributedSource {
  const found = new Map<string, string>();
  for (const [name, value] of structMembers(node)) {
    if (texts.includes(name)) {
      found.set(name, stringOf(value, found.get(name)));
    }
  }
  return { endpoint: found.get("endpoint") ?? "", accessToken: found.get("access_token") ?? "" };
}

/**
 * Where the API server would fetch a claim that the token does not carry (`claimResolver.expand`); undefined where it asks nobody.
 * @throws GoJsonError where it refuses the token instead
 */
export function distributedSource(claims: JsonObject, claim: string): DistributedSource | undefined {
  const names = member(claims, "_claim_names");
  if (member(claims, claim) !== undefined || names === undefined) {
    return undefined;
  }
  const sourceOf = mapOf(names, (node) => stringOf(node));
  const rawSources = member(claims, "_claim_sources");
  if (rawSources === undefined) {
    throw new GoJsonError("no claim sources");
  }
  const sources = mapOf(rawSources, (node) => claimSource(node, ["endpoint", "access_token", "jwt"]));
  const source = sourceOf.get(claim);
  if (source === undefined) {
    return undefined;
  }
  const found = sources.get(source);
  if (found === undefined) {
    throw new GoJsonError(`_claim_names contained a source ${JSON.stringify(source)} missing in _claim_sources`);
  }
  // Without an endpoint it may be an aggregated claim, which the API server does not read.
  return found.endpoint === "" ? undefined : found;
}

/** A claim as the text that it must be; null is an empty one. @throws GoJsonError */
export function textClaim(claims: JsonObject, claim: string): string {
  const node = member(claims, claim);
  if (node === undefined) {
    throw new GoJsonError("claim not present");
  }
  return stringOf(node);
}

/** `email_verified`; null is false. @throws GoJsonError */
export function flagClaim(node: JsonNode): boolean {
  if (node.type !== "boolean" && node.type !== "null") {
    throw new GoJsonError(`cannot unmarshal ${node.type} into a bool`);
  }
  return node.type === "boolean" && node.value;
}

/** `stringOrArray`: a list of texts (a null among them is an empty one), a text, or null for none. @throws GoJsonError */
export function groupsClaim(node: JsonNode): string[] {
  return node.type === "string" ? [node.value] : stringsOf(node);
}

export { objectOf };
