/** OpenUnison's own identity provider, k8sIdp: the tokens that an API server trusts in direct mode. */
import { generateKeyPair, randomUUID, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import type { SignJWT } from "jose" with { "resolution-mode": "import" };
import { parse, stringify } from "yaml";
import type { Attributes } from "./identity";

/** Seconds that a token holds, as K8S_TOKEN_LIFE_MILLIS says by default; kubectl then asks for a new one. */
export const tokenSeconds = 60;

export interface TokenIssuer {
  /** The answer to a path below the issuer; undefined where there is none. */
  answer(path: string): unknown;
  /** A token for the client `kubernetes`: `sub` and `groups` of the mapped person. */
  issue(person: Attributes, now?: number): Promise<string>;
}

/** @param reachableAt where the API server finds keys: nobody's DNS knows the portal's host in the lab */
export async function tokenIssuer(issuer: string, reachableAt: string): Promise<TokenIssuer> {
  const jose = await import("jose");
  const { publicKey, privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  const kid = randomUUID();
  const keys = [{ ...(await jose.exportJWK(publicKey)), kid, alg: "RS256", use: "sig" }];
  const documents: Readonly<Record<string, unknown>> = {
    "/.well-known/openid-configuration": {
      issuer,
      authorization_endpoint: `${issuer}/auth`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${reachableAt}/certs`,
      response_types_supported: ["code"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["RS256"],
    },
    "/certs": { keys },
  };
  return {
    answer: (path) => documents[path],
    issue: (person, now = Date.now()) => sign(jose.SignJWT, privateKey, kid, issuer, person, now),
  };
}

function sign(Token: typeof SignJWT, key: KeyObject, kid: string, issuer: string, person: Attributes, now: number): Promise<string> {
  const seconds = Math.floor(now / 1000);
  return new Token({ groups: [...(person["memberOf"] ?? [])] })
    .setProtectedHeader({ alg: "RS256", kid })
    .setIssuer(issuer)
    .setAudience("kubernetes")
    .setSubject(person["uid"]?.[0] ?? "")
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + tokenSeconds)
    .sign(key);
}

/** The exported AuthenticationConfiguration with one line more: where discovery is, since the portal's host is in no DNS here. */
export function withDiscoveryAt(configuration: string, discoveryURL: string): string {
  const parsed = parse(configuration) as { jwt: { issuer: Record<string, unknown> }[] };
  const jwt = parsed.jwt.map((entry) => ({ ...entry, issuer: { ...entry.issuer, discoveryURL } }));
  return stringify({ ...parsed, jwt }, { sortMapEntries: true, lineWidth: 0 });
}
