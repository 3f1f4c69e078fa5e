import * as okta from "@pulumi/okta";
import type { OktaApplicationArgs } from "../../../../components";
import { listing, only, secret, settled, simulate, unknown, type World } from "../../harness";

const args: OktaApplicationArgs = {
  label: "k10 (lab)",
  redirectUris: ["https://k10.example.com/k10/auth-svc/v0/oidc/redirect"],
  postLogoutRedirectUris: ["https://k10.example.com/k10/"],
  grantTypes: ["authorization_code"],
  assignedGroupIds: { operators: "00g-operators", admins: "00g-admins" },
  claimedGroups: ["Kasten Users", "Kasten Admins (EU)"],
  secrets: ["2026-11-23"],
};

const app = "okta:app/oAuth:OAuth";
const secrets = "pulumi-nodejs:dynamic/okta:ClientSecrets";
const password = "random:index/randomPassword:RandomPassword";
const assignments = "okta:index/appGroupAssignments:AppGroupAssignments";

function application(changes: Partial<OktaApplicationArgs> = {}, world: World = {}) {
  return simulate(({ OktaApplication }) => new OktaApplication("k10-app", { ...args, ...changes }), world);
}

const inputsOf = async (changes: Partial<OktaApplicationArgs>): Promise<Record<string, unknown>> =>
  only(await application(changes), app).inputs;

const appInputs = {
  label: "k10 (lab)",
  type: "web",
  grantTypes: ["authorization_code"],
  responseTypes: ["code"],
  redirectUris: ["https://k10.example.com/k10/auth-svc/v0/oidc/redirect"],
  postLogoutRedirectUris: ["https://k10.example.com/k10/"],
  wildcardRedirect: "DISABLED",
  tokenEndpointAuthMethod: "client_secret_basic",
  pkceRequired: false,
  clientBasicSecret: secret("generated-for-k10-app-secret-2026-11-23"),
  omitSecret: true,
  consentMethod: "TRUSTED",
  issuerMode: "ORG_URL",
  groupsClaim: { type: "FILTER", filterType: "REGEX", name: "groups", value: "^(Kasten Admins \\(EU\\)|Kasten Users)$" },
};

test("a web app: exact inputs, names, parents and secret properties", async () => {
  const simulation = await application();
  expect(simulation.resources).toEqual([
    { type: "gatehouse:index:OktaApplication", name: "k10-app", parent: undefined, inputs: {}, secretOutputs: [], dependsOn: [] },
    {
      type: app,
      name: "k10-app",
      parent: "k10-app",
      inputs: appInputs,
      secretOutputs: ["clientBasicSecret", "clientBasicSecretWo", "clientSecret"],
      dependsOn: ["k10-app-secret-2026-11-23"],
      ignoreChanges: ["clientBasicSecret"],
    },
    {
      type: assignments,
      name: "k10-app-groups",
      parent: "k10-app",
      inputs: {
        appId: "k10-app-id",
        groups: [
          { id: "00g-admins", profile: "{}" },
          { id: "00g-operators", profile: "{}" },
        ],
      },
      secretOutputs: [],
      dependsOn: ["k10-app"],
    },
    {
      type: secrets,
      name: "k10-app-secrets",
      parent: "k10-app",
      inputs: {
        __provider: expect.stringContaining("/credentials/secrets") as string,
        appId: "k10-app-id",
        secrets: secret([{ start: "2026-11-23", value: "generated-for-k10-app-secret-2026-11-23" }]),
      },
      secretOutputs: ["secrets"],
      dependsOn: ["k10-app", "k10-app-secret-2026-11-23"],
    },
    {
      type: password,
      name: "k10-app-secret-2026-11-23",
      parent: "k10-app",
      inputs: { length: 64, special: false, keepers: { rotation: "2026-11-23" } },
      secretOutputs: ["bcryptHash", "result"],
      dependsOn: [],
      ignoreChanges: ["keepers"],
    },
  ]);
});

test("the client id is public, the client secret is a secret output", async () => {
  const { result } = await application();
  expect(await settled(result.clientId)).toEqual({ value: "0oa-k10-app", known: true, secret: false });
  expect(await settled(result.clientSecret)).toEqual({ value: "generated-for-k10-app-secret-2026-11-23", known: true, secret: true });
});

test("refresh tokens rotate where the platform refreshes, and only there", async () => {
  const grantTypes = ["authorization_code", "refresh_token"];
  expect(await inputsOf({ grantTypes })).toEqual({ ...appInputs, grantTypes, refreshTokenRotation: "ROTATE" });
  expect(await inputsOf({})).not.toHaveProperty("refreshTokenRotation");
});

test("a custom authorization server has the claim, so the app has none", async () => {
  const { groupsClaim: _claim, ...withoutClaim } = appInputs;
  expect(await inputsOf({ claimedGroups: undefined })).toEqual(withoutClaim);
});

test("without a granted group there is neither an assignment nor a claim that would match the empty name", async () => {
  const simulation = await application({ assignedGroupIds: {}, claimedGroups: [] });
  expect(listing(simulation)).toEqual([
    "gatehouse:index:OktaApplication k10-app",
    `${app} k10-app`,
    `${secrets} k10-app-secrets`,
    `${password} k10-app-secret-2026-11-23`,
  ]);
  expect(only(simulation, app).inputs).not.toHaveProperty("groupsClaim");
});

test.each<[string, Partial<OktaApplicationArgs>, Record<string, unknown>]>([
  ["PKCE", { requirePkce: true }, { pkceRequired: true }],
  ["client authentication", { clientAuthentication: "client_secret_post" }, { tokenEndpointAuthMethod: "client_secret_post" }],
  ["authentication policy", { authenticationPolicyId: "rst1" }, { authenticationPolicy: "rst1" }],
  ["name of the claim", { groupsClaim: "k8s" }, { groupsClaim: { ...appInputs.groupsClaim, name: "k8s" } }],
])("%s goes where the stack says, and changes nothing else", async (_what, changes, expected) => {
  expect(await inputsOf(changes)).toEqual({ ...appInputs, ...expected });
});

test("while the overlap lasts there are two values, the one before it under its own name, and the platform gets the active one", async () => {
  const simulation = await application({ secrets: ["2026-11-23", "initial"] });
  const made = simulation.resources.filter(({ type }) => type === password).map(({ name }) => name);
  expect(made).toEqual(["k10-app-secret-2026-11-23", "k10-app-secret-initial"]);
  expect(only(simulation, secrets).inputs.secrets).toEqual(
    secret([
      { start: "2026-11-23", value: "generated-for-k10-app-secret-2026-11-23" },
      { start: "initial", value: "generated-for-k10-app-secret-initial" },
    ]),
  );
  expect((await settled(simulation.result.clientSecret)).value).toBe("generated-for-k10-app-secret-2026-11-23");
  // The stored code is what a destroy runs: it must hold no secret of the stack.
  expect(only(simulation, secrets).inputs.__provider).not.toContain("generated-for");
});

test("an app of a provider of its own has both secrets, put where that provider's settings say", async () => {
  const simulation = await simulate(({ OktaApplication }) => {
    const providers = [new okta.Provider("elsewhere", { orgName: "elsewhere", baseUrl: "okta.com", apiToken: "a-token" })];
    return new OktaApplication("k10-app", { ...args, secrets: ["2026-11-23", "initial"] }, { providers });
  });
  expect(only(simulation, secrets).inputs["organisation"]).toEqual(
    secret({ orgName: "elsewhere", baseUrl: "okta.com", apiToken: "a-token" }),
  );
  expect(only(simulation, secrets).inputs.__provider).not.toContain("a-token");
  expect(listing(simulation).filter((line) => line.startsWith(password))).toHaveLength(2);
});

test("in a plan, what Okta computes is unknown and the secret is still a secret", async () => {
  const simulation = await application({}, { preview: true });
  expect(listing(simulation)).toHaveLength(5);
  expect(only(simulation, app).inputs).toEqual({ ...appInputs, clientBasicSecret: unknown });
  expect(only(simulation, assignments).inputs.appId).toBe(unknown);
  expect((await settled(simulation.result.clientId)).known).toBe(false);
  expect(await settled(simulation.result.clientSecret)).toEqual({ value: undefined, known: false, secret: true });
});
