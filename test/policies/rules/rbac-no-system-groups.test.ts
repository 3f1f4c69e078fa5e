import { rbacNoSystemGroups } from "../../../policies/rules/rbac-no-system-groups";
import { describeRule } from "../harness";

const everybody = (name: string) => ({
  change: { "subjects > 0": { kind: "Group", name } },
  messages: [`subjects[0].name: expected a group of the identity provider, not everybody, found "${name}"`],
});

describeRule(rbacNoSystemGroups, {
  passing: {
    type: "kubernetes:rbac.authorization.k8s.io/v1beta1:ClusterRoleBinding",
    props: {
      subjects: [
        { kind: "Group", name: "okta:Kasten Users" },
        { kind: "Group", name: "system:serviceaccounts:kasten-io" },
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
      messages: ['subjects[0].name: expected a group of the identity provider, found "system:masters"'],
    },
    "everybody with a token": everybody("system:authenticated"),
    "everybody without one": everybody("system:unauthenticated"),
    "every service account": everybody("system:serviceaccounts"),
    "the anonymous user": {
      change: { "subjects > 0": { kind: "User", name: "system:anonymous" } },
      messages: ['subjects[0].name: expected a group of the identity provider, not everybody, found "system:anonymous"'],
    },
  },
});
