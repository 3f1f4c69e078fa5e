import type { Configuration } from "openid-client" with { "resolution-mode": "import" };
import { Browser } from "./browser";
import { send, text, webApp, type Answer, type TestLab } from "./okta/harness";

export const callbackUrl = "https://k10.example.com/k10/auth-svc/v0/oidc/redirect";

export interface Registered {
  id: string;
  clientId: string;
  clientSecret: string;
}

export async function registerApp(started: TestLab, label: string, changes: Parameters<typeof webApp>[1] = {}): Promise<Registered> {
  const answer = await started.api("POST", "/api/v1/apps?activate=true", webApp(label, changes));
  if (answer.status !== 200) {
    throw new Error(answer.text);
  }
  const method = text(answer, "credentials.oauthClient.token_endpoint_auth_method");
  return {
    id: text(answer, "id"),
    clientId: text(answer, "credentials.oauthClient.client_id"),
    clientSecret: method === "none" ? "" : text(answer, "credentials.oauthClient.client_secret"),
  };
}

/** A group with members, assigned to an app. */
export async function assignGroup(started: TestLab, app: Registered, name: string, members: readonly string[]): Promise<string> {
  const group = text(await started.api("POST", "/api/v1/groups", { profile: { name, description: "" } }), "id");
  for (const login of members) {
    const joined = await started.api("PUT", `/api/v1/groups/${group}/users/${encodeURIComponent(login)}`);
    if (joined.status !== 204) {
      throw new Error(joined.text);
    }
  }
  const assigned = await started.api("PUT", `/api/v1/apps/${app.id}/groups/${group}`, { id: group, profile: {} });
  if (assigned.status !== 200) {
    throw new Error(assigned.text);
  }
  return group;
}

/** openid-client's fetch over node:https, since the lab's certificate authority is known to nobody else. */
function fetchThrough(ca: string): typeof fetch {
  return async (input, init) => {
    const url = input instanceof URL ? input.href : typeof input === "string" ? input : input.url;
    const headers = Object.fromEntries(new Headers(init?.headers).entries());
    const body = init?.body === undefined || init.body === null ? undefined : String(init.body as URLSearchParams | string);
    const answer = await send(url, { method: init?.method ?? "GET", headers, body, ca });
    return new Response(answer.text === "" ? null : answer.text, {
      status: answer.status,
      headers: new Headers(Object.entries(answer.headers).map(([name, value]) => [name, String(value)])),
    });
  };
}

export interface Attempt {
  scope?: string;
  redirectUri?: string;
  /** Default true. */
  pkce?: boolean;
  clientSecret?: string;
  parameters?: Record<string, string>;
  browser?: Browser;
}

export interface SignedIn {
  claims: Record<string, unknown>;
  header: Record<string, unknown>;
  userInfo: Record<string, unknown>;
  tokens: { accessToken: string; refreshToken: string | undefined; idToken: string };
  callback: URL;
  config: Configuration;
  checks: { pkceCodeVerifier?: string; expectedState: string; expectedNonce: string };
}

/** A relying party on openid-client, and the person in front of it. */
export class RelyingParty {
  constructor(
    private readonly started: TestLab,
    private readonly app: Registered,
    private readonly issuer: string = started.lab.issuer,
  ) {}

  async configuration(clientSecret: string = this.app.clientSecret): Promise<Configuration> {
    const client = await import("openid-client");
    const auth = clientSecret === "" ? client.None() : client.ClientSecretBasic(clientSecret);
    return client.discovery(new URL(this.issuer), this.app.clientId, undefined, auth, {
      [client.customFetch]: fetchThrough(this.started.ca),
    });
  }

  /** Opens the authorization request and signs in; the result is where the browser ends up. */
  async authorize(
    login: string,
    password: string,
    attempt: Attempt = {},
  ): Promise<{ url: string; answer: Answer; config: Configuration; checks: SignedIn["checks"] }> {
    const client = await import("openid-client");
    const config = await this.configuration(attempt.clientSecret);
    const verifier = client.randomPKCECodeVerifier();
    const checks = { expectedState: client.randomState(), expectedNonce: client.randomNonce() };
    const pkce = attempt.pkce !== false;
    const challenge: Record<string, string> = pkce
      ? { code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: "S256" }
      : {};
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: attempt.redirectUri ?? callbackUrl,
      scope: attempt.scope ?? "openid profile email groups",
      state: checks.expectedState,
      nonce: checks.expectedNonce,
      ...challenge,
      ...attempt.parameters,
    });
    const browser = attempt.browser ?? new Browser(this.started.ca);
    let page = await browser.get(url.href);
    if (page.answer.text.includes('id="sign-in"')) {
      page = await browser.submit(page.url, { username: login, password });
    }
    return { ...page, config, checks: { ...checks, ...(pkce ? { pkceCodeVerifier: verifier } : {}) } };
  }

  async signIn(login: string, password: string, attempt: Attempt = {}): Promise<SignedIn> {
    const [client, jose] = await Promise.all([import("openid-client"), import("jose")]);
    const { url, config, checks } = await this.authorize(login, password, attempt);
    const callback = new URL(url);
    const tokens = await client.authorizationCodeGrant(config, callback, checks);
    const idToken = tokens.id_token ?? "";
    const claims = tokens.claims() as Record<string, unknown>;
    const userInfo = (await client.fetchUserInfo(config, tokens.access_token, String(claims.sub))) as Record<string, unknown>;
    return {
      claims,
      header: jose.decodeProtectedHeader(idToken),
      userInfo,
      tokens: { accessToken: tokens.access_token, refreshToken: tokens.refresh_token, idToken },
      callback,
      config,
      checks,
    };
  }
}
