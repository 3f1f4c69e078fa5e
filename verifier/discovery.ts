import { DiscoveryError } from "./errors";
import type { KeySet } from "./signature";

/** The part of `fetch` that the verifier uses; give your own for a proxy, a private certificate authority or a test. */
export type Fetch = (url: string, init: { headers: Record<string, string>; signal: AbortSignal }) => Promise<Response>;

/** Milliseconds after which a request is given up. */
const requestTimeout = 10_000;

/**
 * The keys of an issuer, found by OpenID Connect Discovery 1.0 (section 4).
 * @param issuer as the environment document has it; the discovery document must name the same, byte for byte
 * @throws DiscoveryError when they cannot be had
 */
export async function issuerKeys(issuer: string, fetch: Fetch): Promise<KeySet> {
  // Section 4.1: a terminating slash is removed before the well-known path is appended.
  const address = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const metadata = await json(address, fetch, "the discovery document");
  if (metadata["issuer"] !== issuer) {
    const named = typeof metadata["issuer"] === "string" ? metadata["issuer"] : "no issuer";
    const slash = named === `${issuer}/` || issuer === `${named}/` ? " They differ by the trailing slash, which counts." : "";
    throw new DiscoveryError(
      "issuer_differs",
      `Expected the discovery document at ${address} to name the issuer ${issuer}, got ${named}.${slash} Fix: write the issuer as discovery names it.`,
    );
  }
  if (typeof metadata["jwks_uri"] !== "string") {
    throw new DiscoveryError("bad_answer", `Expected jwks_uri in the discovery document at ${address}, got none.`);
  }
  const keySet = await json(metadata["jwks_uri"], fetch, "the key set");
  if (!Array.isArray(keySet["keys"]) || keySet["keys"].length === 0) {
    throw new DiscoveryError("bad_answer", `Expected a list of keys at ${metadata["jwks_uri"]}, got none.`);
  }
  return keySet as unknown as KeySet;
}

async function json(address: string, fetch: Fetch, what: string): Promise<Record<string, unknown>> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const loopback = url !== undefined && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (url === undefined || (url.protocol !== "https:" && !(url.protocol === "http:" && loopback))) {
    throw new DiscoveryError("insecure_address", `Expected ${what} at an https:// address, got ${address}.`);
  }
  let response: Response;
  try {
    response = await fetch(address, { headers: { accept: "application/json" }, signal: AbortSignal.timeout(requestTimeout) });
  } catch (error) {
    throw new DiscoveryError("unreachable", `Expected ${what} at ${address}, got no answer: ${reason(error)}.`);
  }
  if (!response.ok) {
    throw new DiscoveryError("bad_answer", `Expected ${what} at ${address}, got status ${response.status}.`);
  }
  try {
    const value: unknown = await response.json();
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // Falls through: no JSON is as useless as JSON of another shape.
  }
  throw new DiscoveryError("bad_answer", `Expected ${what} at ${address} as a JSON object, got something else.`);
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) {
    return "unknown reason";
  }
  if (error.name === "TimeoutError") {
    return `nothing within ${requestTimeout / 1000} seconds`;
  }
  // Node puts the interesting part (ENOTFOUND, a certificate's fault) into `cause`.
  const cause = error.cause as { code?: unknown; message?: unknown } | undefined;
  const detail = typeof cause?.message === "string" && cause.message !== "" ? cause.message : error.message;
  const code = typeof cause?.code === "string" ? cause.code : "";
  const advice = /CERT|SELF_SIGNED|UNABLE_TO/.test(code) ? " (for a private certificate authority, set NODE_EXTRA_CA_CERTS)" : "";
  return `${detail || code}${advice}`;
}
