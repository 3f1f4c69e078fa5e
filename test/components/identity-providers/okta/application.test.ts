import type { OktaApplicationArgs } from "../../../../components";
import { listing, only, secret, settled, simulate, unknown, type World } from "../../harness";

const args: OktaApplicationArgs = {
  label: "k10 (lab)",
  redirectUris: ["https://k10.example.com/k10/auth-svc/v0/oidc/redirect"],
  postLogoutRedirectUris: ["https://k10.example.com/k10/"],
  grantTypes: ["authorization_code"],
  assignedGroupIds: { operators: "00g-operators", admins: "00g-admins" },
  claimedGroups: ["Kasten Users", "Kasten Admins (EU)"],
  secretKeeper: "1/0",
};

const app = "okta:app/oAuth:OAuth";
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
  clientBasicSecret: secret("generated-for-k10-app-secret"),
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
      dependsOn: ["k10-app-secret"],
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
      type: "random:index/randomPassword:RandomPassword",
      name: "k10-app-secret",
      parent: "k10-app",
      inputs: { length: 64, special: false, keepers: { rotation: "1/0" } },
      secretOutputs: ["bcryptHash", "result"],
      dependsOn: [],
    },
  ]);
});

test("the client id is public, the client secret is a secret output", async () => {
  const { result } = await application();
  expect(await settled(result.clientId)).toEqual({ value: "0oa-k10-app", known: true, secret: false });
  expect(await settled(result.clientSecret)).toEqual({ value: "generated-for-k10-app-secret", known: true, secret: true });
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
    "random:index/randomPassword:RandomPassword k10-app-secret",
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

test("another keeper, and nothing else, makes another client secret", async () => {
  const keepers = async (changes: Partial<OktaApplicationArgs>): Promise<unknown> =>
    only(await application(changes), "random:index/randomPassword:RandomPassword").inputs.keepers;
  expect(await keepers({ secretKeeper: "2/0" })).toEqual({ rotation: "2/0" });
  expect(await keepers({ label: "renamed" })).toEqual({ rotation: "1/0" });
});

test("in a plan, what Okta computes is unknown and the secret is still a secret", async () => {
  const simulation = await application({}, { preview: true });
  expect(listing(simulation)).toHaveLength(4);
  expect(only(simulation, app).inputs).toEqual({ ...appInputs, clientBasicSecret: unknown });
  expect(only(simulation, assignments).inputs.appId).toBe(unknown);
  expect((await settled(simulation.result.clientId)).known).toBe(false);
  expect(await settled(simulation.result.clientSecret)).toEqual({ value: undefined, known: false, secret: true });
});
