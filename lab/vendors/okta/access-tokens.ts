import { createHash, randomBytes } from "node:crypto";
import type { JSONWebKeySet, JWTPayload } from "jose" with { "resolution-mode": "import" };
import type { AppRecord } from "./model";
import type { OktaStore } from "./store";

const lifetimeSeconds = 3600;
const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** An answer of the token endpoint, in OAuth's form (not the management API's). */
export interface TokenReply {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

interface Issued {
  clientId: string;
  scopes: readonly string[];
  expiresAt: number;
}

function refused(status: number, error: string, description: string): TokenReply {
  return { status, body: { error, error_description: description } };
}

/** Access tokens for the management API. Only their hashes are kept. */
export class AccessTokens {
  private readonly issued = new Map<string, Issued>();
  private readonly usedAssertions = new Map<string, number>();

  /** @param audiences what a client may write into `aud`: our token endpoint, by each address that leads here. */
  constructor(
    private readonly store: OktaStore,
    private readonly audiences: readonly string[],
  ) {}

  issue(clientId: string, scopes: readonly string[]): string {
    const token = randomBytes(48).toString("base64url");
    this.issued.set(this.hash(token), { clientId, scopes, expiresAt: Date.now() + lifetimeSeconds * 1000 });
    return token;
  }

  find(token: string): Issued | undefined {
    const found = this.issued.get(this.hash(token));
    return found !== undefined && found.expiresAt > Date.now() ? found : undefined;
  }

  /**
   * Client credentials with `private_key_jwt` (developer.okta.com/docs/guides/implement-oauth-for-okta-serviceapp). The form may come in
   * the query string: one of the official SDKs sends it there (okta-sdk-golang v2, private key JWT).
   */
  async clientCredentials(form: URLSearchParams): Promise<TokenReply> {
    if (form.get("client_assertion_type") !== assertionType) {
      return refused(
        401,
        "invalid_client",
        `client_assertion_type: expected ${assertionType}; an API service authenticates with a signed JWT`,
      );
    }
    const assertion = form.get("client_assertion") ?? "";
    const app = await this.authenticated(assertion);
    if (typeof app === "string") {
      return refused(401, "invalid_client", app);
    }
    const scopes = (form.get("scope") ?? "").split(/\s+/).filter((scope) => scope !== "");
    if (scopes.length === 0) {
      return refused(400, "invalid_scope", "The scope parameter is required: expected okta.* scopes, got none");
    }
    const missing = scopes.filter((scope) => !app.grants.some((grant) => grant.scopeId === scope));
    if (missing.length > 0) {
      return refused(400, "invalid_scope", `One or more scopes are not granted to the app: ${missing.join(" ")}`);
    }
    const token = this.issue(app.clientId, scopes);
    return { status: 200, body: { token_type: "Bearer", expires_in: lifetimeSeconds, access_token: token, scope: scopes.join(" ") } };
  }

  private async authenticated(assertion: string): Promise<AppRecord | string> {
    const jose = await import("jose");
    let claims: JWTPayload;
    try {
      claims = jose.decodeJwt(assertion);
    } catch {
      return "client_assertion: expected a signed JWT";
    }
    const app = this.store.state.apps.find((candidate) => candidate.clientId === claims.iss && candidate.status === "ACTIVE");
    if (app?.authMethod !== "private_key_jwt") {
      return "Invalid value for 'client_id' parameter: expected an active app with private_key_jwt";
    }
    try {
      const keys = jose.createLocalJWKSet(app.oauthClient.jwks as unknown as JSONWebKeySet);
      await jose.jwtVerify(assertion, keys, {
        issuer: app.clientId,
        subject: app.clientId,
        audience: [...this.audiences],
        algorithms: ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"],
        requiredClaims: ["exp"],
      });
    } catch (problem) {
      return `client_assertion: ${problem instanceof Error ? problem.message : "not valid"}`;
    }
    const now = Math.floor(Date.now() / 1000);
    if ((claims.exp ?? 0) > now + lifetimeSeconds + 300) {
      return "client_assertion: expected exp within one hour";
    }
    return this.firstUse(claims) ? app : "client_assertion: the jti was used before";
  }

  private firstUse(claims: JWTPayload): boolean {
    const now = Date.now() / 1000;
    for (const [jti, expiry] of this.usedAssertions) {
      if (expiry < now) {
        this.usedAssertions.delete(jti);
      }
    }
    if (claims.jti === undefined) {
      return true;
    }
    if (this.usedAssertions.has(claims.jti)) {
      return false;
    }
    this.usedAssertions.set(claims.jti, claims.exp ?? now + lifetimeSeconds);
    return true;
  }

  private hash(token: string): string {
    return createHash("sha256").update(token).digest("base64url");
  }
}
