import { createHash } from "node:crypto";
import { Browser, redirectUrl, alertOf, challengeOf, signIn, startFlow } from "./browser";
import { ana, ben, noRole, tenant, addSecret, assign, makeGroup, openBench, register, userId, type Bench } from "./support";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

async function assignedApp(
  application: Record<string, unknown> = {},
): Promise<{ objectId: string; clientId: string; principalId: string; secret: string; group: string }> {
  const ids = await register(bench, { groupMembershipClaims: "ApplicationGroup", api: { requestedAccessTokenVersion: 2 }, ...application });
  const group = await makeGroup(bench, `g-${ids.clientId.slice(0, 8)}`, [userId(bench, ana.login)]);
  await assign(bench, ids.principalId, group);
  return { ...ids, group, secret: (await addSecret(bench, ids.objectId)).secret };
}

describe("sign-in with openid-client", () => {
  it("gives the ID token of version 2.0 with object ids of the assigned groups", async () => {
    const app = await assignedApp();
    const { claims } = await signIn(bench, app, ana);
    const subject = createHash("sha256")
      .update(`${tenant}|${app.clientId}|${userId(bench, ana.login)}`)
      .digest("base64url");
    expect(claims).toMatchObject({
      aud: app.clientId,
      iss: bench.lab.issuer,
      sub: subject,
      oid: userId(bench, ana.login),
      tid: tenant,
      ver: "2.0",
      name: "Ana Lima",
      preferred_username: ana.login,
      email: ana.login,
      groups: [app.group],
    });
    expect(claims["nbf"]).toEqual(expect.any(Number));
    // A v2.0 ID token has no amr (id-token-claims-reference), and nothing of the second factor unless asked for.
    expect(Object.keys(claims)).not.toContain("amr");
    expect(Object.keys(claims)).not.toContain("acrs");
  });

  it("leaves out oid, name and preferred_username without the scope profile, as the reference page says", async () => {
    const app = await assignedApp();
    const { claims } = await signIn(bench, { ...app, scope: "openid email" }, ana);
    expect(Object.keys(claims).filter((name) => ["oid", "name", "preferred_username"].includes(name))).toEqual([]);
    expect(claims["groups"]).toEqual([app.group]);
  });

  it("has another sub for another application, and the same oid", async () => {
    const [first, second] = [await assignedApp(), await assignedApp()];
    const [one, two] = [(await signIn(bench, first, ana)).claims, (await signIn(bench, second, ana)).claims];
    expect(one["sub"]).not.toBe(two["sub"]);
    expect(one["oid"]).toBe(two["oid"]);
  });

  it("keeps the ID token's version whatever requestedAccessTokenVersion says: it follows the endpoint", async () => {
    const app = await assignedApp({ api: { requestedAccessTokenVersion: null } });
    expect((await signIn(bench, app, ana)).claims).toMatchObject({ iss: bench.lab.issuer, ver: "2.0" });
  });

  it("answers userinfo at Graph's address, without groups", async () => {
    const app = await assignedApp();
    const { tokens } = await signIn(bench, app, ana);
    const answer = await bench.send("GET", `${bench.lab.graphUrl}/oidc/userinfo`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    expect(answer.json).toMatchObject({ name: "Ana Lima", email: ana.login });
    expect(Object.keys(answer.json)).not.toContain("groups");
    const me = await bench.send("GET", `${bench.lab.graphUrl}/v1.0/me`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
    expect(me.json).toMatchObject({ id: userId(bench, ana.login), userPrincipalName: ana.login });
  });

  it("takes the secret by basic authentication too", async () => {
    const app = await assignedApp();
    const flow = await startFlow(bench, app);
    const browser = new Browser(bench);
    const page = await browser.open(flow.url.href);
    const back = await browser.open(page.at.href, { username: ana.login, password: ana.password });
    const verifierless = await bench.send("POST", `${bench.lab.graphUrl}/${tenant}/oauth2/v2.0/token`, {
      headers: {
        authorization: `Basic ${Buffer.from(`${app.clientId}:${encodeURIComponent(app.secret)}`).toString("base64")}`,
        "content-type": "application/x-www-form-urlencoded",
      },
      body: new URLSearchParams({
        grant_type: "authorization_code",
        code: back.at.searchParams.get("code") ?? "",
        redirect_uri: redirectUrl,
      }).toString(),
    });
    // The client was known; what fails is the missing PKCE verifier.
    expect(verifierless.json).toMatchObject({ error: "invalid_grant" });
  });
});

describe("a refused sign-in", () => {
  const refusal = async (app: { clientId: string; secret?: string }, person: { login: string; password: string }): Promise<string> =>
    signIn(bench, app, person).then(
      () => "signed in",
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );

  it("shows AADSTS50105 to a person who is not assigned", async () => {
    expect(await refusal(await assignedApp(), ben)).toMatch(/^AADSTS50105: .*'ben@example\.com' is blocked/);
  });

  it("lets everybody in when no assignment is required", async () => {
    const app = await assignedApp();
    await bench.graph("PATCH", `/v1.0/servicePrincipals/${app.principalId}`, { appRoleAssignmentRequired: false });
    const { claims } = await signIn(bench, app, ben);
    expect(claims["groups"]).toBeUndefined();
  });

  it("does not count nested groups for an assignment", async () => {
    const app = await assignedApp();
    const inner = await makeGroup(bench, "inner", [userId(bench, ben.login)]);
    await bench.graph("POST", `/beta/groups/${app.group}/members/$ref`, {
      "@odata.id": `${bench.lab.graphUrl}/beta/directoryObjects/${inner}`,
    });
    expect(await refusal(app, ben)).toMatch(/^AADSTS50105/);
  });

  it("says AADSTS50126 for a wrong password and AADSTS50057 for a disabled account", async () => {
    const app = await assignedApp();
    expect(await refusal(app, { ...ana, password: "wrong" })).toMatch(/^AADSTS50126/);
    bench.lab.addPerson({ login: "gone@example.com", password: "p", enabled: false });
    expect(await refusal(app, { login: "gone@example.com", password: "p" })).toMatch(/^AADSTS50057/);
  });

  it("says AADSTS7000112 for a disabled principal and AADSTS700016 without one", async () => {
    const app = await assignedApp();
    await bench.graph("PATCH", `/v1.0/servicePrincipals/${app.principalId}`, { accountEnabled: false });
    expect(await refusal(app, ana)).toMatch(/^AADSTS7000112/);
    await bench.graph("DELETE", `/v1.0/servicePrincipals/${app.principalId}`);
    expect(await refusal(app, ana)).toMatch(/^AADSTS700016/);
  });

  it.each([
    ["another path", "https://k10.example.com/k10/auth-svc/v0/oidc/redirect/"],
    ["another case", "https://k10.example.com/K10/auth-svc/v0/oidc/redirect"],
    ["another host", "https://evil.example.com/k10/auth-svc/v0/oidc/redirect"],
  ])("shows AADSTS50011 on its own page for %s and sends nobody there", async (_what, redirectUri) => {
    const app = await assignedApp();
    const flow = await startFlow(bench, { ...app, redirectUri });
    const page = await new Browser(bench).open(flow.url.href);
    expect(page.at.href.startsWith(bench.lab.graphUrl)).toBe(true);
    expect(page.answer.status).toBe(400);
    expect(alertOf(page.answer)).toMatch(/^AADSTS50011: The redirect URI/);
  });

  it("shows AADSTS700016 for an unknown client and AADSTS700054 for an implicit ID token", async () => {
    const app = await assignedApp();
    const unknown = await startFlow(bench, { ...app, clientId: "99999999-9999-4999-8999-999999999999" });
    expect(alertOf((await new Browser(bench).open(unknown.url.href)).answer)).toMatch(/^AADSTS700016/);
    const implicit = await startFlow(bench, app, { response_type: "id_token" });
    expect(alertOf((await new Browser(bench).open(implicit.url.href)).answer)).toMatch(/^AADSTS700054: response_type 'id_token'/);
  });

  it("gives no token for a code that was used before", async () => {
    const app = await assignedApp();
    const flow = await startFlow(bench, app);
    const browser = new Browser(bench);
    const page = await browser.open(flow.url.href);
    const back = await browser.open(page.at.href, { username: ana.login, password: ana.password });
    await flow.finish(back.at);
    await expect(flow.finish(back.at)).rejects.toMatchObject({ error: "invalid_grant" });
  });

  it("stops a refresh once the person has lost the assignment", async () => {
    const app = await assignedApp();
    const { tokens } = await signIn(bench, { ...app, scope: "openid profile" }, ana);
    expect(tokens.refresh_token).toBeUndefined();
    const flow = await startFlow(bench, { ...app, scope: "openid offline_access" });
    const browser = new Browser(bench);
    const page = await browser.open(flow.url.href);
    const back = await browser.open(page.at.href, { username: ana.login, password: ana.password });
    const { refresh_token: refreshToken = "" } = await flow.finish(back.at);
    const refresh = async () =>
      bench.token({
        client_id: app.clientId,
        client_secret: app.secret,
        grant_type: "refresh_token",
        refresh_token: refreshToken,
        scope: "openid",
      });
    expect((await refresh()).status).toBe(200);
    await bench.graph("DELETE", `/beta/groups/${app.group}/members/${userId(bench, ana.login)}/$ref`);
    expect((await refresh()).json).toMatchObject({ error: "invalid_grant" });
  });
});

describe("public clients", () => {
  it("sign in on any loopback port without a secret, and with a secret not at all", async () => {
    const app = await assignedApp({ publicClient: { redirectUris: ["http://localhost/callback"] } });
    const redirectUri = "http://localhost:45831/callback";
    const { claims } = await signIn(bench, { clientId: app.clientId, redirectUri }, ana);
    expect(claims["aud"]).toBe(app.clientId);
    await expect(signIn(bench, { clientId: app.clientId, secret: app.secret, redirectUri }, ana)).rejects.toMatchObject({
      error: "invalid_client",
    });
  });
});

describe("Conditional Access with a second factor", () => {
  const policy = async (clientId: string, extra: { state?: string; users?: Record<string, unknown> } = {}): Promise<string> => {
    const made = await bench.graph("POST", "/v1.0/identity/conditionalAccess/policies", {
      displayName: "mfa",
      state: extra.state ?? "enabled",
      conditions: {
        applications: { includeApplications: [clientId] },
        users: { includeUsers: ["All"], ...extra.users },
        clientAppTypes: ["all"],
      },
      grantControls: { operator: "OR", builtInControls: ["mfa"] },
    });
    expect(made.status).toBe(201);
    return String(made.json["id"]);
  };

  it("asks for the code, refuses a wrong one, and shows acrs to an application that asked for it", async () => {
    const app = await assignedApp({ optionalClaims: { idToken: [{ name: "acrs" }] } });
    const id = await policy(app.clientId);
    await expect(signIn(bench, app, { ...ana, otp: "000000" })).rejects.toThrow(/^AADSTS500121/);
    expect((await signIn(bench, app, ana)).claims).toMatchObject({ acrs: ["p1"], groups: [app.group] });
    await bench.graph("DELETE", `/v1.0/identity/conditionalAccess/policies/${id}`);
  });

  it("does not let a session without the second factor slip by", async () => {
    const [open, guarded] = [await assignedApp(), await assignedApp()];
    const browser = new Browser(bench);
    await signIn(bench, open, ana, browser);
    const id = await policy(guarded.clientId);
    const flow = await startFlow(bench, guarded);
    const page = await browser.open(flow.url.href);
    expect(page.answer.text).toContain('name="username"');
    const second = await browser.open(page.at.href, { username: ana.login, password: ana.password });
    expect(challengeOf(second.answer)).not.toBe("");
    const silent = await startFlow(bench, guarded, { prompt: "none" });
    expect((await browser.open(silent.url.href)).at.searchParams.get("error")).not.toBeNull();
    await bench.graph("DELETE", `/v1.0/identity/conditionalAccess/policies/${id}`);
  });

  it("lets the break-glass group by, never blocks when report-only, and blocks with 'block'", async () => {
    const app = await assignedApp();
    const breakGlass = await makeGroup(bench, "break glass", [userId(bench, ana.login)]);
    const excluded = await policy(app.clientId, { users: { excludeGroups: [breakGlass] } });
    const withoutCode = { login: ana.login, password: ana.password };
    expect((await signIn(bench, app, withoutCode)).claims["groups"]).toEqual([app.group]);
    const path = `/v1.0/identity/conditionalAccess/policies/${excluded}`;
    await bench.graph("PATCH", path, {
      state: "enabledForReportingButNotEnforced",
      conditions: { applications: {}, users: { excludeGroups: [] } },
    });
    expect((await signIn(bench, app, withoutCode)).claims["groups"]).toEqual([app.group]);
    await bench.graph("PATCH", path, { state: "enabled", grantControls: { operator: "OR", builtInControls: ["block"] } });
    await expect(signIn(bench, app, withoutCode)).rejects.toThrow(/^AADSTS53003/);
    await bench.graph("DELETE", path);
  });
});

describe("roles and groups in the token", () => {
  it("carry the values of the roles that the person's groups hold", async () => {
    const role = {
      id: "33333333-3333-4333-8333-333333333333",
      allowedMemberTypes: ["User"],
      displayName: "Admin",
      description: "d",
      value: "k10-admin",
    };
    const app = await assignedApp({ appRoles: [role], groupMembershipClaims: null });
    await assign(bench, app.principalId, app.group, role.id);
    expect((await signIn(bench, app, ana)).claims).toMatchObject({ roles: ["k10-admin"] });
    expect(noRole).not.toBe(role.id);
  });

  it("are replaced by the overage claim above 200 groups, which points at Graph", async () => {
    const app = await assignedApp({ groupMembershipClaims: "SecurityGroup" });
    bench.lab.addPerson({
      login: "many@example.com",
      password: "p",
      groups: Array.from({ length: 200 }, (_, index) => `many ${String(index)}`),
    });
    await assign(bench, app.principalId, userId(bench, "many@example.com"));
    const many = { login: "many@example.com", password: "p" };
    expect((await signIn(bench, app, many)).claims["groups"]).toHaveLength(200);
    await makeGroup(bench, "one more", [userId(bench, many.login)]);
    const { claims } = await signIn(bench, app, many);
    const endpoint = `${bench.lab.graphUrl}/v1.0/users/${userId(bench, many.login)}/getMemberObjects`;
    expect(claims["groups"]).toBeUndefined();
    expect(claims).toMatchObject({ _claim_names: { groups: "src1" }, _claim_sources: { src1: { endpoint } } });
    expect((await bench.send("GET", endpoint)).status).toBe(401);
    const all = await bench.graph("POST", endpoint.slice(bench.lab.graphUrl.length), { securityEnabledOnly: true });
    expect(all.json["value"]).toHaveLength(201);
  });

  it("show names or roles when the optional claim 'groups' says so", async () => {
    const named = await assignedApp({ optionalClaims: { idToken: [{ name: "groups", additionalProperties: ["cloud_displayname"] }] } });
    expect((await signIn(bench, named, ana)).claims["groups"]).toEqual([`g-${named.clientId.slice(0, 8)}`]);
    const asRoles = await assignedApp({ optionalClaims: { idToken: [{ name: "groups", additionalProperties: ["emit_as_roles"] }] } });
    const { claims } = await signIn(bench, asRoles, ana);
    expect(claims["groups"]).toBeUndefined();
    expect(claims["roles"]).toEqual([asRoles.group]);
  });
});
