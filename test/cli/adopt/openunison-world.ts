/** OpenUnison on Okta as the vendor's article installs it: one values file for all charts, the client secret in the Secret that ouctl makes. */
import { app, binding, clientId, files } from "./world";

export const clientSecret = "RCXC9yLY0nrmNOZMmvuJn4Geo6Ld8vnkaHe5ee0f";

export const values = {
  network: {
    openunison_host: "k8sou.example.com",
    dashboard_host: "k8sdb.example.com",
    api_server_host: "k8sapi.example.com",
    session_inactivity_timeout_seconds: 900,
    k8s_url: "",
    ingress_type: "nginx",
    ingress_annotations: { "cert-manager.io/cluster-issuer": "letsencrypt", "nginx.ingress.kubernetes.io/proxy-body-size": "8m" },
  },
  cert_template: { ou: "Kubernetes", o: "MyOrg" },
  image: "ghcr.io/openunison/openunison-k8s:1.0.44",
  k8s_cluster_name: "kubernetes",
  enable_impersonation: true,
  enable_wait_for_job: true,
  impersonation: { use_jetstack: true },
  dashboard: { enabled: true, service_name: "kubernetes-dashboard" },
  trusted_certs: [],
  oidc: {
    client_id: clientId,
    issuer: "https://example.okta.com",
    user_in_idtoken: false,
    domain: "",
    scopes: "openid email profile groups",
    claims: { sub: "sub", email: "email", given_name: "given_name", family_name: "family_name", display_name: "name", groups: "groups" },
  },
  network_policies: { enabled: false },
  openunison: { replicas: 1, enable_pre_check: false, non_secret_data: { K8S_DB_SSO: "oidc" }, secrets: [] },
};

export const charts: Readonly<Record<string, readonly [string, string]>> = {
  orchestra: ["orchestra", "3.1.31"],
  operator: ["openunison-operator", "3.0.23"],
  portal: ["orchestra-login-portal", "2.3.82"],
  proxy: ["orchestra-kube-oidc-proxy", "1.0.11"],
};
const names: Readonly<Record<string, string>> = { "openunison-operator": "openunison" };

export const secret = (data: Readonly<Record<string, string>>): unknown => ({
  data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString("base64")])),
});
export const content = { OIDC_CLIENT_SECRET: clientSecret, unisonKeystorePassword: "keystore-password", K8S_DB_SECRET: "dashboard-secret" };
export const portalApp = {
  ...app,
  label: "Kubernetes",
  settings: {
    oauthClient: { redirect_uris: ["https://k8sou.example.com/auth/oidc"], grant_types: ["authorization_code"], application_type: "web" },
  },
};
export const rbac = [
  binding("ClusterRoleBinding", undefined, "okta-cluster-admins", "ClusterRole/cluster-admin", "Group/Backup Admins"),
  binding("RoleBinding", "shop", "operators", "ClusterRole/edit", "Group/Operators"),
  binding("RoleBinding", "shop", "deployers", "Role/deployer", "Group/Operators"),
  binding(
    "ClusterRoleBinding",
    undefined,
    "openunison-cluster-list-namespaces-orchestra",
    "ClusterRole/list-namespaces-orchestra",
    "Group/users",
  ),
  binding("ClusterRoleBinding", undefined, "kubeadm:cluster-admins", "ClusterRole/cluster-admin", "Group/kubeadm:cluster-admins"),
  binding("ClusterRoleBinding", undefined, "break-glass", "ClusterRole/cluster-admin", "Group/certificates:admins"),
];

/** The folder of answers. @param without charts that are not installed */
export function found(
  changes: Readonly<Record<string, unknown>> = {},
  without: readonly string[] = [],
  own: unknown = values,
  installed: Readonly<Record<string, readonly string[]>> = charts,
): Record<string, string> {
  const {
    "release.json": _release,
    "values.yaml": _values,
    ...answers
  } = files({
    "okta-app.json": portalApp,
    "bindings.json": { items: rbac },
    "secret-orchestra-secrets-source.json": secret(content),
  });
  const releases = Object.entries(installed)
    .filter(([part]) => !without.includes(part))
    .flatMap(([part, [chart = "", version]]) => [
      [
        `release-${part}.json`,
        JSON.stringify({ name: names[chart] ?? chart, namespace: "openunison", chart, version, status: "deployed" }),
      ],
      [`values-${part}.yaml`, JSON.stringify(part === "operator" ? {} : own)],
    ]);
  const changed = Object.entries(changes).map(([name, answer]) => [name, JSON.stringify(answer)]);
  return Object.fromEntries([...Object.entries(answers), ...releases, ...changed]) as Record<string, string>;
}
