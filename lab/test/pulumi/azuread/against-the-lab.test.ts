// The stand-in against the lab's Graph: the official plugin's requests in the official order (facts/identity-providers.md 2b), and a
// resource that nobody changed must show no difference.
import { azuread } from "../../../pulumi/azuread/table";
import type { Provider, ResourceName } from "../../../pulumi/provider/provider";
import { tableProvider } from "../../../pulumi/provider/table";
import { UNKNOWN, type Properties } from "../../../pulumi/provider/values";
import { ANA, BEN, CALLER, TENANT, NO_ROLE, openBench, userId, type Bench } from "../../vendors/entra/support";

jest.setTimeout(60_000);

let bench: Bench;
let provider: Provider;

const named = (type: string): ResourceName => ({
  urn: `urn:pulumi:dev::test::azuread:index/${type}::it`,
  type: `azuread:index/${type}`,
  name: "it",
});
const APPLICATION = named("application:Application");
const PASSWORD = named("applicationPassword:ApplicationPassword");
const PRINCIPAL = named("servicePrincipal:ServicePrincipal");
const GROUP = named("group:Group");
const MEMBER = named("groupMember:GroupMember");
const ASSIGNMENT = named("appRoleAssignment:AppRoleAssignment");
const POLICY = named("conditionalAccessPolicy:ConditionalAccessPolicy");
const FEDERATED = named("applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential");

const REDIRECT = "https://k10.example.com/k10/auth-svc/v0/oidc/redirect";
const settings: Properties = { clientId: CALLER.clientId, clientSecret: CALLER.clientSecret, tenantId: TENANT };

/** The stand-in as the engine starts it; it trusts SSL_CERT_FILE, as the official plugin does. */
async function connect(): Promise<Provider> {
  const connected = tableProvider(azuread);
  await connected.configure({ ...settings, metadataHost: bench.lab.metadataHost });
  return connected;
}

interface Made {
  id: string;
  state: Properties;
  inputs: Properties;
}

async function create(resource: ResourceName, given: Properties): Promise<Made> {
  const checked = await provider.check(resource, {}, given);
  expect(checked.failures).toEqual([]);
  const { id, state } = await provider.create(resource, checked.inputs, false, 0);
  return { id, state, inputs: checked.inputs };
}

/** After a refresh, and against unchanged inputs, nothing differs. */
async function expectSettled(resource: ResourceName, made: Made): Promise<void> {
  const read = await provider.read(resource, made.id, made.inputs, made.state);
  expect(read?.state).toEqual(made.state);
  const { inputs } = await provider.check(resource, made.inputs, withoutDefaults(made.inputs));
  expect((await provider.diff(resource, made.id, made.inputs, read?.state ?? {}, inputs)).detailed).toEqual({});
}

function withoutDefaults(inputs: Properties): Properties {
  return Object.fromEntries(Object.entries(inputs).filter(([key]) => key !== "__defaults"));
}

async function update(resource: ResourceName, made: Made, change: Properties): Promise<{ made: Made; detailed: Record<string, string> }> {
  const { inputs } = await provider.check(resource, made.inputs, { ...withoutDefaults(made.inputs), ...change });
  const { detailed } = await provider.diff(resource, made.id, made.inputs, made.state, inputs);
  const { state } = await provider.update(resource, made.id, made.inputs, made.state, inputs, false, 0);
  return { made: { id: made.id, state, inputs }, detailed };
}

/** Requests since the last look, ids shortened. */
function requests(): string[] {
  const lines = bench.lab.log.all().map(({ method, path, status }) => {
    const short = path.replace(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g, "*").replace(/(appRoleAssignedTo)\/.+/, "$1/*");
    return `${method} ${short} ${String(status)}`;
  });
  bench.lab.log.clear();
  return lines;
}

function objectIdOf(state: Properties): string {
  const id = state["objectId"];
  if (typeof id !== "string") {
    throw new Error("expected the state to have objectId");
  }
  return id;
}

const repeated = (count: number, line: string): string[] => Array.from({ length: count }, () => line);

const owners = [CALLER.objectId];

function newApplication(extra: Properties = {}): Promise<Made> {
  return create(APPLICATION, {
    displayName: "k10",
    owners,
    api: { requestedAccessTokenVersion: 2 },
    web: { redirectUris: [REDIRECT], implicitGrant: { accessTokenIssuanceEnabled: false, idTokenIssuanceEnabled: false } },
    groupMembershipClaims: ["ApplicationGroup"],
    optionalClaims: { idTokens: [{ name: "email" }] },
    ...extra,
  });
}

beforeAll(async () => {
  bench = await openBench({ people: [ANA, { ...BEN, groups: ["Security Auditors"] }] });
  process.env["SSL_CERT_FILE"] = bench.caFile;
  provider = await connect();
});
beforeEach(() => bench.lab.log.clear());
afterAll(async () => {
  delete process.env["SSL_CERT_FILE"];
  await bench.close();
});

test("a start is one metadata document and one token", async () => {
  await connect();
  expect(requests()).toEqual(["GET /metadata/endpoints 200", "POST /*/oauth2/v2.0/token 200"]);
});

test("an application: temporary name, settled state, update, removal of a role, deletion", async () => {
  const role = {
    id: "33333333-3333-4333-8333-333333333333",
    allowedMemberTypes: ["User"],
    displayName: "Admin",
    description: "d",
    value: "admin",
  };
  const made = await newApplication({ appRoles: [role] });
  expect(requests()).toEqual([
    "POST /v1.0/applications 201",
    ...repeated(2, "PATCH /v1.0/applications/* 204"),
    "GET /v1.0/applications/* 200",
    "GET /beta/applications/* 200",
    "GET /v1.0/applications/*/owners 200",
  ]);
  expect(made.id).toBe(`/applications/${objectIdOf(made.state)}`);
  expect(made.state).toMatchObject({
    displayName: "k10",
    owners,
    appRoleIds: { admin: role.id },
    groupMembershipClaims: ["ApplicationGroup"],
  });
  await expectSettled(APPLICATION, made);
  requests();
  const { made: renamed, detailed } = await update(APPLICATION, made, { displayName: "k10 two", appRoles: [] });
  expect(detailed).toMatchObject({ displayName: "update" });
  expect(requests()).toEqual([
    "GET /v1.0/applications/* 200",
    "PATCH /v1.0/applications/* 204",
    "PATCH /v1.0/applications/* 204",
    "GET /v1.0/applications/*/owners 200",
    "GET /v1.0/applications/* 200",
    "GET /beta/applications/* 200",
    "GET /v1.0/applications/*/owners 200",
  ]);
  expect(renamed.state).toMatchObject({ displayName: "k10 two", appRoles: [], clientId: made.state["clientId"] });
  await expectSettled(APPLICATION, renamed);
  requests();
  await provider.delete(APPLICATION, renamed.id, renamed.inputs, renamed.state, 0);
  expect(requests()).toEqual(["DELETE /v1.0/applications/* 204", ...repeated(5, "GET /v1.0/applications/* 404")]);
  expect(await provider.read(APPLICATION, renamed.id, renamed.inputs, renamed.state)).toBeUndefined();
});

test("an application without owners ends with none, as with the official plugin", async () => {
  const made = await newApplication({ displayName: "ownerless", owners: [] });
  expect(made.state["owners"]).toEqual([]);
  expect(requests()).toContain("DELETE /v1.0/applications/*/owners/*/$ref 204");
});

test("drift of a redirect URI is a change, and a duplicate name is refused when asked", async () => {
  const made = await newApplication({ displayName: "drifting", preventDuplicateNames: true });
  const id = objectIdOf(made.state);
  await bench.graph("PATCH", `/v1.0/applications/${id}`, { web: { redirectUris: ["https://evil.example/cb"] } });
  const read = await provider.read(APPLICATION, made.id, made.inputs, made.state);
  const { detailed } = await provider.diff(APPLICATION, made.id, made.inputs, read?.state ?? {}, made.inputs);
  expect(detailed).toEqual({ "web.redirectUris": "update" });
  await expect(newApplication({ displayName: "drifting", preventDuplicateNames: true })).rejects.toThrow(/already exists with object id/);
});

test("two secrets live side by side, and each is readable once, as a secret", async () => {
  const { state } = await newApplication({ displayName: "secrets" });
  const applicationId = `/applications/${objectIdOf(state)}`;
  requests();
  const first = await create(PASSWORD, { applicationId, displayName: "a", endDate: "2030-01-01T00:00:00Z" });
  expect(requests()).toEqual([
    "GET /v1.0/applications/* 200",
    "POST /v1.0/applications/*/addPassword 200",
    ...repeated(6, "GET /v1.0/applications/* 200"),
  ]);
  const second = await create(PASSWORD, { applicationId, displayName: "b", endDate: "2030-06-01T00:00:00Z" });
  expect(first.state["value"]).not.toBe(second.state["value"]);
  await expectSettled(PASSWORD, first);
  const change = await provider.check(PASSWORD, first.inputs, { ...withoutDefaults(first.inputs), endDate: "2031-01-01T00:00:00Z" });
  const difference = await provider.diff(PASSWORD, first.id, first.inputs, first.state, change.inputs);
  expect(difference).toMatchObject({ replaces: ["endDate"], deleteBeforeReplace: false });
  requests();
  await provider.delete(PASSWORD, first.id, first.inputs, first.state, 0);
  expect(requests()).toContain("POST /v1.0/applications/*/removePassword 204");
  expect(await provider.read(PASSWORD, first.id, first.inputs, first.state)).toBeUndefined();
  expect(await provider.read(PASSWORD, second.id, second.inputs, second.state)).toBeDefined();
});

test("principal, group, member, assignment and policy settle, and go in the official way", async () => {
  const { state } = await newApplication({ displayName: "whole" });
  requests();
  const principal = await create(PRINCIPAL, { clientId: state["clientId"] ?? "", appRoleAssignmentRequired: true, owners });
  expect(requests()).toEqual([
    "GET /v1.0/servicePrincipals 200",
    "POST /v1.0/servicePrincipals 201",
    "PATCH /v1.0/servicePrincipals/* 204",
    "GET /v1.0/servicePrincipals/* 200",
    "GET /beta/servicePrincipals/* 200",
    "GET /v1.0/servicePrincipals/*/owners 200",
  ]);
  await expectSettled(PRINCIPAL, principal);
  requests();
  const group = await create(GROUP, { displayName: "Kasten Admins", securityEnabled: true, owners, members: [userId(bench, ANA.login)] });
  expect(requests()).toEqual([
    "POST /beta/groups 201",
    ...repeated(2, "PATCH /beta/groups/* 204"),
    ...repeated(5, "GET /beta/groups/* 200"),
    "POST /beta/groups/*/members/$ref 204",
    "GET /beta/groups/* 200",
    "GET /beta/groups/*/owners 200",
    "GET /beta/groups/*/members 200",
    "GET /beta/groups/*/memberOf 200",
  ]);
  await expectSettled(GROUP, group);
  const groupObjectId = objectIdOf(group.state);
  const member = await create(MEMBER, { groupObjectId, memberObjectId: userId(bench, BEN.login) });
  await expectSettled(MEMBER, member);
  await expect(create(MEMBER, { groupObjectId, memberObjectId: userId(bench, BEN.login) })).rejects.toThrow(/already exists/);
  const resourceObjectId = objectIdOf(principal.state);
  const assignment = await create(ASSIGNMENT, { appRoleId: NO_ROLE, principalObjectId: groupObjectId, resourceObjectId });
  expect(assignment.state).toMatchObject({ principalType: "Group", principalDisplayName: "Kasten Admins", resourceDisplayName: "whole" });
  await expectSettled(ASSIGNMENT, assignment);
  requests();
  const policy = await create(POLICY, {
    displayName: "whole: second factor",
    state: "enabledForReportingButNotEnforced",
    conditions: {
      clientAppTypes: ["all"],
      applications: { includedApplications: [state["clientId"] ?? ""] },
      users: { includedUsers: ["All"], excludedGroups: [groupObjectId] },
    },
    grantControls: { operator: "OR", builtInControls: ["mfa"] },
  });
  expect(requests()).toEqual([
    "POST /v1.0/identity/conditionalAccess/policies 201",
    ...repeated(6, "GET /v1.0/identity/conditionalAccess/policies/* 200"),
  ]);
  await expectSettled(POLICY, policy);
  const { detailed } = await update(POLICY, policy, { state: "enabled" });
  expect(detailed).toEqual({ state: "update" });
  const federated = await create(FEDERATED, {
    applicationId: `/applications/${objectIdOf(state)}`,
    displayName: "gh",
    issuer: "https://issuer.example",
    subject: "repo:o/r",
    audiences: ["api://AzureADTokenExchange"],
  });
  await expectSettled(FEDERATED, federated);
  const everything: [ResourceName, Made][] = [
    [FEDERATED, federated],
    [POLICY, policy],
    [ASSIGNMENT, assignment],
    [MEMBER, member],
    [GROUP, group],
    [PRINCIPAL, principal],
  ];
  for (const [resource, { id, inputs, state: last }] of everything) {
    await provider.delete(resource, id, inputs, last, 0);
    expect(await provider.read(resource, id, inputs, last)).toBeUndefined();
  }
});

test("functions find people and groups, and say what they did not find", async () => {
  expect(await provider.invoke("azuread:index/getClientConfig:getClientConfig", {})).toMatchObject({
    objectId: CALLER.objectId,
    tenantId: TENANT,
  });
  expect(requests()).toEqual([]);
  const user = await provider.invoke("azuread:index/getUser:getUser", { userPrincipalName: ANA.login });
  expect(user).toMatchObject({ objectId: userId(bench, ANA.login), displayName: "Ana Lima", mail: ANA.login, accountEnabled: true });
  expect(requests()).toEqual(["GET /v1.0/users 200", "GET /v1.0/users/* 200", "GET /v1.0/users/*/manager 404"]);
  const group = await provider.invoke("azuread:index/getGroup:getGroup", { displayName: "Security Auditors", securityEnabled: true });
  expect(group).toMatchObject({ members: [userId(bench, BEN.login)], securityEnabled: true });
  const users = await provider.invoke("azuread:index/getUsers:getUsers", { userPrincipalNames: [ANA.login, BEN.login] });
  expect(users).toMatchObject({ objectIds: [userId(bench, ANA.login), userId(bench, BEN.login)] });
  await expect(provider.invoke("azuread:index/getUser:getUser", { userPrincipalName: "nobody@example.com" })).rejects.toThrow(
    /was not found/,
  );
  requests();
  const graph = await provider.invoke("azuread:index/getServicePrincipal:getServicePrincipal", {
    clientId: "00000003-0000-0000-c000-000000000000",
  });
  expect(graph).toMatchObject({
    displayName: "Microsoft Graph",
    appRoleIds: { "User.Read.All": "df021288-bdef-4463-88db-98f22de89214" },
  });
  expect(requests()).toEqual(["GET /v1.0/servicePrincipals 200", "GET /beta/servicePrincipals/* 200"]);
  await expect(provider.invoke("azuread:index/getServicePrincipal:getServicePrincipal", { displayName: "Nobody" })).rejects.toThrow(
    /No service principals found/,
  );
  await expect(provider.invoke("azuread:index/getGroup:getGroup", { displayName: "Nobody" })).rejects.toThrow(/no group found/);
  await expect(provider.invoke("azuread:index/getApplication:getApplication", { displayName: "x" })).rejects.toThrow(
    /function is not implemented/,
  );
});

test("a display name with an apostrophe breaks the look-ups that do not escape it", async () => {
  const displayName = "Ana's team";
  const getGroup = provider.invoke("azuread:index/getGroup:getGroup", { displayName, securityEnabled: true });
  await expect(getGroup).rejects.toThrow(/unexpected status 400.*Invalid filter clause/s);
  const wanted = { displayName, securityEnabled: true, preventDuplicateNames: true };
  await expect(create(GROUP, wanted)).rejects.toThrow(/unexpected status 400.*Invalid filter clause/s);
  await expect(create(APPLICATION, { displayName, preventDuplicateNames: true })).rejects.toThrow(/Invalid filter clause/);
  expect(bench.lab.store.groups().map(({ fields }) => fields.displayName)).not.toContain(displayName);
});

test.each([
  ["an unknown property", { displayName: "a", colour: "red" }, /unknown property colour/],
  ["a property that is not implemented", { displayName: "a", templateId: "x" }, /templateId is not implemented/],
  [
    "a redirect without a path",
    { displayName: "a", web: { redirectUris: ["https://a.example"] } },
    /must have a trailing slash when there is no path segment/,
  ],
  ["a wrong kind of group claim", { displayName: "a", groupMembershipClaims: ["Groups"] }, /expected one of None/],
  ["no name", {}, /missing required property displayName/],
])("check refuses %s", async (_what, inputs: Properties, reason) => {
  const { failures } = await provider.check(APPLICATION, {}, inputs);
  expect(failures.map((failure) => failure.reason).join("\n")).toMatch(reason);
});

test("a preview knows what it cannot know yet", async () => {
  const { inputs } = await provider.check(APPLICATION, {}, { displayName: "later" });
  const { state } = await provider.create(APPLICATION, inputs, true, 0);
  expect(state["clientId"]).toBe(UNKNOWN);
  expect(requests()).toEqual([]);
});
