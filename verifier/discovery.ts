import { DiscoveryError } from "./errors";
import type { KeySet } from "./signature";

/** The part of `fetch` that the verifier uses; give your own for a proxy, a private certificate authority or a test. */
export type Fetch = (url: string, init: { headers: Record<string, string>; signal: AbortSignal; redirect?: "manual" }) => Promise<Response>;

/** Milliseconds after which a request is given up. */
const requestTimeout = 10_000;

/** Bytes of an answer that are read. Key sets have a few thousand. */
const longestAnswer = 1_000_000;

/**
 * The discovery document of an issuer (OpenID Connect Discovery 1.0, section 4); it must name the same issuer, byte for byte.
 * @throws DiscoveryError when it cannot be had
 */
async function discover(issuer: string, fetch: Fetch): Promise<{ address: string; metadata: Record<string, unknown> }> {
  // Section 4.1: a terminating slash is removed before the well-known path is appended.
  const address = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const metadata = await json(address, fetch, "the discovery document");
  if (metadata["issuer"] !== issuer) {
    const named = typeof metadata["issuer"] === "string" ? metadata["issuer"].slice(0, 200) : "no issuer";
    const slash = named === `${issuer}/` || issuer === `${named}/` ? " They differ by the trailing slash, which counts." : "";
    throw new DiscoveryError(
      "issuer_differs",
      `Expected the discovery document at ${address} to name the issuer ${issuer}, got ${named}.${slash} Fix: write the issuer as discovery names it.`,
    );
  }
  return { address, metadata };
}

/**
 * The keys of an issuer, found by discovery.
 * @param issuer as the environment document has it
 * @throws DiscoveryError when they cannot be had
 */
export async function issuerKeys(issuer: string, fetch: Fetch): Promise<KeySet> {
  const { address, metadata } = await discover(issuer, fetch);
  if (typeof metadata["jwks_uri"] !== "string") {
    throw new DiscoveryError("bad_answer", `Expected jwks_uri in the discovery document at ${address}, got none.`);
  }
  const keySet = await json(metadata["jwks_uri"], fetch, "the key set");
  if (!Array.isArray(keySet["keys"]) || keySet["keys"].length === 0) {
    throw new DiscoveryError("bad_answer", `Expected a list of keys at ${metadata["jwks_uri"]}, got none.`);
  }
  return keySet as unknown as KeySet;
}

/**
 * What the userinfo endpoint says to the bearer of an access token. The token goes to the issuer's own endpoint and nowhere else.
 * @throws DiscoveryError when it refuses or cannot be had
 */
export async function fetchUserInfo(issuer: string, accessToken: string, fetch: Fetch): Promise<Record<string, unknown>> {
  const { address, metadata } = await discover(issuer, fetch);
  if (typeof metadata["userinfo_endpoint"] !== "string") {
    throw new DiscoveryError("userinfo_refused", `Expected userinfo_endpoint in the discovery document at ${address}, got none.`);
  }
  return json(metadata["userinfo_endpoint"], fetch, "the userinfo answer", { authorization: `Bearer ${accessToken.trim()}` });
}

async function json(
  address: string,
  fetch: Fetch,
  what: string,
  credentials: Record<string, string> = {},
): Promise<Record<string, unknown>> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const loopback = url !== undefined && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (url === undefined || (url.protocol !== "https:" && !(url.protocol === "http:" && loopback))) {
    throw new DiscoveryError("insecure_address", `Expected ${what} at an https:// address, got ${address}.`);
  }
  let response: Response;
  try {
    response = await fetch(address, {
      headers: { accept: "application/json", ...credentials },
      signal: AbortSignal.timeout(requestTimeout),
      // Another address than the one that was checked, over plain http perhaps, must not decide which keys count.
      redirect: "manual",
    });
  } catch (error) {
    throw new DiscoveryError("unreachable", `Expected ${what} at ${address}, got no answer: ${reason(error)}.`, { cause: error });
  }
  if (response.status === 401 || response.status === 403) {
    const code = credentials["authorization"] === undefined ? "bad_answer" : "userinfo_refused";
    throw new DiscoveryError(code, `Expected ${what} at ${address}, got status ${response.status}.`);
  }
  if (!response.ok) {
    const redirected = response.status >= 300 && response.status < 400 ? ", a redirect, which is not followed" : "";
    throw new DiscoveryError("bad_answer", `Expected ${what} at ${address}, got status ${response.status}${redirected}.`);
  }
  const text = await answerText(response).catch((error: unknown) => {
    throw new DiscoveryError("unreachable", `Expected ${what} at ${address}, got a part of it: ${reason(error)}.`, { cause: error });
  });
  if (text === undefined) {
    throw new DiscoveryError("bad_answer", `Expected ${what} at ${address}, got more than ${longestAnswer} bytes.`);
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // Falls through: no JSON is as useless as JSON of another shape.
  }
  throw new DiscoveryError("bad_answer", `Expected ${what} at ${address} as a JSON object, got something else.`);
}

/** The text of an answer; undefined when it is too long, without reading the rest. */
async function answerText(response: Response): Promise<string | undefined> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += part.byteLength;
    if (length > longestAnswer) {
      return undefined;
    }
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
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
