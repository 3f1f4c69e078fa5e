import { open, type Routes } from "./directory-harness";

describe("Okta: who may change it", () => {
  const role = (type: string, assignmentType = "USER", more = {}) => ({
    type,
    label: `the role ${type}`,
    assignmentType,
    status: "ACTIVE",
    ...more,
  });
  const next = "https://example.okta.com/api/v1/iam/assignees/users?after=00u2&limit=200";
  const organisation: Routes = (path, query) => {
    const bodies: Record<string, unknown> = {
      "/api/v1/iam/assignees/users": query.has("after")
        ? { value: [{ id: "00u3" }] }
        : { value: [{ id: "00u1" }, { id: "00u2" }], _links: { next: { href: next } } },
      "/api/v1/users/00u1/roles": [role("SUPER_ADMIN"), role("APP_ADMIN", "USER", { status: "INACTIVE" })],
      "/api/v1/users/00u2/roles": [role("READ_ONLY_ADMIN"), role("REPORT_ADMIN")],
      "/api/v1/users/00u3/roles": [role("SUPER_ADMIN", "GROUP"), { type: "CUSTOM", label: "Keeper of groups", role: "cr0" }],
      "/api/v1/users/00u1": { profile: { login: "root@example.com" } },
      "/api/v1/users/00u3": { profile: { login: "ana@example.com" } },
      "/api/v1/apps": [
        { id: "0oa1", label: "Deployer", settings: { oauthClient: { application_type: "service" } } },
        { id: "0oa2", label: "A wiki", settings: { oauthClient: { application_type: "web" } } },
        { id: "0oa3", label: "A bookmark", settings: {} },
      ],
      "/oauth2/v1/clients/0oa1/roles": [role("SUPER_ADMIN", "CLIENT")],
      "/api/v1/groups/00g1/roles": [role("USER_ADMIN", "GROUP")],
      "/api/v1/groups/00g1/owners": [{ id: "00u3", type: "USER", displayName: "Ana Silva" }],
    };
    return path in bodies ? { body: bodies[path] } : undefined;
  };
  const groups = [{ id: "00g1", displayName: "Admins" }];

  test("administrators page by page, service apps, a group that holds a role itself, owners; nobody who only reads", async () => {
    expect(await (await open("okta", organisation)).mayChange(groups, [])).toEqual([
      { what: "organisation: Keeper of groups", who: ["ana@example.com"] },
      {
        what: "organisation: the role SUPER_ADMIN",
        who: ["ana@example.com (through a group)", "app 'Deployer' (0oa1)", "root@example.com"],
      },
      { what: "group 'Admins' (owners)", who: ["Ana Silva (user 00u3)"] },
      { what: "organisation: the role USER_ADMIN", who: ["everybody in the group 'Admins'"] },
    ]);
  });

  test("an organisation without owners of groups has none; one that may not be read is not called empty", async () => {
    const refusing =
      (errorCode: string, part: string): Routes =>
      (path, query, headers) =>
        path.includes(part) ? { status: 403, body: { errorCode } } : organisation(path, query, headers);
    const without = await (await open("okta", refusing("E0000015", "/owners"))).mayChange(groups, []);
    expect(without.map(({ what }) => what)).not.toContain("group 'Admins' (owners)");
    await expect((await open("okta", refusing("E0000006", "/owners"))).mayChange(groups, [])).rejects.toThrow(/okta\.groups\.read/);
    await expect((await open("okta", refusing("E0000006", "/iam/"))).mayChange(groups, [])).rejects.toMatchObject({
      code: "directory_rights",
      message: expect.stringContaining("the credentials need okta.roles.read") as string,
    });
  });
});

describe("Keycloak: who may change it", () => {
  const admin = "/auth/admin/realms/main";
  const realm =
    (fine: boolean): Routes =>
    (path, query) => {
      const bodies: Record<string, unknown> = {
        [admin]: { adminPermissionsEnabled: fine },
        [`${admin}/clients`]: [query.get("clientId")].map((clientId) => ({ id: `id-of-${clientId ?? ""}`, clientId })),
        [`${admin}/roles`]: [
          { id: "r1", name: "helpers", composite: true },
          { id: "r2", name: "plain", composite: false },
        ],
        [`${admin}/roles-by-id/r1/composites/clients/id-of-realm-management`]: [
          { id: "c1", name: "manage-users" },
          { id: "c2", name: "view-users" },
        ],
        [`${admin}/roles/helpers/users`]: [{ username: "ida" }],
        [`${admin}/roles/helpers/groups`]: [{ path: "/support" }],
        [`${admin}/clients/id-of-realm-management/roles/manage-users/users`]: [{ username: "root" }],
        [`${admin}/clients/id-of-realm-management/roles/realm-admin/groups`]: [{ path: "/it/admins" }],
        [`${admin}/clients/id-of-admin-permissions/authz/resource-server/permission`]: [{ id: "p1", name: "members of auditors" }],
        [`${admin}/clients/id-of-admin-permissions/authz/resource-server/policy/p1/associatedPolicies`]: [{ id: "q1", name: "team leads" }],
      };
      return { body: bodies[path] ?? [] };
    };
  const held = [
    { what: "realm: realm-admin", who: ["everybody in the group /it/admins"] },
    {
      what: "realm: manage-users",
      who: ["everybody in the group /support (through the realm role helpers)", "ida (through the realm role helpers)", "root"],
    },
  ];

  test("roles of realm-management: people, groups, realm roles that contain them; fine-grained permissions where they are on", async () => {
    expect(await (await open("keycloak", realm(false))).mayChange([], [])).toEqual(held);
    expect(await (await open("keycloak", realm(true))).mayChange([], [])).toEqual([
      ...held,
      { what: "fine-grained permission 'members of auditors'", who: ["whoever the policy 'team leads' names"] },
    ]);
  });

  test("a realm whose realm-management is not shown is not called one without administrators", async () => {
    const hidden: Routes = (path, query, headers) => (path === `${admin}/clients` ? { body: [] } : realm(false)(path, query, headers));
    await expect((await open("keycloak", hidden)).mayChange([], [])).rejects.toThrow(
      /Expected the client realm-management in the realm, got none\./,
    );
  });
});

describe("the newest client secret", () => {
  const password = (hint: string | null, startDateTime: string) => ({ displayName: "", hint, startDateTime, endDateTime: null });

  test("Entra ID shows its first three characters; without a hint there is nothing to compare", async () => {
    const apps =
      (passwordCredentials: unknown[]): Routes =>
      (path) =>
        path === "/v1.0/applications" ? { body: { value: [{ id: "1", displayName: "K10", passwordCredentials }] } } : undefined;
    const credentials = [password("old", "2026-01-01T00:00:00Z"), password("NEW", "2026-06-01T00:00:00Z")];
    const newest = await (await open("entra", apps(credentials))).newestSecret("client");
    expect([newest?.by, newest?.matches("NEW~rest"), newest?.matches("old~rest")]).toEqual(["its first three characters", true, false]);
    expect(await (await open("entra", apps([]))).newestSecret("client")).toBeUndefined();
    expect(await (await open("entra", apps([password(null, "2026-01-01T00:00:00Z")]))).newestSecret("client")).toBeUndefined();
  });

  test("Keycloak shows it; a public client has none", async () => {
    const admin = "/auth/admin/realms/main/clients";
    const realm =
      (secret: unknown): Routes =>
      (path) =>
        path === admin
          ? { body: [{ id: "id-1", clientId: "client" }] }
          : path === `${admin}/id-1/client-secret`
            ? { body: secret }
            : undefined;
    const newest = await (await open("keycloak", realm({ type: "secret", value: "the secret" }))).newestSecret("client");
    expect([newest?.by, newest?.matches("the secret"), newest?.matches("the secret ")]).toEqual(["its SHA-256", true, false]);
    expect(await (await open("keycloak", realm({ type: "secret" }))).newestSecret("client")).toBeUndefined();
    expect(await (await open("keycloak", realm({}))).newestSecret("other")).toBeUndefined();
  });

  test("Okta: the active one that was made last", async () => {
    const secrets = [
      { client_secret: "second", status: "ACTIVE", created: "2026-02-01T00:00:00.000Z" },
      { client_secret: "first", status: "ACTIVE", created: "2026-01-01T00:00:00.000Z" },
      { client_secret: "third", status: "INACTIVE", created: "2026-03-01T00:00:00.000Z" },
    ];
    const newest = await (await open("okta", () => ({ body: secrets }))).newestSecret("0oa1");
    expect(secrets.map(({ client_secret: value }) => newest?.matches(value))).toEqual([true, false, false]);
    expect(await (await open("okta", () => ({ body: [] }))).newestSecret("0oa1")).toBeUndefined();
  });
});
