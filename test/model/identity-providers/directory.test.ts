import { identityProviders } from "../../../model";
import { definitionOf, issuers, open, type Answer, type Kind, type Routes } from "./directory-harness";

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
      if (!path.endsWith("/applications")) {
        return { body: { value: [] } };
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
