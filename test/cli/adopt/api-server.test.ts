import { stringify } from "yaml";
import { apiServerFlags, authenticationConfiguration, type FoundPlatform, type InstalledCluster } from "../../../model";
import { kubernetesAdoption } from "../../../model/platforms/kubernetes/adoption";
import { gatehouse, type Outcome } from "../harness";
import { app, binding, clientId, files, live } from "./world";

const issuer = "https://example.okta.com";
const native = {
  ...app,
  credentials: { oauthClient: { client_id: clientId, token_endpoint_auth_method: "none", pkce_required: true } },
  settings: {
    oauthClient: {
      redirect_uris: ["http://localhost:8000", "http://localhost:18000"],
      grant_types: ["authorization_code"],
      application_type: "native",
    },
  },
};
const trust = {
  issuer,
  audiences: [clientId],
  username: { claim: "sub", prefix: "okta:" },
  groups: { claim: "groups", prefix: "okta:" },
};
const rbac = [
  binding("ClusterRoleBinding", undefined, "readers", "ClusterRole/view", "Group/okta:Backup Admins"),
  binding("RoleBinding", "shop", "operators", "ClusterRole/edit", "Group/okta:Operators"),
  binding("ClusterRoleBinding", undefined, "kubeadm:cluster-admins", "ClusterRole/cluster-admin", "Group/kubeadm:cluster-admins"),
];
const kubeconfig = {
  ...{ apiVersion: "v1", kind: "Config", "current-context": "prod" },
  clusters: [{ name: "prod", cluster: { server: "https://api.example.com:6443" } }],
  contexts: [{ name: "prod", context: { cluster: "prod", user: "oidc" } }],
  users: [
    {
      name: "oidc",
      user: { exec: { args: ["oidc-login", "get-token", "--oidc-extra-scope=offline_access", "--listen-address=127.0.0.1:18000"] } },
    },
  ],
};

/** Answers of a cluster without Helm; texts are written as they are. */
async function adopt(texts: Readonly<Record<string, string>>, changes: Readonly<Record<string, unknown>> = {}): Promise<Outcome> {
  const {
    "release.json": _release,
    "values.yaml": _values,
    ...answers
  } = files({ "okta-app.json": native, "bindings.json": { items: rbac }, ...changes });
  const found = { ...answers, "kubeconfig.yaml": stringify(kubeconfig), ...texts };
  return gatehouse(["adopt", "--from-files", "found"], { folders: { found } });
}

const withFlags = (flags: readonly string[], changes: Readonly<Record<string, unknown>> = {}): Promise<Outcome> =>
  adopt({ "api-server-flags.txt": flags.join("\n") }, changes);
const flags = apiServerFlags(trust, "/etc/kubernetes/pki/ca.pem");

/** What the installation says of itself, before anybody is asked for its client. */
async function read(texts: Readonly<Record<string, string>>): Promise<FoundPlatform> {
  const found: Readonly<Record<string, string>> = { "kubeconfig.yaml": stringify(kubeconfig), ...texts };
  const cluster: InstalledCluster = {
    releases: () => Promise.resolve([]),
    secret: () => Promise.resolve(undefined),
    object: () => Promise.resolve(undefined),
    file: (name) => Promise.resolve(found[name]),
  };
  const [installation] = await kubernetesAdoption.find(cluster);
  return kubernetesAdoption.read(installation ?? { place: "", key: "", title: "", releases: [] }, cluster);
}

const asFlags = (lines: readonly string[]): Record<string, string> => ({ "api-server-flags.txt": lines.join("\n") });

describe.each([
  ["flags of a manifest", asFlags(flags.map((flag) => `    - ${flag}`))],
  ["flags of a unit file", asFlags(flags.map((flag) => `  ${flag.replace("=", " ").replace(/(\S+)$/, '"$1"')} \\`))],
  ["an AuthenticationConfiguration", { "authentication-configuration.yaml": authenticationConfiguration(trust) }],
])("an API server with %s", (_what, texts) => {
  test("is a stack with the same names, the same client and no secret", async () => {
    const found = await read(texts);
    expect(found.problems).toEqual([]);
    expect(found.settings).toEqual({
      ...{ server: "https://api.example.com:6443", clusterName: "prod", loopbackPorts: [18000], refresh: true },
      ...{ prefix: "okta:", usernameClaim: "sub", adopted: true },
    });
    expect(found).toMatchObject({ issuer, clientId, groupsClaim: "groups", keepsUserNames: true, plainReleases: [] });
    expect(found.prefixes).toEqual({ user: "okta:", group: "okta:", keepsGroup: true });
    expect(found.secret).toBeUndefined();
    expect(found.byHand?.[0]).toContain("install the stack's authentication-configuration.yaml");
  });
});

test.each([
  ["sub", `${issuer}#`],
  ["email", ""],
])("kube-apiserver's own prefix of users by %s is %j, and of groups none: the stack's takes their place", async (claim, prefix) => {
  const bare = flags.filter((flag) => !flag.includes("-prefix") && !flag.includes("username-claim"));
  const found = await read(asFlags([...bare, `--oidc-username-claim=${claim}`]));
  expect(found.prefixes).toEqual({ user: prefix, group: "", keepsGroup: false });
  expect(found.settings).not.toHaveProperty("prefix");
  expect(found.keepsUserNames).toBe(false);
  expect(found.remarks.map(({ text }) => text).join("\n")).toContain('found "", which is refused');
});

test("a dash switches the prefix of users off", async () => {
  const found = await read(asFlags([...flags.filter((flag) => !flag.includes("username-prefix")), "--oidc-username-prefix=-"]));
  expect(found.prefixes).toEqual({ user: "", group: "okta:", keepsGroup: true });
  expect(found.keepsUserNames).toBe(false);
});

test("cluster-admin is kept under its insecure key, with the safe value beside it", () => {
  const { settings, remarks } = kubernetesAdoption.ofGrants?.([
    { subject: { kind: "Group", name: "okta:Root" }, role: "cluster-admin" },
    { subject: { kind: "Group", name: "okta:Ops" }, role: "edit", namespaces: ["shop", "kube-system"] },
    { subject: { kind: "Group", name: "okta:Dev" }, role: "edit", namespaces: ["shop"] },
  ]) ?? { settings: {}, remarks: [] };
  expect(settings).toEqual({ insecureClusterAdmin: true });
  expect(remarks[0]?.text).toMatch(/^found as it is: okta:Root cluster-admin, okta:Ops edit in kube-system; safe:/);
  expect(
    kubernetesAdoption.ofGrants?.([{ subject: { kind: "Group", name: "okta:Dev" }, role: "view", namespaces: ["kube-system"] }]).settings,
  ).toEqual({});
});

test("OpenUnison's own tokens are another platform's", async () => {
  const texts = asFlags(flags.map((flag) => flag.replace(issuer, "https://k8sou.example.com/auth/idp/k8sIdp")));
  const outcome = await adopt(texts);
  expect(outcome.stderr).toContain("got none");
});

describe("what a stack would not say again is refused, with the way", () => {
  const [jwt] = ["jwt"].map(() => ({
    issuer: { url: issuer, audiences: [clientId] },
    claimMappings: { username: { claim: "sub", prefix: "okta:" }, groups: { claim: "groups", prefix: "okta:" } },
  }));
  const configured = (change: object, more: object = {}): Promise<Outcome> =>
    adopt({
      "authentication-configuration.yaml": stringify({
        ...{ apiVersion: "apiserver.config.k8s.io/v1", kind: "AuthenticationConfiguration", jwt: [{ ...jwt, ...change }] },
        ...more,
      }),
    });

  test.each<[string, () => Promise<Outcome>, string]>([
    [
      "a required claim",
      () => withFlags([...flags, "--oidc-required-claim=department=it"]),
      "requiredClaims.department: expected no required claim beside those of the stack (none)",
    ],
    ["a private authority in a file", () => withFlags([...flags, "--oidc-ca-file /etc/ca.pem"]), "issuer.certificateAuthority"],
    [
      "another algorithm",
      () => withFlags([...flags, "--oidc-signing-algs=RS256,ES256"]),
      "expected RS256, which is all that the stack's flags accept, got ES256",
    ],
    [
      "two clients",
      () => configured({ issuer: { url: issuer, audiences: [clientId, "other"] } }),
      "jwt.issuer.audiences: expected one client id",
    ],
    [
      "an expression",
      () => configured({ claimMappings: { username: { expression: "claims.sub" }, groups: { claim: "groups", prefix: "okta:" } } }),
      "jwt.0.claimMappings.username: expected a claim with a prefix",
    ],
    [
      "a discovery address",
      () => configured({ issuer: { url: issuer, discoveryURL: "https://x", audiences: [clientId] } }),
      "jwt.0.issuer.discoveryURL: expected it left out",
    ],
    [
      "a rule for claims",
      () => configured({ claimValidationRules: [{ claim: "hd", requiredValue: "x" }] }),
      "requiredClaims.hd: expected no required claim beside those of the stack (none)",
    ],
    [
      "a rule for claims by an expression",
      () => configured({ claimValidationRules: [{ expression: "claims.hd == 'x'" }] }),
      "jwt.0.claimValidationRules.0: expected a claim with the value that it must have",
    ],
    [
      "a rule for users",
      () => configured({ userValidationRules: [{ expression: "user.username != 'ana'" }] }),
      "jwt.0.userValidationRules.0: expected rules that keep names",
    ],
    ["anonymous access", () => configured({}, { anonymous: { enabled: false } }), "anonymous: expected it left out"],
    [
      "no address",
      () => adopt({ "api-server-flags.txt": flags.join("\n"), "kubeconfig.yaml": "{}" }),
      "server: expected the API server's address",
    ],
    ["an app with a secret", () => withFlags(flags, { "okta-app.json": app }), "client.application_type: expected native"],
  ])("%s", async (_what, run, message) => {
    const outcome = await run();
    expect(outcome.status).toBe(1);
    expect(outcome.stdout).toContain(message);
    expect(outcome.written).toBeUndefined();
  });

  test.each([
    [
      "a file on the control plane",
      { "api-server-flags.txt": "--authentication-config=/etc/auth.yaml" },
      "the file itself, which lies on the control plane",
    ],
    ["something else", { "authentication-configuration.yaml": "jwt: ]" }, "expected an AuthenticationConfiguration"],
  ])("%s", async (_what, texts, message) => {
    const { status, stderr } = await adopt(texts);
    expect(status).toBe(64);
    expect(stderr).toContain(message);
  });
});

test("several issuers: one is named, and the other entries are named as what stays by hand", async () => {
  const two = [issuer, "https://other.example.com"].map((url) => ({
    issuer: { url, audiences: [clientId] },
    claimMappings: { username: { claim: "sub", prefix: "okta:" }, groups: { claim: "groups", prefix: "okta:" } },
  }));
  const text = stringify({ apiVersion: "apiserver.config.k8s.io/v1", kind: "AuthenticationConfiguration", jwt: two });
  const which = await adopt({ "authentication-configuration.yaml": text });
  expect(which.stderr).toContain(`got ${issuer} (kubernetes), https://other.example.com (kubernetes)`);
  const { byHand = [] } = await read({ "authentication-configuration.yaml": text });
  expect(byHand.at(-1)).toContain("trusts 1 more issuer");
});

test("live: the flags of kubeadm's pods, and the address that kubeadm announces", async () => {
  const { cluster = {}, ...world } = live();
  const pod = (more: readonly string[]): unknown => ({ spec: { containers: [{ command: ["kube-apiserver", ...flags, ...more] }] } });
  const announced = stringify({ clusters: [{ name: "", cluster: { server: "https://10.0.0.1:6443" } }] });
  const served = (pods: readonly unknown[]): typeof cluster => ({
    ...cluster,
    "/api/v1/secrets": { status: 200, body: { items: [] } },
    "/api/v1/namespaces/kube-system/pods": { status: 200, body: { items: pods } },
    "/api/v1/namespaces/kube-public/configmaps/cluster-info": { status: 200, body: { data: { kubeconfig: announced } } },
  });
  // The app there is K10's, with a secret: all else was read.
  let asked = 0;
  const counted = {
    ...served([]),
    "/api/v1/namespaces/kube-system/pods": () => ((asked += 1), { status: 200, body: { items: [pod([]), pod([])] } }),
  };
  const one = await gatehouse(["adopt"], { ...world, cluster: counted });
  expect(asked).toBe(1);
  expect(one.stdout).toContain("client.application_type: expected native");
  expect(one.stdout).not.toContain("server: expected");
  const differing = await gatehouse(["adopt"], { ...world, cluster: served([pod([]), pod(["--oidc-groups-prefix=x:"])]) });
  expect(differing.stdout).toContain("every API server of the control plane to have the same --oidc flags, got 2 different sets");
});
