/** An OpenUnison that is installed already: what is kept, and what needs a decision. */
import { judgeEnvironment } from "../../../model";
import { gatehouse, type Outcome } from "../harness";
import { values, secret, content, rbac, found } from "./openunison-world";
import { clientId, environmentOf, stackFile } from "./world";

const adopt = (...world: Parameters<typeof found>): Promise<Outcome> =>
  gatehouse(["adopt", "--from-files", "found"], { folders: { found: found(...world) } });
const withValues = (change: object): Promise<Outcome> => adopt({}, [], { ...values, ...change });

describe("OpenUnison with impersonation", () => {
  let outcome: Outcome;
  beforeAll(async () => {
    outcome = await adopt();
  });

  test("the stack file keeps what was found, and is accepted", () => {
    const environment = environmentOf(outcome);
    expect(environment).toEqual({
      idp: {
        ...{ kind: "okta", orgUrl: "https://example.okta.com", authenticationPolicy: { id: "rst1" } },
        secret: { adopted: { portal: "clients:portal" } },
      },
      groups: { "backup-admins": { existing: "Backup Admins" }, operators: { existing: "Operators" } },
      platforms: {
        portal: {
          kind: "openunison",
          hosts: { portal: "k8sou.example.com", dashboard: "k8sdb.example.com", apiServer: "k8sapi.example.com" },
          ...{ impersonation: {}, clusterName: "kubernetes", dashboard: true, sessionSeconds: 900 },
          ...{ image: "ghcr.io/openunison/openunison-k8s:1.0.44", replicas: 1 },
          ingress: { type: "nginx", annotations: { "nginx.ingress.kubernetes.io/proxy-body-size": "8m" } },
          certManager: { clusterIssuer: "letsencrypt" },
          claims: { sub: "sub" },
          values: {
            cert_template: { ou: "Kubernetes", o: "MyOrg" },
            dashboard: { service_name: "kubernetes-dashboard" },
            network_policies: { enabled: false },
            openunison: { enable_pre_check: false, non_secret_data: { K8S_DB_SSO: "oidc" }, secrets: [] },
          },
          insecureValues: ["openunison.non_secret_data", "openunison.secrets"],
          charts: {
            "openunison-operator": { version: "3.0.23" },
            orchestra: { version: "3.1.31" },
            "orchestra-login-portal": { version: "2.3.82" },
            "orchestra-kube-oidc-proxy": { version: "1.0.11" },
          },
          adopted: true,
          adoptedSecrets: { keystore: "orchestra:keystore", dashboard: "orchestra:dashboard" },
          insecureClusterAdmin: true,
          access: [
            { group: "backup-admins", role: "cluster-admin" },
            { group: "operators", role: "edit", namespaces: ["shop"] },
          ],
        },
      },
    });
    expect(judgeEnvironment(environment, "2026-11-23").problems).toEqual([]);
    expect(stackFile(outcome)).toContain("found as it is: Backup Admins cluster-admin; safe:");
    expect(stackFile(outcome)).toContain("openunison.non_secret_data, openunison.secrets decide about access, or may; safe:");
  });

  test("access is equal, roles of one's own stay with their bindings, and names of others are named as such", () => {
    expect(outcome.stdout).toContain("3 before, 3 after: equal.");
    expect(outcome.stdout).toContain("RoleBinding shop/deployers: gives Group Operators what no grant says; it stays");
    expect(outcome.stdout).not.toContain("Group users");
    expect(outcome.stdout).not.toContain("kubeadm");
    expect(outcome.stdout).toMatch(
      /break-glass: names Group certificates:admins, whom the identity provider does not know; .* unless it is the name of a certificate/,
    );
  });

  test("no secret is in any file: three go through a pipe, and the Secret reaches the state without its content", () => {
    for (const value of Object.values(content)) {
      expect(JSON.stringify(outcome)).not.toContain(value);
      expect(JSON.stringify(outcome)).not.toContain(Buffer.from(value).toString("base64"));
    }
    expect(outcome.stdout.match(/pulumi config set --secret [\w:]+/g)).toEqual([
      "pulumi config set --secret clients:portal",
      "pulumi config set --secret orchestra:keystore",
      "pulumi config set --secret orchestra:dashboard",
    ]);
    const { resources } = JSON.parse(outcome.written?.["adopted/import.json"] ?? "{}") as {
      resources: { logicalName: string; id?: string }[];
    };
    expect(resources.map(({ logicalName, id }) => `${logicalName} ${id ?? ""}`).slice(-6)).toEqual([
      "portal ",
      "portal-namespace openunison",
      "portal-orchestra openunison/orchestra",
      "portal-operator openunison/openunison",
      "portal-portal openunison/orchestra-login-portal",
      "portal-proxy openunison/orchestra-kube-oidc-proxy",
    ]);
    expect(JSON.parse(outcome.written?.["adopted/release.json"] ?? "{}")).toEqual({
      version: "gatehouse.dev/adopted-releases/v1",
      releases: [
        {
          type: "kubernetes:core/v1:Secret",
          name: "portal-secrets",
          parent: { type: "gatehouse:index:OpenUnison", name: "portal" },
          id: "openunison/orchestra-secrets-source",
          inputs: {
            apiVersion: "v1",
            kind: "Secret",
            metadata: { name: "orchestra-secrets-source", namespace: "openunison" },
            type: "Opaque",
          },
        },
      ],
    });
  });

  test("the state's Secret says what was asked for, and nothing of its content", async () => {
    const urn = (type: string, name: string): string => `urn:pulumi:production::gatehouse::${type}::${name}`;
    const deployment = {
      resources: [
        { urn: urn("gatehouse:index:OpenUnison", "portal"), type: "gatehouse:index:OpenUnison" },
        {
          urn: urn("gatehouse:index:OpenUnison$kubernetes:core/v1:Namespace", "portal-namespace"),
          ...{ type: "kubernetes:core/v1:Namespace", provider: "the-provider" },
        },
      ],
    };
    const { stdout } = await gatehouse(["adopt", "--into-state", "release.json"], {
      files: { "release.json": outcome.written?.["adopted/release.json"] ?? "" },
      stdin: JSON.stringify({ version: 3, deployment }),
    });
    const state = JSON.parse(stdout) as typeof deployment & { deployment: { resources: Record<string, unknown>[] } };
    const object = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "orchestra-secrets-source", namespace: "openunison" },
      type: "Opaque",
    };
    expect(state.deployment.resources.at(-1)).toEqual({
      urn: urn("gatehouse:index:OpenUnison$kubernetes:core/v1:Secret", "portal-secrets"),
      ...{ custom: true, id: "openunison/orchestra-secrets-source", type: "kubernetes:core/v1:Secret" },
      inputs: object,
      outputs: { ...object, __inputs: object, __initialApiVersion: "v1" },
      ...{ parent: urn("gatehouse:index:OpenUnison", "portal"), provider: "the-provider" },
    });
  });
});

test("direct: the prefix comes, and the control plane's owner is told what to install", async () => {
  const items = rbac.filter((item) => !JSON.stringify(item).includes("deployer"));
  const direct = { ...values, enable_impersonation: false, network: { ...values.network, k8s_url: "https://api.example.com:6443" } };
  const outcome = await adopt({ "bindings.json": { items } }, ["proxy"], direct);
  expect(outcome.stdout).toContain("2 before, 2 after: equal.");
  expect(outcome.stdout).toContain("Names are those of today");
  expect(outcome.stdout).toContain("in place of the charts' api-server-config");
  expect(environmentOf(outcome)["platforms"]).toMatchObject({ portal: { direct: { apiServerUrl: "https://api.example.com:6443" } } });
  expect(environmentOf(outcome)["platforms"]).not.toHaveProperty("portal.hosts.apiServer");
});

test("a client id in the Secret is read there", async () => {
  const oidc = { ...values.oidc, client_id: undefined, client_id_is_secret: true };
  const source = { "secret-orchestra-secrets-source.json": secret({ ...content, OIDC_CLIENT_ID: clientId }) };
  const outcome = await adopt(source, [], { ...values, oidc });
  expect(outcome.stdout).toContain("3 before, 3 after: equal.");
});

describe("what needs a decision", () => {
  const { openunison } = values;
  test.each<[string, () => Promise<Outcome>, string]>([
    [
      "a proxy that orchestra made itself",
      () => adopt({}, ["proxy"]),
      "in a window, set enable_wait_for_job: true and helm install orchestra-kube-oidc-proxy",
    ],
    [
      "half an installation",
      () => adopt({}, ["portal"]),
      "releases.orchestra-login-portal: expected a release of the chart orchestra-login-portal, got none",
    ],
    [
      "another name",
      () =>
        adopt({
          "release-portal.json": {
            name: "login",
            namespace: "openunison",
            chart: "orchestra-login-portal",
            version: "2.3.82",
            status: "deployed",
          },
        }),
      "expected one release openunison/orchestra-login-portal: the charts name their objects after it, got openunison/login",
    ],
    [
      "a release in between",
      () =>
        adopt({
          "release-portal.json": {
            name: "orchestra-login-portal",
            namespace: "openunison",
            chart: "orchestra-login-portal",
            version: "2.3.82",
            status: "pending-upgrade",
          },
        }),
      "expected a release whose last revision is deployed, got pending-upgrade",
    ],
    [
      "releases with different values",
      () => adopt({ "values-portal.yaml": { ...values, image: "other:1" } }),
      "the same values for every release but the operator's",
    ],
    [
      "an operator with values",
      () => adopt({ "values-operator.yaml": { image: "own:1" } }),
      "the operator's chart without values of its own",
    ],
    [
      "a key of the Secret that nothing of the stack writes",
      () => adopt({ "secret-orchestra-secrets-source.json": secret({ ...content, SMTP_PASSWORD: "x" }) }),
      "no other keys than",
    ],
    [
      "a Secret without the client's",
      () => adopt({ "secret-orchestra-secrets-source.json": secret({ unisonKeystorePassword: "x", K8S_DB_SECRET: "y" }) }),
      "secrets.orchestra-secrets-source.OIDC_CLIENT_SECRET: expected a value, got nothing",
    ],
    [
      "provisioning",
      () => withValues({ openunison: { ...openunison, enable_provisioning: true } }),
      "values.openunison.enable_provisioning: expected false",
    ],
    [
      "OpenUnison's own bound of sign-in",
      () => withValues({ openunison: { ...openunison, az_groups: ["x"] } }),
      "values.openunison.az_groups: expected nothing",
    ],
    ["a domain", () => withValues({ oidc: { ...values.oidc, domain: "example.com" } }), "values.oidc.domain: expected nothing"],
    ["another directory beside it", () => withValues({ active_directory: { base: "x" } }), "values.active_directory: expected it left out"],
    [
      "a certificate that is none",
      () => withValues({ trusted_certs: [{ name: "x", pem_b64: "eA==" }] }),
      "certificates in PEM; 'x' is none",
    ],
    ["a proxy without a host", () => withValues({ network: { ...values.network, api_server_host: "" } }), "values.network.api_server_host"],
  ])("%s", async (_what, run, message) => {
    const outcome = await run();
    expect(outcome.status).toBe(1);
    expect(outcome.stdout).toContain(message);
    expect(outcome.written).toBeUndefined();
  });

  test("a portal that signs people in otherwise is no sign-in by OpenID Connect", async () => {
    const { status, stderr } = await withValues({ oidc: undefined, github: { client_id: "x" } });
    expect(status).toBe(64);
    expect(stderr).toContain("values.oidc.issuer: expected a value: the portal signs people in by OpenID Connect");
  });
});
