import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnvironment, platformOf } from "../../../../model";
import { identityProviderFacts } from "../../../../model/identity-providers";
import { openUnisonRaw, today, type Raw } from "../../../fixtures/sample";
import { refusals } from "../../environment/refusal";

const ending = readFileSync(join(__dirname, "../../../fixtures/certificates/ending.pem"), "utf8");

function environment(platform: Raw = {}, idp: Raw = { kind: "okta", orgUrl: "https://acme.okta.com" }): Raw {
  return {
    idp,
    groups: { admins: { displayName: "k8s-admins" } },
    platforms: {
      portal: {
        ...openUnisonRaw,
        access: [{ group: "admins", role: "admin", namespaces: ["shop"] }],
        ...platform,
      },
    },
  };
}

const direct: Raw = {
  impersonation: undefined,
  direct: { apiServerUrl: "https://api.example.com:6443" },
  hosts: { portal: "k8sou.example.com", dashboard: "k8sdb.example.com" },
  charts: {
    "openunison-operator": { version: "3.0.23" },
    orchestra: { version: "3.1.31" },
    "orchestra-login-portal": { version: "2.3.82" },
  },
};

const entra = { kind: "entra", tenantId: "6d2374b4-aceb-42ac-966a-716a93f07db0" };

function described(raw: Raw) {
  const { environment: parsed } = parseEnvironment(raw, today);
  const spec = parsed.platforms["portal"];
  if (spec === undefined) {
    throw new Error("no platform");
  }
  const facts = identityProviderFacts(parsed.idp);
  const definition = platformOf(spec);
  return {
    requirements: definition.requirements(spec, facts),
    identity: definition.identity(spec, facts),
    risks: definition.risks(spec),
    ownCertificate: definition.ownCertificate?.(spec),
  };
}

test("the certificate that OpenUnison makes is for its hosts, of which impersonation has one more; cert-manager's is not its own", () => {
  const secret = { namespace: "openunison", name: "ou-tls-certificate" };
  expect(described(environment()).ownCertificate).toEqual({
    secret,
    hosts: ["k8sou.example.com", "k8sdb.example.com", "k8sapi.example.com"],
  });
  expect(described(environment(direct)).ownCertificate).toEqual({ secret, hosts: ["k8sou.example.com", "k8sdb.example.com"] });
  expect(described(environment({ certManager: { clusterIssuer: "company" } })).ownCertificate).toBeUndefined();
});

test("on Okta: the callback, the secret in the body, the groups scope of the org server", () => {
  expect(described(environment()).requirements).toEqual({
    redirectUris: ["https://k8sou.example.com/auth/oidc"],
    postLogoutRedirectUris: [],
    grantTypes: ["authorization_code"],
    clientAuthentication: "client_secret_post",
    scopes: ["openid", "profile", "email", "groups"],
    idTokenClaims: [],
  });
});

test("on Entra: no groups scope, the names asked for in the ID token, people by object id", () => {
  const { requirements, identity } = described(environment({}, entra));
  expect(requirements.scopes).toEqual(["openid", "profile", "email"]);
  expect(requirements.idTokenClaims).toEqual(["email", "family_name", "given_name", "name", "oid"]);
  expect(identity.username.claim).toBe("oid");
});

test("impersonation: groups bare, users by the proxy's legacy rule, and it is said as a risk", () => {
  const { identity, risks } = described(environment());
  expect(identity).toEqual({
    username: { claim: "sub", prefix: "https://k8sou.example.com/auth/idp/k8sIdp#" },
    groups: { claim: "groups", prefix: "" },
  });
  expect(risks).toEqual([expect.stringContaining("no prefix is possible")]);
});

test("direct trust: the API server prefixes", () => {
  const { identity, risks } = described(environment(direct));
  expect(identity).toEqual({ username: { claim: "sub", prefix: "okta:" }, groups: { claim: "groups", prefix: "okta:" } });
  expect(risks).toEqual([]);
});

describe("refused before anything is made", () => {
  const at = (...path: (string | number)[]) => ["platforms", "portal", ...path];
  const hosts = { portal: "k8sou.example.com", dashboard: "k8sdb.example.com", apiServer: "k8sapi.example.com" };

  test.each<[string, Raw, (string | number)[], string]>([
    ["the same host twice", { hosts: { ...hosts, dashboard: hosts.portal } }, at("hosts", "dashboard"), '"k8sou.example.com"'],
    ["a host with one label", { hosts: { ...hosts, portal: "k8sou" } }, at("hosts", "portal"), '"k8sou"'],
    ["an address", { hosts: { ...hosts, portal: "10.0.0.1" } }, at("hosts", "portal"), '"10.0.0.1"'],
    ["a URL", { hosts: { ...hosts, portal: "https://k8sou.example.com" } }, at("hosts", "portal"), '"https://k8sou.example.com"'],
    ["a wildcard", { hosts: { ...hosts, apiServer: "*.example.com" } }, at("hosts", "apiServer"), '"*.example.com"'],
    ["both modes", { direct: direct["direct"] }, at(), "both"],
    ["neither mode", { impersonation: undefined }, at(), "neither"],
    ["a prefix with impersonation", { prefix: "okta:" }, at("prefix"), '"okta:"'],
    [
      "impersonation without its host",
      { hosts: { portal: hosts.portal, dashboard: hosts.dashboard } },
      at("hosts", "apiServer"),
      "nothing",
    ],
    ["direct with the proxy's host", { ...direct, hosts }, at("hosts", "apiServer"), "a value"],
    [
      "a digest that no image has",
      { image: `registry.example.com/ou:1.0.44@sha256:${"0".repeat(64)}` },
      at("image"),
      `"registry.example.com/ou:1.0.44@sha256:${"0".repeat(38)}...`,
    ],
    ["half a digest", { image: "registry.example.com/ou@sha256:abc" }, at("image"), '"registry.example.com/ou@sha256:abc"'],
    ["an unknown claim key", { claims: { surname: "sn" } }, at("claims", "surname"), "an unknown key"],
    ["an unknown claim name", { claims: { sub: "userid" } }, at("claims", "sub"), '"userid"'],
    [
      "a certificate that is none",
      { trustedCertificates: { idp: "x" } },
      at("trustedCertificates", "idp"),
      "a text of 1 characters (withheld)",
    ],
    ["a cluster's name that YAML reads as a truth value", { clusterName: "on" }, at("clusterName"), '"on"'],
    ["a cluster's name that YAML reads as a number", { clusterName: "1e3" }, at("clusterName"), '"1e3"'],
    [
      "a switch of the charts that the stack decides",
      { values: { enable_wait_for_job: false } },
      at("values", "enable_wait_for_job"),
      "a value",
    ],
    ["cluster-admin not written out", { access: [{ group: "admins", role: "cluster-admin" }] }, at("access", 0, "role"), '"cluster-admin"'],
    ["a second kind of sign-in", { values: { saml: {} } }, at("values", "saml"), "a value"],
    [
      "a secret in values",
      { values: { smtp: { password: "hunter2" } } },
      at("values", "smtp", "password"),
      "a text (withheld, it may be a secret)",
    ],
  ])("%s", (_what, change, path, received) => {
    expect(refusals(environment(change))).toEqual([expect.objectContaining({ path, received })]);
  });

  test.each(["prod-1", "1st", "online", "2026-eu"])("no fault of %s as a cluster's name", (clusterName) => {
    expect(refusals(environment({ clusterName, image: `registry.example.com/ou@sha256:${"1a".repeat(32)}` }))).toEqual([]);
  });

  test("a certificate that ends soon", () => {
    expect(refusals(environment({ trustedCertificates: { idp: ending } }))).toEqual([
      expect.objectContaining({ path: at("trustedCertificates", "idp"), received: "one that ends on 2026-12-13" }),
    ]);
  });

  test.each(["kubeadm:cluster-admins", "eks:masters", "users", "k8s-cluster-administrators"])(
    "a group called %s, which something trusts already; not where the API server prefixes",
    (displayName) => {
      const raw = (platform: Raw): Raw => ({ ...environment(platform), groups: { admins: { displayName } } });
      expect(refusals(raw({}))).toEqual([
        expect.objectContaining({ path: at("access", 0, "group"), received: JSON.stringify(displayName) }),
      ]);
      expect(refusals(raw(direct))).toEqual([]);
    },
  );

  test("such a name is nobody's business where tokens carry object ids", () => {
    expect(refusals({ ...environment({}, entra), groups: { admins: { displayName: "users" } } })).toEqual([]);
  });
});
