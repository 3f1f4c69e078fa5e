/**
 * Kasten K10 on Okta, installed by hand as the vendor's article says (`helm install`, the client secret in the values, `kubectl create
 * clusterrolebinding`), then taken over: people sign in all the while, nothing is replaced, access and the client secret stay.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { parseDocument } from "yaml";
import { credentialOf } from "../../lab/story/demo/proofs";
import { startKastenRelyingParty } from "../../lab/story/relying-parties/kasten/kasten";
import { labAdministrator, projectFolder, type Lab } from "../../lab/story/session";
import { clusterApi } from "../../lab/story/relying-parties/cluster-api";
import { openDriver } from "../../lab/story/sign-in";
import { run } from "../../lab/machine/processes";
import { makeCheckout, type Checkout, type ScriptResult } from "./checkout";
import { acceptedSecrets, presented } from "./okta-secrets";
import { configure, filesBelow, kube, openLab, stackFileOf, up } from "./support";

const apiGroup = "rbac.authorization.k8s.io";
const rbac = `/apis/${apiGroup}/v1`;
const chart = join(projectFolder, "lab/story/charts/k10");

let lab: Lab;
let checkout: Checkout;
let app: { id: string; credentials: { oauthClient: { client_secret: string } } };
const groupIds: Record<string, string> = {};

before(async () => {
  lab = await openLab("lab-k10-okta");
  checkout = makeCheckout(lab);
  const built = await checkout.run("npm run build");
  assert.equal(built.status, 0, built.stderr);
  await makeApp();
  await installByHand();
  await bindByHand();
});
after(() => lab.stop());

async function management(method: string, path: string, body?: unknown): Promise<unknown> {
  const { OKTA_HTTP_PROXY = "", OKTA_API_TOKEN = "" } = lab.identityProvider.environment;
  const answer = await fetch(`${OKTA_HTTP_PROXY}/api/v1${path}`, {
    method,
    headers: { authorization: `SSWS ${OKTA_API_TOKEN}`, "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${await answer.clone().text()}`);
  return answer.status === 204 ? undefined : answer.json();
}

/** An app and groups as an administrator clicks them together. */
async function makeApp(): Promise<void> {
  for (const [name, login] of [
    ["Kasten Admins", "ana@example.com"],
    ["Kasten Operators", "omar@example.com"],
  ] as const) {
    const { id } = (await management("POST", "/groups", { profile: { name } })) as { id: string };
    const [user] = (await management("GET", `/users?search=${encodeURIComponent(`profile.login eq "${login}"`)}`)) as { id: string }[];
    await management("PUT", `/groups/${id}/users/${user?.id ?? ""}`);
    groupIds[name] = id;
  }
  const [auditors] = (await management("GET", "/groups?q=Security")) as { id: string }[];
  groupIds["Security Auditors"] = auditors?.id ?? "";
  app = (await management("POST", "/apps", {
    name: "oidc_client",
    label: "Kasten",
    signOnMode: "OPENID_CONNECT",
    credentials: { oauthClient: { token_endpoint_auth_method: "client_secret_basic" } },
    settings: {
      oauthClient: {
        redirect_uris: ["https://k10.example.com/k10/auth-svc/v0/oidc/redirect", "https://oidcdebugger.com/debug"],
        response_types: ["code"],
        grant_types: ["authorization_code"],
        application_type: "web",
        consent_method: "TRUSTED",
        issuer_mode: "ORG_URL",
        wildcard_redirect: "DISABLED",
      },
    },
  })) as typeof app;
  const claim = { issuerMode: "ORG_URL", valueType: "GROUPS", name: "groups", groupFilterType: "REGEX", value: ".*" };
  await management("POST", `/internal/apps/${app.id}/settings/oauth/idToken`, claim);
  for (const id of Object.values(groupIds)) {
    await management("PUT", `/apps/${app.id}/groups/${id}`, {});
  }
}

/** `helm install` with everything in the values, the secret among them: walkthroughs of the vendor do so. */
async function installByHand(): Promise<void> {
  const values = {
    auth: {
      oidcAuth: {
        enabled: true,
        providerURL: lab.identityProvider.issuer,
        redirectURL: "https://k10.example.com",
        scopes: "openid profile email groups",
        prompt: "select_account",
        clientID: app.id,
        clientSecret: app.credentials.oauthClient.client_secret,
        usernameClaim: "sub",
        usernamePrefix: "kasten_okta_",
        groupClaim: "groups",
        groupPrefix: "kasten_okta_",
      },
    },
  };
  const file = join(lab.stateDir, "k10-values.json");
  writeFileSync(file, JSON.stringify(values), { mode: 0o600 });
  const args = ["install", "k10", chart, "--namespace", "kasten-io", "--create-namespace", "--values", file];
  const { status, stderr } = await run(lab.toolchain.helm.path, args, { env: lab.variables });
  assert.equal(status, 0, stderr);
  writeFileSync(file, "");
}

async function bindByHand(): Promise<void> {
  const bind = async (kind: string, namespace: string | undefined, name: string, role: [string, string], group: string): Promise<void> => {
    const path = namespace === undefined ? `${rbac}/clusterrolebindings` : `${rbac}/namespaces/${namespace}/rolebindings`;
    const body = {
      ...{ apiVersion: `${apiGroup}/v1`, kind, metadata: { name } },
      roleRef: { apiGroup, kind: role[0], name: role[1] },
      subjects: [{ apiGroup, kind: "Group", name: `kasten_okta_${group}` }],
    };
    assert.equal((await kube(lab, "POST", path, body)).status, 201);
  };
  await bind("ClusterRoleBinding", undefined, "k10-admin", ["ClusterRole", "k10-admin"], "Kasten Admins");
  await bind("RoleBinding", "kasten-io", "k10-admin", ["Role", "k10-ns-admin"], "Kasten Admins");
  await bind("RoleBinding", "shop", "operators", ["ClusterRole", "k10-basic"], "Kasten Operators");
  await bind("ClusterRoleBinding", undefined, "auditors", ["ClusterRole", "k10-config-view"], "Security Auditors");
}

const questions = [
  { verb: "create", group: "actions.kio.kasten.io", resource: "backupactions", namespace: "shop" },
  { verb: "create", group: "actions.kio.kasten.io", resource: "backupactions", namespace: "billing" },
  { verb: "get", group: "config.kio.kasten.io", resource: "profiles", namespace: "kasten-io" },
  { verb: "create", group: "config.kio.kasten.io", resource: "profiles", namespace: "kasten-io" },
  { verb: "get", group: "apps", resource: "deployments", namespace: "kasten-io" },
  { verb: "get", group: "", resource: "secrets", namespace: "kube-system" },
];

/** What the API server says of each group: its own answers, not the report's. */
async function reviewed(): Promise<Record<string, boolean[]>> {
  const answers: Record<string, boolean[]> = {};
  for (const group of [...Object.keys(groupIds), "Nobody"]) {
    answers[group] = [];
    for (const attributes of questions) {
      const spec = { user: "kasten_okta_somebody", groups: [`kasten_okta_${group}`], resourceAttributes: attributes };
      const review = { apiVersion: "authorization.k8s.io/v1", kind: "SubjectAccessReview", spec };
      const { body } = await kube(lab, "POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", review);
      answers[group].push((body as { status: { allowed: boolean } }).status.allowed);
    }
  }
  return answers;
}

const adopt = (flags = "", variables: Record<string, string> = {}): Promise<ScriptResult> =>
  checkout.run(`node dist/cli/bin.js adopt --idp okta --stack "$STACK" ${flags}`, variables);
const adopted = (name: string): string => join(checkout.folder, "adopted", name);
const secretOfApp = (): string => app.credentials.oauthClient.client_secret;

test("without credentials, and with an identity that may not read secrets: refused in words, nothing is written", async () => {
  const none = await adopt("", { OKTA_API_TOKEN: "" });
  assert.equal(none.status, 3, none.stderr);
  assert.match(none.stderr, /Expected credentials for Okta's API, got none\.\nFix: set OKTA_API_TOKEN/);
  const wrong = await adopt("", { OKTA_API_TOKEN: "no-such-token" });
  assert.equal(wrong.status, 3, wrong.stderr);
  assert.match(wrong.stderr, /got 401.*\n.*okta\.apps\.read/);
  assert.ok(!existsSync(adopted("")));
});

test("half of a role is no grant: the group is named, nothing is written", async () => {
  const path = `${rbac}/namespaces/kasten-io/rolebindings/k10-admin`;
  const { body } = await kube(lab, "GET", path);
  await kube(lab, "DELETE", path);
  const { status, stdout } = await adopt();
  assert.equal(status, 1);
  assert.match(stdout, /kasten_okta_Kasten Admins holds others, got ClusterRole k10-admin by ClusterRoleBinding k10-admin/);
  assert.ok(!existsSync(adopted("")));
  const { metadata, ...rest } = body as { metadata: { name: string } };
  assert.equal(
    (await kube(lab, "POST", `${rbac}/namespaces/kasten-io/rolebindings`, { ...rest, metadata: { name: metadata.name } })).status,
    201,
  );
});

test("a stack file, an import file, a report with equal access; the secret is in none of them, and a second run touches nothing", async () => {
  const { status, stdout, stderr } = await adopt();
  assert.equal(status, 0, stdout + stderr);
  assert.match(stdout, /4 before, 4 after: equal\./);
  for (const file of filesBelow(adopted(""))) {
    const text = readFileSync(file, "utf8");
    assert.ok(!text.includes(secretOfApp()), file);
    assert.ok(!text.includes(Buffer.from(secretOfApp()).toString("base64")), file);
  }
  const again = await adopt();
  assert.equal(again.status, 64);
  assert.match(again.stderr, /Nothing was written/);
});

test("taken over: nobody fails to sign in, nothing is replaced, access, client and secret are the same", async () => {
  const access = await reviewed();
  assert.ok(Object.values(access).flat().includes(true) && Object.values(access).flat().includes(false));
  await useAdoptedStack();
  const relyingParty = await startKastenRelyingParty({
    ...{ kubeconfigPath: lab.cluster.kubeconfigPath, namespace: "kasten-io", release: "k10", ca: lab.authority.certificate },
    certificate: await certificate(),
  });
  const driver = await openDriver({
    ca: lab.authority.certificate,
    hostMap: { [relyingParty.host]: relyingParty.address },
    browser: false,
  });
  const attempts: boolean[] = [];
  const done = new AbortController();
  const trying = (async () => {
    while (!done.signal.aborted) {
      await relyingParty.restartIfRolled();
      for (const login of ["ana@example.com", "omar@example.com", "ada@example.com"]) {
        attempts.push((await driver.signIn({ startUrl: relyingParty.startUrl, ...credentialOf(lab, login) })).outcome === "signed-in");
      }
    }
  })();
  try {
    await takeOver();
    const { stdout } = await lab.engine.run(["preview", "--json"]);
    const operations = (JSON.parse(stdout) as { steps: { op: string; urn: string }[] }).steps.filter(
      ({ op }) => !/^(same|create|update|read)$/.test(op),
    );
    assert.deepEqual(operations, []);
    const shown = await up(lab);
    assert.doesNotMatch(shown, /replaced|deleted/);
    await relyingParty.restartIfRolled();
  } finally {
    done.abort();
    await trying;
    await driver.close();
    await relyingParty.stop();
  }
  console.log(`sign-ins while it was taken over: ${attempts.length} tried, ${attempts.filter((ok) => !ok).length} failed`);
  assert.ok(attempts.length > 20);
  assert.ok(attempts.every((ok) => ok));
  assert.deepEqual(await reviewed(), access);
  assert.deepEqual(await acceptedSecrets(lab), [secretOfApp()]);
  assert.equal((await lab.document()).platforms["k10"]?.clientId, app.id);
  await up(lab, "--expect-no-changes");
});

test("the state never had the secret in plain text", () => {
  for (const file of filesBelow(`${lab.stateDir}/state`)) {
    const text = readFileSync(file, "utf8");
    assert.ok(!text.includes(secretOfApp()), file);
    assert.ok(!text.includes(Buffer.from(secretOfApp()).toString("base64")), file);
  }
});

test("one rotation, one change of access", async () => {
  configure(lab, ["gatehouse:idp", "secret", "rotatedOn"], [new Date().toISOString().slice(0, 10)]);
  await up(lab);
  const both = await acceptedSecrets(lab);
  assert.equal(both.length, 2);
  assert.equal(both[0], secretOfApp());
  assert.equal(await presented(lab, both[1] ?? ""), "invalid_grant");
  configure(lab, ["gatehouse:platforms", "k10", "access", 2], undefined);
  const document = parseDocument(readFileSync(stackFileOf(lab), "utf8")).toJS() as {
    config: Record<string, Record<string, { access: { group: string }[] }>>;
  };
  assert.equal(document.config["gatehouse:platforms"]?.["k10"]?.access.length, 2);
  await up(lab);
});

async function certificate(): Promise<{ certPem: string; keyPem: string }> {
  const made = await lab.authority.issueServer({ name: "platform-k10-by-hand", dnsNames: ["k10.example.com"] });
  return { certPem: made.certificate, keyPem: made.key };
}

/** The written stack file in place of the lab's, with what only a lab needs. */
async function useAdoptedStack(): Promise<void> {
  const file = stackFileOf(lab);
  const salt = (parseDocument(readFileSync(file, "utf8")).toJS() as { encryptionsalt: string }).encryptionsalt;
  const document = parseDocument(readFileSync(adopted(`Pulumi.${lab.engine.stack}.yaml`), "utf8"));
  document.set("encryptionsalt", salt);
  document.setIn(["config", "gatehouse:platforms", "k10", "chart", "path"], "lab/story/charts/k10");
  document.setIn(["config", "gatehouse:platforms", "k10", "chart", "wait"], false);
  writeFileSync(file, document.toString());
  const api = clusterApi(lab.cluster.kubeconfigPath);
  const { body } = await api.callAs(labAdministrator, "GET", "/api/v1/namespaces/kasten-io/secrets/k10-oidc-auth");
  const encoded = (JSON.parse(body) as { data: Record<string, string> }).data["client-secret"] ?? "";
  const set = await checkout.run(
    'printenv ENCODED | base64 --decode | pulumi config set --secret clients:k10 --stack "$STACK" --config-file "$FILE"',
    {
      ENCODED: encoded,
      FILE: file,
    },
  );
  assert.equal(set.status, 0, set.stderr);
}

/** The commands of the report, on the lab's stack. */
async function takeOver(): Promise<void> {
  await lab.engine.run(["import", "--file", adopted("import.json"), "--protect=false", "--generate-code=false", "--yes"]);
  const { status, stderr } = await checkout.run(
    'pulumi stack export --stack "$STACK" | node dist/cli/bin.js adopt --into-state adopted/release.json | pulumi stack import --stack "$STACK"',
  );
  assert.equal(status, 0, stderr);
}
