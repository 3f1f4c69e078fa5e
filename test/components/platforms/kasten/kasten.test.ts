import { dirname } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { KastenArgs } from "../../../../components";
import { only, secret, settled, simulate, unknown, type Simulation } from "../../harness";

const namespace = "kubernetes:core/v1:Namespace";
const kubernetesSecret = "kubernetes:core/v1:Secret";
const release = "kubernetes:helm.sh/v3:Release";
const managed = { "app.kubernetes.io/managed-by": "gatehouse" };

type Changes = Partial<Omit<KastenArgs, "clientSecret">> & { readonly secretText?: string };

function kasten({ secretText = "s3cret", ...changes }: Changes = {}) {
  return simulate(
    ({ Kasten }) =>
      new Kasten("k10", {
        chart: { version: "8.0.15" },
        host: "https://k10.example.com",
        issuer: "https://acme.okta.com",
        clientId: "0oa1",
        clientSecret: pulumi.secret(secretText),
        scopes: ["openid", "groups"],
        username: { claim: "sub", prefix: "okta:" },
        groups: { claim: "groups", prefix: "okta:" },
        ...changes,
      }),
  );
}

const valuesOf = (simulation: Simulation<unknown>): unknown => only(simulation, release).inputs.values;

const secretNameOf = async (changes: Changes): Promise<string> =>
  (only(await kasten(changes), kubernetesSecret).inputs.metadata as { name: string }).name;

function oidcAuth(clientSecretName: string): Record<string, unknown> {
  return {
    enabled: true,
    providerURL: "https://acme.okta.com",
    redirectURL: "https://k10.example.com",
    scopes: "openid groups",
    prompt: "select_account",
    clientSecretName,
    usernameClaim: "sub",
    usernamePrefix: "okta:",
    groupClaim: "groups",
    groupPrefix: "okta:",
    sessionDuration: "1h",
    refreshTokenSupport: false,
  };
}

/** `printf '{"client-id":"0oa1","client-secret":"s3cret"}' | sha256sum`, its first ten characters. */
const secretName = "k10-oidc-72b309ac20";

const releaseInputs = {
  compat: "true",
  name: "k10",
  namespace: "kasten-io",
  chart: "k10",
  version: "8.0.15",
  repositoryOpts: { repo: "https://charts.kasten.io/" },
  values: { auth: { oidcAuth: oidcAuth(secretName) } },
  atomic: true,
  skipAwait: false,
  timeout: 900,
  resetValues: true,
  maxHistory: 10,
};

test("K10 8.0.15: exact inputs, names, parents and secret properties", async () => {
  const simulation = await kasten();
  expect(simulation.resources).toEqual([
    { type: "gatehouse:index:Kasten", name: "k10", parent: undefined, inputs: {}, secretOutputs: [], dependsOn: [] },
    {
      type: namespace,
      name: "k10-namespace",
      parent: "k10",
      inputs: { apiVersion: "v1", kind: "Namespace", metadata: { name: "kasten-io", labels: managed } },
      secretOutputs: [],
      dependsOn: [],
    },
    {
      type: kubernetesSecret,
      name: "k10-client",
      parent: "k10",
      inputs: {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: secretName, namespace: "kasten-io", labels: managed },
        type: "Opaque",
        immutable: true,
        stringData: secret({ "client-id": "0oa1", "client-secret": "s3cret" }),
      },
      secretOutputs: ["data", "stringData"],
      dependsOn: ["k10-namespace"],
    },
    {
      type: release,
      name: "k10-release",
      parent: "k10",
      inputs: releaseInputs,
      secretOutputs: [],
      dependsOn: ["k10-client", "k10-namespace"],
      // The vendor's chart renders new certificates each time.
      ignoreChanges: ["checksum"],
      deleteBeforeReplace: true,
    },
  ]);
  expect(await settled(simulation.result.secretName)).toEqual({ value: secretName, known: true, secret: false });
});

test("no input of the Release holds the client secret", async () => {
  const simulation = await kasten({ secretText: "find-me-if-you-can" });
  expect(JSON.stringify(only(simulation, kubernetesSecret))).toContain("find-me-if-you-can");
  expect(JSON.stringify(only(simulation, release))).not.toContain("find-me-if-you-can");
});

test("a code challenge is sent where it is asked for", async () => {
  const simulation = await kasten({ chart: { version: "9.0.701" }, requirePkce: true });
  expect(valuesOf(simulation)).toEqual({ auth: { oidcAuth: { ...oidcAuth(secretName), pkceRequired: true } } });
});

test("a chart's relative path starts where Pulumi.yaml is, also for a program in a folder of its own", async () => {
  const path = "charts/k10";
  const chartOf = async (): Promise<unknown> => only(await kasten({ chart: { version: "8.0.15", path } }), release).inputs.chart;
  expect(await chartOf()).toBe(path);
  const project = vi.spyOn(pulumi.runtime, "getRootDirectory").mockReturnValue(process.cwd());
  expect(await chartOf()).toBe(path);
  project.mockReturnValue(dirname(process.cwd()));
  expect(await chartOf()).toBe("../charts/k10");
  project.mockRestore();
});

describe("the Secret's name", () => {
  test("is the same in every run", async () => {
    expect(await secretNameOf({})).toBe(secretName);
    expect(await secretNameOf({})).toBe(secretName);
  });

  test("is another one for another client secret or client", async () => {
    const names = new Set([await secretNameOf({}), await secretNameOf({ secretText: "other" }), await secretNameOf({ clientId: "0oa2" })]);
    expect(names.size).toBe(3);
  });

  test.each<[string, Changes]>([
    ["the user's values", { values: { gateway: { replicas: 2 } } }],
    ["the session", { sessionDuration: "8h", refreshTokens: true }],
    ["the prefix", { groups: { claim: "groups", prefix: "corp:" } }],
    ["the chart version", { chart: { version: "9.0.701" } }],
  ])("stays when %s changes: pods that read the Secret need not roll for it", async (_what, changes) => {
    expect(await secretNameOf(changes)).toBe(secretName);
  });

  test("follows the whole configuration where the Secret holds it (charts before 7.0)", async () => {
    const chart = { version: "5.5.100" };
    expect(await secretNameOf({ chart })).not.toBe(await secretNameOf({ chart, groups: { claim: "groups", prefix: "corp:" } }));
  });
});

test.each(["5.5.100", "6.0.12", "6.5.1401"])(
  "chart %s: the whole configuration in the Secret, and only its name in the values",
  async (version) => {
    const simulation = await kasten({ chart: { version } });
    const { metadata, stringData } = only(simulation, kubernetesSecret).inputs as { metadata: { name: string }; stringData: unknown };
    expect(stringData).toEqual(
      secret({
        "client-id": "0oa1",
        "client-secret": "s3cret",
        "provider-url": "https://acme.okta.com",
        "redirect-url": "https://k10.example.com",
        scopes: "openid groups",
        prompt: "select_account",
        usernameClaim: "sub",
        usernamePrefix: "okta:",
        groupClaim: "groups",
        groupPrefix: "okta:",
        sessionDuration: "1h",
        refreshTokenSupport: "false",
        groupAllowList: "",
        "logout-url": "",
      }),
    );
    expect(only(simulation, release).inputs).toEqual({
      ...releaseInputs,
      version,
      values: { auth: { oidcAuth: { enabled: true, secretName: metadata.name } } },
    });
  },
);

test("chart 5.5.100: what the user wrote into values for the Secret that the chart no longer renders is in ours", async () => {
  const simulation = await kasten({
    chart: { version: "5.5.100" },
    values: { auth: { groupAllowList: ["okta:a", "okta:b"], oidcAuth: { logoutURL: "https://acme.okta.com/logout" } } },
  });
  const { stringData } = only(simulation, kubernetesSecret).inputs as { stringData: { value: Record<string, string> } };
  expect(stringData.value).toMatchObject({
    groupAllowList: "okta:a\nokta:b",
    "logout-url": Buffer.from("https://acme.okta.com/logout").toString("base64"),
  });
});

test("chart 9.0.701 behind a port-forward on plain HTTP: cookies are not marked Secure", async () => {
  const host = "http://127.0.0.1:8080";
  const simulation = await kasten({ chart: { version: "9.0.701" }, host });
  expect(valuesOf(simulation)).toEqual({
    auth: { secureCookies: false, oidcAuth: { ...oidcAuth(secretName), redirectURL: host } },
  });
});

test.each<[string, Changes, Record<string, unknown>]>([
  ["a chart folder", { chart: { version: "8.0.15", path: "./k10" } }, { chart: "./k10", repositoryOpts: undefined }],
  [
    "another repository",
    { chart: { version: "8.0.15", repository: "https://mirror.example.com/" } },
    { repositoryOpts: { repo: "https://mirror.example.com/" } },
  ],
  ["no waiting", { chart: { version: "8.0.15", wait: false } }, { atomic: false, skipAwait: true }],
  ["a longer wait", { chart: { version: "8.0.15", timeoutSeconds: 1800 } }, { timeout: 1800 }],
])("%s changes exactly what it says", async (_what, changes, expected) => {
  expect(only(await kasten(changes), release).inputs).toEqual({ ...releaseInputs, ...expected });
});

test("another release and namespace name everything after themselves", async () => {
  const simulation = await kasten({ release: "backup", namespace: "backup-system" });
  expect(only(simulation, namespace).inputs.metadata).toEqual({ name: "backup-system", labels: managed });
  expect(only(simulation, kubernetesSecret).inputs.metadata).toEqual({
    name: "backup-oidc-72b309ac20",
    namespace: "backup-system",
    labels: managed,
  });
  expect(only(simulation, release).inputs).toMatchObject({ name: "backup", namespace: "backup-system" });
});

test("the user's values survive, and ours win", async () => {
  const simulation = await kasten({
    prompt: "login",
    values: {
      gateway: { replicas: 2 },
      auth: { oidcAuth: { logoutURL: "https://acme.okta.com/logout", groupPrefix: "" }, secureCookies: true },
    },
  });
  expect(valuesOf(simulation)).toEqual({
    gateway: { replicas: 2 },
    auth: {
      secureCookies: true,
      oidcAuth: { ...oidcAuth(secretName), prompt: "login", logoutURL: "https://acme.okta.com/logout" },
    },
  });
});

test("a chart version without a contract is refused before anything else is made", async () => {
  const attempt = kasten({ chart: { version: "10.1.0" } });
  await expect(attempt).rejects.toThrow("Kasten K10 chart version: expected a k10 chart from 4.5.0 up to, not including, 10.0.0");
});

test("in a plan, the Secret's name is unknown, every other value is known, and nothing throws", async () => {
  const simulation = await simulate(
    ({ Kasten, OktaApplication }) => {
      const { clientId, clientSecret } = new OktaApplication("k10-app", {
        label: "k10",
        redirectUris: [],
        postLogoutRedirectUris: [],
        grantTypes: ["authorization_code"],
        assignedGroupIds: {},
        secrets: ["initial"],
      });
      return new Kasten("k10", {
        chart: { version: "8.0.15" },
        host: "https://k10.example.com",
        issuer: "https://acme.okta.com",
        clientId,
        clientSecret,
        scopes: ["openid", "groups"],
        username: { claim: "sub", prefix: "okta:" },
        groups: { claim: "groups", prefix: "okta:" },
      });
    },
    { preview: true },
  );
  expect(only(simulation, kubernetesSecret).inputs).toEqual({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: unknown, namespace: "kasten-io", labels: managed },
    type: "Opaque",
    immutable: true,
    stringData: unknown,
  });
  expect(only(simulation, release).inputs).toEqual({ ...releaseInputs, values: { auth: { oidcAuth: oidcAuth(unknown) } } });
  expect(await settled(simulation.result.secretName)).toEqual({ value: undefined, known: false, secret: false });
});
