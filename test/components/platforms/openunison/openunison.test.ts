import timers from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { inPlaceOf } from "../../../../lab/test/builtins";
import type { OpenUnisonArgs } from "../../../../components";
import { only, secret, settled, simulate, type Registered, type Simulation } from "../../harness";

/** Milliseconds of each pause, none of which is waited for. */
const pauses: number[] = [];
inPlaceOf(
  timers,
  "setTimeout",
  () =>
    ((milliseconds: number, value: unknown) => {
      pauses.push(milliseconds);
      return Promise.resolve(value);
    }) as typeof timers.setTimeout,
);

const release = "kubernetes:helm.sh/v3:Release";
const kubernetesSecret = "kubernetes:core/v1:Secret";

type Changes = Partial<Omit<OpenUnisonArgs, "clientSecret">> & { readonly secretText?: string };

const charts = {
  operator: { version: "3.0.23" },
  orchestra: { version: "3.1.31" },
  loginPortal: { version: "2.3.82" },
};
const claims = {
  sub: "sub",
  email: "email",
  given_name: "given_name",
  family_name: "family_name",
  display_name: "name",
  groups: "groups",
};

function openUnison({ secretText = "s3cret", ...changes }: Changes = {}) {
  return simulate(
    ({ OpenUnison }) =>
      new OpenUnison("portal", {
        charts: { ...charts, kubeOidcProxy: { version: "1.0.11" } },
        hosts: { portal: "k8sou.example.com", dashboard: "k8sdb.example.com", apiServer: "k8sapi.example.com" },
        issuer: "https://acme.okta.com",
        clientId: "0oa1",
        clientSecret: pulumi.secret(secretText),
        scopes: ["openid", "profile", "email", "groups"],
        userInIdToken: false,
        claims,
        ...changes,
      }),
  );
}

const direct: Changes = {
  charts,
  hosts: { portal: "k8sou.example.com", dashboard: "k8sdb.example.com" },
  direct: {
    apiServerUrl: "https://api.example.com:6443",
    certificateAuthority: "PEM\n",
    username: { claim: "sub", prefix: "okta:" },
    groups: { claim: "groups", prefix: "okta:" },
  },
};

function releaseOf(simulation: Simulation<unknown>, name: string): Registered {
  const found = simulation.resources.find((resource) => resource.type === release && resource.name === name);
  if (found === undefined) {
    throw new Error(`no release ${name}`);
  }
  return found;
}

const names = (simulation: Simulation<unknown>): string[] =>
  simulation.resources.filter(({ type }) => type === release).map(({ name }) => name);

/** `printf '{"OIDC_CLIENT_SECRET":"s3cret","unisonKeystorePassword":"generated-for-portal-keystore"}' | sha256sum`, ten characters. */
const hash = "e5d2637365";

const values = {
  network: {
    openunison_host: "k8sou.example.com",
    dashboard_host: "k8sdb.example.com",
    api_server_host: "k8sapi.example.com",
    session_inactivity_timeout_seconds: 900,
    k8s_url: "https://k8sapi.example.com",
    force_redirect_to_tls: true,
    createIngressCertificate: true,
    ingress_type: "nginx",
    ingress_certificate: "ou-tls-certificate",
    ingress_annotations: {},
  },
  k8s_cluster_name: "kubernetes",
  enable_impersonation: true,
  enable_wait_for_job: true,
  network_policies: { enabled: false },
  impersonation: {
    use_jetstack: true,
    explicit_certificate_trust: true,
    ca_secret_name: "ou-tls-certificate",
    orchestra_release_name: "orchestra",
  },
  oidc: {
    client_id: "0oa1",
    issuer: "https://acme.okta.com",
    user_in_idtoken: false,
    domain: "",
    scopes: "openid profile email groups",
    claims,
  },
  trusted_certs: [],
  dashboard: { enabled: false },
  openunison: {
    replicas: 1,
    auto_timestamp: false,
    force_update: hash,
    enable_provisioning: false,
  },
};

test("four releases in the order that does not deadlock, one values document for three of them", async () => {
  const simulation = await openUnison();
  expect(names(simulation)).toEqual(["portal-operator", "portal-orchestra", "portal-portal", "portal-proxy"]);
  const order = ["portal-operator", "portal-orchestra", "portal-portal", "portal-proxy"].map((name) => {
    const { inputs, dependsOn } = releaseOf(simulation, name);
    return [inputs["name"], inputs["chart"], inputs["version"], dependsOn.filter((other) => other.startsWith("portal-"))];
  });
  expect(order).toEqual([
    ["openunison", "openunison-operator", "3.0.23", ["portal-namespace"]],
    ["orchestra", "orchestra", "3.1.31", expect.arrayContaining(["portal-operator", "portal-secrets"])],
    ["orchestra-login-portal", "orchestra-login-portal", "2.3.82", expect.arrayContaining(["portal-orchestra"])],
    ["orchestra-kube-oidc-proxy", "orchestra-kube-oidc-proxy", "1.0.11", expect.arrayContaining(["portal-portal"])],
  ]);
  // In the portal's chart it is another switch.
  expect(JSON.stringify(releaseOf(simulation, "portal-portal").inputs)).not.toContain("kubeAuth");
  // The operator's chart calls its own image `image`: the shared document would replace it.
  expect(releaseOf(simulation, "portal-operator").inputs["values"]).toBeUndefined();
  for (const name of ["portal-orchestra", "portal-portal", "portal-proxy"]) {
    expect(releaseOf(simulation, name).inputs).toMatchObject({
      namespace: "openunison",
      values,
      atomic: true,
      skipAwait: false,
      timeout: 900,
      resetValues: true,
      repositoryOpts: { repo: "https://nexus.tremolo.io/repository/helm/" },
    });
  }
});

test("the Secret under the charts' own keys, and nowhere else", async () => {
  const simulation = await openUnison({ secretText: "find-me-if-you-can\n" });
  const { inputs, secretOutputs } = only(simulation, kubernetesSecret);
  expect(inputs).toMatchObject({
    metadata: { name: "orchestra-secrets-source", namespace: "openunison" },
    type: "Opaque",
    // Without the line feed: with it, every sign-in fails.
    stringData: secret({ OIDC_CLIENT_SECRET: "find-me-if-you-can", unisonKeystorePassword: "generated-for-portal-keystore" }),
  });
  expect(secretOutputs).toEqual(["data", "stringData"]);
  for (const name of names(simulation)) {
    expect(JSON.stringify(releaseOf(simulation, name))).not.toMatch(/find-me|generated-for/);
  }
  expect(await settled(simulation.result.secretName)).toEqual({ value: "orchestra-secrets-source", known: true, secret: false });
});

test("a new client secret restarts OpenUnison, and nothing else in the values changes", async () => {
  const forced = async (changes: Changes): Promise<unknown> =>
    (releaseOf(await openUnison(changes), "portal-orchestra").inputs["values"] as typeof values).openunison.force_update;
  expect(await forced({})).toBe(hash);
  expect(await forced({ secretText: "other" })).not.toBe(hash);
  expect(await forced({ sessionSeconds: 600 })).toBe(hash);
});

test("the dashboard has a client of its own", async () => {
  const simulation = await openUnison({ dashboard: true });
  expect(only(simulation, kubernetesSecret).inputs["stringData"]).toEqual(
    secret({
      OIDC_CLIENT_SECRET: "s3cret",
      unisonKeystorePassword: "generated-for-portal-keystore",
      K8S_DB_SECRET: "generated-for-portal-dashboard-client",
    }),
  );
});

test("direct trust: no proxy, and what the API server's owner installs", async () => {
  const simulation = await openUnison(direct);
  expect(names(simulation)).toEqual(["portal-operator", "portal-orchestra", "portal-portal"]);
  expect(releaseOf(simulation, "portal-orchestra").inputs["values"]).toMatchObject({
    enable_impersonation: false,
    network: { k8s_url: "https://api.example.com:6443", api_server_host: "" },
  });
  // There is no proxy to keep out, and no Job to pay for it.
  expect(releaseOf(simulation, "portal-orchestra").inputs["values"]).not.toHaveProperty("enable_wait_for_job");
  const { value } = await settled(simulation.result.files);
  expect(Object.keys(value)).toEqual(["api-server-flags.txt", "authentication-configuration.yaml"]);
  expect(value["api-server-flags.txt"]?.split("\n")).toEqual([
    "--oidc-issuer-url=https://k8sou.example.com/auth/idp/k8sIdp",
    "--oidc-client-id=kubernetes",
    "--oidc-username-claim=sub",
    "--oidc-username-prefix=okta:",
    "--oidc-groups-claim=groups",
    "--oidc-groups-prefix=okta:",
    "--oidc-signing-algs=RS256",
    "--oidc-ca-file=/etc/kubernetes/pki/ou-ca.pem",
    "",
  ]);
  expect(await settled((await openUnison()).result.files)).toMatchObject({ value: {} });
});

test.each<[string, Changes, Record<string, unknown>]>([
  [
    "cert-manager",
    { clusterIssuer: "letsencrypt", ingressAnnotations: { a: "b" } },
    {
      network: { createIngressCertificate: false, ingress_annotations: { a: "b", "cert-manager.io/cluster-issuer": "letsencrypt" } },
      impersonation: { explicit_certificate_trust: false },
    },
  ],
  [
    "images",
    { image: "mirror/ou:1", proxyImage: "mirror/proxy:1" },
    { image: "mirror/ou:1", impersonation: { jetstack_oidc_proxy_image: "mirror/proxy:1" } },
  ],
  [
    "trusted authorities, sorted",
    { trustedCertificates: { b: "B", a: "A" } },
    {
      trusted_certs: [
        { name: "a", pem_b64: "QQ==" },
        { name: "b", pem_b64: "Qg==" },
      ],
    },
  ],
  [
    "the user's values, under ours",
    { values: { openunison: { enable_pre_check: false, auto_timestamp: true }, headlamp: { enabled: false } } },
    { openunison: { enable_pre_check: false, auto_timestamp: false }, headlamp: { enabled: false } },
  ],
  [
    "network policies, where the user has rules for the API server",
    { values: { network_policies: { enabled: true, apiserver: { enabled: true } } } },
    { network_policies: { enabled: true, apiserver: { enabled: true } } },
  ],
  ["an identity provider with full ID tokens", { userInIdToken: true }, { oidc: { user_in_idtoken: true } }],
])("%s", async (_what, changes, expected) => {
  expect(releaseOf(await openUnison(changes), "portal-orchestra").inputs["values"]).toMatchObject(expected);
});

test("charts by path, without waiting, but for the operator's kinds to be served", async () => {
  const path = "charts/orchestra";
  pauses.length = 0;
  const simulation = await openUnison({
    charts: { ...charts, orchestra: { version: "3.1.31", path }, wait: false, timeoutSeconds: 60 },
  });
  expect(releaseOf(simulation, "portal-orchestra").inputs).toMatchObject({ chart: path, atomic: false, skipAwait: true, timeout: 60 });
  expect(releaseOf(simulation, "portal-orchestra").inputs["repositoryOpts"]).toBeUndefined();
  expect(releaseOf(simulation, "portal-orchestra").dependsOn).toContain("portal-operator");
  expect(pauses).toEqual([3000]);
});

describe("secrets that were there before", () => {
  const given = {
    keystorePassword: pulumi.secret("keystore-of-ouctl"),
    dashboardSecret: pulumi.secret("dashboard-of-ouctl"),
    dashboard: true,
  };

  test("stay what they are: none is made", async () => {
    const simulation = await openUnison(given);
    expect(simulation.resources.filter(({ type }) => type.startsWith("random:"))).toEqual([]);
    expect(only(simulation, kubernetesSecret).inputs["stringData"]).toEqual(
      secret({ OIDC_CLIENT_SECRET: "s3cret", unisonKeystorePassword: "keystore-of-ouctl", K8S_DB_SECRET: "dashboard-of-ouctl" }),
    );
  });

  test.each([
    [true, ["data", "stringData"]],
    [false, undefined],
  ])("the Secret that holds them is compared without its content: %j", async (keepsSecret, ignored) => {
    expect(only(await openUnison({ ...given, keepsSecret }), kubernetesSecret).ignoreChanges).toEqual(ignored);
  });
});
