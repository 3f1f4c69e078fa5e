/** KubeSphere with an identity provider and people as somebody sets them up by hand: the vendor's article, and what the console makes. */
import assert from "node:assert/strict";
import { stringify } from "yaml";
import type { Lab } from "../../lab/story/session";
import { askKubeSphere } from "../../lab/story/relying-parties/kubesphere/access";
import { clusterApi } from "../../lab/story/relying-parties/cluster-api";
import { makeApp, makeGroup, management, type HandMadeApp } from "./adoption";
import { kube } from "./support";

export type Release = 3 | 4;

export const provider = "Okta";
export const redirectUri = `https://console.example.com/oauth/redirect/${provider}`;
const configuration = "/apis/installer.kubesphere.io/v1alpha1/namespaces/kubesphere-system/clusterconfigurations/ks-installer";
const secrets = "/api/v1/namespaces/kubesphere-system/secrets";
const secretName = "our-okta";
const iam = (release: Release): string => `iam.kubesphere.io/${release === 3 ? "v1alpha2" : "v1beta1"}`;

/** User names by sign-in name. Nora has chosen hers, since there is a local account nora; Nils has no role. */
export const usernames: Readonly<Record<string, string>> = {
  "ana@example.com": "ana",
  "wim@example.com": "wim",
  "omar@example.com": "omar",
  "nora@example.com": "nora-okta",
  "nils@example.com": "nils",
};

/** A password of an account, as KubeSphere keeps one. */
export const passwordHash = "$2a$10$EixZaYVK1fsbw1ZfbX3OXePaWxn96p36WQoeG6Lruj3vjPGga31lW";

/** An app as the article has it. In release 3 one group may sign in, in release 4 everybody. */
export async function makeClient(lab: Lab, release: Release): Promise<HandMadeApp> {
  const [everyone] = (await management(lab, "GET", "/groups?q=Everyone")) as { id: string }[];
  const groupId = release === 4 ? (everyone?.id ?? "") : await makeGroup(lab, "KubeSphere Users", "ana@example.com");
  if (release === 3) {
    for (const login of Object.keys(usernames)) {
      await management(lab, "PUT", `/groups/${groupId}/users/${await subjectOf(lab, login)}`);
    }
  }
  return makeApp(lab, { label: "KubeSphere", redirects: [redirectUri], authentication: "client_secret_basic", groupIds: [groupId] });
}

async function subjectOf(lab: Lab, login: string): Promise<string> {
  const [user] = (await management(lab, "GET", `/users?search=${encodeURIComponent(`profile.login eq "${login}"`)}`)) as { id: string }[];
  assert.ok(user !== undefined, login);
  return user.id;
}

/** What the article edits into the ClusterConfiguration, openid among the scopes; in release 4 the Secret of the vendor's own pages. */
export async function configureByHand(lab: Lab, release: Release, app: HandMadeApp): Promise<void> {
  const entry = {
    ...{ mappingMethod: release === 3 ? "auto" : "manual", name: provider, type: "OIDCIdentityProvider" },
    provider: {
      ...{ clientID: app.id, clientSecret: app.credentials.oauthClient.client_secret, issuer: lab.identityProvider.issuer },
      ...{ redirectURL: redirectUri, scopes: ["openid", "email", "profile"] },
    },
  };
  if (release === 4) {
    const labels = { "config.kubesphere.io/type": "identityprovider" };
    const secret = {
      apiVersion: "v1",
      kind: "Secret",
      type: "config.kubesphere.io/identityprovider",
      metadata: { name: secretName, labels },
    };
    await make(lab, secrets, { ...secret, stringData: { "configuration.yaml": stringify(entry) } });
    return;
  }
  const live = (await kube(lab, "GET", configuration)).body as ClusterConfiguration;
  live.spec.authentication.oauthOptions.identityProviders.unshift(entry);
  assert.equal((await kube(lab, "PUT", configuration, live)).status, 200);
}

interface ClusterConfiguration {
  readonly spec: { readonly authentication: { readonly oauthOptions: { readonly identityProviders: { readonly name: string }[] } } };
}

/** The accounts that the page for a user name makes, and the roles that an administrator gives in the console, under the names that it gives. */
export async function registerPeople(lab: Lab, release: Release): Promise<void> {
  for (const [login, name] of Object.entries(usernames)) {
    const subject = await subjectOf(lab, login);
    const labels = { "iam.kubesphere.io/identify-provider": provider, "iam.kubesphere.io/origin-uid": subject };
    const annotations = release === 3 ? {} : { [`iam.kubesphere.io/identity-provider.${provider}`]: subject };
    await make(lab, `/apis/${iam(release)}/users`, {
      ...{ apiVersion: iam(release), kind: "User", metadata: { name, labels, annotations } },
      spec: { email: login, displayName: name, ...(name === "omar" || release === 4 ? { password: passwordHash } : {}) },
    });
  }
  await bind(lab, release, "ana", ["GlobalRole", "platform-admin"]);
  for (const username of ["wim", "omar", "nora-okta"]) {
    await bind(lab, release, username, ["GlobalRole", "platform-regular"]);
  }
  await bind(lab, release, "wim", ["WorkspaceRole", "retail-admin"], { workspace: "retail" });
  await bind(lab, release, "omar", ["Role", "operator"], { namespace: "shop" });
  await bind(lab, release, "nora-okta", ["Role", "viewer"], { namespace: "shop", name: "auditors" });
}

async function bind(
  lab: Lab,
  release: Release,
  username: string,
  [kind, role]: readonly [string, string],
  {
    namespace,
    workspace,
    // In release 4 all have names of one's own: then nothing of the cluster can be imported.
    name = `${release === 4 ? "given-" : ""}${username}-${role}`,
  }: { readonly namespace?: string; readonly workspace?: string; readonly name?: string } = {},
): Promise<void> {
  const isRbac = namespace !== undefined && release === 3;
  const apiVersion = isRbac ? "rbac.authorization.k8s.io/v1" : iam(release);
  const place = namespace === undefined ? "" : `/namespaces/${namespace}`;
  const labels = { "iam.kubesphere.io/user-ref": username, ...(workspace === undefined ? {} : { "kubesphere.io/workspace": workspace }) };
  await make(lab, `/apis/${apiVersion}${place}/${kind.toLowerCase()}bindings`, {
    ...{ apiVersion, kind: `${kind}Binding`, metadata: { name, labels, ...(namespace === undefined ? {} : { namespace }) } },
    roleRef: { apiGroup: isRbac ? "rbac.authorization.k8s.io" : "iam.kubesphere.io", kind, name: role },
    subjects: [{ apiGroup: release === 3 ? "rbac.authorization.k8s.io" : "iam.kubesphere.io", kind: "User", name: username }],
  });
}

/** What the report asks for once the stack's own bindings are there: Omar's role in the project, as it was given by hand. */
export async function deleteGiven(lab: Lab): Promise<void> {
  const path = `/apis/${iam(4)}/namespaces/shop/rolebindings/given-omar-operator`;
  assert.equal((await kube(lab, "DELETE", path)).status, 200);
}

async function make(lab: Lab, collection: string, object: unknown): Promise<void> {
  const { status, body } = await kube(lab, "POST", collection, object);
  assert.equal(status, 201, JSON.stringify(body));
}

const pods = (verb: string, namespace: string) => ({ verb, group: "", resource: "pods", namespace });
const questions = [
  { verb: "create", group: "iam.kubesphere.io", resource: "users" },
  { verb: "create", group: "iam.kubesphere.io", resource: "workspacemembers", workspace: "retail" },
  ...["list", "delete"].flatMap((verb) => ["shop", "billing"].map((namespace) => pods(verb, namespace))),
];

/** KubeSphere's own answers, by user name; the local account among them. */
export async function answers(lab: Lab, release: Release): Promise<Record<string, boolean[]>> {
  const api = clusterApi(lab.cluster.kubeconfigPath);
  const asked = [...Object.values(usernames), "nora"].map(async (account): Promise<[string, boolean[]]> => [
    account,
    await Promise.all(questions.map(async (question) => (await askKubeSphere(api, release, account, question)).allowed)),
  ]);
  return Object.fromEntries(await Promise.all(asked));
}

/** The uids of everything that was made by hand: an object that is deleted and made again has another. */
export async function identities(lab: Lab, release: Release): Promise<Record<string, string>> {
  const project = release === 3 ? "rbac.authorization.k8s.io/v1" : iam(release);
  const collections = [
    ...["users", "globalrolebindings", "workspacerolebindings"].map((plural) => `/apis/${iam(release)}/${plural}`),
    `/apis/${project}/namespaces/shop/rolebindings`,
    ...(release === 4 ? [secrets] : []),
  ];
  const lists = collections.map(async (path) => {
    const { body } = await kube(lab, "GET", path);
    const { items } = body as { items: { metadata: { name: string; uid: string } }[] };
    return items.map(({ metadata }): [string, string] => [`${path}/${metadata.name}`, metadata.uid]);
  });
  return Object.fromEntries((await Promise.all(lists)).flat());
}

/** The providers as KubeSphere reads them, by name, in their order. */
export async function configured(lab: Lab, release: Release): Promise<{ readonly names: readonly string[]; readonly text: string }> {
  if (release === 3) {
    const { spec } = (await kube(lab, "GET", configuration)).body as ClusterConfiguration;
    const list = spec.authentication.oauthOptions.identityProviders;
    return { names: list.map(({ name }) => name), text: JSON.stringify(list.find(({ name }) => name === provider)) };
  }
  const { body } = await kube(lab, "GET", `${secrets}/${secretName}`);
  const { data } = body as { data: Record<string, string> };
  return { names: [provider], text: Buffer.from(data["configuration.yaml"] ?? "", "base64").toString("utf8") };
}
