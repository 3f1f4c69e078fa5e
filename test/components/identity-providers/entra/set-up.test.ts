import { setUpIdentityProvider } from "../../../../components/identity-providers";
import { programScope } from "../../../../components/scope";
import { identityProviderFacts, parseEnvironment, type EntraSpec } from "../../../../model";
import { kastenRaw } from "../../../fixtures/sample";
import { only, settled, simulate, type Called } from "../../harness";

const today = "2026-12-05";
const app = "azuread:index/application:Application";
const password = "azuread:index/applicationPassword:ApplicationPassword";

function tenant({ token, inputs }: Called): Record<string, unknown> {
  switch (token) {
    case "azuread:index/getClientConfig:getClientConfig":
      return { objectId: "caller" };
    case "azuread:index/getGroup:getGroup":
      return { objectId: `group-${String(inputs.displayName)}` };
    default:
      return { objectId: `user-${String(inputs.userPrincipalName)}` };
  }
}

/** Sets Entra ID up as a stack with these settings would, and registers its K10. */
async function setUp(idp: Record<string, unknown> = {}, clientAuthentication: "client_secret_basic" | "none" = "client_secret_basic") {
  const { environment } = parseEnvironment(
    {
      idp: { kind: "entra", tenantId: "6d2374b4-aceb-42ac-966a-716a93f07db0", ...idp },
      groups: { admins: { displayName: "Kasten Admins" }, idle: { displayName: "Idle" }, "break-glass": { existing: "Break Glass" } },
      platforms: { k10: kastenRaw },
    },
    today,
  );
  const spec = environment.idp as EntraSpec;
  const requirements = {
    redirectUris: ["https://k10.example.com/k10/auth-svc/v0/oidc/redirect"],
    postLogoutRedirectUris: [],
    grantTypes: ["authorization_code"] as const,
    clientAuthentication,
    scopes: identityProviderFacts(spec).scopes,
  };
  const simulation = await simulate(
    () => {
      const provider = setUpIdentityProvider({ spec, environment, scope: programScope, stack: "lab", today });
      return { provider, registration: provider.register("k10", requirements, ["admins"], []) };
    },
    {
      call: tenant,
      computed: (type, name) => ({
        objectId: `object-of-${name}`,
        clientId: `client-of-${name}`,
        ...(type === password ? { value: `value-of-${name}` } : {}),
      }),
    },
  );
  return { ...simulation, ...simulation.result };
}

const passwords = ({ resources }: Awaited<ReturnType<typeof setUp>>) =>
  resources.filter(({ type }) => type === password).map(({ name, inputs }) => [name, inputs.endDate]);

test("the account that deploys owns what it makes, beside the people whom the stack names (trap T25)", async () => {
  const alone = await setUp();
  expect(only(alone, app).inputs.owners).toEqual(["caller"]);
  const { resources } = await setUp({ owners: ["ana@example.com"] });
  for (const type of [app, "azuread:index/servicePrincipal:ServicePrincipal", "azuread:index/group:Group"]) {
    for (const resource of resources.filter((candidate) => candidate.type === type)) {
      expect(resource.inputs.owners).toEqual(["caller", "user-ana@example.com"]);
    }
  }
});

test("exactly the groups that hold a grant are assigned", async () => {
  const simulation = await setUp();
  expect(only(simulation, "azuread:index/appRoleAssignment:AppRoleAssignment").inputs.principalObjectId).toBe("object-of-groups-admins");
});

test("inside the overlap there are two secrets; the registration tells the end and the next rotation of the active one", async () => {
  const simulation = await setUp();
  expect(passwords(simulation)).toEqual([
    ["k10-app-secret-2026-09-04", "2027-03-03T00:00:00Z"],
    ["k10-app-secret-2026-12-03", "2027-06-01T00:00:00Z"],
  ]);
  const { registration } = simulation;
  expect(registration.secretRotatesAt).toBe("2027-03-03");
  expect((await settled(registration.secretExpiresAt)).value).toBe("2027-06-01T00:00:00Z");
  expect(registration.clientSecret && (await settled(registration.clientSecret))).toEqual({
    value: "value-of-k10-app-secret-2026-12-03",
    known: true,
    secret: true,
  });
});

test("a rotation asked for by hand makes one more, named by its day", async () => {
  expect(passwords(await setUp({ secret: { rotatedOn: ["2026-12-05"] } })).map(([name]) => name)).toEqual([
    "k10-app-secret-2026-12-03",
    "k10-app-secret-2026-12-05",
  ]);
});

test("a public client has no secret, no end and no rotation", async () => {
  const { registration } = await setUp({}, "none");
  expect(registration).toMatchObject({ clientSecret: undefined, secretRotatesAt: null });
  expect((await settled(registration.secretExpiresAt)).value).toBeNull();
});

test("tokens carry object ids, and with app roles the group's key", async () => {
  const values = async (idp: Record<string, unknown>) => {
    const { groups } = (await setUp(idp)).provider;
    return Promise.all(
      ["admins", "break-glass"].map(async (key) => (groups[key] ? (await settled(groups[key].claimValue)).value : undefined)),
    );
  };
  expect(await values({})).toEqual(["object-of-groups-admins", "group-Break Glass"]);
  expect(await values({ groupClaims: "appRoles" })).toEqual(["admins", "break-glass"]);
});

test.each([
  ["report-only", "enabledForReportingButNotEnforced"],
  ["enforced", "enabled"],
])("mfa: required, %s: a policy without the break-glass group", async (state, expected) => {
  const simulation = await setUp({ mfa: "required", conditionalAccess: { state, breakGlassGroup: "break-glass" } });
  expect(only(simulation, "azuread:index/conditionalAccessPolicy:ConditionalAccessPolicy").inputs).toMatchObject({
    state: expected,
    conditions: {
      applications: { includedApplications: ["client-of-k10-app-principal"] },
      users: { excludedGroups: ["group-Break Glass"] },
    },
  });
});

test("mfa: external makes no policy: it records that the tenant's own covers it", async () => {
  const { resources } = await setUp({ mfa: "external" });
  expect(resources.filter(({ type }) => type.includes("conditionalAccess"))).toEqual([]);
});

test.each([
  ["on", true, { redirectUris: ["http://localhost:18999/callback"] }],
  ["off", false, undefined],
])("diagnosticRedirect %s", async (_word, diagnosticRedirect, expected) => {
  expect(only(await setUp({ diagnosticRedirect }), app).inputs.publicClient).toEqual(expected);
});
