import { compileGroupFilter, filterGroups } from "../../../vendors/okta/group-claims";
import { Browser } from "../browser";
import { at, send, startTestLab, text, type TestLab } from "./harness";
import { RelyingParty, assignGroup, registerApp } from "../relying-party";

const ana = { login: "ana@example.com", firstName: "Ana", lastName: "Silva", password: "correct horse battery" };

let started: TestLab;
beforeAll(async () => {
  started = await startTestLab([ana]);
});
afterAll(() => started.end());

describe("a groups filter", () => {
  const names = ["K10 Admins", "K10 Users", "Everyone", "Old K10 Admins"];
  test.each([
    ["STARTS_WITH", "K10 ", ["K10 Admins", "K10 Users"]],
    ["EQUALS", "K10 Users", ["K10 Users"]],
    ["CONTAINS", "Admins", ["K10 Admins", "Old K10 Admins"]],
    ["REGEX", "K10 .*", ["K10 Admins", "K10 Users"]],
    ["REGEX", "K10", []],
    ["REGEX", "K10 Admins|Everyone", ["K10 Admins", "Everyone"]],
    ["REGEX", ".*", names],
    ["STARTS_WITH", "k10", []],
  ] as const)("%s %s", (type, value, expected) => {
    expect(filterGroups(names, type, value)).toEqual(expected);
  });

  test.each(["(", "(?i)admins", "a++", "\\AK10"])("refuses the expression %s", (value) => {
    expect(() => compileGroupFilter("REGEX", value)).toThrow("Api validation failed: value");
  });

  test("is cut at 100 groups without a word", () => {
    const many = Array.from({ length: 130 }, (_unused, index) => `g${String(index)}`);
    expect(filterGroups(many, "REGEX", ".*")).toEqual(many.slice(0, 100));
  });
});

describe("an ID token on its own", () => {
  test("is fat: groups and profile are in it", async () => {
    const app = await registerApp(started, "implicit", { oauthClient: { grant_types: ["implicit"], response_types: ["id_token"] } });
    await assignGroup(started, app, "Fat", [ana.login]);
    const claim = { issuerMode: "ORG_URL", name: "groups", valueType: "GROUPS", groupFilterType: "EQUALS", value: "Fat" };
    await started.api("POST", `/api/v1/internal/apps/${app.id}/settings/oauth/idToken`, claim);
    const { url } = await new RelyingParty(started, app).authorize(ana.login, ana.password, {
      pkce: false,
      parameters: { response_type: "id_token" },
    });
    const jose = await import("jose");
    const claims = jose.decodeJwt(new URLSearchParams(new URL(url).hash.slice(1)).get("id_token") ?? "");
    expect(claims).toMatchObject({ groups: ["Fat"], given_name: "Ana", email: ana.login });
    expect(claims.at_hash).toBeUndefined();
  });
});

describe("a custom authorization server", () => {
  test("is another issuer, needs a policy, and puts a groups claim into the ID token when told to", async () => {
    const app = await registerApp(started, "custom");
    await assignGroup(started, app, "k8s-admins", [ana.login]);
    const base = "/api/v1/authorizationServers";
    const server = text(
      await started.api("POST", base, { name: "kubernetes", audiences: ["api://kubernetes"], issuerMode: "ORG_URL" }),
      "id",
    );
    const issuer = `${started.lab.issuer}/oauth2/${server}`;
    const party = new RelyingParty(started, app, issuer);

    const withoutPolicy = await party.authorize(ana.login, ana.password, { scope: "openid" });
    expect(new URL(withoutPolicy.url).searchParams.get("error_description")).toContain("Policy evaluation failed");

    const policy = text(
      await started.api("POST", `${base}/${server}/policies`, {
        type: "OAUTH_AUTHORIZATION_POLICY",
        name: "all",
        description: "d",
        priority: 1,
        conditions: { clients: { include: [app.clientId] } },
      }),
      "id",
    );
    await started.api("POST", `${base}/${server}/policies/${policy}/rules`, {
      type: "RESOURCE_ACCESS",
      name: "everyone",
      priority: 1,
      conditions: {
        grantTypes: { include: ["authorization_code"] },
        scopes: { include: ["*"] },
        people: { groups: { include: ["EVERYONE"] } },
      },
      actions: { token: { accessTokenLifetimeMinutes: 60 } },
    });

    const noScope = await party.authorize(ana.login, ana.password, { scope: "openid groups" });
    expect(new URL(noScope.url).searchParams.get("error")).toBe("invalid_scope");
    expect((await started.api("POST", `${base}/${server}/scopes`, { name: "groups", metadataPublish: "ALL_CLIENTS" })).status).toBe(201);
    const claim = {
      name: "groups",
      claimType: "IDENTITY",
      valueType: "GROUPS",
      group_filter_type: "STARTS_WITH",
      value: "k8s-",
      conditions: { scopes: ["groups"] },
    };
    const created = await started.api("POST", `${base}/${server}/claims`, { ...claim, alwaysIncludeInToken: false });
    expect(created.status).toBe(201);

    const thin = await party.signIn(ana.login, ana.password, { scope: "openid email groups" });
    expect(thin.claims.iss).toBe(issuer);
    expect(thin.claims.groups).toBeUndefined();
    expect(thin.userInfo.groups).toEqual(["k8s-admins"]);

    await started.api("PUT", `${base}/${server}/claims/${text(created, "id")}`, { ...claim, alwaysIncludeInToken: true });
    const { claims, tokens } = await party.signIn(ana.login, ana.password, { scope: "openid email groups" });
    expect(claims).toMatchObject({ groups: ["k8s-admins"], email: ana.login, sub: thin.claims.sub });
    expect((await party.signIn(ana.login, ana.password, { scope: "openid email" })).claims.groups).toBeUndefined();

    const headers = { authorization: `Bearer ${tokens.accessToken}` };
    const own = await send(`${issuer}/v1/userinfo`, { headers, ca: started.ca });
    expect(at(own, "sub")).toBe(claims.sub);
    const foreign = await send(`${started.lab.issuer}/oauth2/v1/userinfo`, { headers, ca: started.ca });
    expect(foreign.status).toBe(401);

    await started.api("POST", `${base}/${server}/lifecycle/deactivate`);
    expect((await send(`${issuer}/.well-known/openid-configuration`, { ca: started.ca })).status).toBe(404);
  });

  test("`default` is there from the start", async () => {
    const app = await registerApp(started, "default server");
    await assignGroup(started, app, "Default", [ana.login]);
    const { claims } = await new RelyingParty(started, app, `${started.lab.issuer}/oauth2/default`).signIn(ana.login, ana.password, {
      scope: "openid",
    });
    expect(claims.iss).toBe(`${started.lab.issuer}/oauth2/default`);
  });
});

describe("a refresh token", () => {
  test("comes with offline_access, and stops working when the person is taken out of the group", async () => {
    const client = await import("openid-client");
    const app = await registerApp(started, "refreshing", { oauthClient: { grant_types: ["authorization_code", "refresh_token"] } });
    const group = await assignGroup(started, app, "Refreshing", [ana.login]);
    const party = new RelyingParty(started, app);
    expect((await party.signIn(ana.login, ana.password, { scope: "openid" })).tokens.refreshToken).toBeUndefined();
    const signedIn = await party.signIn(ana.login, ana.password, { scope: "openid offline_access" });
    const refreshToken = signedIn.tokens.refreshToken ?? "";
    expect(refreshToken).not.toBe("");
    const refreshed = await client.refreshTokenGrant(signedIn.config, refreshToken);
    expect(refreshed.claims()?.sub).toBe(signedIn.claims.sub);
    expect((await started.api("DELETE", `/api/v1/groups/${group}/users/${ana.login}`)).status).toBe(204);
    await expect(client.refreshTokenGrant(signedIn.config, refreshToken)).rejects.toMatchObject({ error: "invalid_grant" });
  });
});

describe("signing out", () => {
  test("ends the session and goes back only to a registered address", async () => {
    const app = await registerApp(started, "leaving", { oauthClient: { post_logout_redirect_uris: ["https://k10.example.com/k10/"] } });
    await assignGroup(started, app, "Leaving", [ana.login]);
    const browser = new Browser(started.ca);
    const { tokens } = await new RelyingParty(started, app).signIn(ana.login, ana.password, { browser });
    const logout = (back: string): string =>
      `${started.lab.issuer}/oauth2/v1/logout?${new URLSearchParams({ id_token_hint: tokens.idToken, post_logout_redirect_uri: back, state: "s1" }).toString()}`;
    expect((await browser.get(logout("https://evil.example.com/"))).answer.status).toBe(400);
    const page = await browser.get(logout("https://k10.example.com/k10/"));
    const action = /action="([^"]+)"/.exec(page.answer.text)?.[1] ?? "";
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(page.answer.text)?.[1] ?? "";
    const done = await browser.submit(action, { xsrf, logout: "yes" });
    expect(done.url).toBe("https://k10.example.com/k10/?state=s1");
    const again = await new RelyingParty(started, app).authorize("", "", { browser, parameters: { prompt: "none" } });
    expect(new URL(again.url).searchParams.get("error")).toBe("login_required");
  });
});
