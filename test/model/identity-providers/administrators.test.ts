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

describe("Entra ID: who may change it", () => {
  const roles = "/v1.0/roleManagement/directory";
  const user = (name: string) => ({
    "@odata.type": "#microsoft.graph.user",
    id: `id-of-${name}`,
    userPrincipalName: `${name}@example.com`,
  });
  const held = (roleDefinitionId: string, principal: { id: string } | null, directoryScopeId = "/", more = {}) => ({
    ...{ id: "a", roleDefinitionId, principalId: principal?.id ?? "gone", principal, directoryScopeId, ...more },
  });
  const role = (id: string, displayName: string, actions: string[], more = {}) => ({
    ...{ id, displayName, isEnabled: true, rolePermissions: [{ allowedResourceActions: actions, condition: null }], ...more },
  });
  const definitions = [
    role("r1", "Groups Administrator", ["microsoft.directory/groups/members/update"]),
    role("r2", "Global Reader", [
      "microsoft.directory/groups/members/read",
      "microsoft.directory/users/authenticationMethods/standard/restrictedRead",
    ]),
    role("r3", "Teams Administrator", ["microsoft.directory/groups.unified/members/update"]),
    role("r4", "Helpdesk Administrator", ["microsoft.directory/users/password/update"]),
    role("r5", "Switched off", ["microsoft.directory/applications/allProperties/allTasks"], { isEnabled: false }),
    role("r6", "User", [], {
      rolePermissions: [{ allowedResourceActions: ["microsoft.directory/users/password/update"], condition: "$ResourceIsSelf" }],
    }),
    role("r7", "Conditional Access Administrator", ["microsoft.directory/conditionalAccessPolicies/basic/update"]),
    role("r8", "Application Administrator", ["microsoft.directory/servicePrincipals/appRoleAssignedTo/update"]),
  ];
  const assignments: Record<string, unknown[]> = {
    r1: [held("r1", user("ana"), "/g1"), held("r1", user("eve"), "/another-group"), held("r1", user("bo"), "/administrativeUnits/au1")],
    r4: [held("r4", { "@odata.type": "#microsoft.graph.group", id: "h", displayName: "Helpers" } as { id: string }), held("r4", null)],
    r8: [held("r8", user("cy"), "/a1")],
  };
  const tenant =
    (eligible: object): Routes =>
    (path, query) => {
      const wanted = /'(\w+)'/.exec(query.get("$filter") ?? "")?.[1] ?? "";
      const bodies: Record<string, unknown> = {
        "/v1.0/applications": { value: [{ id: "a1", displayName: "K10", passwordCredentials: [] }] },
        "/v1.0/groups/g1/owners": { value: [user("olga")] },
        "/v1.0/applications/a1/owners": { value: [] },
        [`${roles}/roleDefinitions`]: { value: definitions },
        [`${roles}/roleAssignments`]: query.get("$expand") === "principal" ? { value: assignments[wanted] ?? [] } : {},
        "/v1.0/servicePrincipals": {
          value: [
            {
              id: "graph",
              appRoles: [
                { id: "p1", value: "GroupMember.ReadWrite.All" },
                { id: "p2", value: "User.Read.All" },
              ],
            },
          ],
        },
        "/v1.0/servicePrincipals/graph/appRoleAssignedTo": {
          value: [
            { appRoleId: "p1", principalId: "sp1", principalDisplayName: "Onboarding" },
            { appRoleId: "p2", principalId: "sp2", principalDisplayName: "A reader" },
          ],
        },
      };
      return path === `${roles}/roleEligibilityScheduleInstances` ? eligible : { body: bodies[path] };
    };
  const unlicensed = { status: 400, body: { error: { code: "AadPremiumLicenseRequired", message: "The tenant needs a licence." } } };
  const always = [
    { what: "group 'Admins' (owners)", who: ["olga@example.com"] },
    { what: "application 'K10' (owners)", who: [] },
    { what: "tenant: Application Administrator", who: ["cy@example.com (for 'K10' alone)"] },
  ];
  const others = [
    {
      what: "tenant: Groups Administrator",
      who: ["ana@example.com (for 'Admins' alone)", "bo@example.com (in the administrative unit au1)"],
    },
    { what: "tenant: Helpdesk Administrator", who: ["everybody in the group 'Helpers'", "somebody who is no longer there (gone)"] },
    { what: "tenant: permission GroupMember.ReadWrite.All on Microsoft Graph", who: ["app 'Onboarding' (sp1)"] },
  ];
  const groups = [{ id: "g1", displayName: "Admins" }];

  test("owners; directory roles that can change something, with what they are limited to; applications with permissions of their own", async () => {
    expect(await (await open("entra", tenant(unlicensed))).mayChange(groups, ["client"])).toEqual([...always, ...others]);
  });

  test("roles that somebody may activate, and until when", async () => {
    const value = [held("r7", user("dan"), "/", { endDateTime: "2027-01-01T00:00:00Z" }), held("r2", user("eve"))];
    expect(await (await open("entra", tenant({ body: { value } }))).mayChange(groups, ["client"])).toEqual([
      ...always,
      { what: "tenant: Conditional Access Administrator", who: ["dan@example.com (once activated, until 2027-01-01T00:00:00Z)"] },
      ...others,
    ]);
  });

  test("roles that may not be read are not called none", async () => {
    const refused = { status: 403, body: { error: { code: "Authorization_RequestDenied", message: "Insufficient privileges." } } };
    await expect((await open("entra", tenant(refused))).mayChange(groups, ["client"])).rejects.toMatchObject({
      code: "directory_rights",
      message: expect.stringContaining("the credentials need RoleManagement.Read.Directory") as string,
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
        [`${admin}/clients/id-of-realm-management/roles`]: ["realm-admin", "manage-users", "view-users"].map((name) => ({
          id: name,
          name,
        })),
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

  test("from the realm master: its own administrators of the realm as well", async () => {
    const above: Routes = (path, query, headers) =>
      realm(false)(path.replace("/realms/master", "/realms/main").replace("id-of-main-realm", "id-of-realm-management"), query, headers);
    const credentials = { KEYCLOAK_CLIENT_ID: "reader", KEYCLOAK_CLIENT_SECRET: "a secret", KEYCLOAK_REALM: "master" };
    const directory = await open("keycloak", above, [], credentials);
    expect(await directory.mayChange([], [])).toEqual([
      ...held,
      ...held.map(({ what, who }) => ({ what: what.replace("realm:", "realm master:"), who })),
    ]);
  });

  test("a realm whose realm-management is not shown is not called one without administrators", async () => {
    const hidden: Routes = (path, query, headers) => (path === `${admin}/clients` ? { body: [] } : realm(false)(path, query, headers));
    await expect((await open("keycloak", hidden)).mayChange([], [])).rejects.toThrow(
      /Expected the client realm-management in the realm main, got none\./,
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
