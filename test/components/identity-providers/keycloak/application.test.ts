import type { KeycloakApplicationArgs } from "../../../../components";
import { only, settled, simulate, type World } from "../../harness";

const args: KeycloakApplicationArgs = {
  realm: "main",
  clientId: "k10-lab",
  displayName: "k10 (lab)",
  redirectUris: ["https://k10.example.com/k10/auth-svc/v0/oidc/redirect"],
  postLogoutRedirectUris: ["https://k10.example.com/k10/"],
  defaultScopes: ["basic", "acr", "email", "profile"],
  grantedGroups: {
    operators: { id: "id-operators", claimValue: "operators" },
    admins: { id: "id-admins", claimValue: "Kasten Admins" },
  },
  groupClaims: "granted",
  secretKeeper: "initial",
};

const world: World = {
  computed: (type, name) => (type === "keycloak:openid/client:Client" ? { clientSecret: `made-for-${name}` } : {}),
};

const application = (changes: Partial<KeycloakApplicationArgs> = {}) =>
  simulate(({ KeycloakApplication }) => new KeycloakApplication("k10-app", { ...args, ...changes }), world);

const client = "keycloak:openid/client:Client";
const roleMapper = "keycloak:openid/userClientRoleProtocolMapper:UserClientRoleProtocolMapper";

test("a confidential client: code flow only, everything else off, written out", async () => {
  const simulation = await application();
  expect(only(simulation, client).inputs).toEqual({
    realmId: "main",
    clientId: "k10-lab",
    name: "k10 (lab)",
    enabled: true,
    accessType: "CONFIDENTIAL",
    clientAuthenticatorType: "client-secret",
    standardFlowEnabled: true,
    implicitFlowEnabled: false,
    directAccessGrantsEnabled: false,
    serviceAccountsEnabled: false,
    oauth2DeviceAuthorizationGrantEnabled: false,
    consentRequired: false,
    fullScopeAllowed: false,
    validRedirectUris: ["https://k10.example.com/k10/auth-svc/v0/oidc/redirect"],
    validPostLogoutRedirectUris: ["https://k10.example.com/k10/"],
    webOrigins: [],
    pkceCodeChallengeMethod: "",
    useRefreshTokens: false,
    accessTokenLifespan: "300",
    frontchannelLogoutEnabled: false,
    clientSecretRegenerateWhenChanged: { rotation: "initial" },
  });
  expect(only(simulation, client).secretOutputs).toContain("clientSecret");
  expect(await settled(simulation.result.clientSecret)).toEqual({ value: "made-for-k10-app", secret: true, known: true });
});

test("every scope that a platform may ask for is attached, and none that names other clients", async () => {
  const { resources } = await application({ optionalScopes: ["offline_access"] });
  const scopes = resources
    .filter(({ type }) => type.endsWith("Scopes"))
    .map(({ name, inputs }) => [name, inputs.defaultScopes ?? inputs.optionalScopes]);
  expect(scopes).toEqual([
    ["k10-app-scopes", ["acr", "basic", "email", "profile"]],
    ["k10-app-optional-scopes", ["offline_access"]],
  ]);
});

test("the claim is bounded: a role for each granted group, given to it, and a mapper of several values", async () => {
  const simulation = await application();
  const named = (type: string) =>
    simulation.resources.filter((resource) => resource.type === type).map(({ name, inputs }) => ({ name, inputs }));
  expect(named("keycloak:index/role:Role").map(({ name, inputs }) => [name, inputs.name, inputs.clientId])).toEqual([
    ["k10-app-role-admins", "Kasten Admins", "k10-app-id"],
    ["k10-app-role-operators", "operators", "k10-app-id"],
  ]);
  expect(named("keycloak:index/groupRoles:GroupRoles")).toEqual([
    {
      name: "k10-app-group-admins",
      inputs: { realmId: "main", groupId: "id-admins", roleIds: ["k10-app-role-admins-id"], exhaustive: false },
    },
    {
      name: "k10-app-group-operators",
      inputs: { realmId: "main", groupId: "id-operators", roleIds: ["k10-app-role-operators-id"], exhaustive: false },
    },
  ]);
  expect(only(simulation, roleMapper).inputs).toMatchObject({ claimName: "groups", multivalued: true, clientIdForRoleMappings: "k10-lab" });
});

test.each([
  ["paths", true],
  ["insecureNames", false],
])("groupClaims %s: the group mapper with its path written out", async (groupClaims, fullPath) => {
  const simulation = await application({ groupClaims, groupsClaim: "memberof" });
  expect(only(simulation, "keycloak:openid/groupMembershipProtocolMapper:GroupMembershipProtocolMapper").inputs).toMatchObject({
    claimName: "memberof",
    fullPath,
    addToIdToken: true,
    addToAccessToken: true,
    addToUserinfo: true,
  });
  expect(simulation.resources.filter(({ type }) => type === "keycloak:index/role:Role")).toEqual([]);
});

test("a platform that reads no groups gets no claim", async () => {
  const { resources } = await application({ groupClaims: undefined });
  expect(resources.filter(({ type }) => /Mapper$|:Role$/.test(type))).toEqual([]);
});

test("a public client has no secret and must use PKCE; a confidential one may", async () => {
  const simulation = await application({ publicClient: true });
  expect(only(simulation, client).inputs).toMatchObject({ accessType: "PUBLIC", pkceCodeChallengeMethod: "S256" });
  expect(only(simulation, client).inputs).not.toHaveProperty("clientSecretRegenerateWhenChanged");
  expect(await settled(simulation.result.clientSecret)).toEqual({ value: "", secret: true, known: true });
  expect(only(await application({ requirePkce: true }), client).inputs.pkceCodeChallengeMethod).toBe("S256");
});

test("the client asks for the required level of authentication", async () => {
  expect(only(await application({ acr: "2" }), client).inputs.extraConfig).toEqual({ "default.acr.values": "2" });
});

test("a restricted sign-in: a flow of its own that denies whoever lacks the role, nested so that it holds for the cookie", async () => {
  const { resources } = await application({ restrictSignIn: true });
  const clients = resources.filter(({ type }) => type === client);
  expect(clients.map(({ name, inputs }) => [name, inputs.accessType, inputs.authenticationFlowBindingOverrides])).toEqual([
    ["k10-app", "CONFIDENTIAL", { browserId: "k10-app-flow-id" }],
    ["k10-app-access", "BEARER-ONLY", undefined],
  ]);
  const steps = resources
    .filter(({ type }) => /authentication\/(subflow|execution):/.test(type))
    .map(({ inputs }) => [inputs.parentFlowAlias, inputs.alias ?? inputs.authenticator, inputs.requirement, inputs.priority].join(" "))
    .sort();
  expect(steps).toEqual([
    "gatehouse-k10-lab gatehouse-k10-lab-denied CONDITIONAL 20",
    "gatehouse-k10-lab gatehouse-k10-lab-sign-in REQUIRED 10",
    "gatehouse-k10-lab-denied conditional-user-role REQUIRED 10",
    "gatehouse-k10-lab-denied deny-access-authenticator REQUIRED 20",
    "gatehouse-k10-lab-forms auth-username-password-form REQUIRED 10",
    "gatehouse-k10-lab-forms gatehouse-k10-lab-otp CONDITIONAL 20",
    "gatehouse-k10-lab-otp auth-otp-form REQUIRED 20",
    "gatehouse-k10-lab-otp conditional-user-configured REQUIRED 10",
    "gatehouse-k10-lab-sign-in auth-cookie ALTERNATIVE 10",
    "gatehouse-k10-lab-sign-in gatehouse-k10-lab-forms ALTERNATIVE 30",
    "gatehouse-k10-lab-sign-in identity-provider-redirector ALTERNATIVE 20",
  ]);
  const condition = resources.find(({ type }) => type === "keycloak:authentication/executionConfig:ExecutionConfig");
  expect(condition?.inputs.config).toEqual({ condUserRole: "k10-lab-access.granted", negate: "true" });
  // Elsewhere than on the platform's client, whose roles are all in the claim.
  expect(resources.find(({ name }) => name === "k10-app-access-role")?.inputs).toMatchObject({
    clientId: "k10-app-access-id",
    name: "granted",
  });
  expect(resources.filter(({ name }) => /^k10-app-access-(admins|operators)$/.test(name))).toHaveLength(2);
});

test("the steps of a sign-in flow come and go one at a time: Keycloak may answer 500 to who lists them meanwhile", async () => {
  const { resources } = await application({ restrictSignIn: true });
  const steps = resources.filter(({ type }) => /authentication\/(subflow|execution|executionConfig):/.test(type));
  const names = new Set(steps.map(({ name }) => name));
  const after = new Map(steps.map(({ name, dependsOn }) => [name, dependsOn]));
  const waits = (name: string): Set<string> =>
    new Set((after.get(name) ?? []).filter((other) => names.has(other)).flatMap((other) => [other, ...waits(other)]));
  // All in one line: the one has no other before it, the next has one, and so on to the last.
  const before = [...names].map((name) => waits(name).size).sort((left, right) => left - right);
  expect(before).toEqual(steps.map((_, index) => index));
  expect(resources.find(({ type, name }) => type === client && name === "k10-app")?.dependsOn).toContain("k10-app-flow-deny");
});
