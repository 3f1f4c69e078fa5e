import { judgeEnvironment } from "../../../model";
import { gatehouse, type Outcome, type World } from "../harness";
import { application, assignment, entraBindings, entraFiles, entraValues, graph, ids, principal, tenant } from "./entra-world";
import { binding, clientSecret, environmentOf, live, stackFile } from "./world";

const adopt = (changes: Readonly<Record<string, unknown>> = {}): Promise<Outcome> =>
  gatehouse(["adopt", "--from-files", "found"], { folders: { found: entraFiles(changes) } });
const oidc = (changes: Readonly<Record<string, unknown>>): unknown => ({
  auth: { oidcAuth: { ...entraValues.auth.oidcAuth, ...changes } },
});
const imported = ({ written = {} }: Outcome): { type: string; id?: string; logicalName: string }[] =>
  (JSON.parse(written["adopted/import.json"] ?? "{}") as { resources: { type: string; id?: string; logicalName: string }[] }).resources;

describe("K10 on Entra ID as the vendor's article makes it", () => {
  let outcome: Outcome;
  beforeAll(async () => {
    outcome = await adopt();
  });

  test("is kept as it is, what is dangerous under its key", () => {
    expect(outcome.stderr).toContain("made adopted/report.md");
    const environment = environmentOf(outcome);
    expect(environment["idp"]).toEqual({
      ...{ kind: "entra", tenantId: tenant, groupClaims: "all", owners: ["ana@example.com"], mfa: "external" },
      ...{ insecureAssignEveryone: true, insecureImplicitIdTokens: true },
      secret: { adopted: { k10: { config: "clients:k10", endsOn: "2027-03-01" } } },
    });
    expect(environment["groups"]).toEqual({
      "kasten-users": { existing: ids.users },
      "kasten-operators": { existing: ids.operators },
    });
    expect(environment["platforms"]).toMatchObject({
      k10: {
        ...{ prefix: "kasten_azure_", usernameClaim: "sub", adopted: true },
        access: [
          { group: "kasten-operators", role: "basic", namespaces: ["shop"] },
          { group: "kasten-users", role: "admin" },
        ],
      },
    });
    expect(judgeEnvironment(environment, "2026-11-23").problems).toEqual([]);
  });

  test("comments beside each: what was found, and the safe value", () => {
    expect(stackFile(outcome)).toMatch(/# found as it is: tokens carry every security group.*safe: leave it out.*\n\s*groupClaims: all/);
    expect(stackFile(outcome)).toMatch(/# found as it is: the whole tenant may sign in.*\n\s*insecureAssignEveryone: true/);
    expect(stackFile(outcome)).toMatch(/# found Conditional Access 'Second factor for all' \(enabled\).*\n\s*mfa: external/);
    expect(stackFile(outcome)).toContain("# Kasten Users\n");
    expect(outcome.stdout).toContain("client secrets at Entra ID: 'kasten' (00000000-0000-4000-8000-000000000001) until 2027-03-01");
  });

  test("the ids are those that the provider imports", () => {
    expect(imported(outcome).flatMap(({ type, id, logicalName }) => (id === undefined ? [] : [[type, logicalName, id]]))).toEqual([
      ["azuread:index/application:Application", "k10-app", `/applications/${ids.app}`],
      ["azuread:index/servicePrincipal:ServicePrincipal", "k10-app-principal", `/servicePrincipals/${ids.principal}`],
      ["kubernetes:core/v1:Namespace", "k10-namespace", "kasten-io"],
    ]);
  });

  test("access is equal, and the secret is nowhere", () => {
    expect(outcome.stdout).toContain("3 before, 3 after: equal.");
    expect(JSON.stringify(outcome)).not.toContain(clientSecret);
  });
});

test("assignment required: groups with a role are imported with theirs, others stay as they are", async () => {
  const outcome = await adopt({
    "entra-principal.json": { value: [{ ...principal, appRoleAssignmentRequired: true }] },
    "entra-application.json": { value: [{ ...application, groupMembershipClaims: "ApplicationGroup" }] },
    "entra-assignments.json": { value: [assignment("a1", ids.users), assignment("a2", ids.operators), assignment("a3", "other")] },
  });
  expect(outcome.stdout).toContain("3 before, 3 after: equal.");
  expect(environmentOf(outcome)["idp"]).not.toHaveProperty("insecureAssignEveryone");
  expect(environmentOf(outcome)["idp"]).not.toHaveProperty("groupClaims");
  expect(
    imported(outcome)
      .filter(({ type }) => type.endsWith("AppRoleAssignment"))
      .map(({ logicalName, id }) => [logicalName, id]),
  ).toEqual([
    ["k10-app-group-kasten-operators", `/servicePrincipals/${ids.principal}/appRoleAssignedTo/a2`],
    ["k10-app-group-kasten-users", `/servicePrincipals/${ids.principal}/appRoleAssignedTo/a1`],
  ]);
});

test("people by object id get grants of their own; a pairwise sub stays with its binding", async () => {
  const oid = "99999999-8888-4777-a666-555555555555";
  const user = binding("ClusterRoleBinding", undefined, "one", "ClusterRole/k10-config-view", `User/kasten_azure_${oid}`);
  const byOid = await adopt({
    "values.yaml": oidc({ usernameClaim: "oid" }),
    "bindings.json": { items: [...entraBindings, user] },
    [`entra-user-${oid}.json`]: { id: oid, userPrincipalName: "omar@example.com" },
  });
  expect(byOid.stdout).toContain("4 before, 4 after: equal.");
  expect(environmentOf(byOid)["platforms"]).toMatchObject({
    k10: { access: expect.arrayContaining([{ user: "omar@example.com", role: "view" }]) as unknown },
  });
  const bySub = await adopt({ "bindings.json": { items: [...entraBindings, user] } });
  expect(bySub.stdout).toContain("4 before, 4 after: equal.");
  expect(bySub.stdout).toContain(`ClusterRoleBinding one: gives User kasten_azure_${oid} what no grant says; it stays`);
});

test("nobody but the public cloud is the default authority", async () => {
  const outcome = await adopt({ "values.yaml": oidc({ providerURL: `https://login.microsoftonline.us/${tenant}/v2.0` }) });
  expect(environmentOf(outcome)["idp"]).toMatchObject({ authority: "https://login.microsoftonline.us", tenantId: tenant });
});

const app = (changes: Readonly<Record<string, unknown>>): Record<string, unknown> => ({
  "entra-application.json": { value: [{ ...application, ...changes }] },
});

test.each<[string, Record<string, unknown>, RegExp]>([
  [
    "no such registration",
    { "entra-application.json": { value: [] } },
    /expected one app registration of the tenant with the client id 3cae7658.*got none/,
  ],
  [
    "a first page alone",
    { "entra-assignments.json": { value: [], "@odata.nextLink": "https://graph.microsoft.com/next" } },
    /Expected the whole list in entra-assignments\.json, got its first page/,
  ],
  [
    "no enterprise application",
    { "entra-principal.json": { value: [] } },
    /an enterprise application of the registration, without which nobody signs in, got none/,
  ],
  [
    "several tenants",
    app({ signInAudience: "AzureADMultipleOrgs" }),
    /AzureADMyOrg: the stack makes it single tenant, got AzureADMultipleOrgs/,
  ],
  [
    "names in place of ids",
    app({ optionalClaims: { idToken: [{ name: "groups", additionalProperties: ["cloud_displayname"] }] } }),
    /groups by object id, got names \(cloud_displayname\)/,
  ],
  ["roles of its own", app({ appRoles: [{ id: "r" }] }), /an app without roles of its own/],
  ["an API", app({ identifierUris: ["api://k10"] }), /does nothing but sign people in/],
  ["no groups claim", app({ groupMembershipClaims: null }), /tokens to carry 'Kasten Users'/],
  [
    "a secret that has ended",
    app({ passwordCredentials: [{ keyId: "k", endDateTime: "2026-11-01T00:00:00Z" }] }),
    /a client secret that is valid after today, got ends on 2026-11-01/,
  ],
  ["version 1", { "values.yaml": oidc({ providerURL: `https://sts.windows.net/${tenant}/` }) }, /version 2 of the tenant's sign-in/],
  ["app roles in place of groups", { "values.yaml": oidc({ groupClaim: "roles" }) }, /expected the claim groups, got roles/],
  [
    "a Microsoft 365 group",
    { [`entra-group-${ids.users}.json`]: { id: ids.users, displayName: "Kasten Users", securityEnabled: false } },
    /'Kasten Users', which is no security group/,
  ],
  [
    "a binding in capital letters",
    {
      "bindings.json": {
        items: [
          ...entraBindings.slice(0, 2),
          binding("RoleBinding", "shop", "operators", "ClusterRole/k10-basic", `Group/kasten_azure_${ids.operators.toUpperCase()}`),
        ],
      },
    },
    /got none\. Fix: delete the binding, which reaches nobody/,
  ],
])("refused in words, with nothing written: %s", async (_what, changes, words) => {
  const outcome = await adopt(changes);
  expect(outcome.stdout + outcome.stderr).toMatch(words);
  expect(outcome.status).toBeGreaterThan(0);
  expect(outcome.written).toBeUndefined();
});

describe("live", () => {
  const answers: Readonly<Record<string, unknown>> = {
    "/v1.0/applications": graph["entra-application.json"],
    "/v1.0/servicePrincipals": graph["entra-principal.json"],
    [`/v1.0/applications/${ids.app}/owners`]: graph["entra-owners.json"],
    [`/v1.0/servicePrincipals/${ids.principal}/owners`]: { value: [] },
    [`/v1.0/servicePrincipals/${ids.principal}/appRoleAssignedTo`]: { value: [] },
    "/v1.0/identity/conditionalAccess/policies": graph["entra-conditional-access.json"],
    [`/v1.0/groups/${ids.users}`]: graph[`entra-group-${ids.users}.json`],
    [`/v1.0/groups/${ids.operators}`]: graph[`entra-group-${ids.operators}.json`],
  };

  function world(answer: (path: string, url: URL) => Response | undefined = () => undefined): World {
    const base = live(entraValues, entraBindings);
    return {
      ...base,
      env: { GATEHOUSE_GRAPH_TOKEN: "read-only" },
      fetch: (given) => {
        const url = new URL(given);
        const known = url.origin === "https://graph.microsoft.com" ? answers[url.pathname] : undefined;
        return Promise.resolve(
          answer(url.pathname, url) ?? new Response(JSON.stringify(known ?? {}), { status: known === undefined ? 404 : 200 }),
        );
      },
    };
  }

  test("the same files as from files", async () => {
    const [fromFiles, fromTenant] = [await adopt(), await gatehouse(["adopt"], world())];
    expect(fromTenant.stderr).toContain("made");
    expect(fromTenant.written).toEqual(fromFiles.written);
  });

  test("every page is read, at Graph alone", async () => {
    const path = "/v1.0/identity/conditionalAccess/policies";
    const paged = (next: string): World =>
      world((at, url) =>
        at !== path
          ? undefined
          : url.search === ""
            ? Response.json({ value: [], "@odata.nextLink": next })
            : Response.json(graph["entra-conditional-access.json"]),
      );
    const whole = await gatehouse(["adopt"], paged(`https://graph.microsoft.com${path}?$skiptoken=2`));
    expect(stackFile(whole)).toContain("mfa: external");
    const elsewhere = await gatehouse(["adopt"], paged(`https://elsewhere.example${path}?$skiptoken=2`));
    expect([elsewhere.status, elsewhere.stderr]).toEqual([3, expect.stringContaining("an address elsewhere, or the same again") as string]);
  });

  test.each([
    ["/v1.0/applications", "Application.Read.All"],
    ["/v1.0/servicePrincipals", "Application.Read.All"],
    ["/v1.0/identity/conditionalAccess/policies", "Policy.Read.All"],
    [`/v1.0/groups/${ids.users}`, "GroupMember.Read.All"],
  ])("a missing right is named: %s", async (path, right) => {
    const outcome = await gatehouse(
      ["adopt"],
      world((at) => (at === path ? new Response("{}", { status: 403 }) : undefined)),
    );
    expect([outcome.status, outcome.stderr]).toEqual([3, expect.stringContaining(`the credentials need ${right}`) as string]);
    expect(outcome.written).toBeUndefined();
  });

  test("a tenant that asks for patience is asked again", async () => {
    let refusals = 2;
    const outcome = await gatehouse(
      ["adopt"],
      world(() => (refusals-- > 0 ? new Response("{}", { status: 429, headers: { "retry-after": "0" } }) : undefined)),
    );
    expect([outcome.status, refusals < 0]).toEqual([0, true]);
  });

  test("no credentials: named", async () => {
    const outcome = await gatehouse(["adopt"], { ...world(), env: {} });
    expect([outcome.status, outcome.stderr]).toEqual([3, expect.stringContaining("set ARM_CLIENT_ID and ARM_CLIENT_SECRET") as string]);
  });
});
