import * as pulumi from "@pulumi/pulumi";
import * as kubernetes from "@pulumi/kubernetes";

/** Kubernetes and Helm: everybody is cluster-admin, roles that reach everything, a bare group name, a secret in values. */
export function breakKubernetesRules(client: Client): void {
  breakRules();
  breakObjects();
  breakReleases(client);
}

interface Client {
  readonly clientId: pulumi.Input<string>;
  readonly clientSecret: pulumi.Input<string>;
}

const metadata = { namespace: "kasten-io" };

function breakRules(): void {
  new kubernetes.rbac.v1.ClusterRoleBinding("everybody", {
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "system:authenticated" }],
  });
  new kubernetes.rbac.v1.ClusterRole("operators", {
    rules: [
      { apiGroups: ["apps"], resources: ["deployments"], verbs: ["*"] },
      { apiGroups: [""], resources: ["secrets"], verbs: ["list"] },
      { apiGroups: [""], resources: ["pods/exec"], verbs: ["create"] },
      { apiGroups: ["rbac.authorization.k8s.io"], resources: ["clusterroles"], verbs: ["bind", "escalate"] },
      { apiGroups: [""], resources: ["serviceaccounts/token"], verbs: ["create"] },
    ],
  });
  new kubernetes.rbac.v1.RoleBinding("admins", {
    metadata,
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "k10-basic" },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "Kasten Admins" }],
  });

  // Whoever may edit beside K10 may be any of its service accounts.
  new kubernetes.rbac.v1.RoleBinding("helpers", {
    metadata,
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "edit" },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "okta:Helpers" }],
  });
}

function breakObjects(): void {
  // A job that is one of K10's service accounts.
  new kubernetes.batch.v1.Job("clean-up", {
    metadata,
    spec: {
      template: { spec: { serviceAccountName: "k10-k10", restartPolicy: "Never", containers: [{ name: "clean-up", image: "busybox" }] } },
    },
  });

  // An API server that believes any name, over http.
  new kubernetes.core.v1.ConfigMap("apiserver", {
    metadata,
    data: {
      "authentication.yaml": [
        "apiVersion: apiserver.config.k8s.io/v1",
        "kind: AuthenticationConfiguration",
        "jwt:",
        "  - issuer: { url: 'http://idp.example.com', audiences: [k10] }",
        "    claimMappings:",
        "      username: { claim: email, prefix: '' }",
        "      groups: { claim: groups, prefix: '' }",
      ].join("\n"),
    },
  });

  // KubeSphere 4 with the scope that makes it drop all others.
  new kubernetes.core.v1.Secret("kubesphere", {
    metadata: { ...metadata, labels: { "config.kubesphere.io/type": "identityprovider" } },
    type: "config.kubesphere.io/identityprovider",
    stringData: {
      "configuration.yaml": "name: okta\ntype: OIDCIdentityProvider\nmappingMethod: auto\nprovider:\n  scopes: [openid, email]\n",
    },
  });
}

function breakReleases(client: Client): void {
  // Charts are looked up at preview already; without network a repository on loopback has to have them.
  const repository = new pulumi.Config().get("chartRepository");

  // Kasten K10: no version, the secret inline, verification off, basic authentication on an exposed dashboard.
  new kubernetes.helm.v3.Release("k10", {
    name: "k10",
    chart: "k10",
    repositoryOpts: { repo: repository ?? "https://charts.kasten.io/" },
    namespace: "kasten-io",
    values: {
      ingress: { create: true },
      auth: {
        basicAuth: { enabled: true },
        groupAllowList: ["Kasten Admins"],
        oidcAuth: {
          enabled: true,
          providerURL: "http://example.okta.com",
          redirectURL: "https://k10.example.com",
          scopes: "openid profile email groups",
          clientID: client.clientId,
          clientSecret: client.clientSecret,
          groupClaim: "groups",
          groupPrefix: "okta",
          insecureSkipVerify: true,
        },
      },
    },
  });

  // Dex with a client that needs no secret.
  new kubernetes.helm.v3.Release("dex", {
    name: "dex",
    chart: "dex",
    repositoryOpts: { repo: repository ?? "https://charts.dexidp.io" },
    version: "0.0.1",
    namespace: "dex",
    values: {
      config: { staticClients: [{ id: "k10", public: true }] },
      // A binding that no plan shows, and settings of OpenUnison, whose charts share one file of values with others.
      extraObjects: [
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: { name: metrics }\n" +
          "roleRef: { kind: ClusterRole, name: cluster-admin }\nsubjects: [{ kind: Group, name: 'okta:Kasten Users' }]\n",
      ],
      network: { openunison_host: "k8sou.example.com" },
      openunison: { enabled_provisioning: true },
    },
  });
}
