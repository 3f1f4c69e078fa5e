import { DiscoveryError } from "./errors";
import { stringOf, stringsOf, structMembers } from "./go/decode";
import { GoJsonError, parseGoJson, plainValue } from "./go/json";
import { readKeySet, type KeySetResult } from "./go/key-set";

/** The part of `fetch` that the verifier uses; give your own for a proxy, a private certificate authority or a test. */
export type Fetch = (
  url: string,
  init: {
    headers: Record<string, string>;
    signal: AbortSignal;
    redirect?: "manual";
    /** Left out: GET. */
    method?: string;
    body?: RequestInit["body"];
    /** PEM of the authorities that are trusted instead of the machine's, where the API server is told some. */
    certificateAuthority?: string;
  },
) => Promise<Response>;

/** Milliseconds after which a request is given up. */
const requestTimeout = 10_000;
/** Bytes of an answer that are read. Key sets have a few thousand; the API server has no limit of its own. */
const longestAnswer = 16_000_000;
/** Redirects that Go's HTTP client follows (net/http, `defaultCheckRedirect`). */
const mostRedirects = 10;

/** What the API server takes from a discovery document. */
interface Discovery {
  readonly address: string;
  readonly keysAddress: string;
  readonly userInfoAddress: string;
}

/**
 * The discovery document of an issuer (OpenID Connect Discovery 1.0, section 4), read as go-oidc v2.5.0 does (oidc.go `NewProvider`): it
 * must name the same issuer, byte for byte, and its list of algorithms must be a list of texts.
 * @throws DiscoveryError when it cannot be had, or is of no use to the API server either
 */
async function discover(issuer: string, fetch: Fetch, discoveryUrl?: string): Promise<Discovery> {
  const address = discoveryUrl ?? `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const answer = await get(address, fetch, "the discovery document");
  const found = { issuer: "", jwks_uri: "", userinfo_endpoint: "" };
  try {
    for (const [name, value] of structMembers(parseGoJson(answer))) {
      if (name === "issuer" || name === "jwks_uri" || name === "userinfo_endpoint") {
        found[name] = stringOf(value, found[name]);
      } else if (name === "authorization_endpoint" || name === "token_endpoint") {
        stringOf(value);
      } else if (name === "id_token_signing_alg_values_supported") {
        stringsOf(value);
      }
    }
  } catch (error) {
    throw unusable(`Expected the discovery document at ${address} as a JSON object with texts, got something else`, error);
  }
  if (found.issuer !== issuer) {
    const named = found.issuer === "" ? "no issuer" : found.issuer.slice(0, 200);
    const slash = named === `${issuer}/` || issuer === `${named}/` ? " They differ by the trailing slash, which counts." : "";
    throw new DiscoveryError(
      "issuer_differs",
      `Expected the discovery document at ${address} to name the issuer ${issuer}, got ${named}.${slash} Fix: write the issuer as discovery names it.`,
    );
  }
  return { address, keysAddress: found.jwks_uri, userInfoAddress: found.userinfo_endpoint };
}

/**
 * The keys of an issuer, found by discovery.
 * @param issuer as the environment document has it
 * @throws DiscoveryError when they cannot be had
 */
export async function issuerKeys(issuer: string, fetch: Fetch, discoveryUrl?: string): Promise<KeySetResult> {
  const { address, keysAddress } = await discover(issuer, fetch, discoveryUrl);
  if (keysAddress === "") {
    throw new DiscoveryError("bad_answer", `Expected jwks_uri in the discovery document at ${address}, got none.`);
  }
  return readKeySet(await get(keysAddress, fetch, "the key set"));
}

/**
 * What the userinfo endpoint says to the bearer of an access token. The token goes to the issuer's own endpoint and nowhere else.
 * @throws DiscoveryError when it refuses or cannot be had
 */
export async function fetchUserInfo(issuer: string, accessToken: string, fetch: Fetch): Promise<Record<string, unknown>> {
  const { address, userInfoAddress } = await discover(issuer, fetch);
  if (userInfoAddress === "") {
    throw new DiscoveryError("userinfo_refused", `Expected userinfo_endpoint in the discovery document at ${address}, got none.`);
  }
  const answer = await get(userInfoAddress, fetch, "the userinfo answer", `Bearer ${accessToken.trim()}`);
  const value = jsonObject(answer);
  if (value === undefined) {
    throw new DiscoveryError("bad_answer", `Expected the userinfo answer at ${userInfoAddress} as a JSON object, got something else.`);
  }
  return value;
}

/** What a distributed claim's endpoint answers (OpenID Connect Core 1.0, section 5.6.2): a token of its own. @throws DiscoveryError */
export async function fetchClaimToken(endpoint: string, accessToken: string, fetch: Fetch): Promise<string> {
  const answer = await get(endpoint, fetch, "the distributed claim", accessToken === "" ? undefined : `Bearer ${accessToken}`, 226);
  return answer.toString("utf8");
}

function jsonObject(answer: Buffer): Record<string, unknown> | undefined {
  try {
    const node = parseGoJson(answer);
    return node.type === "object" ? (plainValue(node) as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function unusable(message: string, error: unknown): DiscoveryError {
  if (error instanceof GoJsonError) {
    return new DiscoveryError("bad_answer", `${message} (${error.message}).`);
  }
  throw error;
}

/** Follows redirects as Go's client does; to plain http only on this machine, and never with a credential to another host. */
async function get(address: string, fetch: Fetch, what: string, authorization?: string, highest = 200): Promise<Buffer> {
  let next = address;
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const response = await one(next, fetch, what, hostOf(address) === hostOf(next) ? authorization : undefined);
    const location = response.headers.get("location");
    if (![301, 302, 303, 307, 308].includes(response.status) || location === null || !URL.canParse(location, next)) {
      return body(response, next, what, authorization !== undefined, highest);
    }
    next = new URL(location, next).href;
  }
  throw new DiscoveryError("bad_answer", `Expected ${what} at ${address}, got more than ${mostRedirects} redirects.`);
}

function hostOf(address: string): string | undefined {
  return URL.canParse(address) ? new URL(address).host : undefined;
}

async function one(address: string, fetch: Fetch, what: string, authorization: string | undefined): Promise<Response> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const loopback = url !== undefined && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (url === undefined || (url.protocol !== "https:" && !(url.protocol === "http:" && loopback))) {
    throw new DiscoveryError("insecure_address", `Expected ${what} at an https:// address, got ${address}.`);
  }
  try {
    return await fetch(address, {
      headers: { accept: "application/json", ...(authorization === undefined ? {} : { authorization }) },
      signal: AbortSignal.timeout(requestTimeout),
      // Each address is looked at before it is asked.
      redirect: "manual",
    });
  } catch (error) {
    if (error instanceof DiscoveryError) {
      throw error;
    }
    throw new DiscoveryError("unreachable", `Expected ${what} at ${address}, got no answer: ${reason(error)}.`, { cause: error });
  }
}

async function body(response: Response, address: string, what: string, credential: boolean, highest: number): Promise<Buffer> {
  if (response.status === 401 || response.status === 403) {
    throw new DiscoveryError(
      credential ? "userinfo_refused" : "bad_answer",
      `Expected ${what} at ${address}, got status ${response.status}.`,
    );
  }
  // go-oidc takes status 200 alone, the API server for a distributed claim any up to 226.
  if (response.status < 200 || response.status > highest) {
    throw new DiscoveryError("bad_answer", `Expected ${what} at ${address}, got status ${response.status}.`);
  }
  const content = await answerBytes(response).catch((error: unknown) => {
    throw new DiscoveryError("unreachable", `Expected ${what} at ${address}, got a part of it: ${reason(error)}.`, { cause: error });
  });
  if (content === undefined) {
    throw new DiscoveryError("bad_answer", `Expected ${what} at ${address}, got more than ${longestAnswer} bytes.`);
  }
  return content;
}

/** The bytes of an answer; undefined when it is too long, without reading the rest. */
async function answerBytes(response: Response): Promise<Buffer | undefined> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += part.byteLength;
    if (length > longestAnswer) {
      return undefined;
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function reason(error: unknown): string {
  // Read by shape: a timeout is a DOMException, which not every realm counts among its errors.
  const { name, message, cause } = (error ?? {}) as { name?: unknown; message?: unknown; cause?: { code?: unknown; message?: unknown } };
  if (name === "TimeoutError") {
    return `nothing within ${requestTimeout / 1000} seconds`;
  }
  // Node puts the interesting part (ENOTFOUND, a certificate's fault) into `cause`.
  const code = typeof cause?.code === "string" ? cause.code : "";
  const detail = [cause?.message, message, code].find((text): text is string => typeof text === "string" && text !== "");
  const advice = /CERT|SELF_SIGNED|UNABLE_TO/.test(code) ? " (for a private certificate authority, set NODE_EXTRA_CA_CERTS)" : "";
  return `${detail ?? "unknown reason"}${advice}`;
}
