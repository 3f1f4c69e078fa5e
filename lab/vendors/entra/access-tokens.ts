import { randomBytes } from "node:crypto";
import type { CryptoKey, JSONWebKeySet, JWK } from "jose" with { "resolution-mode": "import" };
import type { Application, ServicePrincipal } from "./graph/entities";
import type { TenantStore } from "./graph/store";

const lifetimeSeconds = 3600;

export interface AppOnlyToken {
  readonly application: Application;
  readonly principal: ServicePrincipal;
  /** Identifier of the resource as the scope named it, without `/.default`. */
  readonly audience: string;
  /** Application permissions that the principal holds on the resource. */
  readonly roles: readonly string[];
  /** The resource's `requestedAccessTokenVersion`: it decides issuer and claims of an access token, never of an ID token. */
  readonly version: 1 | 2;
  /** The resource's appId, the audience of a version 2 token. */
  readonly resourceAppId: string;
}

export interface AccessTokens {
  issue(token: AppOnlyToken): Promise<{ accessToken: string; expiresInSeconds: number }>;
  /** Who presents a token for Graph; undefined when it is not one of ours, is expired, or is meant for another resource. */
  verify(accessToken: string): Promise<{ objectId: string; roles: readonly string[] } | undefined>;
}

/** JWT access tokens of applications; version 1 has the issuer `https://sts.windows.net/<tenant>/` (Azure/kubelogin#138). */
export async function createAccessTokens(options: {
  readonly store: TenantStore;
  readonly issuer: string;
  readonly graphUrl: string;
  readonly signingKey: JWK;
}): Promise<AccessTokens> {
  const jose = await import("jose");
  const { store, issuer, graphUrl, signingKey } = options;
  const v1Issuer = `https://sts.windows.net/${store.tenantId}/`;
  const privateKey = (await jose.importJWK(signingKey, "RS256")) as CryptoKey;
  const { kty, n, e, kid } = signingKey;
  const keys: JSONWebKeySet = { keys: [{ kty, n, e, kid, alg: "RS256", use: "sig" }] };
  const keySet = jose.createLocalJWKSet(keys);

  return {
    issue: async ({ application, principal, audience, roles, version, resourceAppId }) => {
      const seconds = Math.floor(Date.now() / 1000);
      const caller =
        version === 2
          ? { azp: application.appId, azpacr: "1", ver: "2.0" }
          : { appid: application.appId, appidacr: "1", app_displayname: application.fields.displayName, ver: "1.0" };
      const payload = {
        idtyp: "app",
        oid: principal.id,
        sub: principal.id,
        tid: store.tenantId,
        uti: randomBytes(16).toString("base64url"),
        ...(roles.length > 0 ? { roles: [...roles] } : {}),
        ...caller,
      };
      const accessToken = await new jose.SignJWT(payload)
        .setProtectedHeader({ typ: "JWT", alg: "RS256", kid })
        .setIssuer(version === 2 ? issuer : v1Issuer)
        .setAudience(version === 2 ? resourceAppId : audience)
        .setIssuedAt(seconds)
        .setNotBefore(seconds)
        .setExpirationTime(seconds + lifetimeSeconds)
        .sign(privateKey);
      return { accessToken, expiresInSeconds: lifetimeSeconds - 1 };
    },
    verify: async (accessToken) => {
      try {
        const { payload } = await jose.jwtVerify(accessToken, keySet, { issuer: v1Issuer, audience: graphUrl, algorithms: ["RS256"] });
        const roles = Array.isArray(payload["roles"]) ? payload["roles"].map(String) : [];
        return typeof payload["oid"] === "string" ? { objectId: payload["oid"], roles } : undefined;
      } catch {
        return undefined;
      }
    },
  };
}
