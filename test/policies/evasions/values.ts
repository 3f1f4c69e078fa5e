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
const base64 = (text: string): string => Buffer.from(text).toString("base64");
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
  ...evasions("templates that become manifests", "values-no-hidden-access", {
    "inside of a loop": release("tool", { extra: `{{- range .Values.x }}\n${stringify(binding)}{{- end }}\n` }),
    "a kind that is written out": release("tool", {
      extra: stringify(binding).replace("kind: ClusterRoleBinding", 'kind: {{ "ClusterRoleBinding" }}'),
    }),
    "a kind that is put together": release("tool", {
      extra: stringify(binding).replace("kind: ClusterRoleBinding", "kind: {{ .Values.kind }}"),
    }),
    "in base64": release("tool", { extra: Buffer.from(stringify(binding)).toString("base64") }),
    "without a kind": release("tool", { extraBindings: [{ roleRef: binding.roleRef, subjects: binding.subjects }] }),
  }),
  ...evasions("rules of roles in values", "values-no-hidden-access", {
    "every verb": release("tool", { rbac: { extraRules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }] } }),
    "every Secret": release("tool", { rules: { additional: [{ apiGroups: [""], resources: ["secrets"], verbs: ["list"] }] } }),
    "in a text": release("tool", {
      extraRules: "- apiGroups: [rbac.authorization.k8s.io]\n  resources: [clusterroles]\n  verbs: [escalate]\n",
    }),
  }),
  ...evasions("roles by name in values", "values-no-hidden-access", {
    "an account's role": release("tool", { serviceAccount: { clusterRole: "cluster-admin" } }),
    "a binding of a list": release("tool", {
      naas: { groups: [{ name: "admins", bindings: [{ binding: "cluster-admin", type: "ClusterRole" }] }] },
    }),
    "a switch": release("tool", { rbac: { clusterAdminAccess: "yes" } }),
    "an argument": release("tool", { extraArgs: ["--cluster-role=cluster-admin"] }),
    several: release("tool", { clusterRoles: ["view", "cluster-admin"] }),
  }),
  ...evasions("doors that are open to everybody", "values-no-hidden-access", {
    "Argo CD's default": release("argo-cd", { configs: { rbac: { "policy.default": "role:admin" } } }),
    "Argo CD's list": release("argo-cd", { configs: { rbac: { "policy.csv": "p, x, y\ng, okta:Everyone, role:admin\n" } } }),
    "Argo CD without sign-in": release("argo-cd", { configs: { cm: { "users.anonymous.enabled": "true" } } }),
    "Grafana without sign-in": release("grafana", { "grafana.ini": { "auth.anonymous": { enabled: true, org_role: "Admin" } } }),
    "Grafana's administrators": release("grafana", { "grafana.ini": { "auth.generic_oauth": { role_attribute_path: "'Admin'" } } }),
    "Grafana's newcomers": release("grafana", { env: { GF_USERS_AUTO_ASSIGN_ORG_ROLE: "Admin" } }),
    "a dashboard that may be skipped": release("kubernetes-dashboard", { extraArgs: ["--enable-skip-login"] }),
    "a proxy's exceptions": release("oauth2-proxy", { extraArgs: { "skip-auth-route": "^/.*" } }),
  }),
  ...evasions("endpoints over http", "values-issuer-exact-https", {
    discovery: release("tool", { oidc: { discoveryUrl: "http://idp.example.com/.well-known/openid-configuration" } }),
    keys: release("tool", { oidc: { jwksUri: "http://idp.example.com/keys" } }),
    codes: release("tool", { oidc: { tokenUrl: "HTTP://idp.example.com/token" } }),
    "an authority": release("tool", { oidc: { authority: "http://idp.example.com/a" } }),
    "an environment variable": release("tool", { env: [{ name: "OAUTH2_PROXY_OIDC_ISSUER_URL", value: "http://idp.example.com/" }] }),
    "an argument": release("tool", { extraArgs: ["--oidc-jwks-url=http://idp.example.com/keys"] }),
  }),
  ...evasions("checks under other names", "values-no-tls-skip", {
    "a verification that is none": release("tool", { tls: { verification: "none" } }),
    "a mode": release("tool", { oidc: { ssl_verify_mode: "VERIFY_NONE" } }),
    "a directory's certificate": release("tool", { ldap: { tls_reqcert: "never" } }),
    "a server's name": release("tool", { https: { checkServerIdentity: false } }),
  }),
  ...evasions("secrets by their look", "values-no-inline-secret", {
    "a list of them": release("tool", { oidc: { clientSecrets: [secret] } }),
    "an address's query": release("tool", { url: `https://idp.example.com/token?client_secret=${secret}` }),
    "a header with a name and password": release("tool", {
      headers: { Authorization: `Basic ${Buffer.from(`a:${secret}`).toString("base64")}` },
    }),
    "a header with a token": release("tool", { headers: { Authorization: `Bearer ${secret}` } }),
    "a header of Okta's": release("tool", { headers: { x: `SSWS ${secret}` } }),
    "a token of Okta's": release("tool", { x: "00abcdefghijklmnopqrstuvwxyz0123456789ABCD" }),
    "a token of a person": release("tool", { github: { pat: secret } }),
    "a key of a webhook": release("tool", { webhook: { hmacKey: secret } }),
    "a connection": release("tool", { connectionString: `Server=db;User Id=a;Password=${secret};` }),
    "a queue": release("tool", { queue: `Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=a;SharedAccessKey=${secret}` }),
    "a connection with blanks": release("tool", { dsn: "host=db.example.com user=tool password=hunter22 dbname=x" }),
    "a file in base64": release("tool", { config: Buffer.from(`clientSecret: ${secret}`).toString("base64") }),
    "a vault's token": release("tool", { x: "hvs.CAESIJabcdefghijklmnopqrstuvwxyz0123456789" }),
    registries: release("tool", {
      registry: { dockerconfigjson: `{"auths":{"x.example.com":{"auth":"${Buffer.from("a:b2c3d4e5").toString("base64")}"}}}` },
    }),
  }),
  ...evasions("Secrets as manifests", "values-no-inline-secret", {
    "as a mapping": release("tool", {
      extraObjects: [{ apiVersion: "v1", kind: "Secret", metadata: { name: "x" }, stringData: { foo: secret } }],
    }),
    "as a text": release("tool", { extraDeploy: "apiVersion: v1\nkind: Secret\nmetadata: { name: x }\ndata: { foo: a1E3dlIybVg5cEw0 }\n" }),
  }),
  ...evasions("charts from elsewhere", "release-version-pinned", {
    "another machine's folder": release("//files.example.com/charts/k10", {}, { version: undefined, repositoryOpts: undefined }),
    "a registry without TLS": {
      ...release("oci://registry.example.com/k10", {}, { plainHttp: true }),
      type: "kubernetes:helm.sh/v4:Chart",
    },
  }),
  ...evasions("Dex's clients", "dex-hardened", {
    "codes over http": release("dex", { config: { staticClients: [{ id: "k10", redirectURIs: ["http://k10.example.com/cb"] }] } }),
    "every page": release("dex", { config: { connectors: [], web: { allowedOrigins: ["*"] } } }),
  }),
  ...evasions("K10's administrators by other names", "values-k10-admin-fallback", {
    "a person whom nobody is": release("k10", { auth: { k10AdminUsers: ["system:anonymous"] } }),
    "a star": release("k10", { auth: { k10AdminGroups: ["*"] } }),
    "Okta's Everyone": release("k10", { auth: { k10AdminGroups: ["okta:Everyone"] } }),
  }),
  ...evasions("OpenUnison's ways to groups", "values-openunison-access", {
    "another chain": release("orchestra", { network: { openunison_host: "h" }, openunison: { include_auth_chain: "mine" } }),
    "groups from outside": release("orchestra", { openunison: { naas: { groups: { external: { enabled: true } } } } }),
    "another redirect": release("orchestra", { openunison: { k8sidp_additional_redirects: ["http://ou.example.com/cb"] } }),
  }),
  ...evasions("texts in several wrappings", "values-no-hidden-access", {
    "base64 of base64": release("tool", { notes: base64(base64(stringify(binding))) }),
    "a key that printf writes": release("tool", { notes: '{{ printf "roleRef" }}:\n  name: cluster-admin\n' }),
    "a key of two parts": release("tool", { notes: '{{ print "role" "Ref" }}:\n  name: cluster-admin\n' }),
    "a key of a pattern": release("tool", { notes: '{{ printf "%sRef" "role" }}:\n  name: cluster-admin\n' }),
    "a rule of words": release("tool", { access: [{ apiGroups: "*", resources: "*", verbs: "*" }] }),
    "a rule of words with commas": release("tool", { access: [{ apiGroups: "", resources: "pods, secrets", verbs: "get, list" }] }),
  }),
  ...evasions("ways past sign-in", "values-no-hidden-access", {
    "every path, in a file": release("oauth2-proxy", { config: { configFile: 'skip_auth_routes = [ ".*" ]\n' } }),
    "every path beside another": release("oauth2-proxy", { config: { configFile: 'skip_auth_routes = ["/health", "^/.*"]\nx = 1\n' } }),
    "every address": release("oauth2-proxy", { extraArgs: { "trusted-ip": "0.0.0.0/0" } }),
    "every address of the newer kind": release("oauth2-proxy", { extraArgs: ["--trusted-ip=::/0"] }),
    "more than reading for who reads": release("argo-cd", { configs: { rbac: { "policy.csv": "p, role:readonly, *, *, *, allow" } } }),
    "the same for one verb": release("argo-cd", {
      configs: { rbac: { "policy.csv": "p, role:readonly, applications, sync, */*, allow" } },
    }),
    "everybody as administrators": release("argo-cd", { configs: { rbac: { "policy.csv": "g, *, role:admin" } } }),
  }),
  ...evasions("addresses under other names", "values-issuer-exact-https", {
    "an issuer's host": release("tool", { oidc: { issuerHost: "http://idp.example.com" } }),
    "where codes go": release("tool", { oidc: { redirectUrl: "http://tool.example.com/callback" } }),
    "a product's name": release("tool", { keycloakUrl: "http://idp.example.com" }),
  }),
  ...evasions("secrets in addresses", "values-no-inline-secret", {
    "Slack's webhook": release("tool", {
      receiver: ["https://hooks.slack.com/services/", "T00000000/", "B00000000/", "XXXXXXXXXXXXXXXXXXXXXXXX"].join(""),
    }),
    "a repository's": release("tool", {}, { repositoryOpts: { repo: `https://reader:${secret}@charts.example.com` } }),
  }),
  ...evasions("Dex believes a header", "dex-hardened", {
    "in its own chart": release("dex", { config: { connectors: [{ type: "authproxy", id: "x", name: "x" }] } }),
    "in Argo CD's": release("argo-cd", {
      configs: { cm: { "dex.config": "connectors:\n- type: authproxy\n  id: x\n  name: x\n" } },
    }),
  }),
  ...evasions("OpenUnison's dashboard without a session", "values-openunison-access", {
    "as a flag": release("orchestra-login-portal", { dashboard: { require_session: false } }),
    "as a word": release("orchestra-login-portal", { dashboard: { require_session: "False" } }),
  }),
];
