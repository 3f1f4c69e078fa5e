import { judgeEnvironment } from "../../../model";
import { gatehouse, type Outcome } from "../harness";
import {
  admins,
  client,
  clientUuid,
  group,
  groupsMapper,
  groupsScope,
  ids,
  idp,
  imported,
  issuer,
  keycloakBindings,
  keycloakClient,
  keycloakFiles,
  keycloakValues,
  operators,
  rolesMapper,
  scopes,
} from "./keycloak-world";
import { binding, clientSecret, environmentOf, stackFile } from "./world";

const adopt = (changes: Readonly<Record<string, unknown>> = {}): Promise<Outcome> =>
  gatehouse(["adopt", "--from-files", "found"], { folders: { found: keycloakFiles(changes) } });

describe("K10 on Keycloak as the admin console makes it", () => {
  let outcome: Outcome;
  beforeAll(async () => {
    outcome = await adopt();
  });

  test("is kept as it is: client id, groups by path, names in tokens under their insecure key; the secret is Keycloak's to hand out", () => {
    expect(outcome.stderr).toContain("made adopted/report.md");
    expect(idp(outcome)).toEqual({
      ...{ kind: "keycloak", issuer, groupClaims: "insecureNames" },
      existingClients: { k10: { clientId: "kasten" } },
    });
    expect(environmentOf(outcome)["groups"]).toEqual({
      "backup-admins": { existing: "/Backup Admins" },
      "platform-operators": { existing: "/platform/Operators" },
    });
    expect(environmentOf(outcome)["platforms"]).toMatchObject({
      k10: {
        ...{ prefix: "kc:", usernameClaim: "sub", adopted: true },
        access: [
          { group: "backup-admins", role: "admin" },
          { group: "platform-operators", role: "basic", namespaces: ["shop"] },
        ],
      },
    });
    expect(judgeEnvironment(environmentOf(outcome), "2026-11-23").problems).toEqual([]);
    expect(outcome.stdout).not.toContain("pulumi config set --secret");
  });

  test("comments say what was found, and the safe value; the report what goes", () => {
    expect(stackFile(outcome)).toMatch(
      /# found as it is: tokens carry group names without their path.*safe: leave it out.*\n\s*groupClaims: /,
    );
    expect(outcome.stdout).toContain(
      "the first update switches off: direct access grants (password); full scope, which puts every role of a person into tokens; web origins; stars in redirects.",
    );
    expect(outcome.stdout).toContain("The redirect https://k10.example.com/* goes with the first update");
    expect(outcome.stdout).toContain("the client is called 'Kasten' today");
  });

  test("the ids are those that the provider imports", () => {
    expect(imported(outcome)).toEqual([
      ["keycloak:openid/client:Client", "k10-app", `main/${clientUuid}`],
      [
        "keycloak:openid/groupMembershipProtocolMapper:GroupMembershipProtocolMapper",
        "k10-app-groups-claim",
        `main/client/${clientUuid}/${ids.mapper}`,
      ],
      ["kubernetes:core/v1:Namespace", "k10-namespace", "kasten-io"],
    ]);
  });

  test("access is equal, and the secret is nowhere", () => {
    expect(outcome.stdout).toContain("3 before, 3 after: equal.");
    expect(JSON.stringify(outcome)).not.toContain(clientSecret);
  });
});

describe("groups in tokens", () => {
  const bound = (...names: readonly [string, string]): unknown => ({
    items: [
      binding("ClusterRoleBinding", undefined, "k10-admin", "ClusterRole/k10-admin", `Group/kc:${names[0]}`),
      binding("RoleBinding", "kasten-io", "k10-admin", "Role/k10-ns-admin", `Group/kc:${names[0]}`),
      binding("RoleBinding", "shop", "operators", "ClusterRole/k10-basic", `Group/kc:${names[1]}`),
    ],
  });

  test("by full path: each bound path is that group's and no other's", async () => {
    const outcome = await adopt({
      ...client({ protocolMappers: [groupsMapper({ "full.path": "true" })] }),
      "bindings.json": bound("/Backup Admins", "/platform/Operators"),
      "keycloak-group-Backup_Admins.json": admins,
      "keycloak-group-platform_Operators.json": operators,
    });
    expect(idp(outcome)).toMatchObject({ groupClaims: "paths" });
    expect(outcome.stdout).toContain("3 before, 3 after: equal.");
    expect(outcome.stdout).toContain("- Group kc:/platform/Operators: ClusterRole k10-basic in shop");
  });

  test("by roles of the client that are called like their groups: mapper and roles become the stack's", async () => {
    const role = (id: string, name: string): unknown => ({ id, name, composite: false });
    const outcome = await adopt({
      ...client({ protocolMappers: [rolesMapper()] }),
      "keycloak-roles.json": [role("r1", "Backup Admins"), role("r2", "Operators"), role("r3", "unused")],
      "keycloak-role-groups-Backup_Admins.json": [admins],
      "keycloak-role-groups-Operators.json": [operators],
    });
    expect(idp(outcome)).not.toHaveProperty("groupClaims");
    expect(outcome.stdout).toContain("3 before, 3 after: equal.");
    expect(imported(outcome).slice(0, 4)).toEqual([
      ["keycloak:openid/client:Client", "k10-app", `main/${clientUuid}`],
      ["keycloak:index/role:Role", "k10-app-role-backup-admins", "main/r1"],
      ["keycloak:index/role:Role", "k10-app-role-platform-operators", "main/r2"],
      [
        "keycloak:openid/userClientRoleProtocolMapper:UserClientRoleProtocolMapper",
        "k10-app-groups-claim",
        `main/client/${clientUuid}/${ids.mapper}`,
      ],
    ]);
  });

  test("by roles of other names: the stack's role comes beside, unless the client has one of the group's name for somebody else", async () => {
    const changes = {
      ...client({ protocolMappers: [rolesMapper()] }),
      "bindings.json": bound("k10-admins", "k10-operators"),
      "keycloak-role-groups-k10-admins.json": [admins],
      "keycloak-role-groups-k10-operators.json": [operators],
    };
    const roles = ["k10-admins", "k10-operators"].map((name) => ({ id: name, name }));
    const outcome = await adopt({ ...changes, "keycloak-roles.json": roles });
    expect(outcome.stdout).toContain("3 before, 3 after: equal.");
    expect(imported(outcome).filter(([type]) => type === "keycloak:index/role:Role")).toEqual([]);
    const refused = await adopt({ ...changes, "keycloak-roles.json": [...roles, { id: "other", name: "Operators" }] });
    expect(refused.stdout).toContain("another role of the group's own name, 'Operators': who holds that one would gain");
    expect(refused.written).toBeUndefined();
  });

  test.each<[string, Record<string, unknown>, string]>([
    [
      "a composite role",
      {
        ...client({ protocolMappers: [rolesMapper()] }),
        "keycloak-roles.json": [
          { id: "r1", name: "Backup Admins", composite: true },
          { id: "r2", name: "Operators" },
        ],
        "keycloak-role-groups-Backup_Admins.json": [admins],
        "keycloak-role-groups-Operators.json": [operators],
      },
      "which contains other roles",
    ],
    [
      "a role that two groups hold",
      {
        ...client({ protocolMappers: [rolesMapper()] }),
        "keycloak-roles.json": [
          { id: "r1", name: "Backup Admins" },
          { id: "r2", name: "Operators" },
        ],
        "keycloak-role-groups-Backup_Admins.json": [admins, group(ids.nested, "/other")],
        "keycloak-role-groups-Operators.json": [operators],
      },
      "got '/Backup Admins', which shares the role 'Backup Admins' of the client with '/other': a stack gives each group a role of its own",
    ],
    [
      "two groups of one name in the realm",
      { "keycloak-groups-Operators.json": [operators, { ...group("top", "/team"), subGroups: [group(ids.nested, "/team/Operators")] }] },
      'behind the subject "kc:Operators", got 2',
    ],
    [
      "roles of the realm",
      client({ protocolMappers: [groupsMapper(), { ...groupsMapper({}, "r"), protocolMapper: "oidc-usermodel-realm-role-mapper" }] }),
      "one way to fill the claim groups",
    ],
    [
      "names and paths at once",
      client({ protocolMappers: [groupsMapper(), groupsMapper({ "full.path": "true" }, "paths")] }),
      "one way to fill the claim groups",
    ],
    ["one role alone, as a text", client({ protocolMappers: [rolesMapper({ multivalued: "false" })] }), "one way to fill the claim groups"],
    [
      "roles with a prefix",
      client({ protocolMappers: [rolesMapper({ "usermodel.clientRoleMapping.rolePrefix": "k10-" })] }),
      "one way to fill the claim groups",
    ],
    ["no mapper", client({ protocolMappers: [] }), 'behind the subject "kc:Backup Admins", got none'],
    [
      "a mapper beside the ID token",
      client({ protocolMappers: [groupsMapper({ "id.token.claim": "false" })] }),
      "no mapper named 'groups' of the client",
    ],
  ])("%s: refused in words, nothing is written", async (_what, changes, words) => {
    const outcome = await adopt(changes);
    expect(outcome.status).toBe(1);
    expect(outcome.stdout).toContain(words);
    expect(outcome.written).toBeUndefined();
  });
});

describe("client scopes", () => {
  const inScope = (kind: "defaultClientScopes" | "optionalClientScopes", asked: string): Record<string, unknown> => ({
    ...client({ protocolMappers: [], [kind]: [...keycloakClient[kind], "groups"] }),
    "keycloak-client-scopes.json": [...scopes, groupsScope(groupsMapper({}, "anything"))],
    "values.yaml": { auth: { oidcAuth: { ...keycloakValues.auth.oidcAuth, scopes: asked } } },
  });

  test("one that the platform asks for stays attached where it is, and the report says until when", async () => {
    const optional = await adopt(inScope("optionalClientScopes", "openid profile email groups offline_access"));
    expect(idp(optional)).toMatchObject({ existingClients: { k10: { clientId: "kasten", optionalScopes: ["groups", "offline_access"] } } });
    expect(optional.stdout).toContain("Client scopes groups, offline_access: once nothing asks for them any more");
    expect(imported(optional).map(([type]) => type)).not.toContain(
      "keycloak:openid/groupMembershipProtocolMapper:GroupMembershipProtocolMapper",
    );
    const byDefault = await adopt(inScope("defaultClientScopes", "openid profile email groups"));
    expect(idp(byDefault)).toMatchObject({ existingClients: { k10: { defaultScopes: ["groups"] } } });
  });

  test("one that fills the claim stays though nobody asks for it; one that is neither goes", async () => {
    const outcome = await adopt(inScope("defaultClientScopes", "openid profile email"));
    expect(idp(outcome)).toMatchObject({ existingClients: { k10: { defaultScopes: ["groups"] } } });
    // An optional one that nobody asks for fills nothing.
    const refused = await adopt(inScope("optionalClientScopes", "openid profile email"));
    expect(refused.stdout).toContain('behind the subject "kc:Backup Admins", got none');
  });

  test("the stack's own as optional ones: refused, since the provider cannot move them in one update", async () => {
    const outcome = await adopt(client({ defaultClientScopes: ["basic", "acr"], optionalClientScopes: ["profile", "email"] }));
    expect(outcome.stdout).toContain("got email, profile as optional");
  });

  test("a realm of before 25, without the scope basic", async () => {
    const outcome = await adopt({
      ...client({ defaultClientScopes: ["acr", "profile", "email"] }),
      "keycloak-client-scopes.json": scopes.filter((one) => (one as { name: string }).name !== "basic"),
    });
    expect(idp(outcome)).toMatchObject({ serverVersion: "24" });
  });
});

test("a sign-in flow of the client's own stays, by its id; so do the lifetime of tokens and the level that it asks for", async () => {
  const outcome = await adopt({
    ...client({
      authenticationFlowBindingOverrides: { browser: ids.nested },
      attributes: { "access.token.lifespan": "600", "default.acr.values": "gold##2" },
    }),
    "keycloak-flow.json": { id: ids.nested, alias: "with a second factor" },
  });
  expect(idp(outcome)).toMatchObject({
    tokenLifetimeSeconds: 600,
    existingClients: { k10: { clientId: "kasten", browserFlowId: ids.nested } },
  });
  expect(outcome.stdout).toContain("'with a second factor', which stays (browserFlowId)");
  expect(outcome.stdout).toContain("asks for the level of authentication gold, 2 and goes on doing so");
});

test.each<[string, Record<string, unknown>, string]>([
  ["disabled", { enabled: false }, "a client that is enabled"],
  ["of SAML", { protocol: "saml" }, "openid-connect"],
  ["bearer-only", { bearerOnly: true }, "a client with the standard flow"],
  ["public", { publicClient: true }, "a client with a secret"],
  ["with a signed assertion in place of its secret", { clientAuthenticatorType: "client-jwt" }, "client-secret: the platform signs in"],
  ["with a service account", { serviceAccountsEnabled: true }, "a client that does nothing but sign people in"],
  ["with ES256", { attributes: { "id.token.signed.response.alg": "ES256" } }, "RS256"],
  ["with encrypted tokens", { attributes: { "id.token.encrypted.response.alg": "RSA-OAEP" } }, "ID tokens that are signed alone"],
  [
    "of another installation as well",
    { redirectUris: ["https://k10.example.com/k10/auth-svc/v0/oidc/redirect", "https://other.example.com/k10/auth-svc/v0/oidc/redirect"] },
    "of another installation",
  ],
])("a client %s is refused in words, nothing is written", async (_what, changes, words) => {
  const outcome = await adopt(client(changes));
  expect(outcome.status).toBe(1);
  expect(outcome.stdout).toContain(words);
  expect(outcome.written).toBeUndefined();
});

test("no such client, and one that merely begins so", async () => {
  const outcome = await adopt({ "keycloak-client.json": [{ ...keycloakClient, clientId: "kasten-2" }] });
  expect(outcome.stdout).toContain(`a client of the realm with the client id kasten, which the platform uses, got none`);
});

test("a person bound by a name that the realm knows gets a grant of their own", async () => {
  const outcome = await adopt({
    "bindings.json": {
      items: [...keycloakBindings, binding("RoleBinding", "shop", "one", "ClusterRole/k10-basic", `User/kc:${ids.nested}`)],
    },
    [`keycloak-user-${ids.nested}.json`]: { id: ids.nested, username: "omar@example.com" },
  });
  expect(outcome.stdout).toContain("4 before, 4 after: equal.");
  expect(JSON.stringify(environmentOf(outcome)["platforms"])).toContain('{"user":"omar@example.com","role":"basic","namespaces":["shop"]}');
});
