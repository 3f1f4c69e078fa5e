import * as pulumi from "@pulumi/pulumi";
import type { EntraApplicationArgs } from "../../../../components";
import { listing, only, secret, settled, simulate, unknown, type Simulation, type World } from "../../harness";

const callback = "https://k10.example.com/k10/auth-svc/v0/oidc/redirect";

const args: EntraApplicationArgs = {
  displayName: "k10 (lab)",
  redirectUris: [callback],
  groupClaims: "assigned",
  assignedGroups: {
    operators: { id: "group-operators", displayName: "Kasten Users" },
    admins: { id: "group-admins", displayName: "Kasten Admins" },
  },
  ownerIds: ["caller", "ana"],
  secrets: [{ start: "2026-09-04", expiresAt: "2027-03-03T00:00:00Z" }],
};

const types = {
  component: "gatehouse:index:EntraApplication",
  app: "azuread:index/application:Application",
  principal: "azuread:index/servicePrincipal:ServicePrincipal",
  assignment: "azuread:index/appRoleAssignment:AppRoleAssignment",
  password: "azuread:index/applicationPassword:ApplicationPassword",
  policy: "azuread:index/conditionalAccessPolicy:ConditionalAccessPolicy",
};

/** What Entra ID computes. */
function entra(type: string, name: string): Record<string, unknown> {
  switch (type) {
    case types.app:
      return { clientId: `client-of-${name}`, objectId: `object-of-${name}` };
    case types.principal:
      return { objectId: `object-of-${name}` };
    case types.password:
      return { value: `generated-for-${name}` };
    default:
      return {};
  }
}

function application(changes: Partial<EntraApplicationArgs> = {}, world: World = {}) {
  return simulate(({ EntraApplication }) => new EntraApplication("k10-app", { ...args, ...changes }), { computed: entra, ...world });
}

const inputsOf = async (changes: Partial<EntraApplicationArgs>): Promise<Record<string, unknown>> =>
  only(await application(changes), types.app).inputs;

const named = (simulation: Simulation<unknown>, type: string) => simulation.resources.filter((resource) => resource.type === type);

const appInputs = {
  displayName: "k10 (lab)",
  signInAudience: "AzureADMyOrg",
  preventDuplicateNames: true,
  owners: ["caller", "ana"],
  api: { requestedAccessTokenVersion: 2 },
  web: { redirectUris: [callback], implicitGrant: { accessTokenIssuanceEnabled: false, idTokenIssuanceEnabled: false } },
  groupMembershipClaims: ["ApplicationGroup"],
  optionalClaims: { idTokens: [{ name: "email" }] },
};

test("a single-tenant web app: exact inputs, names, parents and secret properties", async () => {
  const simulation = await application();
  expect(simulation.resources).toEqual([
    {
      type: types.assignment,
      name: "k10-app-group-admins",
      parent: "k10-app",
      inputs: {
        appRoleId: "00000000-0000-0000-0000-000000000000",
        principalObjectId: "group-admins",
        resourceObjectId: "object-of-k10-app-principal",
      },
      secretOutputs: [],
      dependsOn: ["k10-app-principal"],
    },
    {
      type: types.assignment,
      name: "k10-app-group-operators",
      parent: "k10-app",
      inputs: {
        appRoleId: "00000000-0000-0000-0000-000000000000",
        principalObjectId: "group-operators",
        resourceObjectId: "object-of-k10-app-principal",
      },
      secretOutputs: [],
      dependsOn: ["k10-app-principal"],
    },
    { type: types.app, name: "k10-app", parent: "k10-app", inputs: appInputs, secretOutputs: [], dependsOn: [] },
    {
      type: types.password,
      name: "k10-app-secret-2026-09-04",
      parent: "k10-app",
      inputs: { applicationId: "k10-app-id", displayName: "gatehouse 2026-09-04", endDate: "2027-03-03T00:00:00Z" },
      secretOutputs: ["value"],
      dependsOn: ["k10-app"],
    },
    {
      type: types.principal,
      name: "k10-app-principal",
      parent: "k10-app",
      inputs: { clientId: "client-of-k10-app", appRoleAssignmentRequired: true, owners: ["caller", "ana"] },
      secretOutputs: [],
      dependsOn: ["k10-app"],
    },
    { type: types.component, name: "k10-app", parent: undefined, inputs: {}, secretOutputs: [], dependsOn: [] },
  ]);
});

test("the client id is public, the client secret is a secret output", async () => {
  const { result } = await application();
  expect(await settled(result.clientId)).toEqual({ value: "client-of-k10-app", known: true, secret: false });
  expect(await settled(result.clientSecret)).toEqual({ value: "generated-for-k10-app-secret-2026-09-04", known: true, secret: true });
});

test("everything waits up to a quarter of an hour for Entra's replicas, and nothing sleeps (trap T20)", async () => {
  const timeouts: unknown[] = [];
  await simulate(
    ({ EntraApplication }) => {
      const monitor = pulumi.runtime.getMonitor() as unknown as {
        registerResource: (
          request: { getCustom(): boolean; getCustomtimeouts(): { toObject(): unknown } | undefined },
          callback: unknown,
        ) => void;
      };
      const register = monitor.registerResource.bind(monitor);
      monitor.registerResource = (request, callback) => {
        if (request.getCustom()) {
          timeouts.push(request.getCustomtimeouts()?.toObject());
        }
        register(request, callback);
      };
      return new EntraApplication("k10-app", args);
    },
    { computed: entra },
  );
  expect(timeouts).toEqual(Array.from({ length: 5 }, () => ({ create: "30m", read: "", update: "30m", pb_delete: "30m" })));
});

describe("group claims", () => {
  test("all: every security group, and still only the granted ones are assigned", async () => {
    const simulation = await application({ groupClaims: "all" });
    expect(only(simulation, types.app).inputs).toEqual({ ...appInputs, groupMembershipClaims: ["SecurityGroup"] });
    expect(named(simulation, types.assignment)).toHaveLength(2);
  });

  test("appRoles: one role a group, assigned to it, with an id that stays; no groups claim", async () => {
    const simulation = await application({ groupClaims: "appRoles" });
    const { groupMembershipClaims: _none, ...rest } = appInputs;
    const role = (id: string, value: string, displayName: string) => ({
      id,
      value,
      displayName,
      description: `Grants of the group ${displayName}`,
      allowedMemberTypes: ["User"],
      enabled: true,
    });
    const [admins, operators] = named(simulation, types.assignment).map(({ inputs }) => String(inputs.appRoleId));
    expect(only(simulation, types.app).inputs).toEqual({
      ...rest,
      appRoles: [role(admins ?? "", "admins", "Kasten Admins"), role(operators ?? "", "operators", "Kasten Users")],
    });
    expect(admins).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(admins).not.toBe(operators);
    // A renamed group keeps its role: the id comes of the keys.
    const renamed = await application({
      groupClaims: "appRoles",
      assignedGroups: { admins: { id: "group-admins", displayName: "Renamed" } },
    });
    expect(only(renamed, types.assignment).inputs.appRoleId).toBe(admins);
  });

  test("without a granted group nobody can sign in: the assignment stays required", async () => {
    const simulation = await application({ assignedGroups: {} });
    expect(listing(simulation)).toEqual([
      `${types.app} k10-app`,
      `${types.password} k10-app-secret-2026-09-04`,
      `${types.principal} k10-app-principal`,
      `${types.component} k10-app`,
    ]);
    expect(only(simulation, types.principal).inputs.appRoleAssignmentRequired).toBe(true);
  });
});

describe("options that change exactly one thing", () => {
  test.each<[string, Partial<EntraApplicationArgs>, Record<string, unknown>]>([
    [
      "the diagnostic redirect, as one of a public client",
      { diagnosticRedirectUri: "http://localhost:18999/callback" },
      { publicClient: { redirectUris: ["http://localhost:18999/callback"] } },
    ],
    [
      "ID tokens from the authorization endpoint",
      { insecureImplicitIdTokens: true },
      { web: { ...appInputs.web, implicitGrant: { accessTokenIssuanceEnabled: false, idTokenIssuanceEnabled: true } } },
    ],
    ["owners", { ownerIds: ["caller"] }, { owners: ["caller"] }],
  ])("%s", async (_what, changes, expected) => {
    expect(await inputsOf(changes)).toEqual({ ...appInputs, ...expected });
  });
});

test("a public client has loopback redirects, no web redirect and no secret", async () => {
  const simulation = await application({ publicClient: true, redirectUris: ["http://localhost:8000"], secrets: [] });
  expect(only(simulation, types.app).inputs).toEqual({
    ...appInputs,
    web: { ...appInputs.web, redirectUris: [] },
    publicClient: { redirectUris: ["http://localhost:8000"] },
  });
  expect(named(simulation, types.password)).toEqual([]);
  expect(await settled(simulation.result.clientSecret)).toEqual({ value: "", known: true, secret: true });
});

describe("client secrets", () => {
  const secrets = [
    { start: "2026-12-03", expiresAt: "2027-06-01T00:00:00Z" },
    { start: "2026-09-04", expiresAt: "2027-03-03T00:00:00Z" },
  ];

  test("while the overlap lasts there are two, each with its own end, and the first is handed out", async () => {
    const simulation = await application({ secrets });
    expect(named(simulation, types.password).map(({ name, inputs }) => [name, inputs.endDate])).toEqual([
      ["k10-app-secret-2026-09-04", "2027-03-03T00:00:00Z"],
      ["k10-app-secret-2026-12-03", "2027-06-01T00:00:00Z"],
    ]);
    expect((await settled(simulation.result.clientSecret)).value).toBe("generated-for-k10-app-secret-2026-12-03");
  });

  test("a rotation adds one resource and touches none: the old secret keeps its name and its inputs", async () => {
    const before = named(await application(), types.password);
    const during = named(await application({ secrets }), types.password);
    expect(during[0]).toEqual(before[0]);
  });

  test("a web app without any is a fault of the caller, and says so", async () => {
    await expect(application({ secrets: [] })).rejects.toThrow("k10-app: expected at least one client secret in the schedule, got none.");
  });
});

describe("multi-factor sign-in", () => {
  const policy = async (state: string) =>
    only(await application({ multiFactor: { state, breakGlassGroupId: "group-break-glass" } }), types.policy);

  test("a Conditional Access policy for this application alone, without the break-glass group", async () => {
    expect(await policy("enforced")).toEqual({
      type: types.policy,
      name: "k10-app-mfa",
      parent: "k10-app",
      inputs: {
        displayName: "k10 (lab): second factor",
        state: "enabled",
        conditions: {
          clientAppTypes: ["all"],
          applications: { includedApplications: ["client-of-k10-app"] },
          users: { includedUsers: ["All"], excludedGroups: ["group-break-glass"] },
        },
        grantControls: { operator: "OR", builtInControls: ["mfa"] },
      },
      secretOutputs: [],
      // Entra ID refuses an application without its service principal in a policy.
      dependsOn: ["k10-app-principal"],
    });
  });

  test("report-only is evaluated and never blocks", async () => {
    expect((await policy("report-only")).inputs.state).toBe("enabledForReportingButNotEnforced");
  });

  test("without the setting there is no policy", async () => {
    expect(named(await application(), types.policy)).toEqual([]);
  });
});

test("in a plan, what Entra ID computes is unknown and the secret is still a secret", async () => {
  const multiFactor = { state: "enforced", breakGlassGroupId: "group-break-glass" };
  const simulation = await application({ groupClaims: "appRoles", multiFactor }, { preview: true });
  expect(listing(simulation)).toHaveLength(7);
  expect(only(simulation, types.password).inputs.applicationId).toBe(unknown);
  expect(only(simulation, types.principal).inputs.clientId).toBe(unknown);
  expect(only(simulation, types.policy).inputs.conditions).toMatchObject({ applications: { includedApplications: [unknown] } });
  expect((await settled(simulation.result.clientId)).known).toBe(false);
  expect(await settled(simulation.result.clientSecret)).toEqual({ value: undefined, known: false, secret: true });
});

test("a secret argument crosses the wire in its envelope", async () => {
  const simulation = await application({ ownerIds: pulumi.secret(["caller"]) });
  expect(only(simulation, types.app).inputs.owners).toEqual(secret(["caller"]));
});
