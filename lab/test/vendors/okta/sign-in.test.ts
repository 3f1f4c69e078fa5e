import { Browser } from "../browser";
import { send, startTestLab, text, webApp, type TestLab } from "./harness";
import { callbackUrl, RelyingParty, assignGroup, registerApp, type Registered } from "../relying-party";

const ana = { login: "ana@example.com", firstName: "Ana", lastName: "Silva", password: "correct horse battery" };
const otto = { login: "otto@example.com", firstName: "Otto", lastName: "Weiss", password: "staple correct horse" };

/** A wrong secret in the Authorization header: 401 with a WWW-Authenticate challenge (RFC 6749 section 5.2). */
const refusedClient = { code: "OAUTH_WWW_AUTHENTICATE_CHALLENGE", status: 401 };

let started: TestLab;
let app: Registered;
let party: RelyingParty;

beforeAll(async () => {
  started = await startTestLab([ana, otto]);
  app = await registerApp(started, "k10");
  await assignGroup(started, app, "K10 Admins", [ana.login]);
  await started.api("POST", `/api/v1/internal/apps/${app.id}/settings/oauth/idToken`, {
    issuerMode: "ORG_URL",
    name: "groups",
    valueType: "GROUPS",
    groupFilterType: "STARTS_WITH",
    value: "K10 ",
  });
  party = new RelyingParty(started, app);
});
afterAll(() => started.end());

async function userId(login: string): Promise<string> {
  return text(await started.api("GET", `/api/v1/users/${login}`), "id");
}

describe("discovery at the org authorization server", () => {
  test("has Okta's paths and exactly the issuer", async () => {
    const { json } = await send(`${started.lab.issuer}/.well-known/openid-configuration`, { ca: started.ca });
    const { issuer } = started.lab;
    expect(json).toMatchObject({
      issuer,
      authorization_endpoint: `${issuer}/oauth2/v1/authorize`,
      token_endpoint: `${issuer}/oauth2/v1/token`,
      jwks_uri: `${issuer}/oauth2/v1/keys`,
      userinfo_endpoint: `${issuer}/oauth2/v1/userinfo`,
      end_session_endpoint: `${issuer}/oauth2/v1/logout`,
      subject_types_supported: ["public"],
      code_challenge_methods_supported: ["S256"],
    });
  });

  test("is not served over plain HTTP", async () => {
    const { status } = await send(`${started.lab.managementUrl}/.well-known/openid-configuration`);
    expect(status).toBe(404);
  });
});

describe("code flow", () => {
  test("gives a thin ID token with Okta's claims, and groups at userinfo only", async () => {
    const { claims, header, userInfo } = await party.signIn(ana.login, ana.password);
    expect(header.alg).toBe("RS256");
    expect(typeof header.kid).toBe("string");
    expect(claims).toMatchObject({
      iss: started.lab.issuer,
      aud: app.clientId,
      sub: await userId(ana.login),
      ver: 1,
      amr: ["pwd"],
      name: "Ana Silva",
      preferred_username: ana.login,
      email: ana.login,
    });
    expect(Number(claims.exp) - Number(claims.iat)).toBe(3600);
    expect(Object.keys(claims).sort()).toEqual([
      "amr",
      "at_hash",
      "aud",
      "auth_time",
      "email",
      "exp",
      "iat",
      "idp",
      "iss",
      "jti",
      "name",
      "nonce",
      "preferred_username",
      "sub",
      "ver",
    ]);
    expect(userInfo).toMatchObject({ sub: claims.sub, groups: ["K10 Admins"], given_name: "Ana", email_verified: true });
  });

  test("has no groups anywhere unless scope groups was asked for", async () => {
    const { userInfo } = await party.signIn(ana.login, ana.password, { scope: "openid profile" });
    expect(userInfo.groups).toBeUndefined();
    expect(userInfo.email).toBeUndefined();
  });

  test("a code works once", async () => {
    const client = await import("openid-client");
    const first = await party.signIn(ana.login, ana.password);
    await expect(client.authorizationCodeGrant(first.config, first.callback, first.checks)).rejects.toMatchObject({
      error: "invalid_grant",
    });
  });

  test("a wrong verifier is refused", async () => {
    const client = await import("openid-client");
    const { url, config, checks } = await party.authorize(ana.login, ana.password);
    const wrong = { ...checks, pkceCodeVerifier: client.randomPKCECodeVerifier() };
    await expect(client.authorizationCodeGrant(config, new URL(url), wrong)).rejects.toMatchObject({ error: "invalid_grant" });
  });

  test("a wrong secret is refused", async () => {
    const client = await import("openid-client");
    const { url, config, checks } = await party.authorize(ana.login, ana.password, { clientSecret: "not-the-secret-at-all" });
    await expect(client.authorizationCodeGrant(config, new URL(url), checks)).rejects.toMatchObject(refusedClient);
  });

  test("a rotated secret takes effect at once, and the former one stops working", async () => {
    const rotating = await registerApp(started, "rotating");
    await assignGroup(started, rotating, "Rotating", [ana.login]);
    await new RelyingParty(started, rotating).signIn(ana.login, ana.password);
    const body = (await started.api("GET", `/api/v1/apps/${rotating.id}`)).json as {
      credentials: { oauthClient: Record<string, unknown> };
    };
    expect(body.credentials.oauthClient.client_secret).toBeUndefined();
    const next = "another-secret-0123456789";
    await started.api(
      "PUT",
      `/api/v1/apps/${rotating.id}`,
      webApp("rotating", { credentials: { client_id: rotating.clientId, client_secret: next } }),
    );
    await expect(new RelyingParty(started, rotating).signIn(ana.login, ana.password)).rejects.toMatchObject(refusedClient);
    const { claims } = await new RelyingParty(started, { ...rotating, clientSecret: next }).signIn(ana.login, ana.password);
    expect(claims.aud).toBe(rotating.clientId);
  });

  test("an unregistered redirect URI is never redirected to", async () => {
    for (const redirectUri of [`${callbackUrl}/`, callbackUrl.toUpperCase(), `${callbackUrl}?x=1`, "https://evil.example.com/"]) {
      const { url, answer } = await party.authorize(ana.login, ana.password, { redirectUri });
      expect(answer.status).toBe(400);
      expect(answer.text).toContain("parameter must be a Login redirect URI in the client app settings");
      expect(new URL(url).origin).toBe(started.lab.issuer);
    }
  });

  test("PKCE is required when the app says so", async () => {
    const strict = await registerApp(started, "strict", { credentials: { pkce_required: true } });
    await assignGroup(started, strict, "Strict", [ana.login]);
    const { url } = await new RelyingParty(started, strict).authorize(ana.login, ana.password, { pkce: false });
    expect(new URL(url).searchParams.get("error")).toBe("invalid_request");
    const { claims } = await new RelyingParty(started, strict).signIn(ana.login, ana.password);
    expect(claims.aud).toBe(strict.clientId);
    const { claims: without } = await party.signIn(ana.login, ana.password, { pkce: false });
    expect(without.aud).toBe(app.clientId);
  });

  test("state is required, and an unknown scope is refused", async () => {
    const noState = await party.authorize(ana.login, ana.password, { parameters: { state: "" } });
    expect(new URL(noState.url).searchParams.get("error_description")).toContain("invalid 'state' parameter");
    const scope = await party.authorize(ana.login, ana.password, { scope: "openid kubernetes" });
    expect(new URL(scope.url).searchParams.get("error")).toBe("invalid_scope");
  });
});

describe("who may sign in", () => {
  test("a wrong password shows the form again and no redirect happens", async () => {
    const { url, answer } = await party.authorize(ana.login, "wrong");
    expect(answer.status).toBe(401);
    expect(answer.text).toContain("Unable to sign in");
    expect(new URL(url).origin).toBe(started.lab.issuer);
  });

  test("a person who is not assigned is sent back with Okta's words", async () => {
    const { url } = await party.authorize(otto.login, otto.password);
    expect(url.startsWith(callbackUrl)).toBe(true);
    expect(new URL(url).searchParams.get("error")).toBe("access_denied");
    expect(new URL(url).searchParams.get("error_description")).toBe("User is not assigned to the client application.");
    expect(new URL(url).searchParams.get("code")).toBeNull();
  });

  test("a running session does not help a person into an app that is not theirs", async () => {
    const other = await registerApp(started, "other");
    const browser = new Browser(started.ca);
    await party.signIn(ana.login, ana.password, { browser });
    const { url } = await new RelyingParty(started, other).authorize("nobody", "nothing", { browser });
    expect(new URL(url).searchParams.get("error_description")).toBe("User is not assigned to the client application.");
  });

  test("a running session signs in without a password, prompt=login asks again and takes another person", async () => {
    const browser = new Browser(started.ca);
    const first = await party.signIn(ana.login, ana.password, { browser });
    const again = await party.signIn("nobody", "nothing", { browser });
    expect(again.claims.sub).toBe(first.claims.sub);
    await assignGroup(started, app, "K10 Operators", [otto.login]);
    const asked = await party.signIn(otto.login, otto.password, { browser, parameters: { prompt: "login" } });
    expect(asked.claims.sub).toBe(await userId(otto.login));
    const chosen = await party.signIn(ana.login, ana.password, { browser, parameters: { prompt: "select_account" } });
    expect(chosen.claims.sub).toBe(first.claims.sub);
    const none = await party.authorize("", "", { browser: new Browser(started.ca), parameters: { prompt: "none" } });
    expect(new URL(none.url).searchParams.get("error")).toBe("login_required");
  });

  test("a deactivated app lets nobody in, a suspended person gets nowhere", async () => {
    const closed = await registerApp(started, "closed");
    await assignGroup(started, closed, "Closed", [ana.login]);
    await started.api("POST", `/api/v1/apps/${closed.id}/lifecycle/deactivate`);
    const refused = await new RelyingParty(started, closed).authorize(ana.login, ana.password);
    expect(refused.answer.status).toBe(400);
    expect(refused.answer.text).toContain("Invalid value for &#39;client_id&#39; parameter.");

    await started.lab.addPerson({ login: "susp@example.com", firstName: "Su", lastName: "Sp", password: "long enough password" });
    await assignGroup(started, app, "K10 Suspended", ["susp@example.com"]);
    await party.signIn("susp@example.com", "long enough password");
    await started.api("POST", "/api/v1/users/susp@example.com/lifecycle/suspend");
    const { answer } = await party.authorize("susp@example.com", "long enough password");
    expect(answer.status).toBe(401);
  });

  test("an access policy rule that denies is obeyed", async () => {
    const guarded = await registerApp(started, "guarded");
    const group = await assignGroup(started, guarded, "Guarded", [ana.login]);
    const policy = text(
      await started.api("POST", "/api/v1/policies", { type: "ACCESS_POLICY", name: "guard", description: "d", priority: 1 }),
      "id",
    );
    await started.api("PUT", `/api/v1/apps/${guarded.id}/policies/${policy}`);
    await new RelyingParty(started, guarded).signIn(ana.login, ana.password);
    await started.api("POST", `/api/v1/policies/${policy}/rules`, {
      type: "ACCESS_POLICY",
      name: "deny",
      priority: 0,
      conditions: { network: { connection: "ANYWHERE" }, people: { groups: { include: [group] } }, platform: {} },
      actions: { appSignOn: { access: "DENY" } },
    });
    const { url } = await new RelyingParty(started, guarded).authorize(ana.login, ana.password);
    expect(new URL(url).searchParams.get("error")).toBe("access_denied");
  });
});
