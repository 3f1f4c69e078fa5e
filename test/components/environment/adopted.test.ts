import * as pulumi from "@pulumi/pulumi";
import { deployEnvironment } from "../../../components/environment/deploy";
import { programScope } from "../../../components/scope";
import { parseEnvironment, platforms } from "../../../model";
import { entraAdoption } from "../../../model/identity-providers/entra/adoption";
import { keycloakAdoption } from "../../../model/identity-providers/keycloak/adoption";
import { oktaAdoption } from "../../../model/identity-providers/okta/adoption";
import { only, settled, simulate, type Called, type Registered } from "../harness";
import { fixture, organisation } from "./world";

const today = "2026-11-23";
const value = "RCXC9yLY0nrmNOZMmvuJn4Geo6Ld8vnkaHe5ee0f";

interface Written {
  idp: { secret?: unknown };
  platforms: { k10: Record<string, unknown> };
}

/** A tenant in which every group and person that is named is there. */
function tenantAnswer({ token, inputs }: Called): Record<string, unknown> {
  return token === "azuread:index/getClientConfig:getClientConfig"
    ? { objectId: "deployer" }
    : { objectId: `id-${String(inputs["displayName"] ?? inputs["userPrincipalName"])}` };
}

async function deployed(rotatedOn: readonly string[] = [], idp: Readonly<Record<string, unknown>> = {}) {
  const written = structuredClone(fixture("okta-kasten")) as Written;
  written.idp = Object.keys(idp).length === 0 ? written.idp : { ...idp };
  written.idp.secret = { adopted: { k10: { config: "clients:k10", endsOn: "2027-03-01" } }, rotatedOn };
  written.platforms.k10["adopted"] = true;
  const { environment } = parseEnvironment(written, today);
  pulumi.runtime.setAllConfig({ "clients:k10": value });
  vi.stubEnv("PULUMI_CONFIG_SECRET_KEYS", '["clients:k10"]');
  try {
    const simulation = await simulate(() => deployEnvironment({ environment, scope: programScope, stack: "lab", today }), {
      call: (called) => (called.token.startsWith("azuread:") ? tenantAnswer(called) : organisation(called)),
    });
    return { ...simulation, result: await settled(simulation.result) };
  } finally {
    vi.unstubAllEnvs();
  }
}

test("the client keeps the secret that it had: no other is made, and it is a secret everywhere", async () => {
  const { resources } = await deployed();
  expect(resources.filter(({ type }) => type === "random:index/randomPassword:RandomPassword")).toEqual([]);
  const holders = resources.filter(({ inputs }) => JSON.stringify(inputs).includes(value));
  expect(holders.map(({ name }) => name)).toEqual(["k10-client", "k10-app", "k10-app-secrets"]);
  const open = JSON.stringify(resources, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && pulumi.runtime.specialSigKey in inner ? "(secret)" : inner,
  );
  expect(open.includes(value)).toBe(false);
});

test("after a rotation: the new one, and the old one beside it until the overlap ends; then it is not read any more", async () => {
  const names = (resources: readonly Registered[]): string[] =>
    resources.filter(({ type }) => type.startsWith("random:")).map(({ name }) => name);
  const within = await deployed(["2026-11-20"]);
  expect(names(within.resources)).toEqual(["k10-app-secret-2026-11-20"]);
  expect(JSON.stringify(only(within, "pulumi-nodejs:dynamic/okta:ClientSecrets").inputs)).toContain(value);
  const past = await deployed(["2026-10-01"]);
  expect(JSON.stringify(past.resources.map(({ inputs }) => inputs))).not.toContain(value);
});

test("bindings wait for no release, and the release waits for them", async () => {
  const { resources } = await deployed();
  const bindings = resources.filter(({ type }) => type.endsWith("RoleBinding"));
  expect(bindings.length).toBeGreaterThan(2);
  expect(bindings.flatMap(({ dependsOn }) => dependsOn).filter((name) => /k10(-release)?$/.test(name))).toEqual([]);
  const secret = resources.find(({ name }) => name === "k10-client");
  expect(secret?.dependsOn).toEqual(expect.arrayContaining(["k10-access-k10-admin"]));
});

test("what is imported has the types, names and parents that the program gives", async () => {
  const { resources } = await deployed();
  const kasten = platforms.kasten.adoption?.resources(
    "k10",
    {
      ...{ place: "kasten-io/k10", key: "k10", title: "K10" },
      releases: [{ name: "k10", namespace: "kasten-io", status: "deployed", values: {}, chart: { name: "k10", version: "8.0.15" } }],
    },
    [],
  );
  const client = await oktaAdoption.client(
    ({ file }) =>
      Promise.resolve(
        file === "okta-app.json"
          ? {
              id: "0oa1",
              label: "K10",
              status: "ACTIVE",
              credentials: { oauthClient: { client_id: "0oa1" } },
              settings: { oauthClient: {} },
            }
          : file === "okta-assignments.json"
            ? [{ id: "00g1" }]
            : file === "okta-claim.json"
              ? {}
              : { id: "00g1", type: "OKTA_GROUP", profile: { name: "A" } },
      ),
    {
      platform: "k10",
      clientId: "0oa1",
      groupsClaim: "groups",
      usernameClaim: "sub",
      issuer: "https://example.okta.com",
      isPublic: false,
      today,
    },
  );
  const registered = resources.map(({ type, name, parent }) => ({ type, name, parent }));
  const imported = [
    ...(await client.resources({ groups: { admins: { id: "00g1", existing: "Admins", name: "Admins" } }, people: [] })),
    ...(kasten ?? []),
  ];
  expect(imported).toHaveLength(6);
  for (const { type, name, parent } of imported) {
    expect(registered).toContainEqual({ type, name, parent });
  }
});

describe("on Entra ID", () => {
  const tenant = { kind: "entra", tenantId: "6d2374b4-aceb-42ac-966a-716a93f07db0", insecureAssignEveryone: true };
  const passwords = (resources: readonly Registered[]): string[] =>
    resources.filter(({ type }) => type === "azuread:index/applicationPassword:ApplicationPassword").map(({ name }) => name);

  test("the app keeps the secret that it had, whatever the calendar says, until somebody asks for another", async () => {
    const before = await deployed([], tenant);
    expect(passwords(before.resources)).toEqual([]);
    expect(before.resources.filter(({ inputs }) => JSON.stringify(inputs).includes(value)).map(({ name }) => name)).toEqual(["k10-client"]);
    expect(before.result.value.platforms["k10"]?.secret).toMatchObject({ expiresAt: "2027-03-01T00:00:00Z", rotatesAt: null });
    const within = await deployed(["2026-11-20"], tenant);
    expect(passwords(within.resources)).toEqual(["k10-app-secret-2026-11-20"]);
    expect(JSON.stringify(within.resources.map(({ inputs }) => inputs))).not.toContain(value);
  });

  test("what is imported has the types, names and parents that the program gives; who may sign in stays", async () => {
    const simulation = await deployed([], tenant);
    const { resources } = simulation;
    const principal = only(simulation, "azuread:index/servicePrincipal:ServicePrincipal");
    expect(principal.inputs).toMatchObject({ appRoleAssignmentRequired: false });
    const answers: Readonly<Record<string, unknown>> = {
      "entra-application.json": { id: "a", appId: "c", displayName: "K10" },
      "entra-principal.json": { id: "p", appRoleAssignmentRequired: false },
      "entra-assignments.json": [
        { id: "one", appRoleId: "00000000-0000-0000-0000-000000000000", principalId: "g", principalType: "Group" },
      ],
    };
    const wanted = {
      platform: "k10",
      clientId: "c",
      groupsClaim: "groups",
      usernameClaim: "sub",
      issuer: "https://login.microsoftonline.com/t/v2.0",
      isPublic: false,
      today,
    };
    const client = await entraAdoption.client(({ file }) => Promise.resolve(answers[file]), wanted);
    const [key = ""] = grantedKeys(resources);
    const imported = await client.resources({ groups: { [key]: { id: "g", existing: "g", name: "G" } }, people: [] });
    const registered = resources.map(({ type, name, parent }) => ({ type, name, parent }));
    expect(imported).toHaveLength(4);
    for (const { type, name, parent } of imported) {
      expect(registered).toContainEqual({ type, name, parent });
    }
  });

  function grantedKeys(resources: readonly Registered[]): string[] {
    return resources.flatMap(({ name }) => /^k10-app-group-(.+)$/.exec(name)?.slice(1) ?? []);
  }
});

describe("on Keycloak", () => {
  const groupIds = { "/Kasten Admins": "group-admins", "/teams/Operators": "group-operators" } as const;
  const existing = { clientId: "kasten", optionalScopes: ["groups", "profile"], browserFlowId: "3d9c7e7a-9f2e-4c78-9c3e-4b5d6e7f8091" };

  async function onKeycloak(idp: Readonly<Record<string, unknown>> = {}, entry: Readonly<Record<string, unknown>> = existing) {
    const { environment } = parseEnvironment(
      {
        idp: { kind: "keycloak", issuer: "https://sso.example.com/realms/main", existingClients: { k10: entry }, ...idp },
        groups: { admins: { existing: "/Kasten Admins" }, operators: { existing: "/teams/Operators" } },
        platforms: {
          k10: {
            ...{ kind: "kasten", host: "https://k10.example.com", chart: { version: "8.0.15" }, adopted: true },
            access: [
              { group: "admins", role: "admin" },
              { group: "operators", role: "basic", namespaces: ["shop"] },
            ],
          },
        },
      },
      today,
    );
    const simulation = await simulate(() => deployEnvironment({ environment, scope: programScope, stack: "lab", today }), {
      call: ({ inputs }) => ({ id: groupIds[inputs["groupPath"] as keyof typeof groupIds] }),
      computed: (type) => (type === "keycloak:openid/client:Client" ? { clientSecret: "of the server" } : {}),
    });
    return { ...simulation, result: await settled(simulation.result) };
  }
  const clientOf = (simulation: Awaited<ReturnType<typeof onKeycloak>>): Registered => only(simulation, "keycloak:openid/client:Client");

  test("the client keeps id, secret and sign-in flow; scopes that the platform still asks for stay attached, each in one list", async () => {
    const simulation = await onKeycloak();
    expect(clientOf(simulation).inputs).toMatchObject({
      clientId: "kasten",
      authenticationFlowBindingOverrides: { browserId: existing.browserFlowId },
    });
    expect(clientOf(simulation).inputs).not.toHaveProperty("clientSecretRegenerateWhenChanged");
    expect(clientOf(simulation).inputs).not.toHaveProperty("clientSecret");
    const scopes = (kind: string): unknown =>
      only(simulation, `keycloak:openid/client${kind}Scopes:Client${kind}Scopes`).inputs[`${kind.toLowerCase()}Scopes`];
    expect(scopes("Default")).toEqual(["acr", "basic", "email", "profile"]);
    expect(scopes("Optional")).toEqual(["groups"]);
    const byDefault = await onKeycloak({}, { clientId: "kasten", defaultScopes: ["groups", "email"] });
    expect(only(byDefault, "keycloak:openid/clientDefaultScopes:ClientDefaultScopes").inputs["defaultScopes"]).toEqual([
      ...["acr", "basic", "email", "groups", "profile"],
    ]);
  });

  test("the calendar begins with the first rotation by hand", async () => {
    const rotation = async (secret: Readonly<Record<string, unknown>>): Promise<unknown> =>
      clientOf(await onKeycloak({ secret })).inputs["clientSecretRegenerateWhenChanged"];
    expect(await rotation({ rotateEvery: "30d" })).toBeUndefined();
    expect(await rotation({ rotateEvery: "30d", rotatedOn: ["2026-11-20"] })).toEqual({ rotation: "2026-11-20" });
    // 692 periods of 30 days after 1970-01-01.
    expect(await rotation({ rotateEvery: "30d", rotatedOn: ["2026-10-20"] })).toEqual({ rotation: "2026-11-03" });
  });

  test.each([
    ["granted", "oidc-usermodel-client-role-mapper"],
    ["paths", "oidc-group-membership-mapper"],
  ])("what is imported has the types, names and parents that the program gives (%s)", async (groupClaims, protocolMapper) => {
    const { resources } = await onKeycloak({ groupClaims });
    const mapper = {
      ...{ id: "m", name: "groups", protocolMapper },
      config: {
        ...{ "claim.name": "groups", "id.token.claim": "true", "full.path": "true", multivalued: "true" },
        "usermodel.clientRoleMapping.clientId": "kasten",
      },
    };
    const answers: Readonly<Record<string, unknown>> = {
      "keycloak-client.json": [{ id: "c", clientId: "kasten", enabled: true, protocolMappers: [mapper] }],
      "keycloak-client-scopes.json": [{ name: "basic" }],
      "keycloak-realm.json": { accessTokenLifespan: 300 },
      "keycloak-roles.json": [{ id: "r", name: "Operators" }],
    };
    const client = await keycloakAdoption.client(({ file }) => Promise.resolve(answers[file]), {
      ...{ platform: "k10", clientId: "kasten", groupsClaim: "groups", usernameClaim: "sub", isPublic: false, today },
      issuer: "https://sso.example.com/realms/main",
    });
    const operators = { id: "g", existing: "/teams/Operators", name: "/teams/Operators" };
    const imported = await client.resources({ groups: { operators }, people: [] });
    expect(imported).toHaveLength(groupClaims === "granted" ? 4 : 3);
    const registered = resources.map(({ type, name, parent }) => ({ type, name, parent }));
    for (const { type, name, parent } of imported) {
      expect(registered).toContainEqual({ type, name, parent });
    }
  });
});
