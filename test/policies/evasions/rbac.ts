import { stringify } from "yaml";
import type { Fixture } from "../harness";
import { binding, clusterRole, people, type Evasion } from "./evasion";

const evasions = (kind: string, rule: string, cases: Readonly<Record<string, Evasion["resources"][number]>>): Evasion[] =>
  Object.entries(cases).map(([name, resource]) => ({ kind, name, rule, resources: [resource] }));

const role = (apiGroup: string, resource: string, verbs: readonly string[], more: object = {}) =>
  clusterRole([{ apiGroups: [apiGroup], resources: [resource], verbs, ...more }]);
const aggregate = (selector: object) => clusterRole([], { aggregationRule: { clusterRoleSelectors: [selector] } });
const secret = (type: string, props: object) => ({ type, props: { metadata: { name: "token" }, ...props } });

const configuration = (jwt: object): string =>
  stringify({
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "AuthenticationConfiguration",
    jwt: [
      {
        issuer: { url: "https://example.okta.com", audiences: ["0oa1"] },
        claimMappings: { username: { claim: "sub", prefix: "okta:" }, groups: { claim: "groups", prefix: "okta:" } },
        ...jwt,
      },
    ],
  });
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const configMap = (data: object) => ({ type: "kubernetes:core/v1:ConfigMap", props: { metadata: { name: "auth" }, ...data } });
const bare = { username: { claim: "sub", prefix: "okta:" }, groups: { claim: "groups", prefix: "" } };
const guarded = (...expressions: string[]) =>
  configMap({
    data: { "auth.yaml": configuration({ claimMappings: bare, userValidationRules: expressions.map((expression) => ({ expression })) }) },
  });
const named = (claimMappings: object, more: object = {}) => configMap({ data: { "auth.yaml": configuration({ claimMappings, ...more }) } });
const groups = { claim: "groups", prefix: "okta:" };
const flags = {
  "oidc-issuer-url": "https://example.okta.com",
  "oidc-client-id": "0oa1",
  "oidc-username-claim": "sub",
  "oidc-username-prefix": "okta:",
  "oidc-groups-claim": "groups",
  "oidc-groups-prefix": "okta:",
};
const kubeadm = (extraArgs: object) =>
  configMap({ data: { ClusterConfiguration: stringify({ kind: "ClusterConfiguration", apiServer: { extraArgs } }) } });
const own = (apiGroup: string, resource: string, verbs: readonly string[], metadata: object = {}): Fixture => ({
  ...role(apiGroup, resource, verbs),
  name: "role",
  props: { metadata: { name: "helpers", ...metadata }, rules: [{ apiGroups: [apiGroup], resources: [resource], verbs }] },
});
const workload = (type: string, spec: object, namespace: string): Fixture => ({
  type: `kubernetes:${type}`,
  name: "workload",
  props: { metadata: { name: "helper", namespace }, spec },
});
const policy = (valueExpression: string): Fixture => ({
  type: "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy",
  props: {
    spec: {
      matchConstraints: { resourceRules: [{ apiGroups: [""], resources: ["secrets"], operations: ["*"] }] },
      auditAnnotations: [{ key: "seen", valueExpression }],
    },
  },
});
const definitions = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";
const definition = (props: Record<string, unknown>): Fixture => ({ type: definitions, props });
const conversion = { conversion: { strategy: "Webhook", webhook: { clientConfig: { url: "https://elsewhere.example.com" } } } };
const whole = (kind: string, rule: string, cases: Readonly<Record<string, readonly Fixture[]>>): Evasion[] =>
  Object.entries(cases).map(([name, resources]) => ({ kind, name, rule, resources }));

export const rbacEvasions: readonly Evasion[] = [
  ...evasions("aggregated ClusterRoles", "rbac-no-wildcards", {
    "the label of admin": aggregate({ matchLabels: { "rbac.authorization.k8s.io/aggregate-to-admin": "true" } }),
    "the empty selector, which is every role": aggregate({}),
    "an expression over Kubernetes' own label": aggregate({
      matchExpressions: [{ key: "kubernetes.io/bootstrapping", operator: "Exists" }],
    }),
    "whatever lacks a label": aggregate({ matchExpressions: [{ key: "example.com/none", operator: "DoesNotExist" }] }),
    "the administrators' role of a chart": aggregate({ matchLabels: { "app.kubernetes.io/managed-by": "Helm" } }),
    "a patch of an existing role": {
      type: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRolePatch",
      props: { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { "rbac.authorization.k8s.io/aggregate-to-edit": "true" } }] } },
    },
  }),
  ...evasions("patch and deletecollection on Secrets", "rbac-secrets-read", {
    "an empty patch": role("", "secrets", ["patch"]),
    "a dry run of deletecollection": role("", "secrets", ["deletecollection"]),
    "the empty name": role("", "secrets", ["list"], { resourceNames: [""] }),
    "a name beside the empty one": role("", "secrets", ["watch"], { resourceNames: ["k10-oidc", ""] }),
  }),
  ...evasions("constrained impersonation", "rbac-no-escalation-verbs", {
    "who, from 1.36 on": role("authentication.k8s.io", "groups", ["impersonate:user-info"]),
    "what, from 1.36 on": role("", "secrets", ["impersonate-on:user-info:list"]),
    "a service account, from 1.36 on": role("authentication.k8s.io", "serviceaccounts", ["impersonate:serviceaccount"]),
    "attributes of any name": role("authentication.k8s.io", "userextras/*", ["impersonate"]),
    "a node, from 1.36 on": role("", "pods", ["impersonate-on:arbitrary-node:list"]),
    "attributes only": role("authentication.k8s.io", "userextras/groups", ["impersonate"]),
  }),
  ...evasions("access control that platforms keep themselves", "rbac-no-escalation-verbs", {
    "KubeSphere's administrators": role("iam.kubesphere.io", "globalrolebindings", ["create"]),
    "KubeSphere's roles": role("iam.kubesphere.io", "globalroles", ["patch"]),
    "Dex's connectors": role("dex.coreos.com", "connectors", ["update"]),
    "OpenUnison's trusts": role("openunison.tremolo.io", "trusts", ["create"]),
  }),
  ...evasions("bindings to built-in edit and admin", "rbac-no-cluster-admin", {
    "edit of the whole cluster": binding("edit", people),
    "admin of the whole cluster": binding("admin", people),
    "edit in kube-system": binding("edit", people, { metadata: { namespace: "kube-system" } }, "RoleBinding"),
    "admin in K10's namespace": binding("admin", people, { metadata: { namespace: "kasten-io" } }, "RoleBinding"),
    "edit for a service account": binding("edit", { kind: "ServiceAccount", name: "ci", namespace: "ci" }),
    "edit where K10's clusters meet": binding("edit", people, { metadata: { namespace: "kasten-io-mc" } }, "RoleBinding"),
    "edit in a second OpenUnison": binding("edit", people, { metadata: { namespace: "openunison-test" } }, "RoleBinding"),
    "a node's beginning": binding("system:node-bootstrapper", people),
    "the scheduler's role": binding("system:kube-scheduler", people),
    "the role that makes volumes": binding("system:persistent-volume-provisioner", people),
    "a part of admin": binding("system:aggregate-to-admin", people),
    "the controller that escalates": binding("system:controller:clusterrole-aggregation-controller", people),
    "the provider's namespace": { ...binding("edit", people, { metadata: {} }, "RoleBinding"), provider: { namespace: "openunison" } },
  }),
  ...evasions("token Secrets", "rbac-csr-webhook-token", {
    "a token for an administrator's account": secret("kubernetes:core/v1:Secret", { type: "kubernetes.io/service-account-token" }),
    "the same as a custom resource": secret("kubernetes:v1:Secret", { type: "kubernetes.io/service-account-token" }),
    "the same as a patch": secret("kubernetes:core/v1:SecretPatch", { type: "kubernetes.io/service-account-token" }),
    "a node's bootstrap token": secret("kubernetes:core/v1:Secret", { type: "bootstrap.kubernetes.io/token" }),
    "a list of them": secret("kubernetes:core/v1:SecretList", { items: [{ type: "kubernetes.io/service-account-token" }] }),
    "a client's certificate": {
      type: "kubernetes:certificates.k8s.io/v1:CertificateSigningRequest",
      props: { spec: { signerName: "kubernetes.io/kube-apiserver-client", request: "LS0t", usages: ["client auth"] } },
    },
    "a token that is asked for": {
      type: "kubernetes:authentication.k8s.io/v1:TokenRequest",
      props: { metadata: { name: "k10-k10", namespace: "kasten-io" }, spec: { audiences: ["https://kubernetes.default.svc"] } },
    },
    "a role that makes one under a name that it may read": clusterRole([
      { apiGroups: [""], resources: ["secrets"], verbs: ["create"] },
      { apiGroups: [""], resources: ["secrets"], resourceNames: ["mine"], verbs: ["get"] },
    ]),
  }),
  ...evasions("webhooks, API services and admission policies", "rbac-csr-webhook-token", {
    "API services": role("apiregistration.k8s.io", "apiservices", ["update"]),
    "policies that refuse": role("admissionregistration.k8s.io", "validatingadmissionpolicies", ["delete"]),
    "policies that change": role("admissionregistration.k8s.io", "mutatingadmissionpolicies", ["create"]),
    "definitions, with their conversion webhooks": role("apiextensions.k8s.io", "customresourcedefinitions", ["patch"]),
    "authorities that workloads trust": role("certificates.k8s.io", "clustertrustbundles", ["update"]),
    "a group of Kubernetes' own": {
      type: "kubernetes:apiregistration.k8s.io/v1:APIService",
      props: { spec: { group: "rbac.authorization.k8s.io", version: "v1", service: { name: "x", namespace: "y" } } },
    },
    "an API service that anybody may be": {
      type: "kubernetes:apiregistration.k8s.io/v1:APIServicePatch",
      props: { spec: { group: "example.com", version: "v1", insecureSkipTLSVerify: true } },
    },
    "their bindings": role("admissionregistration.k8s.io", "mutatingadmissionpolicybindings", ["patch"]),
    "a webhook that sees Secrets": {
      type: "kubernetes:admissionregistration.k8s.io/v1:MutatingWebhookConfiguration",
      props: { webhooks: [{ rules: [{ apiGroups: ["*"], resources: ["*"] }] }] },
    },
    "a policy that writes into bindings": {
      type: "kubernetes:admissionregistration.k8s.io/v1alpha1:MutatingAdmissionPolicy",
      props: { spec: { matchConstraints: { resourceRules: [{ apiGroups: ["rbac.authorization.k8s.io"], resources: ["rolebindings"] }] } } },
    },
  }),
  ...evasions("groups that the cluster trusts", "rbac-no-system-groups", {
    "the service accounts of a namespace": binding("view", { kind: "Group", name: "system:serviceaccounts:default" }),
    "the nodes": binding("view", { kind: "Group", name: "system:nodes" }),
    "kubeadm's administrators": binding("view", { kind: "Group", name: "kubeadm:cluster-admins" }),
    "K10's own administrators": binding("view", { kind: "Group", name: "k10:admins" }),
    "a controller's user": binding("view", { kind: "User", name: "system:kube-scheduler" }),
    "Okta's group of everybody": binding("view", { kind: "Group", name: "okta:Everyone" }),
    "everybody, in KubeSphere": {
      type: "kubernetes:iam.kubesphere.io/v1beta1:GlobalRoleBinding",
      props: { roleRef: { kind: "GlobalRole", name: "platform-admin" }, subjects: [{ kind: "Group", name: "system:authenticated" }] },
    },
    "everybody, as a user": binding("view", { kind: "User", name: "*" }),
  }),
  ...evasions("files of the API server in other places", "apiserver-authentication", {
    binaryData: configMap({ binaryData: { "auth.yaml": base64(configuration({ claimMappings: bare })) } }),
    "a list": { type: "kubernetes:core/v1:ConfigMapList", props: { items: [{ data: { a: configuration({ claimMappings: bare }) } }] } },
    "a custom resource of the core group": {
      type: "kubernetes:v1:ConfigMap",
      props: { data: { a: configuration({ claimMappings: bare }) } },
    },
    "a second document": configMap({ data: { a: `{}\n---\n${configuration({ claimMappings: bare })}` } }),
    "a kind with escapes": configMap({
      data: { a: configuration({ claimMappings: bare }).replace("AuthenticationConfiguration", '"Authentication\\x43onfiguration"') },
    }),
    "a kind over two lines": configMap({
      data: { a: configuration({ claimMappings: bare }).replace("AuthenticationConfiguration", '"Authentication\\\n  Configuration"') },
    }),
    "people without a token": configMap({
      data: { a: stringify({ kind: "AuthenticationConfiguration", anonymous: { enabled: true } }) },
    }),
    "people without a token, for one path": configMap({
      data: {
        a: stringify({
          kind: "AuthenticationConfiguration",
          anonymous: { enabled: true, conditions: [{ path: "/livez" }, { path: "/api" }] },
        }),
      },
    }),
    "an authorizer that asks nobody": configMap({
      data: {
        a: stringify({
          kind: "AuthorizationConfiguration",
          authorizers: [
            { type: "RBAC", name: "r" },
            { type: "AlwaysAllow", name: "a" },
          ],
        }),
      },
    }),
    "keys from elsewhere": configMap({
      data: { a: configuration({ issuer: { url: "https://example.okta.com", discoveryURL: "http://idp/keys", audiences: ["a"] } }) },
    }),
    "a merge key": configMap({
      data: {
        a:
          "base: &base { claimMappings: { username: { claim: sub, prefix: '' }, groups: { claim: groups, prefix: '' } } }\n" +
          "kind: AuthenticationConfiguration\njwt:\n  - <<: *base\n    issuer: { url: https://example.okta.com, audiences: [a] }\n",
      },
    }),
    "a key twice": configMap({
      data: { a: `${configuration({})}kind: AuthenticationConfiguration\njwt: [{ issuer: { url: "http://idp", audiences: [a] } }]\n` },
    }),
  }),
  ...evasions("guards that are always true", "apiserver-authentication", {
    "or true": guarded("user.groups.all(g, !g.startsWith('system:') && !g.startsWith('kubeadm:')) || true"),
    "the other way round": guarded("user.groups.all(g, g.startsWith('system:') || !g.startsWith('system:') || g.startsWith('kubeadm:'))"),
    "in a text": guarded("'user.groups system: kubeadm:' != ''"),
    "some instead of all": guarded("user.groups.exists(g, !g.startsWith('system:') && !g.startsWith('kubeadm:'))"),
    "of the other name": guarded("!user.username.startsWith('system:')"),
    "a choice": guarded("true ? true : user.groups.all(g, !g.startsWith('system:') && !g.startsWith('kubeadm:'))"),
    "half of the names": guarded("user.groups.all(g, !g.startsWith('system:'))"),
    "a longer name": guarded("user.groups.all(g, !g.startsWith('system:masters') && !g.startsWith('kubeadm:'))"),
    "an address that need not be verified": named(
      { username: { expression: "'okta:' + claims.email" }, groups },
      { claimValidationRules: [{ expression: "claims.email_verified || true" }] },
    ),
    "an address under another spelling": named({ username: { expression: "'okta:' + claims['email']" }, groups }),
    "a prefix behind the name": named({ username: { expression: "claims.a + ':' + claims.sub" }, groups }),
    "a prefix for some": named({ username: { expression: "claims.x == 'y' ? claims.sub : 'okta:' + claims.sub" }, groups }),
    "a prefix that is compared": named({ username: { expression: "'okta:' + claims.sub == 'x' ? claims.sub : claims.sub" }, groups }),
    "the prefix of a cluster's maker": named({
      username: { claim: "sub", prefix: "okta:" },
      groups: { claim: "groups", prefix: "kubeadm:" },
    }),
    "a prefix in an expression": named({
      username: { claim: "sub", prefix: "okta:" },
      groups: { expression: "claims.roles.map(r, 'system:' + r)" },
    }),
  }),
  ...evasions("audiences that every client has", "apiserver-authentication", {
    "Keycloak's account": named(
      { username: groups, groups },
      { issuer: { url: "https://sso.example.com", audiences: ["k8s", "account"] } },
    ),
    "Okta's default server": named({ username: groups, groups }, { issuer: { url: "https://a.okta.com", audiences: ["api://default"] } }),
  }),
  ...evasions("flags of the API server", "apiserver-authentication", {
    "in RKE2's file": configMap({ data: { "config.yaml": "kube-apiserver-arg:\n- authorization-mode=RBAC,AlwaysAllow\n" } }),
    "with dashes": configMap({ data: { "config.yaml": 'kube-apiserver-arg: "--oidc-issuer-url=http://idp.example.com"\n' } }),
    "an issuer over http": kubeadm({ ...flags, "oidc-issuer-url": "http://idp.example.com" }),
    "groups without a prefix": kubeadm({ ...flags, "oidc-groups-prefix": "" }),
    "user names without a prefix": kubeadm({ ...flags, "oidc-username-prefix": "-" }),
    "addresses without a prefix": kubeadm({ ...flags, "oidc-username-claim": "email", "oidc-username-prefix": undefined }),
    "a list of flags": kubeadm([{ name: "authorization-mode", value: "Node,AlwaysAllow" }]),
    "a file of tokens": kubeadm({ "token-auth-file": "/etc/kubernetes/tokens.csv" }),
    "without a kind": configMap({
      data: { ClusterConfiguration: stringify({ apiServer: { extraArgs: { "authorization-mode": "AlwaysAllow" } } }) },
    }),
  }),
  ...evasions("accounts of every pod", "rbac-no-system-groups", {
    "K10's administrators": binding("k10-admin", { kind: "ServiceAccount", name: "default", namespace: "default" }),
    "as the user that it is": binding("k10-admin", { kind: "User", name: "system:serviceaccount:default:default" }),
    "view for every pod": binding("view", { kind: "ServiceAccount", name: "default", namespace: "shop" }),
  }),
  ...evasions("edit where other controllers run", "rbac-no-cluster-admin", {
    "cert-manager": binding("edit", people, { metadata: { namespace: "cert-manager" } }, "RoleBinding"),
    "Argo CD": binding("admin", people, { metadata: { namespace: "argocd" } }, "RoleBinding"),
    OpenShift: binding("edit", people, { metadata: { namespace: "openshift-gitops" } }, "RoleBinding"),
  }),
  ...whole("edit under a name of one's own", "rbac-platform-namespace", {
    "pods of the whole cluster": [own("", "pods", ["create"]), binding("helpers", people)],
    "deployments of the whole cluster": [own("apps", "deployments", ["patch"]), binding("helpers", people)],
    "Secrets of the whole cluster": [own("", "secrets", ["update"]), binding("helpers", people)],
    "volumes of nodes": [own("", "persistentvolumes", ["create"]), binding("helpers", people)],
    "what pods may do": [own("", "namespaces", ["patch"]), binding("helpers", people)],
    "services beside K10": [
      own("", "services/proxy", ["get"]),
      binding("helpers", people, { metadata: { name: "b", namespace: "kasten-io" } }, "RoleBinding"),
    ],
    "a Role beside OpenUnison": [
      { ...own("batch", "cronjobs", ["create"], { namespace: "openunison" }), type: "kubernetes:rbac.authorization.k8s.io/v1:Role" },
      binding(
        "helpers",
        people,
        { metadata: { name: "b", namespace: "openunison" }, roleRef: { kind: "Role", name: "helpers" } },
        "RoleBinding",
      ),
    ],
    "a role whose name the engine gives": [
      { ...own("", "pods", ["create"]), name: "role", props: { rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["create"] }] } },
      { ...binding("role-1a2b3c4", people), name: "binding", from: { roleRef: ["role"] } },
    ],
  }),
  ...whole("accounts of platforms", "workload-own-account", {
    "a pod as K10": [workload("core/v1:Pod", { serviceAccountName: "k10-k10" }, "kasten-io")],
    "a job as a controller of Kubernetes": [
      workload("batch/v1:Job", { template: { spec: { serviceAccountName: "clusterrole-aggregation-controller" } } }, "kube-system"),
    ],
    "a schedule as OpenUnison": [
      workload(
        "batch/v1:CronJob",
        { jobTemplate: { spec: { template: { spec: { serviceAccount: "openunison-operator" } } } } },
        "openunison",
      ),
    ],
    "a patch of a deployment": [
      workload("apps/v1:DeploymentPatch", { template: { spec: { serviceAccountName: "kubesphere" } } }, "kubesphere-system"),
    ],
    "an account of another namespace's name": [
      { type: "kubernetes:core/v1:ServiceAccount", name: "account", props: { metadata: { name: "k10-k10", namespace: "shop" } } },
      workload("core/v1:Pod", { serviceAccountName: "k10-k10" }, "kasten-io"),
    ],
  }),
  ...evasions("copies of Secrets", "rbac-csr-webhook-token", {
    "into the audit log": policy("string(object.data)"),
    "what was there before": policy("oldObject.data.password"),
  }),
  ...evasions("webhooks of platforms' own resources", "rbac-csr-webhook-token", {
    "K10's policies": definition({ metadata: { name: "policies.config.kio.kasten.io" }, spec: conversion }),
    "KubeSphere's roles": definition({ spec: { group: "iam.kubesphere.io", ...conversion } }),
    "a patch": { ...definition({ spec: { group: "openunison.tremolo.io", ...conversion } }), type: `${definitions}Patch` },
  }),
];
