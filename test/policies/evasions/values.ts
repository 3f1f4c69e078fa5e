import { stringify } from "yaml";
import type { Fixture } from "../harness";
import { release, type Evasion } from "./evasion";

const evasions = (kind: string, rule: string, cases: Readonly<Record<string, Fixture>>): Evasion[] =>
  Object.entries(cases).map(([name, resource]) => ({ kind, name, rule, resources: [resource] }));

const binding = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRoleBinding",
  metadata: { name: "k10-metrics" },
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
  subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "entra:2fc74f43-0000-0000-0000-000000000000" }],
};
const secret = "kQ7vR2mX9pL4wT8nB5cJ3hF6dS1gZ0yA";
const entraSecret = "abc8Q~defghijklmnopqrstuvwxyz0123456789AB";
const oidc = { enabled: true, groupClaim: "groups", groupPrefix: "okta:", usernameClaim: "sub", usernamePrefix: "okta:" };
const configuration = (type: string, spec: Record<string, unknown>): Fixture => ({
  type: `kubernetes:installer.kubesphere.io/v1alpha1:${type}`,
  props: spec,
});
const provider = (more: object) => ({
  name: "okta",
  type: "OIDCIdentityProvider",
  provider: { scopes: ["email"], redirectURL: "https://ks.example.com/oauth/redirect/okta", ...more },
});
const inSpec = (more: object) => ({ spec: { authentication: { oauthOptions: { identityProviders: [provider(more)] } } } });

export const valuesEvasions: readonly Evasion[] = [
  ...evasions("manifests in values", "values-no-hidden-access", {
    "prometheus.extraManifests": release("k10", { prometheus: { extraManifests: [stringify(binding)] } }),
    "extraObjects as mappings": release("tool", { extraObjects: [binding] }),
    "under a name that says nothing": release("tool", { notes: { more: JSON.stringify(binding) } }),
    "a program that rewrites the manifests": release("tool", {}, { postrender: "/usr/local/bin/more" }),
    "with a template in it": release("tool", { extraDeploy: stringify(binding).replace("k10-metrics", "{{ .Release.Name }}") }),
  }),
  ...evasions("charts by address", "release-version-pinned", {
    "an archive over http": release("http://charts.example.com/k10-8.0.15.tgz", {}, { version: undefined, repositoryOpts: undefined }),
    "an archive over https": release("https://charts.example.com/k10-8.0.15.tgz", {}, { version: undefined, repositoryOpts: undefined }),
    "an archive's name in a repository": release("k10.tgz", {}, { version: undefined }),
    "a repository over http": release("k10", {}, { repositoryOpts: { repo: "http://charts.example.com" } }),
    "an image by a tag": release("oci://registry.example.com/k10", {}, { version: undefined, repositoryOpts: undefined }),
  }),
  ...evasions("prefixes that something trusts", "values-prefix-required", {
    "K10's own": release("k10", { auth: { oidcAuth: { ...oidc, groupPrefix: "k10:" } } }),
    "kubeadm's": release("k10", { auth: { oidcAuth: { ...oidc, groupPrefix: "kubeadm:" } } }),
    "in capitals": release("k10", { auth: { oidcAuth: { ...oidc, groupPrefix: "System:" } } }),
    "none, in a Secret": {
      type: "kubernetes:core/v1:Secret",
      props: {
        stringData: {
          "provider-url": "https://example.okta.com",
          "redirect-url": "https://k10.example.com",
          groupClaim: "groups",
          groupPrefix: "",
        },
      },
    },
  }),
  ...evasions("other keys that skip TLS", "values-no-tls-skip", {
    "a check that is off": release("tool", { oidc: { tlsVerify: false } }),
    "a word": release("tool", { oidc: { insecureSkipVerify: "yes" } }),
    "an environment variable": release("tool", { env: [{ name: "NODE_TLS_REJECT_UNAUTHORIZED", value: "0" }] }),
    "an argument": release("tool", { extraArgs: ["--insecure-skip-tls-verify"] }),
    "an argument with a value": release("tool", { args: "--ssl-verify=false --v=4" }),
    "JSON in one line": release("tool", { config: '{"connector":{"insecureSkipVerify":true}}' }),
    "lines of a file": release("tool", { "app.ini": "[oauth]\n;x\ntls_skip_verify_insecure = true\n" }),
    "a map of arguments": release("tool", { extraArgs: { "provider-ca-verify": true, "ssl-insecure-skip-verify": "true" } }),
    "a word in capitals": release("tool", { oidc: { insecureSkipVerify: " YES" } }),
    "a check that is none": release("tool", { oidc: { sslVerify: "None" } }),
    "self-signed certificates": release("tool", { ldap: { allowSelfSigned: true } }),
    "an insecure provider": release("tool", { oidc: { insecure: true } }),
  }),
  ...evasions("secrets in other places", "values-no-inline-secret", {
    "an argument": release("oauth2-proxy", { extraArgs: [`--client-secret=${secret}`] }),
    "two arguments": release("oauth2-proxy", { extraArgs: ["--client-secret", secret] }),
    "a map of arguments": release("oauth2-proxy", { extraArgs: { "client-secret": secret } }),
    "JSON in one line": release("tool", { config: `{"oidc":{"clientSecret":"${secret}"}}` }),
    "a bare name": release("tool", { oidc: { secret } }),
    "another name": release("tool", { idp: { credentials: secret } }),
    "a name that says nothing": release("tool", { idp: { value: entraSecret } }),
    "an address": release("tool", { database: "postgres://tool:hunter2@db.example.com/tool" }),
    "a token by its look": release("tool", { header: `Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbmEifQ.${secret}` }),
    "an encoded key": release("tool", {
      tls: Buffer.from("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n").toString("base64"),
    }),
    "an environment variable": release("tool", { extraEnv: [{ name: "OIDC_SECRET", value: secret }] }),
  }),
  ...evasions("patches of custom resources", "values-no-tls-skip", {
    "KubeSphere's installer": configuration("ClusterConfigurationPatch", inSpec({ insecureSkipVerify: true })),
    "a list of it": configuration("ClusterConfigurationList", { items: [inSpec({ insecureSkipVerify: true })] }),
    "a provider's Secret": {
      type: "kubernetes:core/v1:SecretPatch",
      props: { stringData: { "configuration.yaml": stringify(provider({ insecureSkipVerify: true })) } },
    },
  }),
  ...evasions("charts under another name", "values-k10-no-basic-or-direct", {
    "a mirror": release("backup", { ingress: { create: true }, auth: { tokenAuth: { enabled: true }, oidcAuth: { enabled: true } } }),
    "Kasten's repository": release("backup", { ingress: { create: true } }, { repositoryOpts: { repo: "https://charts.kasten.io/" } }),
    "inside another chart": release("platform", { backup: { route: { enabled: true }, auth: { tokenAuth: { enabled: true } } } }),
    "a word for on": release("k10", {
      externalGateway: { create: "yes" },
      auth: { basicAuth: { enabled: "on" }, oidcAuth: { enabled: true } },
    }),
  }),
  ...evasions("Dex under another name", "dex-hardened", {
    "a renamed chart": release("login", { config: { staticClients: [{ id: "cli", public: true }] } }),
    anybody: release("login", { config: { connectors: [{ type: "mockCallback", id: "mock", name: "x" }] } }),
    "passwords of its own": release("dex", { config: { enablePasswordDB: true, staticPasswords: [{ email: "a@example.com" }] } }),
    "tokens in addresses": release("dex", { config: { oauth2: { responseTypes: ["code", "id_token token"] } } }),
    "the password grant": release("dex", { config: { oauth2: { grantTypes: ["authorization_code", "password"] } } }),
    "Argo CD's text": release("argo-cd", { configs: { cm: { "dex.config": "staticClients: [{ id: cli, public: true }]\n" } } }),
  }),
  ...evasions("K10's own administrators", "values-k10-admin-fallback", {
    "a release called cluster": release("k10", { rbac: { create: null } }, { name: "cluster" }),
    everybody: release("k10", { auth: { k10AdminGroups: ["system:authenticated"] } }),
    "a renamed chart": release("backup", { auth: { groupAllowList: ["okta:Users"] } }),
  }),
  ...evasions("OpenUnison's keys", "values-openunison-access", {
    "the misspelt switch": release("orchestra", { openunison: { enabled_provisioning: true } }),
    "settings that overrule others": release("orchestra-login-portal", {
      openunison: { non_secret_data: { OIDC_IDP_TOKEN_URL: "https://evil.example.com/token" } },
    }),
    "the management proxy": release("login", {
      network: { openunison_host: "ou.example.com" },
      openunison: { management_proxy: { enabled: true } },
    }),
  }),
];
