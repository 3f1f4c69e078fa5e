import { show } from "../decode";
import { fetchClaimToken, issuerKeys, type Fetch } from "../discovery";
import { DiscoveryError } from "../errors";
import { GoJsonError, member, type JsonNode } from "../go/json";
import { readKeySet, type KeySetResult } from "../go/key-set";
import { verifiesWith } from "../go/signature";
import { networkFetch } from "../trusted-fetch";
import { readWholeToken, timeChecks } from "./authenticate";
import type { Surroundings } from "./world";
import { namedIssuer, standardClaims, type DistributedSource } from "./claims";
import type { ApiServerRules, JwtRules } from "./rules";

/** Public keys of an issuer, as its key set endpoint serves them (RFC 7517). */
export interface KeySet {
  readonly keys: readonly Readonly<Record<string, unknown>>[];
}

export interface SurroundingOptions {
  readonly now?: Date;
  readonly clockSkewSeconds?: number;
  readonly fetch?: Fetch;
  /** The issuer's keys, instead of discovery: parsed, or the text as it is served. */
  readonly jwks?: KeySet | string;
  /** Ask nobody: what the given keys do not answer stays unsaid. */
  readonly offline?: boolean;
}

/** What an authenticator asks beyond the token: keys, distributed claims, the time. */
export function surroundingsOf(options: SurroundingOptions, rules: ApiServerRules): Surroundings {
  const { jwks } = options;
  const fetchFor = (entry: JwtRules): Fetch => {
    if (options.offline === true) {
      return (url) =>
        Promise.reject(
          new DiscoveryError("offline", `Expected keys or claims from ${url}, and nobody may be asked. Fix: give the keys (--jwks).`),
        );
    }
    const { certificateAuthority } = entry;
    const ask = options.fetch ?? networkFetch;
    return certificateAuthority === undefined ? ask : (url, init) => ask(url, { ...init, certificateAuthority });
  };
  const keysOf = (entry: JwtRules): KeySetResult | Promise<KeySetResult> =>
    jwks === undefined ? issuerKeys(entry.issuer, fetchFor(entry), entry.discoveryUrl) : givenKeys(jwks);
  return {
    now: options.now ?? new Date(),
    clockSkewSeconds: options.clockSkewSeconds ?? 0,
    keysOf,
    distributedClaim: (source, claim, entry) =>
      distributedClaim(source, claim, {
        entry,
        rules,
        now: options.now ?? new Date(),
        clockSkewSeconds: options.clockSkewSeconds ?? 0,
        keysOf,
        fetch: fetchFor(entry),
      }),
  };
}

const parsedKeys = new WeakMap<KeySet, KeySetResult>();
let lastText: { readonly text: string; readonly keys: KeySetResult } | undefined;

/** Keys that were given stay parsed: reading one costs as much as checking a signature. */
function givenKeys(jwks: KeySet | string): KeySetResult {
  if (typeof jwks === "string") {
    lastText = lastText?.text === jwks ? lastText : { text: jwks, keys: readKeySet(Buffer.from(jwks)) };
    return lastText.keys;
  }
  const known = parsedKeys.get(jwks) ?? readKeySet(Buffer.from(JSON.stringify(jwks)));
  // Callers that parsed a file give whatever stood in it: a key set that is no object can be read, as an unreadable one, but not kept.
  if (typeof jwks === "object" && (jwks as unknown) !== null) {
    parsedKeys.set(jwks, known);
  }
  return known;
}

/**
 * Asks a distributed claim's endpoint and judges the token that it answers, as `claimResolver.resolve` does: its issuer's own keys, the
 * same audiences and algorithms, the claim of the same name inside.
 */
async function distributedClaim(
  { endpoint, accessToken }: DistributedSource,
  claim: string,
  {
    entry,
    rules,
    now,
    clockSkewSeconds,
    keysOf,
    fetch,
  }: Pick<Surroundings, "now" | "clockSkewSeconds" | "keysOf"> & { entry: JwtRules; rules: ApiServerRules; fetch: Fetch },
): Promise<{ readonly value: JsonNode } | string> {
  try {
    const { payload, jws } = readWholeToken(await fetchClaimToken(endpoint, accessToken, fetch));
    if (payload?.type !== "object" || jws === undefined) {
      return `the endpoint ${show(endpoint)} answers no signed token`;
    }
    const issuer = namedIssuer(payload);
    // Discovery of the entry's own issuer is where the entry says, for its distributed claims too.
    const keys = issuer === entry.issuer ? await keysOf(entry) : await issuerKeys(issuer, fetch);
    const proven =
      rules.algorithms.includes(jws.algorithm) &&
      "keys" in keys &&
      keys.keys.some((key) => (jws.keyId === "" || key.keyId === jws.keyId) && verifiesWith(jws, key));
    const claims = standardClaims(payload);
    if (!proven || claims.issuer !== issuer || !claims.audiences.some((audience) => entry.audiences.includes(audience))) {
      return `the endpoint ${show(endpoint)} answers a token that is not proven, or for another audience`;
    }
    if (timeChecks(claims, { now, clockSkewSeconds }).some(({ ok }) => ok === false)) {
      return `the endpoint ${show(endpoint)} answers a token that has expired, or is not valid yet`;
    }
    const value = member(payload, claim);
    return value === undefined ? `the token of the endpoint ${show(endpoint)} has no claim '${claim}'` : { value };
  } catch (error) {
    if (error instanceof GoJsonError) {
      return `the endpoint ${show(endpoint)} answers a token with ${error.message}`;
    }
    if (error instanceof DiscoveryError && error.code !== "offline") {
      return `its endpoint gives none: ${error.message}`;
    }
    throw error;
  }
}
