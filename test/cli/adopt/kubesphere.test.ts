import { gatehouse, type Outcome } from "../harness";
import {
  access,
  adoptKubeSphere,
  answers,
  changed,
  configuration,
  entry,
  platform,
  providerSecret,
  rows,
  withProviders,
} from "./kubesphere-world";
import { clientId, clientSecret, environmentOf, stackFile } from "./world";

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
  expect(outcome.written?.["adopted/import.json"]).toContain('"parent": "kubesphere-people"');
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
