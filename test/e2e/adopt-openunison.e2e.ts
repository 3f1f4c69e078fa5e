/**
 * OpenUnison on Okta, installed by hand as the vendor's article says (an app whose claim carries every group, the client secret in the
 * Secret that ouctl makes, one values file for all charts, bindings of bare group names), then taken over: people sign in all the while,
 * nothing is replaced, access and all secrets stay.
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { parse } from "yaml";
import { run } from "../../lab/machine/processes";
import { startOpenUnisonPortal } from "../../lab/story/relying-parties/openunison/openunison";
import { projectFolder, type Lab } from "../../lab/story/session";
import { bind, firstUpdate, makeApp, makeGroup, management, reviewed, signingInWhile, takeOver, type HandMadeApp } from "./adoption";
import { makeCheckout, type Checkout } from "./checkout";
import { acceptedSecretsOf } from "./okta-secrets";
import { configure, filesBelow, kube, openLab, stackFileOf, up } from "./support";

const charts: readonly (readonly [string, string])[] = [
  ["openunison", "openunison-operator"],
  ["orchestra", "openunison-orchestra"],
  ["orchestra-login-portal", "openunison-login-portal"],
  ["orchestra-kube-oidc-proxy", "openunison-kube-oidc-proxy"],
];
const logins = ["ana@example.com", "omar@example.com", "ada@example.com"];
const groups = ["k8s-admins", "k8s-operators", "Security Auditors"];
const secretPath = "/api/v1/namespaces/openunison/secrets/orchestra-secrets-source";
const content = { OIDC_CLIENT_SECRET: "", unisonKeystorePassword: "a-keystore-password-of-ouctl" };

let lab: Lab;
let checkout: Checkout;
let app: HandMadeApp;

before(async () => {
  lab = await openLab("lab-openunison-okta");
  checkout = makeCheckout(lab);
  await checkout.build();
  const [auditors] = (await management(lab, "GET", "/groups?q=Security")) as { id: string }[];
  app = await makeApp(lab, {
    ...{ label: "Kubernetes", redirects: ["https://k8sou.example.com/auth/oidc"], authentication: "client_secret_post" },
    groupIds: [
      await makeGroup(lab, "k8s-admins", "ana@example.com"),
      await makeGroup(lab, "k8s-operators", "omar@example.com"),
      auditors?.id ?? "",
    ],
  });
  content.OIDC_CLIENT_SECRET = app.credentials.oauthClient.client_secret;
  await installByHand();
  await bind(lab, undefined, "okta-cluster-admins", ["ClusterRole", "cluster-admin"], "k8s-admins");
  await bind(lab, "shop", "operators", ["ClusterRole", "edit"], "k8s-operators");
  await bind(lab, undefined, "auditors", ["ClusterRole", "view"], "Security Auditors");
});
after(() => lab.stop());

/** What ouctl does: a namespace, the Secret, and every chart with the same values. */
async function installByHand(): Promise<void> {
  const metadata = { name: "openunison" };
  assert.equal((await kube(lab, "POST", "/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata })).status, 201);
  const secret = { apiVersion: "v1", kind: "Secret", type: "Opaque", stringData: content };
  const made = await kube(lab, "POST", secretPath.replace(/\/[^/]+$/, ""), { ...secret, metadata: { name: "orchestra-secrets-source" } });
  assert.equal(made.status, 201);
  const values = {
    network: {
      openunison_host: "k8sou.example.com",
      dashboard_host: "k8sdb.example.com",
      api_server_host: "k8sapi.example.com",
      session_inactivity_timeout_seconds: 900,
      ingress_type: "nginx",
    },
    k8s_cluster_name: "kubernetes",
    enable_impersonation: true,
    enable_wait_for_job: true,
    oidc: {
      client_id: app.id,
      issuer: lab.identityProvider.issuer,
      user_in_idtoken: false,
      domain: "",
      scopes: "openid email profile groups",
      claims: { sub: "sub", email: "email", given_name: "given_name", family_name: "family_name", display_name: "name", groups: "groups" },
    },
    trusted_certs: [{ name: "lab", pem_b64: Buffer.from(lab.authority.certificate).toString("base64") }],
    network_policies: { enabled: false },
    openunison: { replicas: 1, enable_pre_check: false },
  };
  const file = join(lab.stateDir, "openunison-values.json");
  writeFileSync(file, JSON.stringify(values));
  for (const [release, chart] of charts) {
    const given = release === "openunison" ? [] : ["--values", file];
    const args = ["install", release, join(projectFolder, "lab/story/charts", chart), "--namespace", "openunison", ...given];
    const { status, stderr } = await run(lab.toolchain.helm.path, args, { env: lab.variables });
    assert.equal(status, 0, stderr);
  }
}

const questions = [
  { verb: "get", group: "apps", resource: "deployments", namespace: "shop" },
  { verb: "create", group: "apps", resource: "deployments", namespace: "shop" },
  { verb: "create", group: "apps", resource: "deployments", namespace: "billing" },
  { verb: "get", group: "apps", resource: "deployments", namespace: "billing" },
  { verb: "get", group: "", resource: "secrets", namespace: "kube-system" },
];
const reviews = (): Promise<Record<string, boolean[]>> => reviewed(lab, [...groups, "Nobody"], questions);

async function secretNow(): Promise<Record<string, string>> {
  const { body } = await kube(lab, "GET", secretPath);
  const { data } = body as { data: Record<string, string> };
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString("utf8")]));
}

test("a stack file, an import file, a report with equal access; no secret is in any of them", async () => {
  const { status, stdout, stderr } = await checkout.run('node dist/cli/bin.js adopt --idp okta --stack "$STACK"');
  assert.equal(status, 0, stdout + stderr);
  assert.match(stdout, /3 before, 3 after: equal\./);
  assert.match(stdout, /insecureClusterAdmin: found as it is: k8s-admins cluster-admin; safe:/);
  expectNoSecret(join(checkout.folder, "adopted"));
});

function expectNoSecret(folder: string): void {
  for (const file of filesBelow(folder)) {
    const text = readFileSync(file, "utf8");
    for (const secret of Object.values(content)) {
      assert.ok(!text.includes(secret) && !text.includes(Buffer.from(secret).toString("base64")), file);
    }
  }
}

test("taken over: nobody fails to sign in, nothing is replaced, access, client and every secret are the same", async () => {
  const access = await reviews();
  assert.ok(Object.values(access).flat().includes(true) && Object.values(access).flat().includes(false));
  const issued = await lab.authority.issueServer({ name: "portal-by-hand", dnsNames: ["k8sou.example.com"] });
  const portal = await startOpenUnisonPortal({
    kubeconfigPath: lab.cluster.kubeconfigPath,
    ca: lab.authority.certificate,
    // The proxy stands between: the API server trusts nobody itself.
    trusted: Promise.resolve(),
    trust: () => Promise.resolve(),
    certificate: { certPem: issued.certificate, keyPem: issued.key },
  });
  try {
    const counted = await signingInWhile(lab, portal, {
      logins,
      work: async () => {
        const local = charts.map(([release, chart]) => [
          ["portal", "charts", release === "openunison" ? "openunison-operator" : release, "path"],
          `lab/story/charts/${chart}`,
        ]);
        await takeOver({ lab, checkout }, [...(local as [string[], unknown][]), [["portal", "wait"], false]]);
        await firstUpdate(lab);
      },
    });
    console.log(`sign-ins while it was taken over: ${counted.tried} tried, ${counted.failed} failed`);
    assert.equal(counted.failed, 0);
  } finally {
    await portal.stop();
  }
  assert.deepEqual(await reviews(), access);
  assert.deepEqual(await secretNow(), content);
  assert.deepEqual(await acceptedSecretsOf(lab, app.id), [content.OIDC_CLIENT_SECRET]);
  assert.equal((await lab.document()).platforms["portal"]?.clientId, app.id);
  await up(lab, "--expect-no-changes");
});

test("the state never had a secret in plain text", () => {
  expectNoSecret(`${lab.stateDir}/state`);
});

test("one rotation: the client secret is a new one, the keystore's password stays", async () => {
  configure(lab, ["gatehouse:idp", "secret", "rotatedOn"], [new Date().toISOString().slice(0, 10)]);
  await up(lab);
  const [first, second] = await acceptedSecretsOf(lab, app.id);
  assert.equal(first, content.OIDC_CLIENT_SECRET);
  assert.ok(second !== undefined && second !== first);
  assert.deepEqual(await secretNow(), { ...content, OIDC_CLIENT_SECRET: second });
});

test("one change of access: the group's grant goes, and what was bound by hand is what is left of it", async () => {
  const path = ["gatehouse:platforms", "portal", "access"];
  const { config } = parse(readFileSync(stackFileOf(lab), "utf8")) as {
    config: { "gatehouse:platforms": { portal: { access: { group: string }[] } } };
  };
  const position = config["gatehouse:platforms"].portal.access.findIndex(({ group }) => group === "security-auditors");
  assert.notEqual(position, -1);
  configure(lab, [...path, position], undefined);
  await up(lab);
  assert.ok((await reviews())["Security Auditors"]?.includes(true));
  await kube(lab, "DELETE", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/auditors");
  assert.deepEqual((await reviews())["Security Auditors"], [false, false, false, false, false]);
});
