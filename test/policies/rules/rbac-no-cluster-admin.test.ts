import { breakGlassAnnotation, expiresAnnotation, rbacNoClusterAdmin } from "../../../policies/rules/rbac-no-cluster-admin";
import { describeRule, unknown } from "../harness";

const expires = `metadata > annotations > ${expiresAnnotation}`;
const path = `metadata.annotations['${expiresAnnotation}']`;

const roleBinding = (role: string, more: object, provider?: Record<string, unknown>) => ({
  resources: [
    {
      type: "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
      props: { metadata: {}, roleRef: { kind: "ClusterRole", name: role }, subjects: [], ...more },
      ...(provider === undefined ? {} : { provider }),
    },
  ],
});
const clusterWide = (role: string, got = role) => ({
  change: { metadata: undefined, "roleRef > name": role },
  messages: [`roleRef.name: expected the platform's own role, got "${got}"`],
});

describeRule(rbacNoClusterAdmin, {
  passing: {
    type: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
    props: {
      metadata: { annotations: { [breakGlassAnnotation]: "incident 4711", [expiresAnnotation]: "2026-11-25" } },
      roleRef: { kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ kind: "Group", name: "okta:Incident" }],
    },
  },
  alsoPassing: {
    "an end today": { change: { [expires]: "2026-11-23" } },
    "an end on the last day allowed": { change: { [expires]: "2026-11-30" } },
    "a role that is not known yet": { change: { metadata: undefined, "roleRef > name": unknown } },
    "another role": { change: { metadata: undefined, "roleRef > name": "k10-admin" } },
    "edit in a namespace of people's own": roleBinding("edit", { metadata: { namespace: "shop" } }),
    "edit in a namespace that is not known yet": roleBinding("edit", { metadata: { namespace: unknown } }, { namespace: "kube-system" }),
    "view in a guarded namespace": roleBinding("view", { metadata: { namespace: "kasten-io" } }),
    "a role of Kubernetes for webhooks": { change: { metadata: undefined, "roleRef > name": "system:auth-delegator" } },
    "another guarded namespace than configured": {
      ...roleBinding("edit", { metadata: { namespace: "kasten-io" } }),
      settings: { guardedNamespaces: ["backup"] },
    },
    "a namespaced role of that name": { change: { metadata: undefined, "roleRef > kind": "Role" } },
  },
  violations: {
    "cluster-admin": {
      change: { metadata: undefined },
      messages: ['roleRef.name: expected the platform\'s own role, got "cluster-admin"'],
    },
    "cluster-admin without a reason": {
      change: { [`metadata > annotations > ${breakGlassAnnotation}`]: "" },
      messages: ['roleRef.name: expected the platform\'s own role, got "cluster-admin"'],
    },
    "cluster-admin in a namespace": {
      resources: [
        {
          type: "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
          props: { roleRef: { kind: "ClusterRole", name: "cluster-admin" }, subjects: [] },
        },
      ],
      messages: ['roleRef.name: expected the platform\'s own role, got "cluster-admin"'],
    },
    "edit cluster-wide": clusterWide("edit", "edit in every namespace"),
    "admin cluster-wide": clusterWide("admin", "admin in every namespace"),
    "what admin is made of": clusterWide("system:aggregate-to-admin", "system:aggregate-to-admin in every namespace"),
    "a controller that may escalate": clusterWide("system:controller:clusterrole-aggregation-controller"),
    "a controller that makes tokens": clusterWide("system:kube-controller-manager"),
    "approving certificates": clusterWide("system:certificates.k8s.io:kube-apiserver-client-approver"),
    "the kubelets' interface": clusterWide("system:kubelet-api-admin"),
    "a node's rights": clusterWide("system:node"),
    "edit in kube-system": {
      ...roleBinding("edit", { metadata: { namespace: "kube-system" } }),
      messages: ['roleRef.name: expected the platform\'s own role, got "edit in kube-system"'],
    },
    "admin in a platform's namespace": {
      ...roleBinding("admin", { metadata: { namespace: "kubesphere-controls-system" } }),
      messages: ['roleRef.name: expected the platform\'s own role, got "admin in kubesphere-controls-system"'],
    },
    "edit where the provider's namespace is a platform's": {
      ...roleBinding("edit", {}, { namespace: "kasten-io" }),
      messages: ['roleRef.name: expected the platform\'s own role, got "edit in kasten-io"'],
    },
    "break glass without an end": { change: { [expires]: undefined }, messages: [`${path}: expected a date (YYYY-MM-DD), got nothing`] },
    "an end that is no date": {
      change: { [expires]: "2026-11-31" },
      messages: [`${path}: expected a date (YYYY-MM-DD), got "2026-11-31"`],
    },
    "an end that has passed": {
      change: { [expires]: "2026-11-22" },
      messages: [`${path}: expected a date that is not over, got "2026-11-22"`],
    },
    "an end one day too far": {
      change: { [expires]: "2026-12-02" },
      messages: [`${path}: expected a date at most 7 days away, got "2026-12-02"`],
    },
    "an end far away": {
      change: { [expires]: "2027-01-01" },
      messages: [`${path}: expected a date at most 7 days away, got "2027-01-01"`],
    },
    "an end further away than configured": {
      settings: { breakGlassDays: 1 },
      messages: [`${path}: expected a date at most 1 days away, got "2026-11-25"`],
    },
    "another role that counts as cluster-admin": {
      change: { metadata: undefined, "roleRef > name": "root" },
      settings: { adminRoles: ["root"] },
      messages: ['roleRef.name: expected the platform\'s own role, got "root"'],
    },
  },
});
