import { randomBytes } from "node:crypto";
import type { JWK } from "jose" with { "resolution-mode": "import" };

/** A new RSA key with a `kid`, as a private JWK. */
export async function newSigningKey(): Promise<JWK> {
  const jose = await import("jose");
  const { privateKey } = await jose.generateKeyPair("RS256", { extractable: true, modulusLength: 2048 });
  return { ...(await jose.exportJWK(privateKey)), kid: randomBytes(20).toString("base64url"), alg: "RS256", use: "sig" };
}
