import type { ResourceRequest } from "../rules";

/** The ways in which a right gives more than it says. A closed union; docs/access-questions.md lists it. */
export const wayCodes = {
  everything: "Every verb on every resource of the whole cluster.",
  "account-token": "Create a token of a service account (TokenRequest).",
  "token-secret": "Make a Secret of type kubernetes.io/service-account-token for a service account, and read what the cluster puts in.",
  "run-pod": "Run a pod, or change a workload, under a service account of the namespace: its token is mounted.",
  "enter-pod": "Run commands in a pod that is there, and read the token that is mounted.",
  "read-secrets": "Read Secrets: tokens of service accounts, client secrets, the values of Helm releases.",
  impersonate: "Act as another user, group or service account.",
  "impersonate-for": "Act as another user or service account for some requests (constrained impersonation, Kubernetes 1.36).",
  bind: "Give oneself a role without holding its rights (bind).",
  escalate: "Write rights into a role without holding them (escalate).",
  webhook: "Register an admission webhook: it sees, and a mutating one changes, what everybody else writes.",
  "mutating-policy": "Write a mutating admission policy: it changes what everybody else writes.",
  "validating-policy": "Change or delete validating admission policies: guards are taken away.",
  "node-proxy": "Reach the kubelet through nodes/proxy: it runs commands in every pod of the node.",
  certificate: "Ask for a client certificate and approve it: it may carry any user name.",
  "api-service": "Register an API server for an API group: it answers in the place of another.",
  "host-files": "Make a PersistentVolume on a node's own files.",
  "namespace-labels": "Change namespaces: the labels that hold pods to a Pod Security level go.",
  "operator-stack": "Change what the Pulumi operator deploys: it does so with the deployer's rights.",
  kanister: "Write Kanister blueprints and run them: their commands run under K10's own service account.",
  "sign-in-settings": "Change the Secrets, ConfigMaps or Deployments in which a platform's sign-in is configured.",
  "declared-bindings": "Change or delete bindings, those that Gatehouse declares among them.",
} as const;
export type WayCode = keyof typeof wayCodes;

/** What a way gives beyond itself. */
export type Effect =
  /** Everything in the cluster, or, within a namespace, everything there. */
  | "everything"
  /** To be any service account of the place. */
  | "any-account"
  /** To be a service account whose pod runs in the place. */
  | "running-account"
  /** To be a service account of the place that has a token Secret. */
  | "account-with-secret"
  /** To be K10's Kanister. */
  | "kanister-account"
  /** Nothing that can be followed on; it is named all the same. */
  | "itself";

/** One right that a way needs: any of the verbs, on any of the resources. */
export interface Need {
  readonly verbs: readonly string[];
  readonly apiGroup: string;
  readonly resources: readonly string[];
  readonly name?: string;
}

/** `refuse` completes 'an admission policy that refuses …'. */
export type Guard = { readonly refuse: string } | { readonly instead: string };

/** A way: every need must be held in one place. */
export interface Way {
  readonly code: WayCode;
  readonly needs: readonly Need[];
  /** `cluster`: only rights in the whole cluster count. */
  readonly scope: "cluster" | "anywhere";
  readonly effect: Effect;
  /** How it is closed where the role itself cannot be changed: what an admission policy would have to refuse, or something else. */
  readonly guard: Guard;
}

const write = ["create", "update", "patch"];
const change = ["update", "patch"];
const read = ["get", "list", "watch"];
const rbac = "rbac.authorization.k8s.io";
const admission = "admissionregistration.k8s.io";

/**
 * Kubernetes' own list of rights that lead further (kubernetes.io/docs/concepts/security/rbac-good-practices, "Privilege escalation
 * risks"), and what the platforms add to it.
 */
export const ways: readonly Way[] = [
  {
    code: "account-token",
    needs: [{ verbs: ["create"], apiGroup: "", resources: ["serviceaccounts/token"] }],
    scope: "anywhere",
    effect: "any-account",
    guard: { refuse: "tokens of service accounts" },
  },
  {
    code: "token-secret",
    needs: [
      { verbs: ["create"], apiGroup: "", resources: ["secrets"] },
      { verbs: read, apiGroup: "", resources: ["secrets"] },
    ],
    scope: "anywhere",
    effect: "any-account",
    guard: { refuse: "Secrets of type kubernetes.io/service-account-token" },
  },
  {
    code: "run-pod",
    needs: [{ verbs: ["create"], apiGroup: "", resources: ["pods", "replicationcontrollers"] }],
    scope: "anywhere",
    effect: "any-account",
    guard: { refuse: "pods under those service accounts" },
  },
  {
    code: "run-pod",
    needs: [{ verbs: write, apiGroup: "apps", resources: ["deployments", "statefulsets", "daemonsets", "replicasets"] }],
    scope: "anywhere",
    effect: "any-account",
    guard: { refuse: "workloads under those service accounts" },
  },
  {
    code: "run-pod",
    needs: [{ verbs: write, apiGroup: "batch", resources: ["jobs", "cronjobs"] }],
    scope: "anywhere",
    effect: "any-account",
    guard: { refuse: "jobs under those service accounts" },
  },
  {
    code: "enter-pod",
    needs: [{ verbs: ["create", "get"], apiGroup: "", resources: ["pods/exec", "pods/attach"] }],
    scope: "anywhere",
    effect: "running-account",
    guard: { instead: "automountServiceAccountToken: false for pods that need no token" },
  },
  {
    code: "enter-pod",
    needs: [{ verbs: change, apiGroup: "", resources: ["pods/ephemeralcontainers"] }],
    scope: "anywhere",
    effect: "running-account",
    guard: { instead: "automountServiceAccountToken: false for pods that need no token" },
  },
  {
    code: "read-secrets",
    needs: [{ verbs: read, apiGroup: "", resources: ["secrets"] }],
    scope: "anywhere",
    effect: "account-with-secret",
    guard: { instead: "TokenRequest in the place of token Secrets" },
  },
  {
    code: "impersonate",
    needs: [{ verbs: ["impersonate"], apiGroup: "", resources: ["users"] }],
    scope: "cluster",
    effect: "everything",
    guard: { instead: "resourceNames: the users, groups and accounts that the rule is for" },
  },
  {
    code: "impersonate",
    needs: [{ verbs: ["impersonate"], apiGroup: "", resources: ["serviceaccounts"] }],
    scope: "anywhere",
    effect: "any-account",
    guard: { instead: "resourceNames: the service accounts that the rule is for" },
  },
  {
    code: "bind",
    needs: [
      { verbs: ["bind"], apiGroup: rbac, resources: ["clusterroles"], name: "cluster-admin" },
      { verbs: write, apiGroup: rbac, resources: ["clusterrolebindings", "rolebindings"] },
    ],
    scope: "anywhere",
    effect: "everything",
    guard: { instead: "resourceNames: the roles that may be given" },
  },
  {
    code: "escalate",
    needs: [
      { verbs: ["escalate"], apiGroup: rbac, resources: ["clusterroles", "roles"] },
      { verbs: change, apiGroup: rbac, resources: ["clusterroles", "roles"] },
    ],
    scope: "anywhere",
    effect: "everything",
    guard: { instead: "resourceNames: roles that are bound to nobody who uses the rule" },
  },
  {
    code: "webhook",
    needs: [{ verbs: write, apiGroup: admission, resources: ["mutatingwebhookconfigurations", "validatingwebhookconfigurations"] }],
    scope: "cluster",
    effect: "everything",
    guard: { refuse: "webhooks that nobody expects" },
  },
  {
    code: "mutating-policy",
    needs: [{ verbs: write, apiGroup: admission, resources: ["mutatingadmissionpolicies", "mutatingadmissionpolicybindings"] }],
    scope: "cluster",
    effect: "everything",
    guard: { instead: "policies from a file of the API server, which no request changes" },
  },
  {
    code: "validating-policy",
    needs: [
      {
        verbs: ["update", "patch", "delete", "deletecollection"],
        apiGroup: admission,
        resources: ["validatingadmissionpolicies", "validatingadmissionpolicybindings"],
      },
    ],
    scope: "cluster",
    effect: "itself",
    guard: { instead: "policies from a file of the API server, which no request changes" },
  },
  {
    code: "node-proxy",
    needs: [{ verbs: ["get", "create"], apiGroup: "", resources: ["nodes/proxy"] }],
    scope: "cluster",
    effect: "running-account",
    guard: { instead: "nodes/metrics, nodes/stats and nodes/log, which reach no pod" },
  },
  {
    code: "certificate",
    needs: [
      { verbs: ["create"], apiGroup: "certificates.k8s.io", resources: ["certificatesigningrequests"] },
      { verbs: change, apiGroup: "certificates.k8s.io", resources: ["certificatesigningrequests/approval"] },
      { verbs: ["approve"], apiGroup: "certificates.k8s.io", resources: ["signers"], name: "kubernetes.io/kube-apiserver-client" },
    ],
    scope: "cluster",
    effect: "everything",
    guard: { instead: "resourceNames on signers: those that sign no client certificates" },
  },
  {
    code: "api-service",
    needs: [{ verbs: write, apiGroup: "apiregistration.k8s.io", resources: ["apiservices"] }],
    scope: "cluster",
    effect: "itself",
    guard: { instead: "resourceNames: the API that the rule is for" },
  },
  {
    code: "host-files",
    needs: [{ verbs: ["create"], apiGroup: "", resources: ["persistentvolumes"] }],
    scope: "cluster",
    effect: "itself",
    guard: { refuse: "hostPath and local volumes" },
  },
  {
    code: "namespace-labels",
    needs: [{ verbs: change, apiGroup: "", resources: ["namespaces"] }],
    scope: "anywhere",
    effect: "itself",
    guard: { refuse: "changes to the labels of pod-security.kubernetes.io" },
  },
  {
    code: "operator-stack",
    needs: [{ verbs: write, apiGroup: "pulumi.com", resources: ["stacks", "programs"] }],
    scope: "anywhere",
    effect: "everything",
    guard: { instead: "a namespace for the operator's Stacks in which nobody else writes" },
  },
  {
    code: "kanister",
    needs: [
      { verbs: ["create"], apiGroup: "cr.kanister.io", resources: ["actionsets"] },
      { verbs: write, apiGroup: "cr.kanister.io", resources: ["blueprints"] },
    ],
    scope: "anywhere",
    effect: "kanister-account",
    guard: { refuse: "Kanister blueprints" },
  },
];

/** Ways that are told only of places where something of the kind is: a platform's own namespace, or the whole cluster. */
export const guardedWays: readonly Way[] = [
  {
    code: "sign-in-settings",
    needs: [{ verbs: change, apiGroup: "", resources: ["secrets", "configmaps"] }],
    scope: "anywhere",
    effect: "itself",
    guard: { instead: "a namespace for the platform in which nobody else writes" },
  },
  {
    code: "declared-bindings",
    needs: [
      {
        verbs: ["update", "patch", "delete", "deletecollection"],
        apiGroup: rbac,
        resources: ["rolebindings", "clusterrolebindings"],
      },
    ],
    scope: "anywhere",
    effect: "itself",
    guard: { refuse: "changes to what Gatehouse declares" },
  },
];

/** Every request that would meet a need in a place. */
export function requestsOf({ verbs, apiGroup, resources, name = "" }: Need, place: string | undefined): ResourceRequest[] {
  return verbs.flatMap((verb) =>
    resources.map((whole) => {
      const [resource = "", subresource = ""] = whole.split("/");
      return { verb, apiGroup, resource, subresource, name, namespace: place ?? "" };
    }),
  );
}
