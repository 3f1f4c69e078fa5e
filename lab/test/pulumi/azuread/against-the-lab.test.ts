// The stand-in against the lab's Graph: the official plugin's requests in the official order, and a
// resource that nobody changed must show no difference.
import { withoutPauses } from "../../builtins";
import { azuread } from "../../../pulumi/azuread/table";
import type { Provider, ResourceName } from "../../../pulumi/provider/provider";
import { tableProvider } from "../../../pulumi/provider/table";
import { unknownValue, type Properties } from "../../../pulumi/provider/values";
import { ana, ben, caller, tenant, noRole, openBench, userId, type Bench } from "../../vendors/entra/support";

// Each change is confirmed by five reads with a pause between them; this Graph has one replica.
withoutPauses();

let bench: Bench;
let provider: Provider;

const named = (type: string): ResourceName => ({
  urn: `urn:pulumi:dev::test::azuread:index/${type}::it`,
  type: `azuread:index/${type}`,
  name: "it",
});
const application = named("application:Application");
const password = named("applicationPassword:ApplicationPassword");
const principalType = named("servicePrincipal:ServicePrincipal");
const groupType = named("group:Group");
const memberType = named("groupMember:GroupMember");
const assignmentType = named("appRoleAssignment:AppRoleAssignment");
const policyType = named("conditionalAccessPolicy:ConditionalAccessPolicy");
const federatedType = named("applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential");

const redirectUrl = "https://k10.example.com/k10/auth-svc/v0/oidc/redirect";
const settings: Properties = { clientId: caller.clientId, clientSecret: caller.clientSecret, tenantId: tenant };

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

const owners = [caller.objectId];

function newApplication(extra: Properties = {}): Promise<Made> {
  return create(application, {
    displayName: "k10",
    owners,
    api: { requestedAccessTokenVersion: 2 },
    web: { redirectUris: [redirectUrl], implicitGrant: { accessTokenIssuanceEnabled: false, idTokenIssuanceEnabled: false } },
    groupMembershipClaims: ["ApplicationGroup"],
    optionalClaims: { idTokens: [{ name: "email" }] },
    ...extra,
  });
}

beforeAll(async () => {
  bench = await openBench({ people: [ana, { ...ben, groups: ["Security Auditors"] }] });
  vi.stubEnv("SSL_CERT_FILE", bench.caFile);
  provider = await connect();
});
beforeEach(() => bench.lab.log.clear());
afterAll(async () => {
  vi.unstubAllEnvs();
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
  await expectSettled(application, made);
  requests();
  const { made: renamed, detailed } = await update(application, made, { displayName: "k10 two", appRoles: [] });
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
  await expectSettled(application, renamed);
  requests();
  await provider.delete(application, renamed.id, renamed.inputs, renamed.state, 0);
  expect(requests()).toEqual(["DELETE /v1.0/applications/* 204", ...repeated(5, "GET /v1.0/applications/* 404")]);
  expect(await provider.read(application, renamed.id, renamed.inputs, renamed.state)).toBeUndefined();
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
  const read = await provider.read(application, made.id, made.inputs, made.state);
  const { detailed } = await provider.diff(application, made.id, made.inputs, read?.state ?? {}, made.inputs);
  expect(detailed).toEqual({ "web.redirectUris": "update" });
  await expect(newApplication({ displayName: "drifting", preventDuplicateNames: true })).rejects.toThrow(/already exists with object id/);
});

test("two secrets live side by side, and each is readable once, as a secret", async () => {
  const { state } = await newApplication({ displayName: "secrets" });
  const applicationId = `/applications/${objectIdOf(state)}`;
  requests();
  const first = await create(password, { applicationId, displayName: "a", endDate: "2030-01-01T00:00:00Z" });
  expect(requests()).toEqual([
    "GET /v1.0/applications/* 200",
    "POST /v1.0/applications/*/addPassword 200",
    ...repeated(6, "GET /v1.0/applications/* 200"),
  ]);
  const second = await create(password, { applicationId, displayName: "b", endDate: "2030-06-01T00:00:00Z" });
  expect(first.state["value"]).not.toBe(second.state["value"]);
  await expectSettled(password, first);
  const change = await provider.check(password, first.inputs, { ...withoutDefaults(first.inputs), endDate: "2031-01-01T00:00:00Z" });
  const difference = await provider.diff(password, first.id, first.inputs, first.state, change.inputs);
  expect(difference).toMatchObject({ replaces: ["endDate"], deleteBeforeReplace: false });
  requests();
  await provider.delete(password, first.id, first.inputs, first.state, 0);
  expect(requests()).toContain("POST /v1.0/applications/*/removePassword 204");
  expect(await provider.read(password, first.id, first.inputs, first.state)).toBeUndefined();
  expect(await provider.read(password, second.id, second.inputs, second.state)).toBeDefined();
});

test("principal, group, member, assignment and policy settle, and go in the official way", async () => {
  const { state } = await newApplication({ displayName: "whole" });
  requests();
  const principal = await create(principalType, { clientId: state["clientId"] ?? "", appRoleAssignmentRequired: true, owners });
  expect(requests()).toEqual([
    "GET /v1.0/servicePrincipals 200",
    "POST /v1.0/servicePrincipals 201",
    "PATCH /v1.0/servicePrincipals/* 204",
    "GET /v1.0/servicePrincipals/* 200",
    "GET /beta/servicePrincipals/* 200",
    "GET /v1.0/servicePrincipals/*/owners 200",
  ]);
  await expectSettled(principalType, principal);
  requests();
  const members = [userId(bench, ana.login)];
  const group = await create(groupType, { displayName: "Kasten Admins", securityEnabled: true, owners, members });
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
  await expectSettled(groupType, group);
  const groupObjectId = objectIdOf(group.state);
  const member = await create(memberType, { groupObjectId, memberObjectId: userId(bench, ben.login) });
  await expectSettled(memberType, member);
  await expect(create(memberType, { groupObjectId, memberObjectId: userId(bench, ben.login) })).rejects.toThrow(/already exists/);
  const resourceObjectId = objectIdOf(principal.state);
  const assignment = await create(assignmentType, { appRoleId: noRole, principalObjectId: groupObjectId, resourceObjectId });
  expect(assignment.state).toMatchObject({ principalType: "Group", principalDisplayName: "Kasten Admins", resourceDisplayName: "whole" });
  await expectSettled(assignmentType, assignment);
  requests();
  const policy = await create(policyType, {
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
  await expectSettled(policyType, policy);
  const { detailed } = await update(policyType, policy, { state: "enabled" });
  expect(detailed).toEqual({ state: "update" });
  const federated = await create(federatedType, {
    applicationId: `/applications/${objectIdOf(state)}`,
    displayName: "gh",
    issuer: "https://issuer.example",
    subject: "repo:o/r",
    audiences: ["api://AzureADTokenExchange"],
  });
  await expectSettled(federatedType, federated);
  const everything: [ResourceName, Made][] = [
    [federatedType, federated],
    [policyType, policy],
    [assignmentType, assignment],
    [memberType, member],
    [groupType, group],
    [principalType, principal],
  ];
  for (const [resource, { id, inputs, state: last }] of everything) {
    await provider.delete(resource, id, inputs, last, 0);
    expect(await provider.read(resource, id, inputs, last)).toBeUndefined();
  }
});

test("functions find people and groups, and say what they did not find", async () => {
  expect(await provider.invoke("azuread:index/getClientConfig:getClientConfig", {})).toMatchObject({
    objectId: caller.objectId,
    tenantId: tenant,
  });
  expect(requests()).toEqual([]);
  const user = await provider.invoke("azuread:index/getUser:getUser", { userPrincipalName: ana.login });
  expect(user).toMatchObject({
    objectId: userId(bench, ana.login),
    displayName: "Ana Lima",
    mail: ana.login,
    accountEnabled: true,
  });
  expect(requests()).toEqual(["GET /v1.0/users 200", "GET /v1.0/users/* 200", "GET /v1.0/users/*/manager 404"]);
  const group = await provider.invoke("azuread:index/getGroup:getGroup", { displayName: "Security Auditors", securityEnabled: true });
  expect(group).toMatchObject({ members: [userId(bench, ben.login)], securityEnabled: true });
  const users = await provider.invoke("azuread:index/getUsers:getUsers", { userPrincipalNames: [ana.login, ben.login] });
  expect(users).toMatchObject({ objectIds: [userId(bench, ana.login), userId(bench, ben.login)] });
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
  await expect(create(groupType, wanted)).rejects.toThrow(/unexpected status 400.*Invalid filter clause/s);
  await expect(create(application, { displayName, preventDuplicateNames: true })).rejects.toThrow(/Invalid filter clause/);
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
  const { failures } = await provider.check(application, {}, inputs);
  expect(failures.map((failure) => failure.reason).join("\n")).toMatch(reason);
});

test("a preview knows what it cannot know yet", async () => {
  const { inputs } = await provider.check(application, {}, { displayName: "later" });
  const { state } = await provider.create(application, inputs, true, 0);
  expect(state["clientId"]).toBe(unknownValue);
  expect(requests()).toEqual([]);
});
