/** Which release is meant, and in which forms it comes. */
import { gatehouse } from "../harness";
import { adopt, bindings, environmentOf, files, live, stackFile, values } from "./world";

const named = (name: string, namespace: string): unknown => ({ name, namespace, chart: "k10", version: "8.0.15", status: "deployed" });

test("values with YAML anchors, and the line that Helm prints for people", async () => {
  const text = `USER-SUPPLIED VALUES:
x-prefix: &prefix "okta:"
auth:
  oidcAuth: &oidc
    enabled: true
    providerURL: https://example.okta.com
    redirectURL: https://k10.example.com/
    scopes: openid profile email groups
    prompt: login
    clientID: ${values.auth.oidcAuth.clientID}
    clientSecret: blotted-out
    usernameClaim: sub
    usernamePrefix: *prefix
    groupClaim: groups
    groupPrefix: *prefix
`;
  const found = { ...files(), "values.yaml": text };
  const outcome = await gatehouse(["adopt", "--from-files", "found"], { folders: { found } });
  expect(outcome.stdout).toContain("3 before, 3 after: equal.");
  expect(environmentOf(outcome)["platforms"]).toMatchObject({ k10: { prefix: "okta:", prompt: "login" } });
  expect(stackFile(outcome)).not.toContain("blotted-out");
});

test("an alias of an alias a hundred times over is refused, not unfolded", async () => {
  const keys = "abcdefghi".split("");
  const levels = keys.slice(1).map((key, index) => `${key}: &${key} [${`*${keys[index] ?? ""}, `.repeat(9)}]`);
  const bomb = ["a: &a [x, x, x, x, x, x, x, x, x]", ...levels];
  const found = { ...files(), "values.yaml": bomb.join("\n") };
  const outcome = await gatehouse(["adopt", "--from-files", "found"], { folders: { found } });
  expect([outcome.status, outcome.stderr]).toEqual([64, expect.stringContaining("Expected YAML in found/values.yaml") as string]);
});

test("a release of another name, in another namespace", async () => {
  const elsewhere = bindings.map(
    (item) => JSON.parse(JSON.stringify(item).replaceAll("kasten-io", "backup").replaceAll("k10-", "acme-")) as unknown,
  );
  const outcome = await adopt({
    "release.json": named("acme", "backup"),
    "bindings.json": { items: elsewhere },
    "okta-app.json": JSON.parse(files()["okta-app.json"]?.replace("/k10/auth-svc", "/acme/auth-svc") ?? "") as unknown,
  });
  expect(outcome.stdout).toContain("3 before, 3 after: equal.");
  expect(environmentOf(outcome)["platforms"]).toMatchObject({ acme: { namespace: "backup", release: "acme" } });
  expect(outcome.stdout).toContain("kubectl --namespace backup delete secret --selector owner=helm,name=acme,status=superseded");
  expect(outcome.written?.["adopted/import.json"]).toContain('"id": "backup"');
});

test("a release with a dot in its name has a key without one, and is refused for its name alone", async () => {
  const dotted = bindings.map((item) => JSON.parse(JSON.stringify(item).replaceAll("k10-", "k10.prod-")) as unknown);
  const outcome = await adopt({ "release.json": named("k10.prod", "kasten-io"), "bindings.json": { items: dotted } });
  expect(outcome.stdout).toContain("1 thing needs a decision first");
  expect(outcome.stdout).toContain("- platforms.k10-prod.release: expected");
});

describe("two releases", () => {
  const two = (): Record<string, string> => {
    const { "release.json": _release, "values.yaml": text = "", ...rest } = files();
    return {
      ...rest,
      ...{ "release-k10.json": JSON.stringify(named("k10", "kasten-io")), "values-k10.yaml": text },
      ...{ "release-acme.json": JSON.stringify(named("acme", "backup")), "values-acme.yaml": text },
    };
  };

  test("one must be named", async () => {
    const outcome = await gatehouse(["adopt", "--from-files", "found"], { folders: { found: two() } });
    expect([outcome.status, outcome.written]).toEqual([64, undefined]);
    expect(outcome.stderr).toContain("got kasten-io/k10 (kasten), backup/acme (kasten)");
    const chosen = await gatehouse(["adopt", "--from-files", "found", "--release", "kasten-io/k10"], { folders: { found: two() } });
    expect(chosen.status).toBe(0);
    const none = await gatehouse(["adopt", "--from-files", "found", "--release", "kasten-io/k11"], { folders: { found: two() } });
    expect(none.stderr).toContain("called kasten-io/k11, got kasten-io/k10 (kasten), backup/acme (kasten)");
  });

  test("that share a client need a decision: a stack gives each platform one of its own", async () => {
    const app = JSON.parse(files()["okta-app.json"] ?? "") as { settings: { oauthClient: { redirect_uris: string[] } } };
    app.settings.oauthClient.redirect_uris.push("https://k10.other.example/acme/auth-svc/v0/oidc/redirect");
    const outcome = await adopt({ "okta-app.json": app });
    expect(outcome.stdout).toContain("got https://k10.other.example/acme/auth-svc/v0/oidc/redirect, of another installation");
    expect(outcome.written).toBeUndefined();
  });
});

test("a cluster without any release, and one that does not show its Secrets", async () => {
  const world = live();
  const nothing = await gatehouse(["adopt"], {
    ...world,
    cluster: { ...world.cluster, "/api/v1/secrets": { status: 200, body: { items: [] } } },
  });
  expect(nothing.stderr).toContain("a Helm release of the chart k10");
  expect(nothing.status).toBe(64);
});
