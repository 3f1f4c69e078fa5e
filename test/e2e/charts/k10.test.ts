/** The lab's K10 chart against the vendor's contract, rendered by a real Helm. */
import { one, renderer } from "./helm";

type Values = Record<string, unknown>;
interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Record<string, string> };
  readonly data?: Record<string, string>;
  readonly stringData?: Record<string, string>;
  readonly roleRef?: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly { readonly kind: string; readonly name: unknown }[];
  readonly rules?: readonly { readonly apiGroups: string[]; readonly resources: string[]; readonly verbs: string[] }[];
  readonly spec?: {
    readonly template?: {
      readonly metadata: { readonly annotations: Record<string, string> };
      readonly spec: {
        readonly serviceAccountName: string;
        readonly volumes?: readonly { readonly name: string; readonly secret?: { readonly secretName: string } }[];
        readonly containers: readonly {
          readonly name: string;
          readonly env: readonly { readonly name: string; readonly value?: string }[];
          readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
        }[];
      };
    };
  };
}

const helmTemplate = renderer<Manifest>();

async function render(values: Values, release = "k10"): Promise<Manifest[]> {
  const flags = ["--kube-version", "1.31.0"];
  return (await helmTemplate({ chart: "k10", release, namespace: "kasten-io", values, flags })).manifests;
}

const names = (manifests: readonly Manifest[], kind: string): string[] =>
  manifests
    .filter((manifest) => manifest.kind === kind)
    .map((manifest) => manifest.metadata.name)
    .sort();

const oidc = (more: Values = {}): Values => ({
  enabled: true,
  providerURL: "https://idp.example.com",
  redirectURL: "https://k10.example.com",
  scopes: "openid groups",
  clientSecretName: "k10-oidc-client",
  ...more,
});
const auth = (more: Values = {}, rest: Values = {}): Values => ({ auth: { oidcAuth: oidc(more), ...rest } });

describe("refusals, in the vendor's words", () => {
  const field = (name: string): string => `auth.oidcAuth.${name} field is required!`;
  test.each<[string, Values, string]>([
    [
      "two kinds of authentication",
      auth({}, { tokenAuth: { enabled: true } }),
      "Multiple auth types were selected. Only one type can be enabled.",
    ],
    ["ingress without authentication", { ingress: { create: true } }, "Auth is required to expose access to K10."],
    ["route without authentication", { route: { enabled: true } }, "Auth is required to expose access to K10."],
    ["external gateway without authentication", { externalGateway: { create: true } }, "Auth is required to expose access to K10."],
    ["no issuer", auth({ providerURL: "" }), field("providerURL")],
    ["no redirect URL", auth({ redirectURL: "" }), field("redirectURL")],
    ["no scopes", auth({ scopes: "" }), field("scopes")],
    ["no client ID", auth({ clientSecretName: "" }), field("clientID")],
    ["no client secret", auth({ clientSecretName: "", clientID: "a" }), field("clientSecret")],
    ["a prompt that is none", auth({ prompt: "always" }), "value must be one of 'none', 'consent', 'login', 'select_account'"],
    ["an empty prompt", auth({ prompt: "" }), "value must be one of 'none', 'consent', 'login', 'select_account'"],
    ["refreshTokenSupport as a text", auth({ refreshTokenSupport: "true" }), "got string, want boolean"],
    ["sessionDuration as a number", auth({ sessionDuration: 3600 }), "got number, want string"],
    ["licence without company", { eula: { accept: true } }, "eula.company is required field if eula is accepted"],
    ["licence without address", { eula: { accept: true, company: "a" } }, "eula.email is required field if eula is accepted"],
    [
      "TLS without host",
      { ...auth(), ingress: { create: true, tls: { enabled: true } } },
      "ingress.host value is required for TLS configuration",
    ],
    [
      "podLabels with resourceLabels",
      { global: { podLabels: { a: "b" }, resourceLabels: { a: "b" } } },
      "The `global.podLabels` field has been deprecated",
    ],
    ["a group that breaks unquoted YAML", auth({}, { groupAllowList: ["@x"] }), "found character that cannot start any token"],
    ["Dex, which the lab's chart has not", { auth: { ldap: { enabled: true } } }, "auth.openshift and auth.ldap need Dex"],
  ])("%s", async (_title, values, message) => {
    await expect(render(values)).rejects.toThrow(message);
  });

  test.each<[string, Values]>([
    ["no authentication and no exposure", {}],
    ["a misspelt key", auth({ groupclaim: "groups" })],
    ["secretName alone: nothing else is checked", { auth: { oidcAuth: { enabled: true, secretName: "own" } } }],
    ["TLS with host and no secret", { ...auth(), ingress: { create: true, host: "k10.example.com", tls: { enabled: true } } }],
  ])("passes: %s", async (_title, values) => {
    expect((await render(values)).length).toBeGreaterThan(20);
  });
});

describe("Secret k10-oidc-auth", () => {
  const decoded = (secret: Manifest): Record<string, string> =>
    Object.fromEntries(Object.entries(secret.data ?? {}).map(([key, value]) => [key, Buffer.from(value, "base64").toString("utf8")]));

  test("keys and defaults by reference", async () => {
    const secret = one(
      await render(auth({ logoutURL: "https://idp.example.com/logout" }, { groupAllowList: ["okta:a", "okta:b c"] })),
      "Secret",
      "k10-oidc-auth",
    );
    expect(decoded(secret)).toEqual({
      "provider-url": "https://idp.example.com",
      "redirect-url": "https://k10.example.com",
      scopes: "openid groups",
      prompt: "select_account",
      usernameClaim: "sub",
      usernamePrefix: "",
      groupClaim: "",
      groupPrefix: "",
      sessionDuration: "1h",
      refreshTokenSupport: "false",
    });
    // base64 inside stringData: the vendor's quirk.
    expect(secret.stringData).toEqual({
      groupAllowList: "okta:a\nokta:b c",
      "logout-url": Buffer.from("https://idp.example.com/logout").toString("base64"),
    });
  });

  test("inline credentials add two keys", async () => {
    const secret = one(
      await render(auth({ clientSecretName: "", clientID: "id", clientSecret: "s", refreshTokenSupport: true })),
      "Secret",
      "k10-oidc-auth",
    );
    expect(decoded(secret)).toMatchObject({ "client-id": "id", "client-secret": "s", refreshTokenSupport: "true" });
  });

  test("is not rendered when secretName is set", async () => {
    expect(names(await render(auth({ secretName: "own" })), "Secret")).toEqual(["kopia-tls-cert", "kopia-tls-key"]);
  });
});

test("certificates are new at each render, and roll nothing", async () => {
  const certificate = async (): Promise<string | undefined> => one(await render(auth()), "Secret", "kopia-tls-cert").data?.["tls.crt"];
  expect(await certificate()).not.toBe(await certificate());
});

describe("mounts and rolling", () => {
  const mounting = ["auth-svc", "controllermanager-svc", "dashboardbff-svc"];
  const templateOf = (manifests: readonly Manifest[], name: string): string =>
    JSON.stringify(one(manifests, "Deployment", name).spec?.template);
  const rolled = async (before: Values, after: Values): Promise<string[]> => {
    const [old, now] = [await render(before), await render(after)];
    return names(old, "Deployment").filter((name) => templateOf(old, name) !== templateOf(now, name));
  };

  test("three Deployments, four containers", async () => {
    const manifests = await render(auth({ secretName: "own" }));
    const mounts = manifests
      .filter((manifest) => manifest.kind === "Deployment")
      .flatMap(({ metadata, spec }) =>
        (spec?.template?.spec.containers ?? []).map((container) => [
          metadata.name,
          container.name,
          container.volumeMounts?.map((mount) => mount.mountPath),
        ]),
      )
      .filter(([, , paths]) => String(paths).includes("k10-oidc-auth"));
    const paths = ["/var/run/secrets/kasten.io/k10-oidc-auth", "/var/run/secrets/kasten.io/k10-oidc-auth-creds"];
    expect(mounts).toEqual([
      ["auth-svc", "auth-svc", paths],
      ["controllermanager-svc", "controllermanager-svc", paths],
      ["dashboardbff-svc", "dashboardbff-svc", paths],
      ["dashboardbff-svc", "vbrintegrationapi-svc", paths],
    ]);
    expect(one(manifests, "Deployment", "auth-svc").spec?.template?.spec.volumes).toEqual([
      { name: "k10-oidc-auth", secret: { secretName: "own" } },
      { name: "k10-oidc-auth-creds", secret: { secretName: "k10-oidc-client" } },
    ]);
  });

  test("a new name of the client Secret rolls exactly the three", async () => {
    expect(await rolled(auth(), auth({ clientSecretName: "k10-oidc-client-2" }))).toEqual(mounting);
  });
  test("a rendered value or a pod annotation rolls all", async () => {
    const all = ["auth-svc", "catalog-svc", "controllermanager-svc", "dashboardbff-svc", "gateway"];
    expect(await rolled(auth(), auth({ groupPrefix: "okta:" }))).toEqual(all);
    expect(await rolled(auth(), { ...auth(), global: { podAnnotations: { x: "y" } } })).toEqual(all);
  });
  test("the same values roll none", async () => {
    expect(await rolled(auth(), auth())).toEqual([]);
  });
});

test.each<[string, Values, string, string]>([
  ["release", {}, "backup", "/backup"],
  ["ingress path", { ingress: { create: true, urlPath: "/kasten/" } }, "k10", "/kasten"],
  ["ingress without path", { ingress: { create: true } }, "k10", "/k10"],
  ["a path of an ingress that is not made does not count", { ingress: { create: false, urlPath: "kasten" } }, "k10", "/k10"],
  ["route before ingress", { route: { enabled: true, path: "/foo/" }, ingress: { create: true, urlPath: "bar" } }, "k10", "/foo"],
])("prefix path: %s", async (_title, values, release, expected) => {
  const manifests = await render({ ...auth(), ...values }, release);
  const variables = one(manifests, "Deployment", "auth-svc").spec?.template?.spec.containers[0]?.env;
  expect(variables?.find(({ name }) => name === "PREFIX_PATH")?.value).toBe(expected);
  expect(one(manifests, "ConfigMap", "k10-gateway").data).toEqual({ PREFIX_PATH: expected });
});

describe("RBAC for people", () => {
  const roleNames = ["admin", "basic", "config-view", "mc-admin", "virtualmachines-admin"];

  test("roles carry the release's name and the default label; bindings the namespace and account", async () => {
    const manifests = await render({}, "backup");
    const labelled = manifests.filter((manifest) => manifest.metadata.labels?.["k10.kasten.io/default-rbac-object"] === "true");
    expect(names(labelled, "ClusterRole")).toEqual(roleNames.map((name) => `backup-${name}`));
    expect(names(labelled, "Role")).toEqual(["backup-ns-admin", "backup-prometheus-server"]);
    expect(names(manifests, "ClusterRoleBinding")).toEqual([
      "kasten-auth-svc",
      "kasten-catalog-svc",
      "kasten-cluster-admin",
      "kasten-io-backup-k10-admin",
      "kasten-io-backup-k10-mc-admin",
      "kasten-svc-admin",
    ]);
    expect(names(manifests, "RoleBinding")).toContain("kasten-io-backup-k10-ns-admin");
  });

  test("serviceAccount.name names bindings and all accounts", async () => {
    const manifests = await render({ serviceAccount: { name: "custom" } });
    expect(names(manifests, "ClusterRoleBinding")).toEqual(["kasten-cluster-admin", "kasten-io-custom-admin", "kasten-io-custom-mc-admin"]);
    expect(names(manifests, "ServiceAccount")).toEqual(["custom"]);
  });

  test.each<[string, Values, string[]]>([
    ["k10:admins alone", {}, ["Group k10:admins"]],
    [
      "an allow list alone makes everybody in it an administrator",
      { groupAllowList: ["okta:a", "okta:b"] },
      ["Group k10:admins", "Group okta:a", "Group okta:b"],
    ],
    [
      "with admin groups the allow list does not count",
      { groupAllowList: ["okta:a"], k10AdminGroups: ["okta:admins"] },
      ["Group k10:admins", "Group okta:admins"],
    ],
    ["users", { k10AdminUsers: ["ana@example.com"] }, ["Group k10:admins", "User ana@example.com"]],
  ])("administrators: %s", async (_title, values, expected) => {
    const manifests = await render({ auth: values });
    for (const [kind, name] of [
      ["ClusterRoleBinding", "admin"],
      ["RoleBinding", "ns-admin"],
      ["ClusterRoleBinding", "mc-admin"],
    ] as const) {
      const binding = one(manifests, kind, `kasten-io-k10-k10-${name}`);
      expect(binding.subjects?.map((subject) => `${subject.kind} ${String(subject.name)}`)).toEqual(expected);
      expect(binding.roleRef).toMatchObject({ kind: kind.replace("Binding", ""), name: `k10-${name}` });
    }
  });

  test("names are not quoted: 0123 becomes a number", async () => {
    const binding = one(await render({ auth: { k10AdminGroups: ["0123"] } }), "ClusterRoleBinding", "kasten-io-k10-k10-admin");
    expect(typeof binding.subjects?.[1]?.name).toBe("number");
  });

  test("mc-admin holds every verb on Secrets; config-view only reads", async () => {
    const manifests = await render({});
    expect(one(manifests, "ClusterRole", "k10-mc-admin").rules).toContainEqual({ apiGroups: [""], resources: ["secrets"], verbs: ["*"] });
    expect(one(manifests, "ClusterRole", "k10-config-view").rules?.map((rule) => rule.verbs)).toEqual([["get", "list"]]);
    expect(one(manifests, "ClusterRole", "k10-basic").rules?.flatMap((rule) => rule.apiGroups)).toEqual([
      "actions.kio.kasten.io",
      "apps.kio.kasten.io",
      "",
      "config.kio.kasten.io",
      "datamover.kio.kasten.io",
    ]);
  });

  test("rbac.create=false renders none of it", async () => {
    const manifests = await render({ rbac: { create: false } });
    expect(manifests.filter((manifest) => manifest.kind.includes("Role"))).toEqual([]);
  });
});

test("apiservices.deployed=false leaves the five aggregated APIs out", async () => {
  expect(names(await render({}), "APIService")).toEqual(
    ["actions", "apps", "dr", "repositories", "vault"].map((name) => `v1alpha1.${name}.kio.kasten.io`),
  );
  expect(names(await render({ apiservices: { deployed: false } }), "APIService")).toEqual([]);
});
