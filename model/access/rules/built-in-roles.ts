import type { PolicyRule } from "./policy-rule";

/** A ClusterRole that every cluster has. */
export interface BuiltInRole {
  readonly name: string;
  /** The role that gathers this one's rules, by the label rbac.authorization.k8s.io/aggregate-to-<it>. */
  readonly joins?: string;
  /** Set where the rules are gathered: from the roles that join it. */
  readonly gathers?: string;
  readonly rules: readonly PolicyRule[];
}

/**
 * The ClusterRoles of Kubernetes that people, service accounts and charts are bound to: k8s.io/kubernetes v1.36.3,
 * plugin/pkg/auth/authorizer/rbac/bootstrappolicy/testdata/cluster-roles.yaml. test/e2e/parity-rbac.e2e.ts compares them with a cluster.
 */
export const builtInRoles: readonly BuiltInRole[] = [
  {
    name: "cluster-admin",
    rules: [
      { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
      { verbs: ["*"], nonResourceURLs: ["*"] },
    ],
  },
  { name: "admin", gathers: "admin", rules: [] },
  { name: "edit", joins: "admin", gathers: "edit", rules: [] },
  { name: "view", joins: "edit", gathers: "view", rules: [] },
  {
    name: "system:aggregate-to-admin",
    joins: "admin",
    rules: [
      { verbs: ["create"], apiGroups: ["authorization.k8s.io"], resources: ["localsubjectaccessreviews"] },
      {
        verbs: ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
        apiGroups: ["rbac.authorization.k8s.io"],
        resources: ["rolebindings", "roles"],
      },
    ],
  },
  {
    name: "system:aggregate-to-edit",
    joins: "edit",
    rules: [
      {
        verbs: ["get", "list", "watch"],
        apiGroups: [""],
        resources: ["pods/attach", "pods/exec", "pods/portforward", "pods/proxy", "secrets", "services/proxy"],
      },
      { verbs: ["impersonate"], apiGroups: [""], resources: ["serviceaccounts"] },
      {
        verbs: ["create", "delete", "deletecollection", "patch", "update"],
        apiGroups: [""],
        resources: ["pods", "pods/attach", "pods/exec", "pods/portforward", "pods/proxy"],
      },
      { verbs: ["create"], apiGroups: [""], resources: ["pods/eviction"] },
      {
        verbs: ["create", "delete", "deletecollection", "patch", "update"],
        apiGroups: [""],
        resources: [
          "configmaps",
          "persistentvolumeclaims",
          "replicationcontrollers",
          "replicationcontrollers/scale",
          "secrets",
          "serviceaccounts",
          "services",
          "services/proxy",
        ],
      },
      { verbs: ["create"], apiGroups: [""], resources: ["serviceaccounts/token"] },
      { verbs: ["create", "delete", "deletecollection", "patch", "update"], apiGroups: ["", "events.k8s.io"], resources: ["events"] },
      {
        verbs: ["create", "delete", "deletecollection", "patch", "update"],
        apiGroups: ["apps"],
        resources: [
          "daemonsets",
          "deployments",
          "deployments/rollback",
          "deployments/scale",
          "replicasets",
          "replicasets/scale",
          "statefulsets",
          "statefulsets/scale",
        ],
      },
      {
        verbs: ["create", "delete", "deletecollection", "patch", "update"],
        apiGroups: ["autoscaling"],
        resources: ["horizontalpodautoscalers"],
      },
      { verbs: ["create", "delete", "deletecollection", "patch", "update"], apiGroups: ["batch"], resources: ["cronjobs", "jobs"] },
      {
        verbs: ["create", "delete", "deletecollection", "patch", "update"],
        apiGroups: ["extensions"],
        resources: [
          "daemonsets",
          "deployments",
          "deployments/rollback",
          "deployments/scale",
          "ingresses",
          "networkpolicies",
          "replicasets",
          "replicasets/scale",
          "replicationcontrollers/scale",
        ],
      },
      { verbs: ["create", "delete", "deletecollection", "patch", "update"], apiGroups: ["policy"], resources: ["poddisruptionbudgets"] },
      {
        verbs: ["create", "delete", "deletecollection", "patch", "update"],
        apiGroups: ["networking.k8s.io"],
        resources: ["ingresses", "networkpolicies"],
      },
      {
        verbs: ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
        apiGroups: ["coordination.k8s.io"],
        resources: ["leases"],
      },
      {
        verbs: ["create", "delete", "deletecollection", "patch", "update"],
        apiGroups: ["resource.k8s.io"],
        resources: ["resourceclaims", "resourceclaimtemplates"],
      },
    ],
  },
  {
    name: "system:aggregate-to-view",
    joins: "view",
    rules: [
      {
        verbs: ["get", "list", "watch"],
        apiGroups: [""],
        resources: [
          "configmaps",
          "endpoints",
          "persistentvolumeclaims",
          "persistentvolumeclaims/status",
          "pods",
          "replicationcontrollers",
          "replicationcontrollers/scale",
          "serviceaccounts",
          "services",
          "services/status",
        ],
      },
      {
        verbs: ["get", "list", "watch"],
        apiGroups: [""],
        resources: [
          "bindings",
          "limitranges",
          "namespaces/status",
          "pods/log",
          "pods/status",
          "replicationcontrollers/status",
          "resourcequotas",
          "resourcequotas/status",
        ],
      },
      { verbs: ["get", "list", "watch"], apiGroups: [""], resources: ["namespaces"] },
      { verbs: ["get", "list", "watch"], apiGroups: ["", "events.k8s.io"], resources: ["events"] },
      { verbs: ["get", "list", "watch"], apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"] },
      {
        verbs: ["get", "list", "watch"],
        apiGroups: ["apps"],
        resources: [
          "controllerrevisions",
          "daemonsets",
          "daemonsets/status",
          "deployments",
          "deployments/scale",
          "deployments/status",
          "replicasets",
          "replicasets/scale",
          "replicasets/status",
          "statefulsets",
          "statefulsets/scale",
          "statefulsets/status",
        ],
      },
      {
        verbs: ["get", "list", "watch"],
        apiGroups: ["autoscaling"],
        resources: ["horizontalpodautoscalers", "horizontalpodautoscalers/status"],
      },
      { verbs: ["get", "list", "watch"], apiGroups: ["batch"], resources: ["cronjobs", "cronjobs/status", "jobs", "jobs/status"] },
      {
        verbs: ["get", "list", "watch"],
        apiGroups: ["extensions"],
        resources: [
          "daemonsets",
          "daemonsets/status",
          "deployments",
          "deployments/scale",
          "deployments/status",
          "ingresses",
          "ingresses/status",
          "networkpolicies",
          "replicasets",
          "replicasets/scale",
          "replicasets/status",
          "replicationcontrollers/scale",
        ],
      },
      { verbs: ["get", "list", "watch"], apiGroups: ["policy"], resources: ["poddisruptionbudgets", "poddisruptionbudgets/status"] },
      {
        verbs: ["get", "list", "watch"],
        apiGroups: ["networking.k8s.io"],
        resources: ["ingresses", "ingresses/status", "networkpolicies"],
      },
      {
        verbs: ["get", "list", "watch"],
        apiGroups: ["resource.k8s.io"],
        resources: ["resourceclaims", "resourceclaims/status", "resourceclaimtemplates"],
      },
    ],
  },
  {
    name: "system:auth-delegator",
    rules: [
      { verbs: ["create"], apiGroups: ["authentication.k8s.io"], resources: ["tokenreviews"] },
      { verbs: ["create"], apiGroups: ["authorization.k8s.io"], resources: ["subjectaccessreviews"] },
    ],
  },
  {
    name: "system:basic-user",
    rules: [
      { verbs: ["create"], apiGroups: ["authorization.k8s.io"], resources: ["selfsubjectaccessreviews", "selfsubjectrulesreviews"] },
      { verbs: ["create"], apiGroups: ["authentication.k8s.io"], resources: ["selfsubjectreviews"] },
    ],
  },
  {
    name: "system:discovery",
    rules: [
      {
        verbs: ["get"],
        nonResourceURLs: [
          "/api",
          "/api/*",
          "/apis",
          "/apis/*",
          "/healthz",
          "/livez",
          "/openapi",
          "/openapi/*",
          "/readyz",
          "/version",
          "/version/",
        ],
      },
    ],
  },
  {
    name: "system:public-info-viewer",
    rules: [{ verbs: ["get"], nonResourceURLs: ["/healthz", "/livez", "/readyz", "/version", "/version/"] }],
  },
  {
    name: "system:service-account-issuer-discovery",
    rules: [
      {
        verbs: ["get"],
        nonResourceURLs: ["/.well-known/openid-configuration", "/.well-known/openid-configuration/", "/openid/v1/jwks", "/openid/v1/jwks/"],
      },
    ],
  },
];

/** The rules of a built-in ClusterRole, those that it gathers from other built-in ones included; undefined for any other name. */
export function builtInRules(name: string): readonly PolicyRule[] | undefined {
  const role = builtInRoles.find((candidate) => candidate.name === name);
  return role?.gathers === undefined
    ? role?.rules
    : builtInRoles.filter(({ joins }) => joins === role.gathers).flatMap((joined) => builtInRules(joined.name) ?? []);
}
