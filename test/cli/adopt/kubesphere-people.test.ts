import { gatehouse, type Outcome } from "../harness";
import { access, adoptKubeSphere, answers, bound, platform, rows, user, withPeople } from "./kubesphere-world";
import { clientId, environmentOf, stackFile } from "./world";

describe("people", () => {
  const regular = (name: string): unknown => bound(3, name, ["GlobalRole", "platform-regular"]);

  test.each([
    ["nobody's role", [], "The account nils, which holds no role that a grant can give, stays as it is"],
    [
      "a role in a workspace alone, beside which the stack would give more",
      [bound(3, "nils", ["WorkspaceRole", "retail-viewer"], { workspace: "retail" })],
      "The account nils, which has none of the built-in roles in the whole platform, and the stack would give platform-regular",
    ],
    ["a role of one's own", [bound(3, "nils", ["GlobalRole", "our-auditor"])], "gives User nils what no grant says; it stays"],
  ])("%s stays with the account, and access is equal", async (_what, bindings, words) => {
    const outcome = await withPeople(3, [], bindings);
    expect(outcome.stdout).toContain(words);
    expect(outcome.stdout).toMatch(/equal\.\n/);
    expect(stackFile(outcome)).not.toContain("nils@example.com");
    expect(rows(outcome).join("\n")).not.toContain("nils");
  });

  test("two roles in one place: the stronger is the grant, the weaker stays", async () => {
    const outcome = await withPeople(3, [], [regular("ana")]);
    expect(outcome.stdout).toContain("5 before, 5 after: equal.");
    expect(outcome.stdout).toContain("GlobalRoleBinding ana-platform-regular: gives User ana what no grant says; it stays");
    expect(platform(outcome)).toMatchObject({ access });
  });

  test("a binding of another name is not imported: the stack's own comes beside it", async () => {
    const outcome = await withPeople(
      3,
      [],
      [regular("nils"), bound(3, "nils", ["Role", "viewer"], { namespace: "shop", name: "auditors" })],
    );
    expect(outcome.stdout).toContain("RoleBinding shop/auditors: the stack's own bindings give the same; delete it");
    expect(outcome.stdout).not.toContain("GlobalRoleBinding nils-platform-regular:");
    expect(rows(outcome).filter((row) => row.includes("nils")).length).toBe(2);
  });

  test("a binding of the stack's name for two people needs a decision: the other would lose it", async () => {
    const outcome = await withPeople(3, [], [bound(3, "nils", ["GlobalRole", "platform-regular"], { also: "zoe" })]);
    expect([outcome.status, outcome.written]).toEqual([1, undefined]);
    expect(outcome.stdout).toContain("got GlobalRole platform-regular for User nils, User zoe");
  });

  test.each([
    ["a local account of the name of none", user(3, "zoe", undefined), undefined],
    ["somebody of another provider", user(3, "zoe", "00u3", { provider: "github" }), undefined],
    ["a name that differs in capitals alone", user(3, "zoe", "00u3", { provider: "okta" }), undefined],
    ["a second account of one person", user(3, "zoe", "00u1"), "The account zoe, which is one of 2 accounts of the same person (ana, zoe)"],
    ["a name that the console refuses", user(3, "z".repeat(33), "00u4"), "which has a name that the console would refuse"],
  ])("%s is not taken over", async (_what, account, words) => {
    const { name } = (account as { metadata: { name: string } }).metadata;
    const outcome = await withPeople(3, [account], [regular(name)]);
    expect(rows(outcome).join("\n")).not.toContain(name);
    expect(outcome.stdout.includes(`The account ${name}`)).toBe(words !== undefined);
    expect(outcome.stdout).toContain(words ?? "");
    expect(outcome.stdout).toMatch(/equal\.\n/);
  });

  test("whom Okta does not know is named", async () => {
    const outcome = await withPeople(3, [user(3, "gone", "00u9")], [regular("gone")]);
    expect(outcome.stdout).toContain("GlobalRoleBinding gone-platform-regular: names User gone, whom the identity provider does not know");
  });

  test("an account with a password reaches the state without its hash", async () => {
    const hash = "$2a$10$EixZaYVK1fsbw1ZfbX3OXe";
    const { items } = answers(3)["users.json"] as { items: { metadata: { name: string } }[] };
    const withHash = items.map((one) => (one.metadata.name === "ana" ? { ...one, spec: { password: hash } } : one));
    const ana = await adoptKubeSphere(3, { "users.json": { items: withHash } });
    expect(rows(ana)).not.toContain("kubernetes:iam.kubesphere.io/v1alpha2:User kubesphere-people-ana ana");
    const states = JSON.parse(ana.written?.["adopted/release.json"] ?? "{}") as { releases: unknown[] };
    expect(states.releases[0]).toEqual({
      ...{ type: "kubernetes:iam.kubesphere.io/v1alpha2:User", name: "kubesphere-people-ana", id: "ana" },
      parent: { type: "gatehouse:index:KubeSpherePeople", name: "kubesphere-people" },
      inputs: { apiVersion: "iam.kubesphere.io/v1alpha2", kind: "User", metadata: { name: "ana" } },
    });
    expect(JSON.stringify(ana)).not.toContain(hash);
  });

  describe("nothing that can be imported: every account has a password, every binding a name of its own", () => {
    const users = [["ana", "00u1"] as const, ["omar-ops", "00u2"] as const].map(([name, sub]) =>
      user(4, name, sub, { spec: { password: "$2a$10$a-hash" } }),
    );
    const roles = ["ana", "omar-ops"].map((name) => bound(4, name, ["GlobalRole", "platform-regular"], { name: `given-${name}` }));
    const taken = (): Promise<Outcome> => adoptKubeSphere(4, { "users.json": { items: users }, "bindings.json": { items: roles } });
    const component = "gatehouse:index:KubeSphere4::kubesphere";
    const head = "urn:pulumi:production::access::";
    const intoState = async (...more: readonly unknown[]): Promise<Outcome> => {
      const components = ["gatehouse:index:KubeSphere4::kubesphere", "gatehouse:index:KubeSpherePeople::kubesphere-people"];
      const resources = [...components.map((name) => ({ urn: `${head}${name}`, type: name.split("::")[0] })), ...more];
      return gatehouse(["adopt", "--into-state", "release.json"], {
        files: { "release.json": (await taken()).written?.["adopted/release.json"] ?? "" },
        stdin: JSON.stringify({ version: 3, deployment: { resources } }),
      });
    };

    test("the report's commands bring the cluster's provider, and where nothing is missing they do not", async () => {
      const outcome = await taken();
      expect(rows(outcome).filter((row) => row.startsWith("kubernetes:"))).toEqual([]);
      expect(outcome.stdout).toContain(`pulumi up --target '**${component}' --skip-preview --yes\n`);
      expect((await adoptKubeSphere(4)).stdout).not.toContain("--target");
    });

    test("--into-state says so where it is missing, and takes the one that the engine has made", async () => {
      const refused = await intoState();
      expect([refused.status, refused.stdout]).toEqual([64, ""]);
      expect(refused.stderr).toContain(`Fix: pulumi up --target '**${component}' --skip-preview first`);
      const provider = { urn: `${head}pulumi:providers:kubernetes::default_4_34_2`, type: "pulumi:providers:kubernetes", id: "an-id" };
      const { resources } = (JSON.parse((await intoState(provider)).stdout) as { deployment: { resources: { provider?: string }[] } })
        .deployment;
      expect(resources.slice(3).map((resource) => resource.provider)).toEqual(Array(3).fill(`${provider.urn}::an-id`));
    });

    test("a provider of somebody's own program is none of the engine's", async () => {
      const named = { urn: `${head}pulumi:providers:kubernetes::other-cluster`, type: "pulumi:providers:kubernetes", id: "an-id" };
      expect((await intoState(named)).stderr).toContain("Expected the cluster's provider in the state, got none.");
    });
  });

  test("release 4: tied by either mark; by two different ones, or to a second provider, by nobody's doing", async () => {
    const labels = (sub: string, provider = "Okta") => ({
      "iam.kubesphere.io/identify-provider": provider,
      "iam.kubesphere.io/origin-uid": sub,
    });
    const annotations = { "iam.kubesphere.io/identity-provider.Okta": "00u1" };
    const users = [
      { metadata: { name: "ana", annotations } },
      { metadata: { name: "omar-ops", labels: labels("00u2") } },
      { metadata: { name: "zoe", annotations: { "iam.kubesphere.io/identity-provider.Okta": "00u3" }, labels: labels("00u4") } },
      { metadata: { name: "zed", annotations: { "iam.kubesphere.io/identity-provider.Okta": "00u5" }, labels: labels("7", "github") } },
    ];
    const outcome = await adoptKubeSphere(4, { "users.json": { items: users } });
    expect(platform(outcome)).toMatchObject({ access });
    expect(outcome.stdout).toContain("The account zoe, which is tied to one person by its labels and to another by its annotation");
    expect(outcome.stdout).toContain("The account zed, which is tied to the provider github as well");
  });

  test("release 4: a RoleBinding of Kubernetes itself is no role of KubeSphere", async () => {
    const plain = { ...(bound(3, "ana", ["Role", "admin"], { namespace: "billing" }) as object) };
    const outcome = await withPeople(4, [], [plain]);
    expect(outcome.stdout).toContain("5 before, 5 after: equal.");
    expect(outcome.stdout).toContain("- User ana: rbac.authorization.k8s.io Role admin in billing");
    expect(platform(outcome)).toMatchObject({ access });
  });

  test("without the list of accounts nothing can be said", async () => {
    const outcome = await adoptKubeSphere(3, { "users.json": undefined });
    expect(outcome.status).toBe(1);
    expect(outcome.stdout).toContain(
      "expected KubeSphere's accounts, as `kubectl get users.iam.kubesphere.io --output json` prints them, got nothing",
    );
  });
});

describe("who may sign in at Okta", () => {
  test("an assigned group stays: the stack has no resource that takes it away", async () => {
    const outcome = await adoptKubeSphere(3);
    expect(outcome.stdout).toContain("The group 'KubeSphere Users' is assigned to the client and stays so");
    expect(rows(outcome).join("\n")).not.toContain("AppGroupAssignments");
  });

  test("everybody stays everybody, under the key that says so", async () => {
    const everyone = { id: "00g9", type: "BUILT_IN", profile: { name: "Everyone" } };
    const outcome = await adoptKubeSphere(3, { "okta-group-00g9.json": everyone });
    expect(environmentOf(outcome)["idp"]).toMatchObject({ insecureAssignEveryone: true });
    expect(rows(outcome)).toContain(`okta:index/appGroupAssignments:AppGroupAssignments kubesphere-app-groups ${clientId}`);
    expect(outcome.stdout).not.toContain("is assigned to the client and stays so");
  });
});
