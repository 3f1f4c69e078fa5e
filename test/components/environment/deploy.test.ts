import { deployEnvironment } from "../../../components/environment/deploy";
import { programScope } from "../../../components/scope";
import { parseEnvironment, readDocument, stableJson } from "../../../model";
import { listing, only, settled, simulate, type Registered, type Simulation } from "../harness";
import { fixture, organisation } from "./world";

const today = "2026-11-23";

async function deployed(name: string, preview = false) {
  const { environment } = parseEnvironment(fixture(name), today);
  const simulation = await simulate(() => deployEnvironment({ environment, scope: programScope, stack: "lab", today }), {
    call: organisation,
    preview,
  });
  return { ...simulation, result: await settled(simulation.result) };
}

const everything = [
  "gatehouse:index:Kasten k10",
  "gatehouse:index:OktaApplication k10-app",
  "gatehouse:index:OktaDirectory groups",
  "gatehouse:index:RoleBindings k10-access",
  "kubernetes:core/v1:Namespace k10-namespace",
  "kubernetes:core/v1:Secret k10-client",
  "kubernetes:helm.sh/v3:Release k10-release",
  "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding k10-access-k10-admin",
  "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding k10-access-k10-config-view",
  "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding k10-access-k10-basic-in-billing",
  "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding k10-access-k10-basic-in-shop",
  "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding k10-access-k10-ns-admin-in-kasten-io",
  "okta:app/oAuth:OAuth k10-app",
  "okta:group/group:Group groups-backup-admins",
  "okta:group/group:Group groups-backup-operators",
  "okta:index/appGroupAssignments:AppGroupAssignments k10-app-groups",
  "okta:index/groupMemberships:GroupMemberships groups-backup-admins-members",
  "pulumi-nodejs:dynamic/access:RestoredObjects k10-access-restored",
  "pulumi-nodejs:dynamic/okta:ClientSecrets k10-app-secrets",
  "random:index/randomPassword:RandomPassword k10-app-secret-2026-10-01",
];

describe("K10 on Okta", () => {
  let simulation: Awaited<ReturnType<typeof deployed>>;
  beforeAll(async () => {
    simulation = await deployed("okta-kasten");
  });

  test("registers exactly these resources", () => {
    expect(listing(simulation)).toEqual(everything);
  });

  test("gives back the environment document, byte for byte", () => {
    expect(stableJson(simulation.result.value)).toBe(stableJson(fixture("okta-kasten.document")));
    expect(JSON.stringify(simulation.result.value)).toBe(stableJson(simulation.result.value));
  });

  test("the document is public: no secret in it, and readers accept it", () => {
    expect(simulation.result.secret).toBe(false);
    expect(JSON.stringify(only(simulation, "kubernetes:core/v1:Secret").inputs)).toContain("generated-for-k10-app-secret-2026-10-01");
    expect(JSON.stringify(simulation.result.value)).not.toContain("generated-for-");
    expect(readDocument(simulation.result.value)).toEqual(simulation.result.value);
  });

  test("the app's claim and assignments hold the groups of a grant, and no other", () => {
    expect(only(simulation, "okta:app/oAuth:OAuth").inputs).toMatchObject({
      label: "k10 (lab)",
      redirectUris: ["https://k10.example.com/k10/auth-svc/v0/oidc/redirect"],
      groupsClaim: { value: "^(Kasten Admins|Kasten Users|Security Auditors)$" },
    });
    expect(only(simulation, "okta:index/appGroupAssignments:AppGroupAssignments").inputs.groups).toEqual([
      { id: "00g-auditors", profile: "{}" },
      { id: "groups-backup-admins-id", profile: "{}" },
      { id: "groups-backup-operators-id", profile: "{}" },
    ]);
  });

  test("two groups with one role in one namespace share one binding", () => {
    const shop = named(simulation, "k10-access-k10-basic-in-shop");
    expect(shop.inputs.subjects).toEqual([
      { apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "okta:Kasten Admins" },
      { apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "okta:Kasten Users" },
    ]);
  });

  test("bindings wait for the release, whose roles they name, and for its namespace", () => {
    expect(named(simulation, "k10-access").dependsOn).toEqual(["k10-client", "k10-namespace", "k10-release"]);
  });

  test("the client secret is that of the latest rotation, by the calendar or by hand", () => {
    // Periods of 90 days since 1970 begin on 2026-09-04 and 2026-12-03; the stack asked for a rotation on 2026-10-01.
    expect(only(simulation, "random:index/randomPassword:RandomPassword").inputs.keepers).toEqual({ rotation: "2026-10-01" });
    expect(simulation.result.value.platforms.k10?.secret?.rotatesAt).toBe("2026-12-03");
  });
});

test("a custom server, an existing policy, everyone assigned, a chart folder: each lands where it belongs", async () => {
  const simulation = await deployed("okta-custom-server");
  expect(listing(simulation)).toHaveLength(17);
  const app = only(simulation, "okta:app/oAuth:OAuth").inputs;
  expect(app).not.toHaveProperty("groupsClaim");
  expect(app).toMatchObject({
    authenticationPolicy: "rst-Multi-factor-ACCESS_POLICY",
    pkceRequired: true,
    refreshTokenRotation: "ROTATE",
    redirectUris: ["https://k10.example.com/backup/auth-svc/v0/oidc/redirect"],
  });
  expect(only(simulation, "okta:auth/serverClaim:ServerClaim").inputs).toMatchObject({
    authServerId: "aus1a2b3",
    value: "^(Kasten Admins)$",
  });
  expect(only(simulation, "okta:index/appGroupAssignments:AppGroupAssignments").inputs.groups).toEqual([
    { id: "groups-backup-admins-id", profile: "{}" },
    { id: "00g-everyone", profile: "{}" },
  ]);
  expect(only(simulation, "kubernetes:helm.sh/v3:Release").inputs).toMatchObject({
    name: "backup",
    chart: "./charts/k10",
    atomic: false,
    skipAwait: true,
    values: { auth: { oidcAuth: { providerURL: "https://acme.okta.com/oauth2/aus1a2b3", scopes: "openid profile email offline_access" } } },
  });
  expect(simulation.result.value.risks).toEqual([
    "insecureAssignEveryone: every member of the organisation may sign in to each platform, with no rights unless a group grants them.",
    expect.stringMatching(/^k10: admin reaches everything in the cluster: in kasten-io they may /),
  ]);
});

test("in a plan the same resources are registered, subjects are known, and the document is not", async () => {
  const simulation = await deployed("okta-kasten", true);
  expect(listing(simulation)).toEqual(everything);
  expect(simulation.result.known).toBe(false);
  expect(named(simulation, "k10-access-k10-admin").inputs.subjects).toEqual([
    { apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "okta:Kasten Admins" },
  ]);
});

test("OAuth credentials with the organisation's own server are refused before anything is registered", async () => {
  vi.stubEnv("OKTA_API_PRIVATE_KEY", "key");
  try {
    const simulation = await simulate(() => {
      const { environment } = parseEnvironment(fixture("okta-kasten"), today);
      expect(() => deployEnvironment({ environment, scope: programScope, stack: "lab", today })).toThrow(
        /^gatehouse:idp\.authorizationServer: expected/,
      );
    });
    expect(simulation.resources).toEqual([]);
  } finally {
    vi.unstubAllEnvs();
  }
});

function named(simulation: Simulation<unknown>, name: string): Registered {
  const found = simulation.resources.filter((resource) => resource.name === name);
  const [first] = found;
  if (first === undefined || found.length > 1) {
    throw new Error(`Expected one resource of the name ${name}, found ${found.length}.`);
  }
  return first;
}
