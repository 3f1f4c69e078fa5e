import { rbacNoSystemGroups } from "../../../policies/rules/rbac-no-system-groups";
import { describeRule } from "../harness";

const everybody = (name: string) => ({
  change: { "subjects > 0": { kind: "Group", name } },
  messages: [`subjects[0].name: expected a group of the identity provider, not everybody, got "${name}"`],
});

const trusted = (name: string, kind = "Group") => ({
  change: { "subjects > 0": { kind, name } },
  messages: [`subjects[0].name: expected a group of the identity provider, got "${name}"`],
});

describeRule(rbacNoSystemGroups, {
  passing: {
    type: "kubernetes:rbac.authorization.k8s.io/v1beta1:ClusterRoleBinding",
    props: {
      subjects: [
        { kind: "Group", name: "okta:Kasten Users" },
        { kind: "User", name: "system:serviceaccount:kasten-io:executor-svc" },
      ],
    },
  },
  alsoPassing: {
    "a service account, whose name is no group's": {
      change: { "subjects > 0": { kind: "ServiceAccount", name: "system:masters", namespace: "kasten-io" } },
    },
  },
  violations: {
    "system:masters": {
      change: { "subjects > 0": { kind: "Group", name: "system:masters" } },
      messages: ['subjects[0].name: expected a group of the identity provider, got "system:masters"'],
    },
    "everybody with a token": everybody("system:authenticated"),
    "everybody without one": everybody("system:unauthenticated"),
    "every service account": everybody("system:serviceaccounts"),
    "every service account of a namespace": trusted("system:serviceaccounts:kasten-io"),
    "every node": trusted("system:nodes"),
    "one service account, as a group": trusted("system:serviceaccount:kasten-io:executor-svc"),
    "the group that kubeadm trusts": trusted("kubeadm:cluster-admins"),
    "the group that K10's chart trusts": trusted("k10:admins"),
    "a node as a user": trusted("system:node:worker-1", "User"),
    "a controller as a user": trusted("system:kube-controller-manager", "User"),
    "whoever, by the star of the first versions": {
      change: { "subjects > 0": { kind: "User", name: "*" } },
      messages: ['subjects[0].name: expected a group of the identity provider, not everybody, got "*"'],
    },
    "the anonymous user": {
      change: { "subjects > 0": { kind: "User", name: "system:anonymous" } },
      messages: ['subjects[0].name: expected a group of the identity provider, not everybody, got "system:anonymous"'],
    },
  },
});
