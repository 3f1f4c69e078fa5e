import type { Fixture } from "../harness";
import { binding, clusterRole, people, release } from "./evasion";
import { ordinaryIdentityProviders } from "./ordinary-identity-providers";

const of = (type: string, props: Record<string, unknown>): Fixture => ({ type, props });

/** Programs as people write them: no mandatory rule names any of them. */
export const ordinaryPrograms: Readonly<Record<string, readonly Fixture[]>> = {
  ...ordinaryIdentityProviders,
  "cert-manager": [
    release("cert-manager", {
      crds: { enabled: true },
      extraArgs: ["--enable-certificate-owner-ref=true", "--v=2"],
      webhook: { securePort: 10250 },
    }),
  ],
  "ingress-nginx": [
    release("ingress-nginx", {
      controller: {
        extraArgs: { "enable-ssl-passthrough": true, "default-ssl-certificate": "ingress/tls" },
        config: { "ssl-redirect": "false" },
      },
    }),
  ],
  "oauth2-proxy with an existing Secret": [
    release("oauth2-proxy", {
      config: { existingSecret: "oauth2-proxy", configFile: 'email_domains = [ "*" ]\ncookie_secure = true\n' },
      extraArgs: { provider: "oidc", "oidc-issuer-url": "https://example.okta.com", "cookie-refresh": "1h", "pass-access-token": true },
      extraEnv: [{ name: "OAUTH2_PROXY_CLIENT_SECRET", valueFrom: { secretKeyRef: { name: "oauth2-proxy", key: "client-secret" } } }],
    }),
  ],
  "Argo CD": [
    release("argo-cd", {
      configs: {
        params: { "server.insecure": true },
        cm: { "oidc.config": "name: Okta\nissuer: https://example.okta.com\nclientID: 0oa1\nclientSecret: $oidc.okta.clientSecret\n" },
        rbac: { "policy.csv": "g, okta:admins, role:admin\n" },
      },
      server: { ingress: { enabled: true, tls: true, annotations: { "cert-manager.io/cluster-issuer": "letsencrypt" } } },
    }),
  ],
  Grafana: [
    release("grafana", {
      admin: { existingSecret: "grafana-admin", userKey: "user", passwordKey: "password" },
      "grafana.ini": {
        "auth.generic_oauth": {
          enabled: true,
          client_id: "0oa1",
          client_secret: "$__file{/etc/secrets/oidc/client_secret}",
          tls_skip_verify_insecure: false,
        },
      },
      imagePullSecrets: [{ name: "registry" }],
    }),
  ],
  "Prometheus with rules of its own": [
    release("kube-prometheus-stack", {
      extraManifests: [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "x" }, data: { a: "b" } }],
      prometheus: { prometheusSpec: { retention: "10d", externalLabels: { cluster: "c" } } },
    }),
  ],
  "a database": [
    release("postgresql", {
      auth: { existingSecret: "db", secretKeys: { adminPasswordKey: "postgres-password" } },
      tls: { enabled: true, certificatesSecret: "db-tls" },
    }),
  ],
  "an operator": [
    clusterRole([
      { apiGroups: ["example.com"], resources: ["widgets", "widgets/status"], verbs: ["get", "list", "watch", "update", "patch"] },
      { apiGroups: ["apps"], resources: ["deployments"], verbs: ["create", "get", "list", "watch", "update", "delete"] },
      { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["create", "get", "update"] },
      { apiGroups: [""], resources: ["secrets"], resourceNames: ["widget-tls"], verbs: ["get", "update"] },
      { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
    ]),
    binding("helpers", { kind: "ServiceAccount", name: "operator", namespace: "tool" }),
    binding("system:auth-delegator", { kind: "ServiceAccount", name: "operator", namespace: "tool" }),
  ],
  "people with the built-in roles": [
    binding("view", people),
    binding("edit", people, { metadata: { namespace: "shop" } }, "RoleBinding"),
    binding("admin", people, { metadata: { namespace: "billing" } }, "RoleBinding"),
  ],
  "a role of one's own parts": [
    clusterRole([], { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { "example.com/aggregate-to-monitoring": "true" } }] } }),
    clusterRole([{ apiGroups: ["example.com"], resources: ["widgets"], verbs: ["get"] }], {
      metadata: { name: "widgets-view", labels: { "rbac.authorization.k8s.io/aggregate-to-view": "true" } },
    }),
  ],
  "an operator of storage": [
    binding("system:persistent-volume-provisioner", { kind: "ServiceAccount", name: "csi", namespace: "tool" }),
    clusterRole([
      { apiGroups: ["apiextensions.k8s.io"], resources: ["customresourcedefinitions"], verbs: ["get", "list", "watch", "create"] },
      {
        apiGroups: ["apiextensions.k8s.io"],
        resources: ["customresourcedefinitions"],
        resourceNames: ["widgets.example.com"],
        verbs: ["update", "patch"],
      },
      { apiGroups: ["iam.kubesphere.io"], resources: ["users"], verbs: ["get", "list"] },
    ]),
    of("kubernetes:apiregistration.k8s.io/v1:APIService", {
      spec: { group: "metrics.k8s.io", version: "v1beta1", caBundle: "LS0t", service: { name: "metrics", namespace: "tool" } },
    }),
    of("kubernetes:certificates.k8s.io/v1:CertificateSigningRequest", { spec: { signerName: "example.com/tool", request: "LS0t" } }),
    binding("system:monitoring", people),
  ],
  "health checks without a token": [
    of("kubernetes:core/v1:ConfigMap", {
      data: { a: "kind: AuthenticationConfiguration\nanonymous: { enabled: true, conditions: [{ path: /livez }, { path: /readyz }] }\n" },
    }),
  ],
  "a webhook of one's own": [
    of("kubernetes:admissionregistration.k8s.io/v1:ValidatingWebhookConfiguration", {
      webhooks: [
        {
          name: "w.example.com",
          rules: [{ apiGroups: ["example.com"], apiVersions: ["v1"], operations: ["CREATE"], resources: ["widgets"] }],
        },
      ],
    }),
  ],
  "Secrets and files": [
    of("kubernetes:core/v1:Secret", { type: "Opaque", stringData: { "config.yaml": "a: b\n" } }),
    of("kubernetes:core/v1:Secret", { type: "kubernetes.io/tls", data: { "tls.crt": "LS0t", "tls.key": "LS0t" } }),
    of("kubernetes:core/v1:ConfigMap", {
      data: { "nginx.conf": "server { listen 80; }", readme: "kind: AuthenticationConfiguration is documented elsewhere: here" },
    }),
  ],
  "values that look like more": [
    release("argo-cd", {
      configs: {
        rbac: {
          "policy.default": "role:readonly",
          "policy.csv": "g, okta:k10-admins, role:admin\np, role:dev, applications, get, */*, allow\n",
        },
      },
      dex: { config: { url: "https://argo.example.com/api/dex" } },
    }),
    release("grafana", {
      "grafana.ini": {
        "auth.anonymous": { enabled: true, org_role: "Viewer" },
        users: { auto_assign_org_role: "Viewer" },
        "auth.generic_oauth": { role_attribute_path: "contains(groups[*], 'admins') && 'Admin' || 'Viewer'" },
      },
    }),
    release("kyverno-policies", { policyExclude: { "disallow-host-path": { any: [{ clusterRoles: ["cluster-admin"] }] } } }),
    release("operator", {
      rbac: {
        create: true,
        clusterRole: true,
        extraRules: [{ apiGroups: ["example.com"], resources: ["widgets"], verbs: ["get", "list"] }],
      },
      serviceAccount: { create: true, name: "operator", annotations: { "eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/operator" } },
    }),
    release("ingress-nginx", {
      controller: {
        ingressAnnotations: { "nginx.ingress.kubernetes.io/auth-url": "http://oauth2-proxy.auth.svc.cluster.local/oauth2/auth" },
      },
    }),
    release("tool", {
      oidc: { jwksUri: "https://idp.example.com/keys", tokenUrl: "https://idp.example.com/token", clientSecretName: "oidc" },
      headers: { Authorization: "Bearer ${TOKEN}", Accept: "Basic" },
      database: { connectionString: "Server=db;User Id=a;Password=${DB_PASSWORD};", dsn: "host=db user=a password=$(PASSWORD)" },
      url: "https://example.com/?token={{ .Values.token }}",
      commit: "00c5e7f65401f39c55c05cc7f6541a9d4ddb8cae12",
      logo: Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'><title>Tool: a logo</title></svg>").toString("base64"),
      caBundle: Buffer.from("-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUabc=\n-----END CERTIFICATE-----\n").toString("base64"),
      tls: { verification: "full" },
      notes: "{{- if .Values.x }}\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: x }\n{{- end }}\n",
      tokens: ["reader-token"],
      probe: { exec: { command: ["curl", "-k", "https://localhost:8443/healthz"] } },
    }),
    release("external-secrets", { extraObjects: [{ apiVersion: "external-secrets.io/v1", kind: "ExternalSecret", spec: { data: [] } }] }),
    release("tool", { extraObjects: [{ apiVersion: "v1", kind: "Secret", stringData: { foo: "{{ .Values.existing }}", bar: "" } }] }),
    release("dex", {
      config: {
        oauth2: { skipApprovalScreen: true },
        web: { allowedOrigins: ["https://argo.example.com"] },
        staticClients: [
          { id: "cli", secretEnv: "X", redirectURIs: ["http://localhost:8000", "/device/callback", "https://k10.example.com/cb"] },
        ],
      },
    }),
    release("orchestra", {
      network: { openunison_host: "ou.example.com" },
      enable_impersonation: true,
      openunison: {
        include_auth_chain: "azuread-load-groups",
        k8sidp_additional_redirects: ["https://ou.example.com/cb", "http://localhost:8000"],
      },
    }),
  ],
  "developers, operators and their roles": [
    {
      ...clusterRole([{ apiGroups: ["apps", ""], resources: ["deployments", "pods"], verbs: ["create", "update", "get"] }], {
        metadata: { name: "developer" },
      }),
      name: "developer",
    },
    { ...binding("developer", people, { metadata: { name: "d", namespace: "shop" } }, "RoleBinding"), name: "in-shop" },
    { ...binding("developer", { kind: "ServiceAccount", name: "operator", namespace: "tool" }), name: "operator" },
    {
      ...clusterRole([{ apiGroups: [""], resources: ["pods", "services"], verbs: ["get", "list", "watch"] }], {
        metadata: { name: "watcher" },
      }),
      name: "watcher",
    },
    { ...binding("watcher", people), name: "watchers" },
    { ...binding("watcher", people, { metadata: { name: "w", namespace: "kasten-io" } }, "RoleBinding"), name: "watchers-of-k10" },
    { ...binding("system:auth-delegator", { kind: "ServiceAccount", name: "default", namespace: "tool" }), name: "delegator" },
    {
      ...binding(
        "view",
        { kind: "ServiceAccount", name: "default", namespace: "tool" },
        { metadata: { namespace: "tool" } },
        "RoleBinding",
      ),
      name: "pods",
    },
  ],
  "workloads under their own accounts": [
    { ...of("kubernetes:core/v1:ServiceAccount", { metadata: { name: "metrics", namespace: "kube-system" } }), name: "metrics-account" },
    {
      ...of("kubernetes:apps/v1:Deployment", {
        metadata: { name: "metrics", namespace: "kube-system" },
        spec: { template: { spec: { serviceAccountName: "metrics" } } },
      }),
      name: "metrics",
    },
    { ...of("kubernetes:core/v1:Pod", { metadata: { name: "plain", namespace: "kasten-io" }, spec: { containers: [] } }), name: "plain" },
    {
      ...of("kubernetes:batch/v1:Job", {
        metadata: { name: "job", namespace: "shop" },
        spec: { template: { spec: { serviceAccountName: "k10-k10" } } },
      }),
      name: "job",
    },
  ],
  "definitions, policies and the API server's flags": [
    of("kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition", {
      metadata: { name: "widgets.example.com" },
      spec: {
        group: "example.com",
        conversion: { strategy: "Webhook", webhook: { clientConfig: { service: { name: "x", namespace: "tool" } } } },
      },
    }),
    of("kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition", {
      spec: { group: "config.kio.kasten.io", conversion: { strategy: "None" } },
    }),
    of("kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy", {
      spec: {
        matchConstraints: {
          resourceRules: [{ apiGroups: ["", "rbac.authorization.k8s.io"], resources: ["secrets", "clusterrolebindings"] }],
        },
        auditAnnotations: [{ key: "name", valueExpression: "object.metadata.name" }],
      },
    }),
    of("kubernetes:core/v1:ConfigMap", {
      metadata: { name: "kubeadm-config" },
      data: {
        ClusterConfiguration:
          "kind: ClusterConfiguration\napiServer:\n  extraArgs:\n    authorization-mode: Node,RBAC\n    oidc-issuer-url: https://example.okta.com\n" +
          "    oidc-client-id: 0oa1\n    oidc-username-claim: sub\n    oidc-groups-claim: groups\n    oidc-groups-prefix: 'okta:'\n",
      },
    }),
  ],
};
