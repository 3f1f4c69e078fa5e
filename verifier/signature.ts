import type { RejectionCode } from "./errors";

/** A JSON web key set (RFC 7517). */
export interface KeySet {
  readonly keys: readonly Record<string, unknown>[];
}

/** Asymmetric algorithms only: `none` proves nothing, and with HS* anyone who knows the public key can sign. */
export const allowedAlgorithms = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
] as const;

export type SignatureResult = { readonly ok: true } | { readonly ok: false; readonly code: RejectionCode; readonly got: string };

/** Proves the signature of a token whose `alg` is in the allow-list with the keys of its issuer. */
export async function verifySignature(token: string, header: Readonly<Record<string, unknown>>, keySet: KeySet): Promise<SignatureResult> {
  const algorithm = String(header["alg"]);
  const kid = header["kid"];
  const fitting = keySet.keys.filter((key) => fits(key, algorithm));
  const named = kid === undefined ? fitting : fitting.filter((key) => key["kid"] === kid);
  if (kid === undefined && fitting.length > 1) {
    return { ok: false, code: "key_missing", got: `no kid, and ${fitting.length} keys that could have signed it` };
  }
  if (named.length === 0) {
    const got = typeof kid === "string" ? `kid ${JSON.stringify(kid)}` : "no key for this algorithm";
    return { ok: false, code: "key_unknown", got };
  }
  // Loaded here, not at the top: the other failures are told without it, and `gatehouse --help` starts at once.
  const { compactVerify, errors, importJWK } = await import("jose");
  let got = "a key or signature that cannot be used";
  // Nothing forbids an issuer to publish two keys under one name, for a moment of its rotation.
  for (const key of named) {
    try {
      await compactVerify(token, await importJWK(key, algorithm), { algorithms: [algorithm] });
      return { ok: true };
    } catch (error) {
      got = error instanceof errors.JWSSignatureVerificationFailed ? "another signature" : got;
    }
  }
  return { ok: false, code: "signature_invalid", got };
}

function fits(key: Readonly<Record<string, unknown>>, algorithm: string): boolean {
  const type = algorithm.startsWith("ES") ? "EC" : algorithm.startsWith("Ed") ? "OKP" : "RSA";
  return key["kty"] === type && key["use"] !== "enc" && (key["alg"] === undefined || key["alg"] === algorithm);
}
