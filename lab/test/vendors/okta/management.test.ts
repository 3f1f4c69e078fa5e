import { testApiToken, at, send, startTestLab, text, webApp, type Answer, type TestLab } from "./harness";

let started: TestLab;
let api: TestLab["api"];

beforeAll(async () => {
  started = await startTestLab([{ login: "ana@example.com", firstName: "Ana", lastName: "Silva", password: "correct horse battery" }]);
  api = started.api;
});
afterAll(() => started.end());

function expectError(answer: Answer, status: number, code: string, names: string): void {
  expect(answer.status).toBe(status);
  expect(at(answer, "errorCode")).toBe(code);
  expect(answer.text).toContain(names);
}

async function newGroup(name: string): Promise<string> {
  return text(await api("POST", "/api/v1/groups", { profile: { name, description: "" } }), "id");
}

describe("who may ask", () => {
  test.each([
    ["no header", {}],
    ["a wrong token", { authorization: "SSWS wrong" }],
    ["another scheme", { authorization: `Basic ${testApiToken}` }],
    ["an unknown bearer token", { authorization: "Bearer abc" }],
  ])("%s: 401 E0000011", async (_name, headers: Record<string, string>) => {
    const answer = await send(`${started.lab.managementUrl}/api/v1/groups`, { headers });
    expectError(answer, 401, "E0000011", "Invalid token provided");
  });

  test("a bearer token reaches what its scopes name, and never the console's own endpoints", async () => {
    const authorization = `Bearer ${started.lab.issueAccessToken(["okta.groups.manage"])}`;
    expect((await api("GET", "/api/v1/groups", undefined, { authorization })).status).toBe(200);
    expectError(await api("GET", "/api/v1/apps", undefined, { authorization }), 403, "E0000006", "okta.apps.read");
    const readOnly = `Bearer ${started.lab.issueAccessToken(["okta.groups.read"])}`;
    expectError(
      await api("POST", "/api/v1/groups", { profile: { name: "x" } }, { authorization: readOnly }),
      403,
      "E0000006",
      "okta.groups.manage",
    );
    const app = text(await api("POST", "/api/v1/apps", webApp("internal")), "id");
    const path = `/api/v1/internal/apps/${app}/settings/oauth/idToken`;
    const apps = `Bearer ${started.lab.issueAccessToken(["okta.apps.manage"])}`;
    expectError(await api("POST", path, { issuerMode: "ORG_URL" }, { authorization: apps }), 403, "E0000006", "API token");
    expect((await api("POST", path, { issuerMode: "ORG_URL" })).status).toBe(200);
  });

  test("users/me is the token's administrator", async () => {
    expect(text(await api("GET", "/api/v1/users/me"), "status")).toBe("PROVISIONED");
  });
});

describe("what is not known is refused by name", () => {
  test("path, method, query parameter, body field", async () => {
    expectError(await api("GET", "/api/v1/devices"), 404, "E0000008", "/api/v1/devices");
    expectError(await api("PUT", "/api/v1/groups", {}), 405, "E0000022", "GET, POST");
    expectError(await api("GET", "/api/v1/groups?expand=apps"), 400, "E0000001", "expand");
    expectError(await api("GET", "/api/v1/groups?colour=red"), 400, "E0000001", "colour");
    expectError(await api("POST", "/api/v1/groups", { profile: { name: "a", colour: "red" } }), 400, "E0000001", "profile.colour");
    expectError(await api("POST", "/api/v1/groups"), 400, "E0000003", "JSON body");
    const answer = await send(`${started.lab.managementUrl}/api/v1/groups`, {
      method: "POST",
      headers: { authorization: `SSWS ${testApiToken}` },
      body: "{",
    });
    expectError(answer, 400, "E0000003", "expected JSON");
  });

  test("an unknown id: 404 E0000007 with the id", async () => {
    for (const path of ["groups/00gnope", "users/00unope", "apps/0oanope", "policies/rstnope", "authorizationServers/ausnope"]) {
      expectError(await api("GET", `/api/v1/${path}`), 404, "E0000007", path.split("/")[1] ?? "");
    }
  });
});

describe("groups", () => {
  test("names are unique, also on update", async () => {
    const first = await newGroup("Unique");
    expectError(await api("POST", "/api/v1/groups", { profile: { name: "unique" } }), 400, "E0000001", "already exists");
    const second = await newGroup("Other");
    expectError(await api("PUT", `/api/v1/groups/${second}`, { profile: { name: "Unique" } }), 400, "E0000001", "already exists");
    expect((await api("PUT", `/api/v1/groups/${first}`, { profile: { name: "Unique", description: "changed" } })).status).toBe(200);
  });

  test("Everyone holds all users, and cannot be changed, deleted or joined", async () => {
    const [everyone] = (await api("GET", "/api/v1/groups?q=Everyone")).json as { id: string }[];
    const path = `/api/v1/groups/${everyone?.id ?? ""}`;
    const logins = ((await api("GET", `${path}/users`)).json as { profile: { login: string } }[]).map((user) => user.profile.login);
    expect(logins).toContain("ana@example.com");
    expectError(await api("DELETE", path), 403, "E0000006", "BUILT_IN");
    expectError(await api("PUT", `${path}/users/ana@example.com`), 403, "E0000006", "BUILT_IN");
    expectError(await api("PUT", path, { profile: { name: "Nobody" } }), 403, "E0000006", "BUILT_IN");
  });

  test("q, filter and search select", async () => {
    const id = await newGroup("Search me");
    const ids = async (query: string): Promise<string[]> =>
      ((await api("GET", `/api/v1/groups?${query}`)).json as { id: string }[]).map((group) => group.id);
    expect(await ids("q=search")).toEqual([id]);
    expect(await ids(`search=${encodeURIComponent('profile.name eq "Search me"')}`)).toEqual([id]);
    expect(await ids(`search=${encodeURIComponent('profile.name sw "Search" and type eq "BUILT_IN"')}`)).toEqual([]);
    expect(await ids(`filter=${encodeURIComponent(`(id eq "${id}" or id eq "x") and type eq "OKTA_GROUP"`)}`)).toEqual([id]);
    expectError(await api("GET", `/api/v1/groups?search=${encodeURIComponent('colour eq "red"')}`), 400, "E0000001", "colour");
    expectError(await api("GET", `/api/v1/groups?search=${encodeURIComponent("type like x")}`), 400, "E0000001", "Invalid search criteria");
  });

  test("a list comes in pages that link to one another", async () => {
    const names = ["Page 1", "Page 2", "Page 3"];
    for (const name of names) {
      await newGroup(name);
    }
    const seen: string[] = [];
    let next: string | undefined = `${started.lab.managementUrl}/api/v1/groups?q=Page&limit=2`;
    let pages = 0;
    while (next !== undefined) {
      const answer: Answer = await send(next, { headers: { authorization: `SSWS ${testApiToken}` } });
      seen.push(...(answer.json as { profile: { name: string } }[]).map((group) => group.profile.name));
      next = /<([^>]*)>; rel="next"/.exec(String(answer.headers.link))?.[1];
      pages += 1;
    }
    expect(seen).toEqual(names);
    expect(pages).toBe(2);
  });

  test("deleting a group ends its assignments", async () => {
    const group = await newGroup("Short-lived");
    const app = text(await api("POST", "/api/v1/apps", webApp("assigned")), "id");
    await api("PUT", `/api/v1/apps/${app}/groups/${group}`, {});
    expect((await api("DELETE", `/api/v1/groups/${group}`)).status).toBe(204);
    expect((await api("GET", `/api/v1/apps/${app}/groups`)).json).toEqual([]);
  });
});

describe("apps", () => {
  const create = (label: string, changes: Parameters<typeof webApp>[1]): Promise<Answer> =>
    api("POST", "/api/v1/apps", webApp(label, changes));

  test.each([
    ["no redirect URI", { oauthClient: { redirect_uris: [] } }, "redirect_uris"],
    ["a relative redirect URI", { oauthClient: { redirect_uris: ["/callback"] } }, "absolute URI"],
    ["a fragment", { oauthClient: { redirect_uris: ["https://a.example/cb#x"] } }, "no fragment"],
    ["a wildcard when that is off", { oauthClient: { redirect_uris: ["https://*.a.example/cb"] } }, "wildcard_redirect is DISABLED"],
    [
      "a wildcard in the path",
      { oauthClient: { redirect_uris: ["https://a.example/*"], wildcard_redirect: "SUBDOMAIN" } },
      "leftmost subdomain",
    ],
    ["a response type that does not fit the grant", { oauthClient: { response_types: ["token"] } }, "response_types"],
    ["a short secret", { credentials: { client_secret: "short" } }, "14 to 100"],
    ["an unknown setting", { oauthClient: { favourite_colour: "red" } }, "settings.oauthClient.favourite_colour"],
    ["an unknown grant", { oauthClient: { grant_types: ["magic"] } }, "grant_types"],
  ])("%s: 400 E0000001 that names it", async (_name, changes, names) => {
    expectError(await create("wrong", changes), 400, "E0000001", names);
  });

  test("a label is required", async () => {
    expectError(await create("  ", {}), 400, "E0000001", "label: The field cannot be left blank");
  });

  test("the secret is in the answers to create and update only", async () => {
    const secret = "a-secret-of-ours-0123456789";
    const answer = await create("secretive", { credentials: { client_secret: secret } });
    expect(text(answer, "credentials.oauthClient.client_secret")).toBe(secret);
    const path = `/api/v1/apps/${text(answer, "id")}`;
    expect((await api("GET", path)).text).not.toContain(secret);
    expect((await api("GET", "/api/v1/apps?limit=200")).text).not.toContain(secret);
    const kept = await api("PUT", path, webApp("secretive", { credentials: { client_secret: "" } }));
    expect(text(kept, "credentials.oauthClient.client_secret")).toBe(secret);
    const generated = text(await create("generated", {}), "credentials.oauthClient.client_secret");
    expect(generated).toMatch(/^[\w-]{64}$/);
  });

  test("a client id is unique and cannot be changed", async () => {
    const answer = await create("mine", { credentials: { client_id: "chosen_client_id" } });
    expectError(await create("yours", { credentials: { client_id: "chosen_client_id" } }), 400, "E0000001", "already exists");
    const path = `/api/v1/apps/${text(answer, "id")}`;
    expectError(
      await api("PUT", path, webApp("mine", { credentials: { client_id: "another_client_id" } })),
      400,
      "E0000001",
      "cannot be changed",
    );
  });

  test("an active app cannot be deleted", async () => {
    const path = `/api/v1/apps/${text(await create("doomed", {}), "id")}`;
    expectError(await api("DELETE", path), 403, "E0000056", "deactivated");
    await api("POST", `${path}/lifecycle/deactivate`);
    expect((await api("DELETE", path)).status).toBe(204);
    expectError(await api("GET", path), 404, "E0000007", "AppInstance");
  });

  test("a groups claim with a broken filter is refused", async () => {
    const id = text(await create("claims", {}), "id");
    const claim = { issuerMode: "ORG_URL", name: "groups", valueType: "GROUPS", groupFilterType: "REGEX", value: "(" };
    expectError(await api("POST", `/api/v1/internal/apps/${id}/settings/oauth/idToken`, claim), 400, "E0000001", "regular expression");
  });

  test("its people are those assigned directly and through groups", async () => {
    const id = text(await create("people", {}), "id");
    const group = await newGroup("People");
    await api("PUT", `/api/v1/groups/${group}/users/ana@example.com`);
    expect((await api("GET", `/api/v1/apps/${id}/users`)).json).toEqual([]);
    await api("PUT", `/api/v1/apps/${id}/groups/${group}`);
    expect((await api("GET", `/api/v1/apps/${id}/users`)).json).toMatchObject([
      { scope: "GROUP", credentials: { userName: "ana@example.com" } },
    ]);
    const user = text(await api("GET", "/api/v1/users/ana"), "id");
    await api("POST", `/api/v1/apps/${id}/users`, { id: user, scope: "USER" });
    expect(text(await api("GET", `/api/v1/apps/${id}/users/${user}`), "scope")).toBe("USER");
  });
});

describe("policies", () => {
  test("an access policy comes with its catch-all rule, and its apps fall back when it goes", async () => {
    const policy = text(await api("POST", "/api/v1/policies", { type: "ACCESS_POLICY", name: "mfa", description: "d", priority: 1 }), "id");
    expect((await api("GET", `/api/v1/policies/${policy}/rules`)).json).toMatchObject([
      { name: "Catch-all Rule", system: true, type: "ACCESS_POLICY" },
    ]);
    expectError(await api("POST", "/api/v1/policies", { type: "ACCESS_POLICY", name: "mfa" }), 400, "E0000001", "already exists");
    const app = text(await api("POST", "/api/v1/apps", webApp("guarded")), "id");
    await api("PUT", `/api/v1/apps/${app}/policies/${policy}`);
    expect(text(await api("GET", `/api/v1/apps/${app}`), "_links.accessPolicy.href")).toContain(policy);
    expect((await api("DELETE", `/api/v1/policies/${policy}`)).status).toBe(204);
    const [system] = (await api("GET", "/api/v1/policies?type=ACCESS_POLICY")).json as { id: string; system: boolean; name: string }[];
    expect(system).toMatchObject({ system: true, name: "Any two factors" });
    expect(text(await api("GET", `/api/v1/apps/${app}`), "_links.accessPolicy.href")).toContain(system?.id);
    expectError(await api("DELETE", `/api/v1/policies/${system?.id ?? ""}`), 403, "E0000006", "system policy");
  });

  test("a sign-on rule keeps people.users.exclude, which the official plugin reads", async () => {
    const policy = text(
      await api("POST", "/api/v1/policies", { type: "OKTA_SIGN_ON", name: "gsp", description: "d", status: "ACTIVE" }),
      "id",
    );
    expect((await api("POST", `/api/v1/policies/${policy}/lifecycle/activate`)).status).toBe(204);
    const rule = await api("POST", `/api/v1/policies/${policy}/rules`, {
      type: "SIGN_ON",
      name: "r1",
      status: "ACTIVE",
      conditions: { authContext: { authType: "ANY" }, identityProvider: { provider: "ANY" }, network: { connection: "ANYWHERE" } },
      actions: { signon: { access: "ALLOW", requireFactor: false, rememberDeviceByDefault: false } },
    });
    expect(at(rule, "conditions.people.users.exclude")).toEqual([]);
    expectError(await api("GET", "/api/v1/policies?type=PASSWORD"), 400, "E0000001", "PASSWORD");
  });
});

describe("users", () => {
  test("status follows the password, and deletion has two steps", async () => {
    const profile = { login: "new@example.com", email: "new@example.com", firstName: "New", lastName: "Person" };
    const user = await api("POST", "/api/v1/users", { profile, credentials: { password: { value: "a good password" } } });
    expect(text(user, "status")).toBe("ACTIVE");
    expect(user.text).not.toContain("a good password");
    expectError(await api("POST", "/api/v1/users", { profile }), 400, "E0000001", "login: An object with this field already exists");
    expectError(await api("POST", "/api/v1/users", { profile: { ...profile, shoeSize: 42 } }), 400, "E0000001", "shoeSize");
    const path = `/api/v1/users/${text(user, "id")}`;
    expect((await api("DELETE", path)).status).toBe(204);
    expect(text(await api("GET", path), "status")).toBe("DEPROVISIONED");
    expect((await api("DELETE", path)).status).toBe(204);
    expect((await api("GET", path)).status).toBe(404);
  });

  test("search finds by profile", async () => {
    const query = encodeURIComponent('profile.login eq "ana@example.com"');
    expect((await api("GET", `/api/v1/users?search=${query}`)).json).toMatchObject([{ profile: { firstName: "Ana" } }]);
  });
});
