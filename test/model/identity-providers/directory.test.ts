import { generateKeyPairSync, verify, type KeyObject } from "node:crypto";
import { identityProviders, type Directory, type DirectoryDefinition } from "../../../model";

type Answer = { readonly status?: number; readonly body?: unknown; readonly headers?: Record<string, string> } | undefined;
type Routes = (path: string, query: URLSearchParams, headers: Record<string, string>) => Answer;

const issuers = {
  okta: "https://example.okta.com/oauth2/default",
  entra: "https://login.microsoftonline.com/6d2374b4-aceb-42ac-966a-716a93f07db0/v2.0",
  keycloak: "https://id.example.com/auth/realms/main",
} as const;
type Kind = keyof typeof issuers;

const variables: Record<string, string> = {
  OKTA_ACCESS_TOKEN: "okta-token",
  GATEHOUSE_GRAPH_TOKEN: "graph-token",
  KEYCLOAK_CLIENT_ID: "reader",
  KEYCLOAK_CLIENT_SECRET: "a secret",
};

const definitionOf = (kind: Kind): DirectoryDefinition => {
  const { directory } = identityProviders[kind];
  if (directory === undefined) {
    throw new Error(`${kind}: expected a reader`);
  }
  return directory;
};

const anyToken = (_form: URLSearchParams): Response => Response.json({ access_token: "kc.token.x" });

async function open(
  kind: Kind,
  routes: Routes,
  asked: string[] = [],
  environment = variables,
  tokens: (form: URLSearchParams) => Response = anyToken,
): Promise<Directory> {
  return definitionOf(kind).open({
    issuer: issuers[kind],
    variable: (name) => environment[name],
    pause: () => Promise.resolve(),
    now: () => new Date("2026-11-23T12:00:00Z"),
    fetch: (address, init) => {
      const url = new URL(address);
      asked.push(`${url.host}${url.pathname}`);
      if (init.method === "POST") {
        return Promise.resolve(tokens(new URLSearchParams(init.body)));
      }
      const answer = routes(url.pathname, url.searchParams, init.headers);
      const body = typeof answer?.body === "string" ? answer.body : JSON.stringify(answer?.body ?? {});
      return Promise.resolve(new Response(body, { status: answer === undefined ? 404 : (answer.status ?? 200), headers: answer?.headers }));
    },
  });
}

test("a kind whose people nobody but the vendor knows has no reader", () => {
  expect(Object.entries(identityProviders).flatMap(([kind, { directory }]) => (directory === undefined ? [kind] : []))).toEqual([
    "external",
  ]);
});

describe("Okta", () => {
  const user = (login: string, status = "ACTIVE") => ({ id: `id-${login}`, status, profile: { login, email: `${login}@example.com` } });
  const group =
    (next?: string): Routes =>
    (path, query) => {
      switch (path) {
        case "/api/v1/groups/00g1":
          return { body: { profile: { name: "Admins" } } };
        case "/api/v1/groups/00g1/users":
          return query.get("after") === "1"
            ? { body: [user("omar", "SUSPENDED")] }
            : {
                body: [user("ana")],
                headers: { link: `<${next ?? "https://example.okta.com/api/v1/groups/00g1/users?after=1&limit=200"}>; rel="next"` },
              };
        case "/api/v1/groups":
          expect(Object.fromEntries(query)).toEqual({ filter: 'id eq "00g1"', expand: "stats" });
          return { body: [{ id: "00g1", _embedded: { stats: { usersCount: 2 } } }] };
        default:
          return undefined;
      }
    };

  test("every page at the organisation's own address, who cannot sign in, and the count", async () => {
    const asked: string[] = [];
    const members = await (await open("okta", group(), asked)).members({ id: "00g1" });
    expect(members).toMatchObject({ name: "Admins", listed: 2, counted: 2 });
    expect(members.people).toEqual([
      { login: "ana", id: "id-ana", active: true, claims: { sub: "id-ana", preferred_username: "ana", email: "ana@example.com" } },
      { login: "omar", id: "id-omar", active: false, claims: { sub: "id-omar", preferred_username: "omar", email: "omar@example.com" } },
    ]);
    expect(new Set(asked.map((one) => one.split("/")[0]))).toEqual(new Set(["example.okta.com"]));
  });

  test.each([
    [
      "a next page elsewhere",
      "https://example.okta.com/api/v1/users?after=1",
      "Expected the next page below /api/v1/groups/00g1/users, got an address elsewhere.",
    ],
    [
      "the same page for ever",
      "https://example.okta.com/api/v1/groups/00g1/users?limit=200",
      "Expected another page of /api/v1/groups/00g1/users from Okta, got the same one again.",
    ],
  ])("%s is refused", async (_what, next, words) => {
    await expect((await open("okta", group(next))).members({ id: "00g1" })).rejects.toThrow(words);
  });

  test("another host in the next page's address gets no credentials: the organisation is asked", async () => {
    const asked: string[] = [];
    await (await open("okta", group("https://evil.example.com/api/v1/groups/00g1/users?after=1"), asked)).members({ id: "00g1" });
    expect(asked.some((one) => one.startsWith("evil"))).toBe(false);
  });

  test.each([
    [403, "directory_rights", /got status 403\.\nFix: the credentials need okta\.groups\.read/],
    [401, "directory_credentials", /got status 401/],
    [503, "directory_answer", /got status 503, 4 times/],
    [400, "directory_answer", /to be readable, got status 400/],
    [404, "directory_answer", /Expected group 00g1 at the identity provider, got status 404\.\nFix: run `pulumi up --refresh`/],
  ])("status %i", async (status, code, words) => {
    const directory = await open("okta", () => ({ status }));
    await expect(directory.members({ id: "00g1" })).rejects.toMatchObject({ code, message: expect.stringMatching(words) as string });
  });

  test("a rate limit is waited for", async () => {
    let limited = 2;
    const routes = group();
    const directory = await open("okta", (...request) => {
      limited -= 1;
      return limited >= 0 ? { status: 429, headers: { "x-rate-limit-reset": "1795435300" } } : routes(...request);
    });
    expect((await directory.members({ id: "00g1" })).listed).toBe(2);
  });
});

describe("Entra ID", () => {
  const object = (kind: string, id: string, more: object = {}) => ({
    "@odata.type": `#microsoft.graph.${kind}`,
    id,
    displayName: id,
    ...more,
  });
  const person = (id: string, more: object = {}) =>
    object("user", id, { userPrincipalName: `${id}@example.com`, accountEnabled: true, ...more });
  const lists: Record<string, object[]> = {
    outer: [person("ana"), object("group", "inner"), object("servicePrincipal", "robot")],
    inner: [person("omar", { accountEnabled: false }), object("group", "outer"), person("ana")],
  };
  const graph =
    (count = "4"): Routes =>
    (path, query, headers) => {
      const [, id = "", rest = ""] = /^\/v1\.0\/groups\/(\w+)(\/.*)?$/.exec(path) ?? [];
      if (rest === "/transitiveMembers/$count") {
        return headers["consistencylevel"] === "eventual" ? { body: count } : { status: 400 };
      }
      if (rest === "/members") {
        const from = Number(query.get("$skiptoken") ?? "0");
        const all = lists[id] ?? [];
        const next = from + 1 < all.length ? { "@odata.nextLink": `https://graph.microsoft.com${path}?$skiptoken=${from + 1}` } : {};
        return { body: { value: all.slice(from, from + 1), ...next } };
      }
      return rest === "" ? { body: { displayName: id } } : undefined;
    };

  test("nested groups, a circle, somebody by two ways, who is disabled, what is no person; the count by Graph itself", async () => {
    const members = await (await open("entra", graph())).members({ id: "outer" });
    expect(members).toMatchObject({ name: "outer", listed: 4, counted: 4, others: ["servicePrincipal robot (robot)"] });
    expect(members.people.map(({ login, active, through }) => ({ login, active, through }))).toEqual([
      { login: "ana@example.com", active: true, through: undefined },
      { login: "omar@example.com", active: false, through: ["inner"] },
    ]);
  });

  test("a count that is none, and a next page elsewhere", async () => {
    await expect((await open("entra", graph("many"))).members({ id: "outer" })).rejects.toThrow(
      /Expected the number of members of group outer from Microsoft Graph/,
    );
    const elsewhere = await open("entra", (path) =>
      path.endsWith("/members")
        ? { body: { value: [], "@odata.nextLink": "https://evil.example.com/" } }
        : graph()(path, new URLSearchParams(), {}),
    );
    await expect(elsewhere.members({ id: "outer" })).rejects.toThrow(/got an address elsewhere/);
  });

  test("the policies that include the application, its secrets' ends, and owners", async () => {
    const policy = (displayName: string, includeApplications: string[], excludeApplications: string[] = []) => ({
      displayName,
      state: "enabled",
      conditions: { applications: { includeApplications, excludeApplications }, users: { excludeGroups: ["break-glass"] } },
      grantControls: { builtInControls: ["mfa"] },
    });
    const directory = await open("entra", (path) => {
      if (path.endsWith("/policies")) {
        return {
          body: {
            value: [policy("ours", ["app-1"]), policy("all", ["All"]), policy("but ours", ["All"], ["app-1"]), policy("other", ["app-2"])],
          },
        };
      }
      if (path.endsWith("/owners")) {
        return { body: { value: [person("ana")] } };
      }
      return {
        body: {
          value: [{ id: "o", displayName: "k10", passwordCredentials: [{ displayName: "2026", endDateTime: "2027-01-01T00:00:00Z" }] }],
        },
      };
    });
    const { facts, secrets } = await directory.signIn("app-1");
    expect(facts).toEqual([
      { what: "Conditional Access 'ours'", value: "enabled, asks for mfa, leaves out break-glass" },
      { what: "Conditional Access 'all'", value: "enabled, asks for mfa, leaves out break-glass" },
    ]);
    expect(secrets).toEqual([{ what: "client secret '2026'", endsAt: "2027-01-01T00:00:00Z" }]);
    expect(await directory.mayChange([{ id: "g", displayName: "Admins" }], ["app-1"])).toEqual([
      { what: "group 'Admins' (owners)", who: ["ana@example.com"] },
      { what: "application 'k10' (owners)", who: ["ana@example.com"] },
    ]);
  });
});

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

describe("Okta: a service app with a key of its own", () => {
  const none: Routes = () => undefined;
  const pemOf = (pair: { privateKey: KeyObject }): string => pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const environment = (privateKey: string): Record<string, string> => ({
    OKTA_API_CLIENT_ID: "0oa1",
    OKTA_API_PRIVATE_KEY: privateKey,
    OKTA_API_PRIVATE_KEY_ID: "key-1",
  });

  test.each([
    ["RS256", rsa],
    ["ES256", ec],
  ] as const)("%s: a signed assertion for the token endpoint, and only what is needed to read", async (alg, pair) => {
    let form = new URLSearchParams();
    await open("okta", none, [], environment(pemOf(pair)), (given) => {
      form = given;
      return anyToken(given);
    });
    expect(form.get("scope")).toBe("okta.groups.read okta.users.read okta.apps.read okta.policies.read okta.roles.read");
    const [head = "", body = "", signature = ""] = (form.get("client_assertion") ?? "").split(".");
    const part = (text: string): unknown => JSON.parse(Buffer.from(text, "base64url").toString());
    expect(part(head)).toEqual({ alg, kid: "key-1" });
    expect(part(body)).toMatchObject({
      iss: "0oa1",
      sub: "0oa1",
      aud: "https://example.okta.com/oauth2/v1/token",
      iat: 1795435200,
      exp: 1795435500,
    });
    const key = { key: pair.publicKey, dsaEncoding: "ieee-p1363" } as const;
    expect(verify("sha256", Buffer.from(`${head}.${body}`), key, Buffer.from(signature, "base64url"))).toBe(true);
  });

  test.each([
    [
      "no client",
      { OKTA_API_PRIVATE_KEY: pemOf(rsa) },
      200,
      {},
      "directory_credentials",
      /Expected OKTA_API_CLIENT_ID beside OKTA_API_PRIVATE_KEY/,
    ],
    [
      "no key",
      environment("not a key"),
      200,
      {},
      "directory_credentials",
      /Expected a private key of RSA or ECDSA P-256 .*, got something else\./,
    ],
    ["another kind", environment(pemOf(generateKeyPairSync("ed25519"))), 200, {}, "directory_credentials", /got ed25519\./],
    [
      "a scope that was not granted",
      environment(pemOf(rsa)),
      400,
      { error: "invalid_scope", error_description: "not granted: okta.roles.read" },
      "directory_rights",
      /status 400: not granted: okta\.roles\.read\./,
    ],
    [
      "a key that was taken away",
      environment(pemOf(rsa)),
      401,
      { error: "invalid_client" },
      "directory_credentials",
      /status 401: invalid_client\./,
    ],
    ["no JSON", environment(pemOf(rsa)), 200, "<html>", "directory_credentials", /status 200: no reason given\./],
  ])("%s", async (_what, given, status, body, code, message) => {
    const answer = () => new Response(typeof body === "string" ? body : JSON.stringify(body), { status });
    await expect(open("okta", none, [], given, answer)).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string });
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

describe("Keycloak", () => {
  const admin = "/auth/admin/realms/main";
  const group = (id: string, subGroupCount = 0) => ({ id, name: id, path: `/${id}`, subGroupCount });
  const people = Array.from({ length: 101 }, (_, number) => ({ id: `u${number}`, username: `person-${number}`, enabled: number > 0 }));
  const realm =
    (options: { lost?: number; children?: number } = {}): Routes =>
    (path, query) => {
      const page = <Item>(all: readonly Item[]): Answer => {
        const [first, max] = [Number(query.get("first")), Number(query.get("max"))];
        return { body: all.slice(first, first + max).filter((_, position) => !(max === options.lost && first + position === 3)) };
      };
      switch (path) {
        case `${admin}/groups/outer`:
          return { body: group("outer", options.children ?? 1) };
        case `${admin}/groups/outer/children`:
          return page([group("inner")]);
        case `${admin}/groups/outer/members`:
          return page(people);
        case `${admin}/groups/inner/members`:
          return page([{ id: "eve", username: "eve", email: "eve@example.com" }]);
        default:
          return path.endsWith("/children") ? page([]) : undefined;
      }
    };

  test("pages, members of subgroups with the way, and the same list in pages of another size", async () => {
    const members = await (await open("keycloak", realm())).members({ id: "outer" });
    expect(members).toMatchObject({ name: "outer", listed: 102, counted: 102 });
    expect(members.people[0]).toMatchObject({ login: "person-0", active: false });
    expect(members.people.at(-1)).toEqual({
      login: "eve",
      id: "eve",
      active: true,
      through: ["inner"],
      claims: { sub: "eve", preferred_username: "eve", email: "eve@example.com" },
    });
  });

  test("somebody whom one of the two listings leaves out, and a subgroup that is counted and not shown", async () => {
    const lost = await (await open("keycloak", realm({ lost: 37 }))).members({ id: "outer" });
    expect(lost.counted).not.toBe(lost.listed);
    await expect((await open("keycloak", realm({ children: 2 }))).members({ id: "outer" })).rejects.toThrow(
      /Expected 2 subgroups of \/outer, as Keycloak counts them, got 1\./,
    );
  });
});

test.each(Object.keys(issuers) as Kind[])("%s without credentials: which ones, with which rights", async (kind) => {
  const { credentials } = definitionOf(kind);
  await expect(open(kind, () => undefined, [], {})).rejects.toMatchObject({
    code: "directory_credentials",
    message: expect.stringContaining(`Fix: set ${credentials}`) as string,
  });
});
