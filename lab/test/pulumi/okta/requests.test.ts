// The stand-in must send what the official plugin sends: the sequences of the recordings in shared/recordings,
// read off provider-requests/okta-apitoken-httpproxy.jsonl and okta-accesstoken-privatekey.jsonl.
import { generateKeyPairSync } from "node:crypto";
import { okta } from "../../../pulumi/okta/table";
import type { Provider, ResourceName } from "../../../pulumi/provider/provider";
import { tableProvider } from "../../../pulumi/provider/table";
import type { Properties } from "../../../pulumi/provider/values";
import { startFakeOkta, type FakeOkta } from "./fake-okta";

let fake: FakeOkta;
let provider: Provider;

const named = (type: string): ResourceName => ({ urn: `urn:pulumi:dev::test::${type}::it`, type, name: "it" });
const appType = named("okta:app/oAuth:OAuth");
const groupType = named("okta:group/group:Group");

async function connect(config: Properties = { apiToken: "token" }): Promise<Provider> {
  const connected = tableProvider(okta);
  await connected.configure({ httpProxy: fake.url, minWaitSeconds: "0", ...config });
  fake.requests.length = 0;
  return connected;
}

async function create(resource: ResourceName, inputs: Properties): Promise<{ id: string; state: Properties; inputs: Properties }> {
  const checked = await provider.check(resource, {}, inputs);
  expect(checked.failures).toEqual([]);
  const made = await provider.create(resource, checked.inputs, false, 0);
  return { ...made, inputs: checked.inputs };
}

const lines = (): string[] => fake.requests.map(({ method, path }) => `${method} ${path}`);

beforeEach(async () => {
  fake = await startFakeOkta();
  provider = await connect();
});
afterEach(() => fake.stop());

test("an API token is verified twice at configure, an access token is not", async () => {
  const first = tableProvider(okta);
  await first.configure({ httpProxy: fake.url, apiToken: "token" });
  expect(lines()).toEqual(["GET /api/v1/users/me", "GET /api/v1/users/me"]);
  expect(fake.requests[0]?.authorization).toBe("SSWS token");
  fake.requests.length = 0;
  await tableProvider(okta).configure({ httpProxy: fake.url, accessToken: "token" });
  expect(lines()).toEqual([]);
});

test("a web app is created with the official body and requests", async () => {
  const { id, state } = await create(appType, {
    label: "portal",
    type: "web",
    grantTypes: ["authorization_code"],
    redirectUris: ["https://k10.example.com/cb"],
  });
  expect(lines()).toEqual([
    "POST /api/v1/apps?activate=true",
    `POST /api/v1/internal/apps/${id}/settings/oauth/idToken`,
    "GET /.well-known/okta-organization",
    "GET /api/v1/policies?type=ACCESS_POLICY",
    `PUT /api/v1/apps/${id}/policies/rst-system`,
    `GET /api/v1/apps/${id}`,
    `GET /api/v1/internal/apps/${id}/settings/oauth/idToken`,
  ]);
  // Body of shared/recordings/okta/ResourceOktaAppOauth_groups_claim.yaml, interaction 0.
  expect(fake.requests[0]?.body).toEqual({
    accessibility: {},
    credentials: {
      oauthClient: { autoKeyRotation: true, pkce_required: false, token_endpoint_auth_method: "client_secret_basic" },
      userNameTemplate: { template: "${source.login}", type: "BUILT_IN" },
    },
    label: "portal",
    name: "oidc_client",
    settings: {
      notes: {},
      oauthClient: {
        application_type: "web",
        consent_method: "TRUSTED",
        dpop_bound_access_tokens: false,
        grant_types: ["authorization_code"],
        idp_initiated_login: { default_scope: [], mode: "DISABLED" },
        issuer_mode: "ORG_URL",
        redirect_uris: ["https://k10.example.com/cb"],
        response_types: ["code"],
        wildcard_redirect: "DISABLED",
      },
    },
    signOnMode: "OPENID_CONNECT",
    visibility: { hide: { iOS: true, web: true } },
  });
  expect(fake.requests[1]?.body).toEqual({ issuerMode: "ORG_URL" });
  expect(state).toMatchObject({
    clientId: id,
    clientSecret: `secret-of-${id}`,
    authenticationPolicy: "rst-system",
    signOnMode: "OPENID_CONNECT",
  });
});

test("a groups claim goes to the internal API with an API token, and nowhere with an access token", async () => {
  const inputs = { label: "portal", type: "web", groupsClaim: { type: "FILTER", filterType: "STARTS_WITH", name: "groups", value: "k10" } };
  const { id } = await create(appType, inputs);
  expect(fake.requests.find(({ path }) => path.includes("/internal/"))?.body).toEqual({
    groupFilterType: "STARTS_WITH",
    issuerMode: "ORG_URL",
    name: "groups",
    value: "k10",
    valueType: "GROUPS",
  });
  const found = await provider.read(appType, id, {}, {});
  expect(found?.state.groupsClaim).toEqual({
    filterType: "STARTS_WITH",
    issuerMode: "ORG_URL",
    name: "groups",
    type: "FILTER",
    value: "k10",
  });

  provider = await connect({ accessToken: "token" });
  await create(appType, inputs);
  expect(lines().filter((line) => line.includes("/internal/"))).toEqual([]);
});

test("an update sends the secret from the state, an omitted one is sent empty and leaves the state", async () => {
  const { id, state, inputs } = await create(appType, { label: "portal", type: "web" });
  fake.requests.length = 0;
  const renamed = await provider.update(appType, id, inputs, state, { ...inputs, label: "other" }, false, 0);
  const put = fake.requests.find(({ method }) => method === "PUT");
  expect(put?.body).toMatchObject({ label: "other", credentials: { oauthClient: { client_id: id, client_secret: `secret-of-${id}` } } });
  expect(lines()).toContain(`PUT /api/v1/apps/${id}/policies/rst-system`);
  expect(lines().filter((line) => line.startsWith("POST"))).toEqual([]);

  fake.requests.length = 0;
  const omitted = await provider.update(appType, id, inputs, renamed.state, { ...inputs, omitSecret: true }, false, 0);
  expect(fake.requests.find(({ method }) => method === "PUT")?.body).toMatchObject({ credentials: { oauthClient: { client_secret: "" } } });
  expect(omitted.state.clientSecret).toBeUndefined();
  const back = await provider.diff(appType, id, {}, { ...omitted.state, omitSecret: true }, inputs);
  expect(back.replaces).toEqual(["omitSecret"]);
});

test("a status change alone is one lifecycle request", async () => {
  const { id, state, inputs } = await create(appType, { label: "portal", type: "web" });
  fake.requests.length = 0;
  await provider.update(appType, id, inputs, state, { ...inputs, status: "INACTIVE" }, false, 0);
  expect(lines()).toEqual([`POST /api/v1/apps/${id}/lifecycle/deactivate`]);
});

test("an app deleted by others makes a refresh fail, a group is gone", async () => {
  const app = await create(appType, { label: "portal", type: "web" });
  const group = await create(groupType, { name: "eng" });
  fake.remove(`/api/v1/apps/${app.id}`);
  fake.remove(`/api/v1/groups/${group.id}`);
  await expect(provider.read(appType, app.id, app.inputs, app.state)).rejects.toThrow("failed to get OAuth application");
  await expect(provider.read(groupType, group.id, group.inputs, group.state)).resolves.toBeUndefined();
});

test("a failure after an app exists is a partial failure that keeps its id", async () => {
  fake.failOnce("GET", "/api/v1/policies", 403, { errorCode: "E0000006", errorSummary: "You do not have permission" });
  const { inputs } = await provider.check(appType, {}, { label: "portal", type: "web" });
  await expect(provider.create(appType, inputs, false, 0)).rejects.toMatchObject({
    message: expect.stringContaining("E0000006: You do not have permission") as string,
    resource: { id: expect.stringMatching(/^apps-/) as string },
  });
});

test("memberships: a group's members are put one by one; with trackAllUsers a stranger is drift", async () => {
  const memberships = named("okta:index/groupMemberships:GroupMemberships");
  const made = await create(memberships, { groupId: "g1", users: ["u1", "u2"], trackAllUsers: true });
  expect(lines()).toEqual(["PUT /api/v1/groups/g1/users/u1", "PUT /api/v1/groups/g1/users/u2", "GET /api/v1/groups/g1/users?limit=200"]);
  fake.members.get("/api/v1/groups/g1/users")?.add("u9");
  const found = await provider.read(memberships, "g1", made.inputs, made.state);
  expect(found?.state.users).toEqual(["u1", "u2", "u9"]);
  const untracked = await provider.read(memberships, "g1", made.inputs, { ...made.state, trackAllUsers: false });
  expect(untracked?.state.users).toEqual(["u1", "u2"]);
});

test("assignments: an update removes the one and puts all others again", async () => {
  const assignments = named("okta:index/appGroupAssignments:AppGroupAssignments");
  const group = (id: string): Properties => ({ id, profile: "{}" });
  const made = await create(assignments, { appId: "a1", groups: [group("g1"), group("g2")] });
  fake.requests.length = 0;
  await provider.update(assignments, "a1", made.inputs, made.state, { ...made.inputs, groups: [group("g2"), group("g3")] }, false, 0);
  expect(lines()).toEqual([
    "DELETE /api/v1/apps/a1/groups/g1",
    "PUT /api/v1/apps/a1/groups/g2",
    "PUT /api/v1/apps/a1/groups/g3",
    "GET /api/v1/apps/a1/groups?limit=200",
  ]);
  expect(fake.requests[1]?.body).toEqual({ id: "g2", profile: {} });
});

test("a policy and its rule are made and removed as the official plugin does", async () => {
  const policy = await create(named("okta:index/appSignonPolicy:AppSignonPolicy"), { name: "mfa", description: "one" });
  const rule = named("okta:index/appSignonPolicyRule:AppSignonPolicyRule");
  const made = await create(rule, { policyId: policy.id, name: "require-2fa", groupsIncluded: ["g1"] });
  const post = fake.requests.find(({ path, method }) => method === "POST" && path.endsWith("/rules"));
  expect(post?.body).toEqual({
    actions: { appSignOn: { access: "ALLOW", verificationMethod: { factorMode: "2FA", reauthenticateIn: "PT2H", type: "ASSURANCE" } } },
    conditions: { network: { connection: "ANYWHERE" }, people: { groups: { include: ["g1"] } }, platform: {} },
    name: "require-2fa",
    priority: 0,
    type: "ACCESS_POLICY",
  });
  expect((await provider.diff(rule, made.id, made.inputs, made.state, made.inputs)).detailed).toEqual({});
  fake.requests.length = 0;
  await provider.delete(named("okta:index/appSignonPolicy:AppSignonPolicy"), policy.id, {}, policy.state, 0);
  expect(lines()).toEqual([
    "GET /api/v1/policies?type=ACCESS_POLICY",
    "GET /api/v1/apps?limit=200",
    `DELETE /api/v1/policies/${policy.id}`,
  ]);
});

test("an authorization server's claim has the recorded body", async () => {
  const server = await create(named("okta:auth/server:Server"), { name: "k10", audiences: ["k10"], description: "test" });
  const type = named("okta:auth/serverClaim:ServerClaim");
  const claim = await create(type, {
    authServerId: server.id,
    name: "groups",
    claimType: "RESOURCE",
    value: "Everyone",
    valueType: "GROUPS",
    groupFilterType: "EQUALS",
  });
  expect(fake.requests.find(({ path }) => path.endsWith("/claims"))?.body).toEqual({
    alwaysIncludeInToken: true,
    claimType: "RESOURCE",
    conditions: {},
    group_filter_type: "EQUALS",
    name: "groups",
    status: "ACTIVE",
    value: "Everyone",
    valueType: "GROUPS",
  });
  const moved = await provider.diff(type, claim.id, claim.inputs, claim.state, { ...claim.inputs, authServerId: "aus2" });
  expect(moved).toMatchObject({ detailed: { authServerId: expect.anything() as unknown }, replaces: [] });
});

test("a private key asks for a token with a signed assertion, once for all requests", async () => {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  fake.failOnce("POST", "/oauth2/v1/token", 200, { access_token: "fresh", expires_in: 3600, token_type: "Bearer" });
  provider = await connect({ privateKey, clientId: "client", scopes: '["okta.groups.manage"]' });
  await create(groupType, { name: "eng" });
  expect(lines().filter((line) => line.includes("/oauth2/"))).toEqual(["POST /oauth2/v1/token"]);
  const form = new URLSearchParams(String(fake.requests[0]?.body));
  expect(form.get("scope")).toBe("okta.groups.manage");
  const claims = JSON.parse(Buffer.from(form.get("client_assertion")?.split(".")[1] ?? "", "base64url").toString()) as Record<
    string,
    unknown
  >;
  expect(claims).toMatchObject({ iss: "client", sub: "client", aud: `${fake.url}/oauth2/v1/token` });
  expect(fake.requests[1]?.authorization).toBe("Bearer fresh");
});

test("429 is tried again, 400 is not", async () => {
  fake.failOnce("POST", "/api/v1/groups", 429, { errorCode: "E0000047", errorSummary: "API call exceeded rate limit" });
  await create(groupType, { name: "eng" });
  expect(lines().filter((line) => line === "POST /api/v1/groups")).toHaveLength(2);
  fake.failOnce("POST", "/api/v1/groups", 400, { errorCode: "E0000001", errorSummary: "Api validation failed: name" });
  const { inputs } = await provider.check(groupType, {}, { name: "two" });
  await expect(provider.create(groupType, inputs, false, 0)).rejects.toThrow(
    "POST /api/v1/groups: 400 E0000001: Api validation failed: name",
  );
  expect(lines().filter((line) => line === "POST /api/v1/groups")).toHaveLength(3);
});

test("getGroup wants an exact name when several match, getUser searches", async () => {
  await create(groupType, { name: "eng" });
  await create(groupType, { name: "eng-leads" });
  const found = await provider.invoke("okta:group/getGroup:getGroup", { name: "eng" });
  expect(found.name).toBe("eng");
  await expect(provider.invoke("okta:group/getGroup:getGroup", { name: "nobody" })).rejects.toThrow(
    'group with name "nobody" does not exist',
  );
  fake.requests.length = 0;
  const search = { searches: [{ name: "profile.email", value: "ana@example.com" }], skipGroups: true, skipRoles: true };
  await expect(provider.invoke("okta:user/getUser:getUser", search)).rejects.toThrow("no users found");
  expect(lines()).toEqual(["GET /api/v1/users?limit=1&search=profile.email+eq+%22ana%40example.com%22"]);
});
