import type { EnvironmentDocument } from "../../model";
import type { Fetch, KeySet, VerifyTokenOptions } from "../../verifier";
import { verifyToken, type TokenVerdict } from "../../verifier";
import { sampleDocument } from "../fixtures/sample";

/** The moment at which every test token is judged. */
export const now = new Date("2026-11-23T12:00:00Z");
export const seconds = now.getTime() / 1000;

export const issuer = "https://example.okta.com";

export const userInfoAddress = `${issuer}/oauth2/v1/userinfo`;

/** An ID token of the sample's administrator, as Okta shapes it. */
export function claims(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    iss: issuer,
    sub: "00u1ana",
    aud: "0oa1k10",
    iat: seconds - 10,
    exp: seconds + 3600,
    ver: 1,
    amr: ["pwd"],
    groups: ["Kasten Admins"],
    ...changes,
  };
}

/** An OpenID Provider with real keys, reached through `fetch`. */
export interface Issuer {
  readonly keySet: KeySet;
  readonly fetch: Fetch;
  /** Addresses that were asked for. */
  readonly requests: string[];
  /** Signs claims; the header may be changed, also to something wrong. */
  sign(payload: Record<string, unknown>, header?: Record<string, unknown>): Promise<string>;
}

export async function makeIssuer(algorithms: readonly string[] = ["RS256"], metadata: Record<string, unknown> = {}): Promise<Issuer> {
  const { CompactSign, exportJWK, generateKeyPair } = await import("jose");
  const signers = new Map<string, (payload: unknown, header: { alg: string; kid?: string }) => Promise<string>>();
  const published: Record<string, unknown>[] = [];
  for (const algorithm of algorithms) {
    const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
    signers.set(algorithm, (payload, header) =>
      new CompactSign(new TextEncoder().encode(JSON.stringify(payload))).setProtectedHeader(header).sign(privateKey),
    );
    published.push({ ...(await exportJWK(publicKey)), kid: `key-${algorithm}`, alg: algorithm, use: "sig" });
  }
  const keySet = { keys: published };
  const requests: string[] = [];
  return {
    keySet,
    requests,
    fetch: (url, init) => {
      requests.push(url);
      if (url === userInfoAddress) {
        const known = init.headers["authorization"] === "Bearer access-1";
        const answer = Response.json({ sub: "00u1ana", groups: ["Kasten Users"], amr: ["mfa"], email: "other@example.com" });
        return Promise.resolve(known ? answer : new Response("no", { status: 401 }));
      }
      if (url === `${issuer}/.well-known/openid-configuration`) {
        return Promise.resolve(
          Response.json({ issuer, jwks_uri: `${issuer}/oauth2/v1/keys`, userinfo_endpoint: userInfoAddress, ...metadata }),
        );
      }
      return Promise.resolve(url === `${issuer}/oauth2/v1/keys` ? Response.json(keySet) : new Response("no", { status: 404 }));
    },
    async sign(payload, header = {}) {
      const alg = algorithms.find((algorithm) => algorithm === header["alg"]) ?? algorithms[0] ?? "";
      const signer = signers.get(alg);
      if (signer === undefined) {
        throw new Error(`The test's issuer has no key for ${alg}.`);
      }
      return signer(payload, { alg, kid: `key-${alg}`, ...header });
    },
  };
}

/** Puts a token together without signing it. */
export function forge(header: unknown, payload: unknown, signature = "c2lnbmF0dXJl"): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part(header)}.${part(payload)}.${signature}`;
}

/** Signs claims and judges them at the sample's K10. */
export async function judge(
  by: Issuer,
  payload: Record<string, unknown>,
  options: Partial<VerifyTokenOptions> & { document?: EnvironmentDocument } = {},
): Promise<TokenVerdict> {
  const token = options.token ?? (await by.sign(payload));
  return verifyToken({ document: sampleDocument(), now, fetch: by.fetch, platform: "k10", ...options, token });
}

/** The failed check that decided, as `name: expected X, got Y`. */
export function failure(verdict: TokenVerdict): string {
  const failed = verdict.checks.find(({ code }) => code !== undefined && code === verdict.code);
  return failed === undefined ? "none" : `${failed.name}: expected ${failed.expected}, got ${failed.got}`;
}
