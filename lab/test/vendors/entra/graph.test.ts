import { GraphError } from "../../../vendors/entra/graph/errors";
import { checkRedirectUris, redirectMatches } from "../../../vendors/entra/graph/redirect-uris";
import { caller, tenant, addSecret, assign, errorOf, makeGroup, openBench, register, userId, ana, ben, type Bench } from "./support";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench({ domains: ["lab.example"] });
});
afterAll(() => bench.close());

const gone = "99999999-9999-4999-8999-999999999999";

describe("strictness", () => {
  it.each([
    ["an unknown field", "POST", "/v1.0/applications", { displayName: "a", colour: "red" }, 400, /Invalid property 'colour'/],
    [
      "an unknown nested field",
      "POST",
      "/v1.0/applications",
      { displayName: "a", web: { redirectUri: [] } },
      400,
      /Invalid property 'web\.redirectUri'/,
    ],
    ["a wrong type", "POST", "/v1.0/applications", { displayName: "a", tags: "x" }, 400, /property 'tags' of resource 'Application'/],
    [
      "a missing displayName",
      "POST",
      "/v1.0/applications",
      {},
      400,
      /A value is required for property 'displayName' of resource 'Application'/,
    ],
    ["a field of beta only", "PATCH", "/v1.0/applications/{app}", { oauth2RequirePostResponse: true }, 400, /oauth2RequirePostResponse/],
    ["an unknown endpoint", "GET", "/v1.0/devices", undefined, 400, /Resource not found for the segment 'devices'/],
    ["a batch", "POST", "/v1.0/$batch", { requests: [] }, 400, /Resource not found for the segment '\$batch'/],
    ["a wrong method", "DELETE", "/v1.0/applications", undefined, 405, /HTTP method 'DELETE' is not allowed/],
    ["an unknown query option", "GET", "/v1.0/applications?$search=a", undefined, 400, /'\$search' is not supported/],
    [
      "an unknown property in $select",
      "GET",
      "/v1.0/applications/{app}?$select=colour",
      undefined,
      400,
      /Could not find a property named 'colour'/,
    ],
    [
      "an unknown property in $filter",
      "GET",
      "/v1.0/groups?$filter=colour%20eq%20'x'",
      undefined,
      400,
      /clause specified for property 'colour'/,
    ],
    ["a malformed $filter", "GET", "/v1.0/groups?$filter=displayName%20like%20'x'", undefined, 400, /Invalid filter clause/],
    ["an unknown object", "GET", `/v1.0/applications/${gone}`, undefined, 404, /^Resource '9999.*' does not exist/],
    ["another API version", "GET", "/v2.0/applications", undefined, 404, undefined],
  ])("refuses %s by name", async (_what, method, path, body, status, message) => {
    const { objectId } = await register(bench);
    const answer = await bench.graph(method, path.replace("{app}", objectId), body);
    expect(answer.status).toBe(status);
    if (message !== undefined) {
      expect(errorOf(answer).message).toMatch(message);
    }
  });

  it("answers 401 without a token, with a stranger's, and with one for another resource", async () => {
    const url = `${bench.lab.graphUrl}/v1.0/applications`;
    expect(errorOf(await bench.send("GET", url))).toMatchObject({ status: 401, code: "InvalidAuthenticationToken" });
    const forged = `Bearer eyJhbGciOiJub25lIn0.${Buffer.from(JSON.stringify({ oid: caller.objectId })).toString("base64url")}.x`;
    expect((await bench.send("GET", url, { headers: { authorization: forged } })).status).toBe(401);
    const { objectId, clientId } = await register(bench, { identifierUris: ["api://lab-api"] });
    const { secret } = await addSecret(bench, objectId);
    const other = await bench.token({ client_id: clientId, client_secret: secret, scope: "api://lab-api/.default" });
    expect(other.status).toBe(200);
    const headers = { authorization: `Bearer ${String(other.json["access_token"])}` };
    expect((await bench.send("GET", url, { headers })).status).toBe(401);
  });
});

describe("redirect URIs (learn.microsoft.com/entra/identity-platform/reply-url)", () => {
  it.each([
    ["https", ["https://a.example/cb"], undefined],
    ["http on localhost", ["http://localhost:8000/cb"], undefined],
    ["http elsewhere", ["http://a.example/cb"], /must begin with 'https'/],
    ["a refused character", ["https://a.example/cb(1)"], /contains '\('/],
    ["257 characters", [`https://a.example/${"x".repeat(239)}`], /at most 256 characters, got 257/],
    ["256 characters", [`https://a.example/${"x".repeat(238)}`], undefined],
    ["a fragment", ["https://a.example/cb#x"], /must not have a fragment/],
    ["no URI", ["k10/cb"], /not an absolute URI/],
    ["IPv6 loopback", ["http://[::1]/cb"], /IPv6 loopback/],
    ["the same twice", ["https://a.example/cb", "https://a.example/cb"], /already configured under 'web'/],
    [
      "257 of them",
      Array.from({ length: 257 }, (_, index) => `https://a.example/${String(index)}`),
      /At most 256 redirect URIs are allowed, got 257/,
    ],
  ])("%s", (_what, redirectUris, message) => {
    const check = (): void => checkRedirectUris({ web: { redirectUris } });
    if (message === undefined) {
      expect(check).not.toThrow();
    } else {
      expect(check).toThrow(GraphError);
      expect(check).toThrow(message);
    }
  });

  it("match byte for byte, but for the port on a loopback host over http", () => {
    expect(redirectMatches("http://localhost/cb", "http://localhost:1234/cb")).toBe(true);
    expect(redirectMatches("http://127.0.0.1:80/cb", "http://127.0.0.1:9/cb")).toBe(true);
    expect(redirectMatches("http://localhost/cb", "http://localhost:1234/CB")).toBe(false);
    expect(redirectMatches("https://localhost/cb", "https://localhost:1234/cb")).toBe(false);
    expect(redirectMatches("https://a.example/cb", "https://a.example:443/cb")).toBe(false);
  });
});

describe("applications", () => {
  it("answer the whole object, merge complex properties on PATCH, and keep v1.0 and beta in one store", async () => {
    const { objectId } = await register(bench, { displayName: "merged", api: { requestedAccessTokenVersion: 2 } });
    expect(
      (await bench.graph("PATCH", `/v1.0/applications/${objectId}`, { web: { homePageUrl: "https://k10.example.com/" } })).status,
    ).toBe(204);
    const beta = await bench.graph("GET", `/beta/applications/${objectId}`);
    expect(beta.json).toMatchObject({
      displayName: "merged",
      signInAudience: "AzureADMyOrg",
      api: { requestedAccessTokenVersion: 2 },
      web: { homePageUrl: "https://k10.example.com/", redirectUris: ["https://k10.example.com/k10/auth-svc/v0/oidc/redirect"] },
      oauth2RequirePostResponse: false,
    });
    const found = await bench.graph("GET", "/v1.0/applications?$filter=displayName%20eq%20'MERGED'&$select=id");
    expect(found.json["value"]).toEqual([{ id: objectId }]);
  });

  it.each([
    ["groupMembershipClaims", { groupMembershipClaims: "Everything" }, /got 'Everything'/],
    ["requestedAccessTokenVersion", { api: { requestedAccessTokenVersion: 3 } }, /property 'api\.requestedAccessTokenVersion'/],
    ["signInAudience", { signInAudience: "Everybody" }, /property 'signInAudience'/],
    [
      "a role value with a space",
      { appRoles: [{ id: gone, allowedMemberTypes: ["User"], displayName: "a", description: "a", value: "a b" }] },
      /'a b' must have no space/,
    ],
  ])("refuse a wrong %s", async (_what, body, message) => {
    const answer = await bench.graph("POST", "/v1.0/applications", { displayName: "a", ...body });
    expect(errorOf(answer)).toMatchObject({ status: 400, message: expect.stringMatching(message) as string });
  });

  it("let a role go only when it is disabled, and have no two roles of one id or value", async () => {
    const role = { id: gone, allowedMemberTypes: ["User"], displayName: "a", description: "a", value: "a", isEnabled: true };
    const twice = { displayName: "a", appRoles: [role, { ...role, value: "b" }] };
    expect(errorOf(await bench.graph("POST", "/v1.0/applications", twice))).toMatchObject({ status: 400, code: "DuplicateValue" });
    const { objectId } = await register(bench, { appRoles: [role] });
    const path = `/v1.0/applications/${objectId}`;
    expect(errorOf(await bench.graph("PATCH", path, { appRoles: [] }))).toMatchObject({
      status: 400,
      code: "CannotDeleteOrUpdateEnabledEntitlement",
    });
    expect((await bench.graph("PATCH", path, { appRoles: [{ ...role, isEnabled: false }] })).status).toBe(204);
    expect((await bench.graph("PATCH", path, { appRoles: [] })).status).toBe(204);
  });

  it("list, add and remove owners", async () => {
    const { objectId } = await register(bench);
    const path = `/v1.0/applications/${objectId}/owners`;
    const anaId = userId(bench, ana.login);
    const reference = { "@odata.id": `${bench.lab.graphUrl}/v1.0/directoryObjects/${anaId}` };
    expect((await bench.graph("POST", `${path}/$ref`, reference)).status).toBe(204);
    expect(errorOf(await bench.graph("POST", `${path}/$ref`, reference)).message).toMatch(/references already exist .* 'owners'/);
    const owners = (await bench.graph("GET", path)).json["value"];
    expect(owners).toMatchObject([
      { "@odata.type": "#microsoft.graph.servicePrincipal", id: caller.objectId },
      { "@odata.type": "#microsoft.graph.user", id: anaId },
    ]);
    expect((await bench.graph("DELETE", `${path}/${caller.objectId}/$ref`)).status).toBe(204);
    expect((await bench.graph("DELETE", `${path}/${caller.objectId}/$ref`)).status).toBe(404);
    const elsewhere = { "@odata.id": `https://graph.example/v1.0/directoryObjects/${anaId}` };
    expect(errorOf(await bench.graph("POST", `${path}/$ref`, elsewhere)).message).toMatch(/^Invalid URL/);
  });
});

describe("service principals and assignments", () => {
  it("need an application, and are one for each", async () => {
    const orphan = await bench.graph("POST", "/v1.0/servicePrincipals", { appId: gone });
    expect(errorOf(orphan)).toEqual({
      status: 400,
      code: "NoBackingApplicationObject",
      message: `The appId '${gone}' of the service principal does not reference a valid application object.`,
    });
    const { clientId } = await register(bench);
    expect((await bench.graph("POST", "/v1.0/servicePrincipals", { appId: clientId })).status).toBe(409);
  });

  it("refuse a second assignment, an unknown role and an unknown principal", async () => {
    const { principalId } = await register(bench);
    const group = await makeGroup(bench, "assigned");
    await assign(bench, principalId, group);
    const path = `/v1.0/servicePrincipals/${principalId}/appRoleAssignedTo`;
    const body = { appRoleId: "00000000-0000-0000-0000-000000000000", principalId: group, resourceId: principalId };
    expect(errorOf(await bench.graph("POST", path, body)).message).toBe("Permission being assigned already exists on the object");
    expect(errorOf(await bench.graph("POST", path, { ...body, appRoleId: gone })).message).toMatch(/was not found on application/);
    expect(errorOf(await bench.graph("POST", path, { ...body, principalId: gone })).message).toBe("Not a valid reference update.");
    const [one] = (await bench.graph("GET", path)).json["value"] as Record<string, unknown>[];
    expect(one).toMatchObject({ principalDisplayName: "assigned", principalType: "Group", resourceDisplayName: "k10" });
    expect((await bench.graph("DELETE", `/beta/groups/${group}`)).status).toBe(204);
    expect((await bench.graph("GET", `${path}/${String(one?.["id"])}`)).status).toBe(404);
  });
});

describe("groups and people", () => {
  it("refuse a member twice, a removal of a stranger and a nickname with a space", async () => {
    const group = await makeGroup(bench, "members", [userId(bench, ana.login)]);
    const reference = (id: string) => ({ "@odata.id": `${bench.lab.graphUrl}/beta/directoryObjects/${id}` });
    const path = `/beta/groups/${group}/members`;
    expect(errorOf(await bench.graph("POST", `${path}/$ref`, reference(userId(bench, ana.login)))).message).toMatch(
      /references already exist .* 'members'/,
    );
    expect((await bench.graph("POST", `${path}/$ref`, reference(userId(bench, ben.login)))).status).toBe(204);
    expect((await bench.graph("DELETE", `${path}/${gone}/$ref`)).status).toBe(404);
    expect((await bench.graph("POST", `${path}/$ref`, reference(gone))).status).toBe(404);
    const body = { displayName: "a", mailEnabled: false, mailNickname: "a b", securityEnabled: true };
    expect(errorOf(await bench.graph("POST", "/v1.0/groups", body)).message).toMatch(/contains ' '/);
    expect(errorOf(await bench.graph("POST", "/v1.0/groups", { displayName: "a" })).message).toMatch(/'mailEnabled'/);
  });

  it("are paged by $top, and the next link leads to the end", async () => {
    await [1, 2, 3, 4, 5].reduce((made, index) => made.then(() => makeGroup(bench, `paged ${index}`)), Promise.resolve<unknown>(undefined));
    const names: unknown[] = [];
    let path: string | undefined = "/v1.0/groups?$filter=startswith(displayName,'paged')&$top=2";
    let pages = 0;
    while (path !== undefined) {
      const { json } = await bench.graph("GET", path);
      names.push(...(json["value"] as Record<string, unknown>[]).map((row) => row["displayName"]));
      const next = json["@odata.nextLink"];
      path = typeof next === "string" ? next.slice(bench.lab.graphUrl.length) : undefined;
      pages += 1;
    }
    expect(names).toEqual(["paged 1", "paged 2", "paged 3", "paged 4", "paged 5"]);
    expect(pages).toBe(3);
  });

  it("find a person by id, by name and by filter; /me is for people only", async () => {
    const id = userId(bench, ana.login);
    for (const path of [`/v1.0/users/${id}`, `/v1.0/users/${ana.login}`]) {
      expect((await bench.graph("GET", path)).json).toMatchObject({ id, mail: ana.login });
    }
    const found = await bench.graph("GET", `/v1.0/users?$filter=userPrincipalName%20eq%20'${ana.login}'`);
    expect(found.json["value"]).toMatchObject([{ id, userType: "Member" }]);
    expect(found.text).not.toContain(ana.password);
    expect((await bench.graph("GET", `/v1.0/users/${id}/manager`)).status).toBe(404);
    expect(errorOf(await bench.graph("GET", "/v1.0/me")).message).toMatch(/delegated authentication flow/);
  });
});

describe("conditional access policies", () => {
  const whole = (clientId: string) => ({
    displayName: "mfa",
    state: "enabledForReportingButNotEnforced",
    conditions: { applications: { includeApplications: [clientId] }, users: { includeUsers: ["All"] }, clientAppTypes: ["all"] },
    grantControls: { operator: "OR", builtInControls: ["mfa"] },
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    [
      "an unknown application",
      { conditions: { applications: { includeApplications: [gone] }, users: { includeUsers: ["All"] } } },
      /^1034: Policy contains invalid applications: \{"99999999-9999-4999-8999-999999999999":"ServicePrincipalNotFound"\}$/,
    ],
    ["no application", { conditions: { applications: {}, users: { includeUsers: ["All"] } } }, /at least one application/],
    ["nobody", { conditions: { applications: { includeApplications: ["All"] }, users: {} } }, /at least one user, group/],
    [
      "an unknown group",
      { conditions: { applications: { includeApplications: ["All"] }, users: { includeUsers: ["All"], excludeGroups: [gone] } } },
      /not the object ID of a group/,
    ],
    ["no control", { grantControls: null }, /at least one is required/],
    ["an unknown state", { state: "on" }, /property 'state'/],
    ["block with company", { grantControls: { operator: "OR", builtInControls: ["block", "mfa"] } }, /'block' stands alone/],
  ])("refuse %s", async (_what, change, message) => {
    const { clientId } = await register(bench);
    const answer = await bench.graph("POST", "/v1.0/identity/conditionalAccess/policies", { ...whole(clientId), ...change });
    expect(errorOf(answer)).toMatchObject({ status: 400, message: expect.stringMatching(message) as string });
  });

  it("name what people sign in to: no registration without its principal, and no public client", async () => {
    const post = (clientId: string) => bench.graph("POST", "/v1.0/identity/conditionalAccess/policies", whole(clientId));
    const alone = String((await bench.graph("POST", "/v1.0/applications", { displayName: "alone" })).json["appId"]);
    expect(errorOf(await post(alone)).message).toBe(`1034: Policy contains invalid applications: {"${alone}":"ServicePrincipalNotFound"}`);
    await bench.graph("POST", "/v1.0/servicePrincipals", { appId: alone });
    expect((await post(alone)).status).toBe(201);
    const publicClient = { redirectUris: ["http://localhost:8000"] };
    for (const application of [{ isFallbackPublicClient: true }, { web: { redirectUris: [] }, publicClient }]) {
      const { clientId } = await register(bench, application);
      expect(errorOf(await post(clientId)).message).toContain(`{"${clientId}":"PublicClientsAreUnsupported"}`);
    }
    // The loopback redirect of gatehouse login beside the platform's own makes no public client of it.
    expect((await post((await register(bench, { publicClient })).clientId)).status).toBe(201);
  });

  it("are read back as written", async () => {
    const { clientId } = await register(bench);
    const made = await bench.graph("POST", "/v1.0/identity/conditionalAccess/policies", whole(clientId));
    expect(made.json).toMatchObject({ ...whole(clientId), modifiedDateTime: null });
    const read = await bench.graph("GET", `/v1.0/identity/conditionalAccess/policies/${String(made.json["id"])}`);
    expect(read.json).toMatchObject(whole(clientId));
  });
});

describe("federated credentials", () => {
  it("are unique by issuer and subject and take one audience", async () => {
    const { objectId } = await register(bench);
    const path = `/v1.0/applications/${objectId}/federatedIdentityCredentials`;
    const body = { name: "gh", issuer: "https://issuer.example", subject: "s", audiences: ["api://AzureADTokenExchange"] };
    expect((await bench.graph("POST", path, body)).status).toBe(201);
    expect(errorOf(await bench.graph("POST", path, { ...body, name: "other" })).message).toMatch(/same issuer and subject/);
    expect(errorOf(await bench.graph("POST", path, body)).message).toMatch(/same name/);
    expect(errorOf(await bench.graph("POST", path, { ...body, audiences: ["a", "b"] })).message).toMatch(/exactly one audience/);
    expect(errorOf(await bench.graph("POST", path, { ...body, name: "x", issuer: "http://issuer.example" })).message).toMatch(/https URL/);
  });
});

it("serves the metadata document for the one version that the provider asks for", async () => {
  const { graphUrl } = bench.lab;
  const right = await bench.send("GET", `${graphUrl}/metadata/endpoints?api-version=2022-09-01`);
  expect(right.json).toEqual({
    authentication: { audiences: [graphUrl], identityProvider: "AAD", loginEndpoint: graphUrl, tenant: "common" },
    microsoftGraphResourceId: `${graphUrl}/`,
    name: "LabCloud",
    resourceManager: `${graphUrl}/arm`,
    suffixes: {},
  });
  expect((await bench.send("GET", `${graphUrl}/metadata/endpoints?api-version=2020-01-01`)).status).toBe(400);
  expect(bench.lab.issuer).toBe(`${graphUrl}/${tenant}/v2.0`);
});

it("serves the discovery document under a verified domain, naming the tenant by its id", async () => {
  const { graphUrl, issuer } = bench.lab;
  const path = "v2.0/.well-known/openid-configuration";
  expect((await bench.send("GET", `${graphUrl}/lab.example/${path}`)).json).toMatchObject({
    issuer,
    authorization_endpoint: `${graphUrl}/${tenant}/oauth2/v2.0/authorize`,
    token_endpoint: `${graphUrl}/${tenant}/oauth2/v2.0/token`,
    jwks_uri: `${graphUrl}/${tenant}/discovery/v2.0/keys`,
    userinfo_endpoint: `${graphUrl}/oidc/userinfo`,
    subject_types_supported: ["pairwise"],
  });
  expect((await bench.send("GET", `${graphUrl}/other.example/${path}`)).status).toBe(404);
});
