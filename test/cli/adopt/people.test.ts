import { adopt, binding, bindings, environmentOf, oidc, operators, stackFile } from "./world";

describe("people who are bound by name", () => {
  const ana = { id: "00u1", status: "ACTIVE", profile: { login: "ana@example.com", email: "ana@example.com" } };
  const holds = (role: string, name: string): unknown => binding("ClusterRoleBinding", undefined, "prod-user-crb", role, `User/${name}`);
  /** The vendor's first article: no groups, addresses without a prefix, everybody in the organisation may sign in. */
  const article = (changes: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> => ({
    "values.yaml": oidc({ usernameClaim: "email", usernamePrefix: undefined, groupClaim: undefined, groupPrefix: undefined }),
    "bindings.json": {
      items: [
        holds("ClusterRole/k10-admin", "ana@example.com"),
        binding("RoleBinding", "kasten-io", "prod-user-rb", "Role/k10-ns-admin", "User/ana@example.com"),
        binding("ClusterRoleBinding", undefined, "chart", "ClusterRole/k10-admin", "Group/k10:admins"),
      ],
    },
    "okta-group-00g2.json": { id: "00g2", type: "BUILT_IN", profile: { name: "Everyone" } },
    "okta-users.json": [ana],
    "okta-app-user-00u1.json": { id: "00u1", scope: "GROUP" },
    ...changes,
  });

  test("get grants of their own, by the name that stays theirs", async () => {
    const outcome = await adopt(article());
    expect(outcome.stdout).toContain("2 before, 2 after: equal.");
    expect(outcome.stdout).toContain("- User ana@example.com: ClusterRole k10-admin in the cluster");
    expect(outcome.stdout).toContain("Names are those of today");
    const { platforms: written, groups } = environmentOf(outcome);
    expect(groups).toEqual({});
    expect(written).toMatchObject({ k10: { access: [{ user: "ana@example.com", role: "admin" }] } });
    expect(written).not.toHaveProperty("k10.usernameClaim");
    expect(stackFile(outcome)).toContain("found email, which can be given to another person");
    expect(outcome.stdout).toMatch(
      /ClusterRoleBinding prod-user-crb: the stack's own bindings give the same; .* reach nobody of this platform any more/,
    );
  });

  test("who is assigned to the app by themselves already is imported so", async () => {
    const outcome = await adopt(article({ "okta-app-user-00u1.json": { id: "00u1", scope: "USER" } }));
    const { resources } = JSON.parse(outcome.written?.["adopted/import.json"] ?? "{}") as { resources: object[] };
    expect(resources).toContainEqual({
      ...{ type: "okta:app/user:User", name: "k10-app-user-ana@example.com/User", logicalName: "k10-app-user-ana@example.com" },
      ...{ id: "0oa64t6tmtpMTOkZH5d7/00u1", parent: "k10-app" },
    });
    const through = await adopt(article());
    expect(through.written?.["adopted/import.json"]).not.toContain("okta:app/user:User");
  });

  test("whom Okta does not know is named, and holds nothing", async () => {
    const outcome = await adopt(
      article({
        "bindings.json": {
          items: [
            ...bindings.map((item) => JSON.parse(JSON.stringify(item).replaceAll("okta:", "")) as unknown),
            holds("ClusterRole/k10-admin", "gone@example.com"),
          ],
        },
        "values.yaml": oidc({ usernameClaim: "email", usernamePrefix: "", groupPrefix: "" }),
        "okta-users.json": [ana],
        "okta-group-00g2.json": operators,
      }),
    );
    expect(outcome.stdout).toContain("3 before, 3 after: equal.");
    expect(outcome.stdout).toContain(
      "ClusterRoleBinding prod-user-crb: names User gone@example.com, whom the identity provider does not know",
    );
  });

  test("two people of one address need a decision", async () => {
    const outcome = await adopt(article({ "okta-users.json": [ana, { ...ana, id: "00u2" }] }));
    expect(outcome.stdout).toContain('one person at the identity provider behind the subject "ana@example.com", got 2');
    expect(outcome.written).toBeUndefined();
  });

  test("half a role under a name that changes needs a decision", async () => {
    const outcome = await adopt(
      article({
        "bindings.json": { items: [...bindings, holds("ClusterRole/k10-admin", "ana@example.com")] },
        "values.yaml": oidc({ usernameClaim: "email", usernamePrefix: "" }),
        "okta-group-00g2.json": operators,
      }),
    );
    expect(outcome.stdout).toMatch(/User ana@example\.com, bound by ClusterRoleBinding prod-user-crb/);
    expect(outcome.status).toBe(1);
  });

  test("nobody who is known: refused with their names", async () => {
    const outcome = await adopt(article({ "okta-users.json": [] }));
    expect(outcome.stdout).toContain(
      "no binding that reaches anybody, but bindings of User ana@example.com, whom the identity provider does not know",
    );
  });

  test("half a role under a name that stays, stays with its binding", async () => {
    const outcome = await adopt({
      "bindings.json": { items: [...bindings, holds("ClusterRole/k10-admin", "okta:00u1")] },
      "okta-users.json": [ana],
    });
    expect(outcome.stdout).toContain("4 before, 4 after: equal.");
    expect(outcome.stdout).toContain("ClusterRoleBinding prod-user-crb: gives User okta:00u1 what no grant says; it stays");
  });
});
