import { judgeEnvironment } from "../../../model";
import { gatehouse, type Outcome } from "../harness";
import { admins, adopt, app, bindings, clientSecret, environmentOf, files, live, oidc, operators, stackFile, values } from "./world";

describe("K10 with the secret in its values", () => {
  let outcome: Outcome;
  beforeAll(async () => {
    outcome = await adopt();
  });

  test("writes four files, and prints the report", () => {
    expect(outcome.stderr).toContain("made adopted/report.md");
    expect(outcome.status).toBe(0);
    expect(Object.keys(outcome.written ?? {})).toEqual([
      "adopted/Pulumi.production.yaml",
      "adopted/import.json",
      "adopted/release.json",
      "adopted/report.md",
    ]);
    expect(outcome.stdout).toBe(outcome.written?.["adopted/report.md"]);
  });

  test("the stack file keeps what was found, and is accepted", () => {
    const environment = environmentOf(outcome);
    expect(environment).toEqual({
      idp: {
        kind: "okta",
        orgUrl: "https://example.okta.com",
        authenticationPolicy: { id: "rst1" },
        secret: { adopted: { k10: "clients:k10" } },
      },
      groups: { "backup-admins": { existing: "Backup Admins" }, operators: { existing: "Operators" } },
      platforms: {
        k10: {
          ...{ kind: "kasten", host: "https://k10.example.com", namespace: "kasten-io", release: "k10", chart: { version: "8.0.15" } },
          ...{
            prefix: "okta:",
            usernameClaim: "sub",
            prompt: "login",
            adopted: true,
            values: { ingress: { create: true, class: "nginx" } },
          },
          access: [
            { group: "backup-admins", role: "admin" },
            { group: "operators", role: "basic", namespaces: ["shop"] },
          ],
        },
      },
    });
    expect(judgeEnvironment(environment, "2026-11-23").problems).toEqual([]);
    expect(stackFile(outcome)).toMatch(/^# yaml-language-server/);
    expect(stackFile(outcome)).toMatch(/# scopes today: openid profile email groups/);
  });

  test("no file and no output holds the secret", () => {
    expect(JSON.stringify(outcome)).not.toContain(clientSecret);
    expect(outcome.written?.["adopted/release.json"]).toContain(values.auth.oidcAuth.clientID);
  });

  test("the report: equal access, the way of the secret, what is left by hand", () => {
    expect(outcome.stdout).toContain("3 before, 3 after: equal.");
    expect(outcome.stdout).toContain(
      "kubectl --namespace kasten-io get secret k10-oidc-auth --output jsonpath='{.data.client-secret}' | base64 --decode | pulumi config set --secret clients:k10",
    );
    expect(outcome.stdout).toContain("kubectl --namespace kasten-io delete secret --selector owner=helm,name=k10,status=superseded");
    expect(outcome.stdout).toContain("- ClusterRoleBinding prod-admins: the stack's own bindings give the same");
    expect(outcome.stdout).toContain("The redirect https://oidcdebugger.com/debug goes");
    expect(outcome.stdout).toContain("grant types implicit go");
  });

  test("the release is not in the import file, since its values hold the secret", () => {
    const { resources } = JSON.parse(outcome.written?.["adopted/import.json"] ?? "") as { resources: object[] };
    expect(resources).toEqual([
      { type: "gatehouse:index:OktaApplication", name: "k10-app", logicalName: "k10-app", component: true },
      { type: "okta:app/oAuth:OAuth", name: "k10-app/OAuth", logicalName: "k10-app", id: app.id, parent: "k10-app" },
      {
        ...{ type: "okta:index/appGroupAssignments:AppGroupAssignments", name: "k10-app-groups/AppGroupAssignments" },
        ...{ logicalName: "k10-app-groups", id: app.id, parent: "k10-app" },
      },
      { type: "gatehouse:index:Kasten", name: "k10", logicalName: "k10", component: true },
      {
        type: "kubernetes:core/v1:Namespace",
        name: "k10-namespace/Namespace",
        logicalName: "k10-namespace",
        id: "kasten-io",
        parent: "k10",
      },
    ]);
  });

  test("--into-state puts it into a state, once", async () => {
    const head = "urn:pulumi:production::access::gatehouse:index:Kasten";
    const exported = {
      version: 3,
      deployment: {
        resources: [
          { urn: `${head}::k10`, type: "gatehouse:index:Kasten", custom: false },
          {
            urn: `${head}$kubernetes:core/v1:Namespace::k10-namespace`,
            type: "kubernetes:core/v1:Namespace",
            id: "kasten-io",
            provider: "p::1",
          },
        ],
      },
    };
    const world = { files: { "release.json": outcome.written?.["adopted/release.json"] ?? "" } };
    const put = await gatehouse(["adopt", "--into-state", "release.json"], { ...world, stdin: JSON.stringify(exported) });
    expect(put.status).toBe(0);
    const { resources } = (JSON.parse(put.stdout) as typeof exported).deployment;
    expect(resources[2]).toMatchObject({
      urn: `${head}$kubernetes:helm.sh/v3:Release::k10-release`,
      ...{ id: "kasten-io/k10", parent: `${head}::k10`, provider: "p::1", custom: true },
      inputs: { name: "k10", version: "8.0.15", values: { ingress: { create: true } } },
    });
    const again = await gatehouse(["adopt", "--into-state", "release.json"], { ...world, stdin: put.stdout });
    expect([again.status, again.stdout]).toEqual([64, ""]);
    const empty = await gatehouse(["adopt", "--into-state", "release.json"], {
      ...world,
      stdin: '{"version":3,"deployment":{"resources":[]}}',
    });
    expect(empty.stderr).toContain("pulumi import --file import.json first");
  });
});

test("a live cluster: the newest revision of the release, and the same files", async () => {
  const [fromFiles, fromCluster] = [await adopt(), await gatehouse(["adopt"], live())];
  expect(fromCluster.stderr).toContain("made");
  expect(fromCluster.written).toEqual(fromFiles.written);
});

test("the secret in a Secret of its own: the release is in the import file", async () => {
  const own = {
    "values.yaml": oidc({ clientID: undefined, clientSecret: undefined, clientSecretName: "my-client" }),
    "secret-my-client.json": {
      data: { "client-id": Buffer.from(app.id).toString("base64"), "client-secret": Buffer.from(clientSecret).toString("base64") },
    },
  };
  const outcome = await adopt(own);
  expect(outcome.status).toBe(0);
  expect(Object.keys(outcome.written ?? {})).not.toContain("adopted/release.json");
  expect(outcome.written?.["adopted/import.json"]).toContain('"id": "kasten-io/k10"');
  expect(outcome.stdout).toContain("get secret my-client --output");
  expect(JSON.stringify(outcome)).not.toContain(clientSecret);
});

test("the whole configuration in a Secret, as charts before 7.0 have it", async () => {
  const { enabled, ...rest } = values.auth.oidcAuth;
  const { providerURL, redirectURL, clientID, clientSecret: text, ...same } = rest;
  const keys = { ...same, "provider-url": providerURL, "redirect-url": redirectURL, "client-id": clientID, "client-secret": text };
  const data = Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, Buffer.from(value).toString("base64")]));
  const outcome = await adopt({
    "values.yaml": { auth: { oidcAuth: { enabled, secretName: "whole" } } },
    "release.json": { name: "k10", namespace: "kasten-io", chart: "k10", version: "6.0.4", status: "deployed" },
    "secret-whole.json": { data },
  });
  expect(outcome.stdout).toContain("3 before, 3 after: equal.");
  expect(environmentOf(outcome)["platforms"]).toMatchObject({ k10: { host: "https://k10.example.com", prefix: "okta:", prompt: "login" } });
});

test("Everyone assigned: kept under its key, with the safe value beside it", async () => {
  const outcome = await adopt({ "okta-group-00g2.json": { id: "00g2", type: "BUILT_IN", profile: { name: "Everyone" } } });
  expect(outcome.status).toBe(0);
  expect(environmentOf(outcome)["idp"]).toMatchObject({ insecureAssignEveryone: true });
  expect(stackFile(outcome)).toMatch(
    /# found as it is: the whole organisation may sign in; safe: leave it out.*\n\s*insecureAssignEveryone: true/,
  );
});

test("no prefix: the stack's own takes its place, and the report says whose names change", async () => {
  const bare = bindings.map((item) => JSON.parse(JSON.stringify(item).replaceAll("okta:", "")) as unknown);
  const outcome = await adopt({ "values.yaml": oidc({ groupPrefix: "", usernamePrefix: "" }), "bindings.json": { items: bare } });
  expect(outcome.status).toBe(0);
  expect(environmentOf(outcome)["platforms"]).toMatchObject({ k10: { adopted: true } });
  expect(stackFile(outcome)).not.toMatch(/\n\s+prefix:/);
  expect(outcome.stdout).toContain("3 before, 3 after: equal.");
  expect(outcome.stdout).toContain("Names are those of today: the stack's own take their place");
  expect(outcome.stdout).toContain(
    "- ClusterRoleBinding prod-admins: the stack's own bindings give the same; delete it once they are there. `gatehouse drift` names it until then: its names reach nobody",
  );
});

test.each<[string, Record<string, unknown>, RegExp]>([
  [
    "another sign-in",
    { "values.yaml": { auth: { tokenAuth: { enabled: true } } } },
    /Expected an installation that signs people in by OpenID Connect/,
  ],
  [
    "not deployed",
    { "release.json": { name: "k10", namespace: "kasten-io", chart: "k10", version: "8.0.15", status: "failed" } },
    /got failed/,
  ],
  [
    "no secret at all",
    { "values.yaml": oidc({ clientSecret: undefined }) },
    /clientSecret: expected the client secret, or the name of a Secret/,
  ],
  [
    "a name that is a command",
    { "values.yaml": oidc({ clientSecret: undefined, clientSecretName: "x; y" }), "secret-x; y.json": { data: {} } },
    /clientSecret: expected the client secret, or the name of a Secret/,
  ],
  ["an answer of another shape", { "okta-groups.json": [{ id: 1 }] }, /Expected the answer to GET \/api\/v1\/groups \(okta-groups\.json\)/],
  [
    "a Secret of another shape",
    { "values.yaml": oidc({ clientSecret: undefined, clientSecretName: "mine" }), "secret-mine.json": { data: { "client-secret": 3 } } },
    /Expected the Secret mine as the API server gives it/,
  ],
  ["no such app", { "okta-app.json": [] }, /expected one app at Okta with the client id 0oa64t6tmtpMTOkZH5d7.*got none/],
  ["two apps", { "okta-app.json": [app, app] }, /got 2/],
  [
    "another type of app",
    { "okta-app.json": { ...app, settings: { oauthClient: { ...app.settings.oauthClient, application_type: "native" } } } },
    /got native/,
  ],
  [
    "two groups of one name",
    { "okta-groups.json": [admins, admins, operators] },
    /one group at the identity provider behind the subject "okta:Backup Admins", got 2/,
  ],
  ["no group of the name", { "okta-groups.json": [admins] }, /"okta:Operators", got none/],
  [
    "half a role",
    { "bindings.json": { items: bindings.slice(1) } },
    /okta:Backup Admins holds others, got Role k10-ns-admin by RoleBinding kasten-io\/prod-admins/,
  ],
  ["a role and no assignment", { "okta-assignments.json": [{ id: "00g1" }] }, /'Operators' holds one, got no assignment/],
  ["an assignment and no role", { "bindings.json": { items: bindings.slice(0, 2) } }, /'Operators' may sign in, got no role/],
  [
    "a claim that leaves a group out",
    { "okta-claim.json": { valueType: "GROUPS", name: "groups", groupFilterType: "EQUALS", value: "Operators" } },
    /tokens to carry 'Backup Admins'/,
  ],
  [
    "a secret elsewhere in the values",
    { "values.yaml": { ...values, secrets: { awsSecretAccessKey: "wJalrXUtnFEMI" } } },
    /awsSecretAccessKey: expected the name of a Kubernetes Secret/,
  ],
  [
    "a chart that was not read",
    { "release.json": { name: "k10", namespace: "kasten-io", chart: "k10", version: "11.0.0", status: "deployed" } },
    /11\.0\.0/,
  ],
])("refused in words, with nothing written: %s", async (_what, changes, words) => {
  const outcome = await adopt(changes);
  expect(outcome.stdout + outcome.stderr).toMatch(words);
  expect(outcome.status).toBeGreaterThan(0);
  expect(outcome.written).toBeUndefined();
  expect(JSON.stringify(outcome)).not.toContain(clientSecret);
  expect(JSON.stringify(outcome)).not.toContain("wJalrXUtnFEMI");
});

test("a file that is there already: nothing is written, nor touched", async () => {
  const outcome = await gatehouse(["adopt", "--from-files", "found"], {
    folders: { found: files(), adopted: { "report.md": "mine" } },
  });
  expect(outcome.status).toBe(64);
  expect(outcome.stderr).toContain("Nothing was written");
  expect(outcome.written).toBeUndefined();
});

test("missing rights and answers: named", async () => {
  const world = live();
  const refused = await gatehouse(["adopt"], { ...world, cluster: { ...world.cluster, "/api/v1/secrets": { status: 403, body: {} } } });
  expect([refused.status, refused.stderr]).toEqual([
    3,
    expect.stringContaining("may list secrets, in which Helm keeps its releases") as string,
  ]);
  const none = await gatehouse(["adopt"], { ...world, env: {} });
  expect([none.status, none.stderr]).toEqual([
    3,
    expect.stringContaining("got none.\nFix: set OKTA_API_CLIENT_ID and OKTA_API_PRIVATE_KEY") as string,
  ]);
  const other = await gatehouse(["adopt"], { ...world, fetch: () => Promise.resolve(new Response("{}", { status: 403 })) });
  expect([other.status, other.stderr]).toEqual([3, expect.stringContaining("the credentials need okta.apps.read") as string]);
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  const asked = gatehouse(["adopt"], { ...world, fetch: () => Promise.reject(new TypeError("no route")) });
  // It asks again and again, for longer from time to time.
  await vi.advanceTimersByTimeAsync(60_000);
  const silent = await asked;
  vi.useRealTimers();
  expect([silent.status, silent.stderr]).toEqual([
    3,
    expect.stringContaining("Expected an answer from https://example.okta.com/api/v1/apps/") as string,
  ]);
  const torn = {
    metadata: { name: "sh.helm.release.v1.k10.v1", namespace: "kasten-io", labels: { name: "k10" } },
    data: { release: "AAAA" },
  };
  const unreadable = await gatehouse(["adopt"], {
    ...world,
    cluster: { ...world.cluster, "/api/v1/secrets": { status: 200, body: { items: [torn] } } },
  });
  expect(unreadable.stderr).toContain("Expected Helm's record of a release in Secret kasten-io/sh.helm.release.v1.k10.v1");
  const empty = await gatehouse(["adopt", "--from-files", "found"], { folders: { found: {} } });
  expect(empty.stderr).toMatch(/a Helm release of the chart k10; .*\), got none\.\nFix: look at/);
  const { "bindings.json": _bindings, ...rest } = files();
  const missing = await gatehouse(["adopt", "--from-files", "found"], { folders: { found: rest } });
  expect(missing.stderr).toContain("what `kubectl get clusterrolebindings,rolebindings -A --output json` prints in found/bindings.json");
});

test("JSON: before, after, problems, files", async () => {
  const outcome = await adopt({}, ["--json"]);
  expect(JSON.parse(outcome.stdout)).toMatchObject({
    version: "gatehouse.dev/adoption/v1",
    adopted: true,
    problems: [],
    after: expect.arrayContaining(["Group okta:Operators: ClusterRole k10-basic in shop"]) as string[],
  });
});
