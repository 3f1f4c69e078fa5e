import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { projectFolder, type Lab } from "../../lab/story/session";
import type { EnvironmentDocument, Evidence } from "../../model";
import { commandLine, ended } from "./login";
import { kube, okta } from "./support";

const passphrase = "a passphrase of the test";

/** The command as a pipeline runs it, with the lab's credentials and a kubeconfig of its own. */
export async function evidence(
  lab: Lab,
  args: readonly string[],
  variables: NodeJS.ProcessEnv = {},
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const trusted = { NODE_EXTRA_CA_CERTS: lab.authority.certificateFile, GATEHOUSE_KEY_PASSPHRASE: passphrase };
  return ended(
    spawn(process.execPath, commandLine("evidence", ...args), {
      cwd: projectFolder,
      env: { ...lab.variables, ...trusted, ...variables },
      stdio: ["ignore", "pipe", "pipe"],
    }),
  );
}

export function evidenceIn(folder: string): Evidence {
  return JSON.parse(readFileSync(join(folder, "evidence.json"), "utf8")) as Evidence;
}

/** A pair of keys in the lab's folder, the private one under the passphrase. */
export function keyPair(lab: Lab, name: string): { privateFile: string; publicFile: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const [privateFile, publicFile] = [join(lab.stateDir, `${name}.pem`), join(lab.stateDir, `${name}.pub.pem`)];
  writeFileSync(privateFile, privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase }), { mode: 0o600 });
  writeFileSync(publicFile, publicKey.export({ type: "spki", format: "pem" }));
  return { privateFile, publicFile };
}

const rbac = "/apis/rbac.authorization.k8s.io/v1";

/** An account that may do exactly what docs/evidence.md asks for, or less, and the kubeconfig of it. */
export async function readerKubeconfig(lab: Lab, name: string, rules: readonly object[]): Promise<string> {
  const metadata = { name };
  const account = { kind: "ServiceAccount", name, namespace: "default" };
  await made(lab, "/api/v1/namespaces/default/serviceaccounts", { metadata });
  await made(lab, `${rbac}/clusterroles`, { metadata, rules });
  const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name };
  await made(lab, `${rbac}/clusterrolebindings`, { metadata, roleRef, subjects: [account] });
  const token = (await made(lab, `/api/v1/namespaces/default/serviceaccounts/${name}/token`, { spec: { expirationSeconds: 3600 } })) as {
    status: { token: string };
  };
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "lab", cluster: { server: lab.cluster.server, "certificate-authority": lab.cluster.caFile } }],
    users: [{ name, user: { token: token.status.token } }],
    contexts: [{ name, context: { cluster: "lab", user: name } }],
    "current-context": name,
  };
  const file = join(lab.stateDir, `${name}.kubeconfig`);
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  return file;
}

async function made(lab: Lab, path: string, body: object): Promise<unknown> {
  const answer = await kube(lab, "POST", path, body);
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return answer.body;
}

/** What docs/evidence.md says that the reader of the cluster needs. */
export const readerRules = [
  {
    apiGroups: ["rbac.authorization.k8s.io"],
    resources: ["roles", "clusterroles", "rolebindings", "clusterrolebindings"],
    verbs: ["list"],
  },
  { apiGroups: ["authorization.k8s.io"], resources: ["subjectaccessreviews"], verbs: ["create"] },
] as const;

/** The same, and what `--compare-secrets` needs. */
const comparingRules = [...readerRules, { apiGroups: [""], resources: ["secrets"], verbs: ["get"] }] as const;

/** What a run with `--compare-secrets` says of the Secret of a platform; then of one that holds something else; then without the right. */
export async function comparedSecrets(
  lab: Lab,
  platform: string,
  run: (out: string, args: readonly string[]) => Promise<{ status: number | null; stdout: string }>,
): Promise<void> {
  const folder = (name: string): string => join(lab.stateDir, name);
  const comparing = await readerKubeconfig(lab, "secret-reader", comparingRules);
  const stateIn = (name: string) =>
    evidenceIn(folder(name)).secrets.find((one) => one.platform === platform && one.source === "declared")?.inCluster;
  const first = await run("newest", ["--compare-secrets", "--kubeconfig", comparing]);
  assert.equal(stateIn("newest"), "newest", first.stdout);
  const refused = await run("unread", ["--compare-secrets"]);
  assert.equal(refused.status, 6, refused.stdout);
  assert.match(refused.stdout, /Whether '\w+' has the newest client secret: Expected the API server to show the Secret .*, got 403\./);
  const { secret } = (await lab.document()).platforms[platform] ?? {};
  assert.ok(secret);
  const path = `/api/v1/namespaces/${secret.namespace}/secrets/${secret.name}`;
  const { data, metadata, type } = (await kube(lab, "GET", path)).body as { data: Record<string, string>; metadata: object; type: string };
  const others = Object.fromEntries(Object.keys(data).map((key) => [key, Buffer.from(`not the ${key}`).toString("base64")]));
  // It may be immutable: another one takes its place.
  assert.equal((await kube(lab, "DELETE", path)).status, 200);
  const { name, namespace, labels, annotations } = metadata as Record<string, unknown>;
  const made = { metadata: { name, namespace, labels, annotations }, type, data: others };
  assert.equal((await kube(lab, "POST", path.slice(0, path.lastIndexOf("/")), made)).status, 201);
  const second = await run("another", ["--compare-secrets", "--kubeconfig", comparing]);
  assert.deepEqual([second.status, stateIn("another")], [5, "another"], second.stdout);
  assert.match(second.stdout, /secret: \w+: Secret .*\n {2}holds another client secret than the newest, by its /);
}

/** Something between the command and the provider's API: pages of one entry, a page that fails, a clock that is wrong. */
export interface Between {
  readonly address: string;
  failing: boolean;
  clockSeconds: number;
  stop(): Promise<void>;
}

export async function between(target: string): Promise<Between> {
  const state = { failing: false, clockSeconds: 0 };
  const server: Server = createServer((incoming, outgoing) => {
    const path = (incoming.url ?? "/").replace("limit=200", "limit=1");
    if (state.failing && path.includes("after=")) {
      outgoing.writeHead(500).end();
      return;
    }
    const headers = { ...incoming.headers };
    // A connection of its own for each: one that was kept could be closed by the other side at this moment.
    const outward = request(new URL(path, target), { agent: false, method: incoming.method, headers }, (answer) => {
      const date = new Date(Date.now() - state.clockSeconds * 1000).toUTCString();
      outgoing.writeHead(answer.statusCode ?? 500, { ...answer.headers, date });
      answer.pipe(outgoing);
    });
    incoming.pipe(outward.once("error", () => outgoing.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(state, {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

/** A service app at the lab's Okta that was granted these scopes: the variables that the command reads as it with. */
export async function oktaServiceApp(
  lab: Lab,
  scopes: readonly string[],
): Promise<{ clientId: string; variables: Record<string, string> }> {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const oauthClient = {
    grant_types: ["client_credentials"],
    response_types: ["token"],
    application_type: "service",
    jwks: { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "reader", use: "sig", alg: "RS256" }] },
  };
  const app = (await okta(lab, "/apps", "POST", {
    name: "oidc_client",
    label: `Reader ${scopes.length}`,
    signOnMode: "OPENID_CONNECT",
    credentials: { oauthClient: { token_endpoint_auth_method: "private_key_jwt" } },
    settings: { oauthClient },
  })) as { id: string };
  const issuer = new URL(lab.identityProvider.issuer).origin;
  for (const scopeId of scopes) {
    await okta(lab, `/apps/${app.id}/grants`, "POST", { scopeId, issuer });
  }
  return {
    clientId: app.id,
    variables: {
      OKTA_API_TOKEN: "",
      OKTA_API_CLIENT_ID: app.id,
      OKTA_API_PRIVATE_KEY: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      OKTA_API_PRIVATE_KEY_ID: "reader",
    },
  };
}

/** A large environment on the lab: groups of three people at Okta, a binding for each grant, and the file with its document. */
export async function largeEnvironment(lab: Lab, platforms: number, groups: number): Promise<string> {
  const document = await lab.document();
  const [one] = Object.values(document.platforms);
  assert.ok(one);
  const people = ["ana@example.com", "omar@example.com", "ada@example.com"];
  const keys = Array.from({ length: groups }, (_, number) => `team-${number}`);
  const made = await Promise.all(keys.map(async (key) => [key, await groupOf(lab, key, people)] as const));
  const names = Array.from({ length: platforms }, (_, number) => `k10-${number}`);
  const access = await Promise.all(names.flatMap((platform) => keys.map((key) => boundGrant(lab, platform, key))));
  const large = {
    ...document,
    stack: "large",
    groups: Object.fromEntries(made),
    platforms: Object.fromEntries(names.map((name) => [name, one])),
    access,
  };
  const file = join(lab.stateDir, "large.json");
  writeFileSync(file, JSON.stringify(large));
  return file;
}

async function groupOf(lab: Lab, displayName: string, people: readonly string[]): Promise<EnvironmentDocument["groups"][string]> {
  const { OKTA_HTTP_PROXY = "", OKTA_API_TOKEN = "" } = lab.identityProvider.environment;
  const headers = { authorization: `SSWS ${OKTA_API_TOKEN}`, "content-type": "application/json" };
  const body = JSON.stringify({ profile: { name: displayName, description: "" } });
  const { id } = (await (await fetch(`${OKTA_HTTP_PROXY}/api/v1/groups`, { method: "POST", headers, body })).json()) as { id: string };
  for (const login of people) {
    const user = (await okta(lab, `/users/${login}`)) as { id: string };
    await okta(lab, `/groups/${id}/users/${user.id}`, "PUT");
  }
  return { displayName, id, claimValue: displayName, origin: "existing" };
}

async function boundGrant(lab: Lab, platform: string, group: string): Promise<EnvironmentDocument["access"][number]> {
  const subject = { kind: "Group" as const, name: `okta:${group}` };
  const roleRef = { kind: "ClusterRole" as const, name: "k10-basic" };
  const name = `${platform}-${group}`;
  await made(lab, `${rbac}/namespaces/shop/rolebindings`, {
    metadata: { name },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", ...roleRef },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", ...subject }],
  });
  const bindings = [{ kind: "RoleBinding" as const, name, namespace: "shop", roleRef }];
  return { platform, group, role: "basic", permits: "back up and restore", namespaces: ["shop"], until: null, subject, bindings };
}
