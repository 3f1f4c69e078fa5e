import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import {
  apiServerFlags,
  authenticationConfiguration,
  bindingPlans,
  parseEnvironment,
  personalKubeconfig,
  platformOf,
} from "../../../../model";
import { identityProviderFacts } from "../../../../model/identity-providers";
import { refusals } from "../../environment/refusal";
import { today, type Raw } from "../../../fixtures/sample";

const pem = (name: string): string => readFileSync(join(__dirname, "../../../fixtures/certificates", `${name}.pem`), "utf8");

function environment(platform: Raw = {}, idp: Raw = {}): Raw {
  return {
    idp: { kind: "okta", orgUrl: "https://acme.okta.com", authorizationServer: { existing: "default" }, ...idp },
    groups: { operators: { displayName: "Cluster Operators" }, auditors: { existing: "Security Auditors" } },
    platforms: {
      cluster: {
        kind: "kubernetes",
        server: "https://api.example.com:6443",
        access: [{ group: "operators", role: "edit", namespaces: ["shop"] }],
        ...platform,
      },
    },
  };
}

const trusted = {
  issuer: "https://acme.okta.com/oauth2/default",
  audiences: ["0oa1"],
  username: { claim: "sub", prefix: "okta:" },
  groups: { claim: "groups", prefix: "okta:" },
};

test("AuthenticationConfiguration v1: everything written out, and names of Kubernetes refused", () => {
  expect(parse(authenticationConfiguration(trusted))).toEqual({
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "AuthenticationConfiguration",
    jwt: [
      {
        issuer: { url: "https://acme.okta.com/oauth2/default", audiences: ["0oa1"], audienceMatchPolicy: "MatchAny" },
        claimMappings: { username: { claim: "sub", prefix: "okta:" }, groups: { claim: "groups", prefix: "okta:" } },
        userValidationRules: [
          { expression: "!user.username.startsWith('system:')", message: "user names beginning with system: belong to Kubernetes" },
          {
            expression: "user.groups.all(group, !group.startsWith('system:'))",
            message: "group names beginning with system: belong to Kubernetes",
          },
        ],
      },
    ],
  });
});

test("the same text whatever the order and number of the same audiences; a private authority is written in", () => {
  const text = authenticationConfiguration({ ...trusted, audiences: ["b", "a", "b"], certificateAuthority: "PEM\n" });
  expect(text).toBe(authenticationConfiguration({ ...trusted, audiences: ["a", "b"], certificateAuthority: "PEM\n" }));
  expect((parse(text) as { jwt: { issuer: Raw }[] }).jwt[0]?.issuer).toEqual({
    url: trusted.issuer,
    audiences: ["a", "b"],
    audienceMatchPolicy: "MatchAny",
    certificateAuthority: "PEM\n",
  });
});

test.each([[[]], [[""]], [["0oa1", ""]]])("no audience is no trust: %j", (audiences) => {
  expect(() => authenticationConfiguration({ ...trusted, audiences })).toThrow("expected at least one client id and none empty");
});

test("flags say the same, and refuse what they cannot guard", () => {
  expect(apiServerFlags(trusted, "/ca.pem")).toEqual([
    "--oidc-issuer-url=https://acme.okta.com/oauth2/default",
    "--oidc-client-id=0oa1",
    "--oidc-username-claim=sub",
    "--oidc-username-prefix=okta:",
    "--oidc-groups-claim=groups",
    "--oidc-groups-prefix=okta:",
    "--oidc-signing-algs=RS256",
  ]);
  expect(apiServerFlags({ ...trusted, certificateAuthority: "PEM" }, "/ca.pem").at(-1)).toBe("--oidc-ca-file=/ca.pem");
  expect(() => apiServerFlags({ ...trusted, groups: { claim: "groups", prefix: "" } }, "/ca.pem")).toThrow("expected non-empty prefixes");
});

test("kubeconfig: kubelogin with PKCE and exactly the scopes, and no credential", () => {
  const config = parse(
    personalKubeconfig({
      clusterName: "prod",
      server: "https://api.example.com:6443",
      issuer: trusted.issuer,
      issuerCertificateAuthority: "IDP",
      clientId: "0oa1",
      scopes: ["openid", "profile", "email"],
      loopbackPorts: [8000, 18000],
    }),
  ) as { clusters: unknown; contexts: unknown; users: { user: { exec: Raw } }[] };
  expect(config.clusters).toEqual([{ name: "prod", cluster: { server: "https://api.example.com:6443" } }]);
  expect(config.contexts).toEqual([{ name: "prod", context: { cluster: "prod", user: "oidc" } }]);
  expect(config.users[0]?.user.exec).toMatchObject({
    apiVersion: "client.authentication.k8s.io/v1",
    command: "kubectl",
    interactiveMode: "IfAvailable",
    args: [
      "oidc-login",
      "get-token",
      "--oidc-issuer-url=https://acme.okta.com/oauth2/default",
      "--oidc-client-id=0oa1",
      "--oidc-extra-scope=profile",
      "--oidc-extra-scope=email",
      "--oidc-pkce-method=S256",
      "--grant-type=authcode",
      "--listen-address=127.0.0.1:8000",
      "--listen-address=127.0.0.1:18000",
      `--certificate-authority-data=${Buffer.from("IDP").toString("base64")}`,
    ],
  });
});

test("a public client with one redirect URI for each port, without a slash at the end", () => {
  const { environment: parsed } = parseEnvironment(environment({ loopbackPorts: [8000], refresh: true }), today);
  const spec = parsed.platforms["cluster"];
  expect(spec && platformOf(spec).requirements(spec, identityProviderFacts(parsed.idp))).toEqual({
    redirectUris: ["http://localhost:8000"],
    postLogoutRedirectUris: [],
    grantTypes: ["authorization_code", "refresh_token"],
    clientAuthentication: "none",
    sendsCodeChallenge: true,
    scopes: ["openid", "profile", "email", "offline_access"],
  });
});

test("grants become bindings of the built-in roles, cluster-wide or by namespace", () => {
  const access = [
    { group: "operators", role: "edit", namespaces: ["shop", "billing"] },
    { group: "auditors", role: "cluster-view" },
  ];
  const { environment: parsed } = parseEnvironment(environment({ access }), today);
  const spec = parsed.platforms["cluster"];
  expect(spec && bindingPlans("cluster", spec)).toEqual([
    {
      kind: "ClusterRoleBinding",
      roleRef: { kind: "ClusterRole", name: "view" },
      name: "gatehouse-cluster-view",
      groups: ["auditors"],
      users: [],
    },
    ...["billing", "shop"].map((namespace) => ({
      kind: "RoleBinding",
      namespace,
      roleRef: { kind: "ClusterRole", name: "edit" },
      name: "gatehouse-cluster-edit",
      groups: ["operators"],
      users: [],
    })),
  ]);
});

test("two clusters may wait at the same port of a person's machine, but are not the same cluster", () => {
  const raw = environment() as { platforms: Record<string, Raw> };
  raw.platforms["second"] = { ...raw.platforms["cluster"], server: "https://other.example.com:6443" };
  expect(refusals(raw)).toEqual([]);
  raw.platforms["second"] = { ...raw.platforms["cluster"] };
  expect(refusals(raw)).toEqual([
    {
      path: ["platforms", "second"],
      expected: "an address of its own",
      received: "the address of 'cluster', https://api.example.com:6443",
    },
  ]);
});

test("on Okta's own server the platform is refused, with the remedy", () => {
  const [problem, ...others] = refusals(environment({}, { authorizationServer: "org" }));
  expect(others).toEqual([]);
  expect(problem?.path).toEqual(["platforms", "cluster", "kind"]);
  expect(problem?.received).toContain("authorizationServer: { existing: default }");
});

describe("refused before anything is made", () => {
  const at = (...path: (string | number)[]) => ["platforms", "cluster", ...path];

  test("cluster-admin that is not written out; accepted when it is, as a risk", () => {
    const access = [{ group: "operators", role: "cluster-admin" }];
    expect(refusals(environment({ access }))).toEqual([
      expect.objectContaining({ path: at("access", 0, "role"), received: '"cluster-admin"' }),
    ]);
    const { environment: parsed } = parseEnvironment(environment({ access, insecureClusterAdmin: true }), today);
    const spec = parsed.platforms["cluster"];
    expect(spec && platformOf(spec).risks(spec)).toEqual([
      "insecureClusterAdmin: whoever holds cluster-admin can give themselves anything, and hide it.",
    ]);
  });

  test("a namespaced role without namespaces", () => {
    expect(refusals(environment({ access: [{ group: "operators", role: "admin" }] }))).toEqual([
      expect.objectContaining({ path: at("access", 0, "namespaces") }),
    ]);
  });

  test("a plain http API server", () => {
    expect(refusals(environment({ server: "http://127.0.0.1:6443" }))).toEqual([
      { path: at("server"), expected: "an https:// address: tokens are sent there", received: '"http://127.0.0.1:6443"' },
    ]);
  });

  test("the same port twice", () => {
    expect(refusals(environment({ loopbackPorts: [8000, 8000] }))).toEqual([
      { path: at("loopbackPorts"), expected: "each port once", received: "8000, 8000" },
    ]);
  });

  test("a group of Kubernetes' own", () => {
    const raw = environment() as { groups: Record<string, Raw> };
    raw.groups["operators"] = { displayName: "system:masters" };
    expect(refusals(raw)).toEqual([expect.objectContaining({ path: ["groups", "operators", "displayName"] })]);
  });

  test.each([
    ["no certificate", "hello", "a text of 5 characters (withheld)"],
    ["a private key", "-----BEGIN PRIVATE KEY-----\nMIG\n-----END PRIVATE KEY-----", "a text with a private key (withheld)"],
    ["a damaged certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "a text of 58 characters (withheld)"],
  ])("%s in place of a certificate, without repeating it", (_what, text, received) => {
    expect(refusals(environment({ issuerCertificateAuthority: text }))).toEqual([
      expect.objectContaining({ path: at("issuerCertificateAuthority"), received }),
    ]);
  });

  test("a certificate that ends within 30 days", () => {
    expect(refusals(environment({ certificateAuthority: pem("authority") }))).toEqual([]);
    expect(refusals(environment({ certificateAuthority: pem("authority") + pem("ending") }))).toEqual([
      {
        path: at("certificateAuthority"),
        expected: "certificates that are valid for at least 30 days more",
        received: "one that ends on 2026-12-13",
        fix: "renew it first",
      },
    ]);
    expect(refusals(environment({ certificateAuthority: pem("ending") }), "2026-11-01")).toEqual([]);
  });
});
