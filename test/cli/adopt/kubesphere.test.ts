import { gatehouse, type Outcome } from "../harness";
import {
  adoptKubeSphere,
  answers,
  bound,
  changed,
  configuration,
  entry,
  providerSecret,
  user,
  withPeople,
  withProviders,
} from "./kubesphere-world";
import { clientId, clientSecret, environmentOf, stackFile } from "./world";

interface Imported {
  readonly resources: readonly { readonly type: string; readonly logicalName: string; readonly id?: string; readonly parent?: string }[];
}

const imported = ({ written = {} }: Outcome): Imported["resources"] =>
  (JSON.parse(written["adopted/import.json"] ?? '{"resources":[]}') as Imported).resources;
const rows = (outcome: Outcome): string[] => imported(outcome).map(({ type, logicalName, id = "" }) => `${type} ${logicalName} ${id}`);
const platform = (outcome: Outcome): unknown => (environmentOf(outcome)["platforms"] as Record<string, unknown>)["kubesphere"];

const people = (release: 3 | 4): string[] => {
  const iam = release === 3 ? "iam.kubesphere.io/v1alpha2" : "iam.kubesphere.io/v1beta1";
  return [
    "gatehouse:index:KubeSpherePeople kubesphere-people ",
    `kubernetes:${iam}:User kubesphere-people-ana ana`,
    `kubernetes:${iam}:GlobalRoleBinding kubesphere-people-ana-platform-admin ana-platform-admin`,
    `kubernetes:${iam}:User kubesphere-people-omar-ops omar-ops`,
    `kubernetes:${iam}:GlobalRoleBinding kubesphere-people-omar-ops-platform-regular omar-ops-platform-regular`,
    // In release 3 it goes by the other file: an import would leave its role out of the state, and so replace it.
    ...(release === 3 ? [] : [`kubernetes:${iam}:RoleBinding kubesphere-people-omar-ops-operator-in-shop shop/omar-ops-operator`]),
    `kubernetes:${iam}:WorkspaceRoleBinding kubesphere-people-omar-ops-retail-viewer-in-retail omar-ops-retail-viewer`,
  ];
};

const access = [
  { user: "ana@example.com", role: "platform-admin" },
  { user: "omar@example.com", role: "platform-regular" },
  { user: "omar@example.com", role: "workspace-viewer", workspaces: ["retail"] },
  { user: "omar@example.com", role: "namespace-operator", namespaces: ["shop"] },
];

test("KubeSphere 3 by the vendor's article: entry, app, accounts and roles as they are", async () => {
  const outcome = await adoptKubeSphere(3);
  expect(outcome.stderr.split("\n").filter((line) => line !== "")).toHaveLength(4);
  expect(outcome.stdout).toContain("4 before, 4 after: equal.");
  expect(outcome.stdout).toContain("- User omar-ops: WorkspaceRole retail-viewer in workspace retail");
  expect(environmentOf(outcome)["idp"]).toEqual({
    ...{ kind: "okta", orgUrl: "https://example.okta.com", secret: { adopted: { kubesphere: "clients:kubesphere" } } },
  });
  expect(platform(outcome)).toEqual({
    ...{ kind: "kubesphere3", host: "https://console.example.com", provider: "Okta", mappingMethod: "auto", adopted: true },
    ...{ usernames: { "omar@example.com": "omar-ops" }, access },
  });
  expect(rows(outcome)).toEqual([
    "gatehouse:index:OktaApplication kubesphere-app ",
    `okta:app/oAuth:OAuth kubesphere-app ${clientId}`,
    "gatehouse:index:KubeSphere3 kubesphere ",
    ...people(3),
  ]);
  expect(imported(outcome).find(({ logicalName }) => logicalName === "kubesphere-people-ana")?.parent).toBe("kubesphere-people");
});

test("KubeSphere 3: a RoleBinding of Kubernetes itself goes into the state with its role", async () => {
  const outcome = await adoptKubeSphere(3);
  expect(JSON.parse(outcome.written?.["adopted/release.json"] ?? "{}")).toMatchObject({
    releases: [
      {
        type: "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
        name: "kubesphere-people-omar-ops-operator-in-shop",
        parent: { type: "gatehouse:index:KubeSpherePeople", name: "kubesphere-people" },
        id: "shop/omar-ops-operator",
        inputs: {
          metadata: { name: "omar-ops-operator", namespace: "shop" },
          roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "operator" },
        },
      },
    ],
  });
});

test("the client secret is in no file and no word: the report says which pipe takes it", async () => {
  const outcome = await adoptKubeSphere(3);
  expect(Object.values({ ...outcome.written, stdout: outcome.stdout, stderr: outcome.stderr }).join("\n")).not.toContain(clientSecret);
  expect(outcome.stdout).toContain(
    `ks-installer --output jsonpath='{.spec.authentication.oauthOptions.identityProviders[?(@.name=="Okta")].provider.clientSecret}' | pulumi config set --secret clients:kubesphere`,
  );
  expect(outcome.stdout).toContain("The client secret stays in plain text in ClusterConfiguration kubesphere-system/ks-installer");
  expect(outcome.stdout).not.toContain("last-applied-configuration");
});

test("a copy of the secret in kubectl's annotation is named with what takes it away", async () => {
  const applied = { "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify(configuration([entry])) };
  const outcome = await adoptKubeSphere(3, { "clusterconfiguration.json": configuration([entry], applied) });
  expect(outcome.stdout).toContain(
    "annotate clusterconfigurations.installer.kubesphere.io ks-installer kubectl.kubernetes.io/last-applied-configuration-",
  );
  expect(outcome.stdout).not.toContain(clientSecret);
});

test("KubeSphere 4: the Secret goes into the state without its content, its secret through a pipe", async () => {
  const outcome = await adoptKubeSphere(4);
  expect(outcome.stdout).toContain("4 before, 4 after: equal.");
  expect(platform(outcome)).toEqual({
    ...{ kind: "kubesphere4", host: "https://console.example.com", provider: "Okta", mappingMethod: "manual", adopted: true },
    ...{ secretName: "our-okta", usernames: { "omar@example.com": "omar-ops" }, access },
  });
  expect(rows(outcome).slice(2)).toEqual(["gatehouse:index:KubeSphere4 kubesphere ", ...people(4)]);
  const states = JSON.parse(outcome.written?.["adopted/release.json"] ?? "{}") as { releases: unknown[] };
  expect(states.releases).toEqual([
    {
      ...{ type: "kubernetes:core/v1:Secret", name: "kubesphere-provider", id: "kubesphere-system/our-okta" },
      parent: { type: "gatehouse:index:KubeSphere4", name: "kubesphere" },
      inputs: {
        ...{ apiVersion: "v1", kind: "Secret", type: "config.kubesphere.io/identityprovider" },
        metadata: { name: "our-okta", namespace: "kubesphere-system" },
      },
    },
  ]);
  expect(outcome.stdout).toContain(
    "get secret our-okta --output jsonpath='{.data.configuration\\.yaml}' | base64 --decode | npx gatehouse adopt --client-secret | pulumi config set --secret clients:kubesphere",
  );
  expect(JSON.stringify(outcome)).not.toContain(clientSecret);
});

describe("the client secret of a configuration.yaml, for a pipe", () => {
  const print = (stdin: string): Promise<Outcome> => gatehouse(["adopt", "--client-secret"], { stdin });

  test.each([
    [
      "block",
      `name: Okta\ntype: OIDCIdentityProvider\nprovider:\n  clientSecret: s3: cret\n`.replace("s3: cret", "'s3: cret # ok'"),
      "s3: cret # ok",
    ],
    ["flow", `{type: OIDCIdentityProvider, provider: {clientSecret: "s3cret"}, name: Okta}`, "s3cret"],
  ])("%s", async (_form, stdin, secret) => {
    const { status, stdout, stderr } = await print(stdin);
    expect([status, stdout, stderr]).toEqual([0, secret, ""]);
  });

  test.each([
    ["nothing", ""],
    ["no YAML", "{ clientSecret: s3cret"],
    ["no text", "name: Okta\ntype: x\nprovider: { clientSecret: 12 }"],
  ])("%s is refused without a piece of it", async (_what, stdin) => {
    const { status, stdout, stderr } = await print(stdin);
    expect([status, stdout]).toEqual([64, ""]);
    expect(stderr).toContain("with provider.clientSecret on standard input");
    expect(stderr).not.toContain("s3cret");
  });
});

describe("an entry written by hand", () => {
  test("options that differ are kept, dangerous ones under their names with the safe value beside", async () => {
    const other = changed(
      {
        insecureSkipVerify: true,
        emailKey: "mail",
        preferredUsernameKey: "nickname",
        endpoint: { authURL: "https://x" },
        getUserInfo: true,
      },
      { disableLoginConfirmation: true, comment: "ours" },
    );
    const outcome = await withProviders([other]);
    expect(platform(outcome)).toMatchObject({
      ...{
        mappingMethod: "auto",
        disableLoginConfirmation: true,
        emailKey: "mail",
        preferredUsernameKey: "nickname",
        insecureSkipVerify: true,
      },
    });
    expect(stackFile(outcome)).toMatch(
      /# found as it is: the issuer's certificate is not checked; safe: leave it out.*\n\s+insecureSkipVerify: true/,
    );
    expect(stackFile(outcome)).toMatch(
      /# found as it is: whomever the identity provider lets in gets an account, without a role; safe: lookup/,
    );
    expect(stackFile(outcome)).toContain("comment, endpoint in the entry: not written again");
    expect(outcome.stdout).toContain("insecureSkipVerify: KubeSphere does not check the issuer's certificate");
  });

  test("release 4: auto is kept under the key that acknowledges it, hidden and the button's words as well", async () => {
    const secret = providerSecret("okta", changed({}, { hidden: true, displayName: "Our people" }));
    const outcome = await adoptKubeSphere(4, { "identity-provider-secrets.json": { items: [secret] } });
    expect(platform(outcome)).toMatchObject({
      ...{ mappingMethod: "auto", insecureAutoTakesOverAccounts: true, hidden: true, displayName: "Our people" },
    });
    expect(outcome.stdout).toContain("a person whose preferred_username is that of a local KubeSphere account becomes that account");
  });

  test.each([
    ["lookup", undefined],
    ["mixed", 'found "mixed", with which KubeSphere 3 lets in people who have an account and nobody else'],
    [undefined, "found nothing, with which KubeSphere 3 lets in people who have an account and nobody else"],
  ])("mapping method %s is the stack's own lookup", async (mappingMethod, words) => {
    const outcome = await withProviders([changed({}, { mappingMethod })]);
    expect(platform(outcome)).not.toHaveProperty("mappingMethod");
    expect(outcome.stdout).toContain("4 before, 4 after: equal.");
    expect(outcome.stdout.includes("lets in people who have an account")).toBe(words !== undefined);
    expect(outcome.stdout).toContain(words ?? "equal");
  });

  test("a console on plain http stays, under its own key", async () => {
    const redirectURL = "http://10.0.0.7:30880/oauth/redirect/Okta";
    const app = JSON.parse(JSON.stringify(answers(3)["okta-app.json"]).replace(entry.provider.redirectURL, redirectURL)) as unknown;
    const providers = configuration([changed({ redirectURL })]);
    const outcome = await adoptKubeSphere(3, { "okta-app.json": app, "clusterconfiguration.json": providers });
    expect(platform(outcome)).toMatchObject({ host: "http://10.0.0.7:30880", insecureHttp: true });
    expect(outcome.stdout).toContain("insecureHttp: found as it is: sessions cross the network in the clear; safe: https.");
  });

  test.each([
    [
      "a callback of another name",
      changed({ redirectURL: "https://console.example.com/oauth/redirect/okta" }),
      'redirectURL: expected https://console.example.com/oauth/redirect/Okta: the console takes the provider\'s name from the path, and compares capitals and small letters, got "https://console.example.com/oauth/redirect/okta"',
    ],
    ["no callback", changed({ redirectURL: undefined }), "expected https://<console>/oauth/redirect/Okta"],
    ["no client secret", changed({ clientSecret: undefined }), "clientSecret: expected the client secret, a text, got nothing"],
    ["a number for a secret", changed({ clientSecret: 1234567890123 }), "clientSecret: expected the client secret, a text, got number"],
    [
      "a name that marks nobody",
      changed({ redirectURL: "https://console.example.com/oauth/redirect/My Okta" }, { name: "My Okta" }),
      'got "My Okta"',
    ],
  ])("%s is refused, and nothing is written", async (_what, provider, words) => {
    const outcome = await withProviders([provider]);
    expect([outcome.status, outcome.written]).toEqual([1, undefined]);
    expect(outcome.stdout).toContain(words);
    expect(outcome.stdout).not.toContain("1234567890123");
  });

  test("endpoints without an issuer are refused with the reason", async () => {
    const outcome = await withProviders([changed({ issuer: undefined, endpoint: { authURL: "https://example.okta.com/authorize" } })]);
    expect(outcome.stderr).toContain("without one, KubeSphere checks no signature of an ID token");
  });

  test("of several providers one must be named; another one of the same name is refused", async () => {
    const second = changed({ clientID: "0oa2", redirectURL: "https://console.example.com/oauth/redirect/corp" }, { name: "corp" });
    const several = await withProviders([second, entry]);
    expect(several.stderr).toContain("got corp (kubesphere3), Okta (kubesphere3)");
    expect((await withProviders([second, entry], ["--release", "Okta"])).stdout).toContain("4 before, 4 after: equal.");
    const twins = await withProviders([entry, changed({ clientID: "0oa2" })], ["--release", "Okta#0"]);
    expect(twins.stdout).toContain('expected a name of its own: KubeSphere and the stack find a provider by it, got "Okta", which 2 have');
  });

  test("one that a stack looks after, or another tool, is left to it", async () => {
    const annotations = { "gatehouse.dev/identity-provider.Okta": "gatehouse/production" };
    const owned = await adoptKubeSphere(3, { "clusterconfiguration.json": configuration([entry], annotations) });
    expect(owned.stdout).toContain('expected an entry that no stack looks after, got one of "gatehouse/production"');
    const secret = providerSecret("okta", { ...entry, mappingMethod: "lookup" }, { labels: { "app.kubernetes.io/managed-by": "Helm" } });
    const managed = await adoptKubeSphere(4, {
      "identity-provider-secrets.json": {
        items: [{ ...(secret as object), metadata: { name: "okta", labels: { "app.kubernetes.io/managed-by": "Helm" } } }],
      },
    });
    expect(managed.stdout).toContain('expected a Secret that nothing else writes, got "Helm"');
  });

  test("a disabled one, content that is no YAML, and Secrets of another type", async () => {
    const disabled = providerSecret("okta", changed({}, { disabled: true, mappingMethod: "lookup" }));
    expect((await adoptKubeSphere(4, { "identity-provider-secrets.json": { items: [disabled] } })).stdout).toContain(
      "expected a provider that is in use",
    );
    const items = [providerSecret("broken", "{ name: Okta"), providerSecret("opaque", entry, { type: "Opaque" })];
    const none = await adoptKubeSphere(4, { "identity-provider-secrets.json": { items } });
    expect(none.stderr).toContain("Expected one installation that can be taken over");
  });
});

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
