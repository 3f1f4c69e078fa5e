import { rbacNoWildcards } from "../../../policies/rules/rbac-no-wildcards";
import { describeRule } from "../harness";

const type = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole";

describeRule(rbacNoWildcards, {
  passing: {
    type,
    props: {
      rules: [
        { apiGroups: [""], resources: ["pods"], verbs: ["get"] },
        { nonResourceURLs: ["/healthz"], verbs: ["get"] },
      ],
    },
  },
  violations: {
    "all verbs": { change: { "rules > 0 > verbs": ["*"] }, messages: ['rules[0].verbs: expected verbs by name, found ["*"]'] },
    "all resources": {
      change: { "rules > 0 > resources": ["*"] },
      messages: ['rules[0].resources: expected resources by name, found ["*"]'],
    },
    "a subresource of everything": {
      change: { "rules > 0 > resources": ["*/scale"] },
      messages: ['rules[0].resources: expected resources by name, found ["*/scale"]'],
    },
    "all API groups": {
      change: { "rules > 0 > apiGroups": ["*"] },
      messages: ['rules[0].apiGroups: expected API groups by name, found ["*"]'],
    },
    "all paths": {
      change: { "rules > 1 > nonResourceURLs": ["*"] },
      messages: ['rules[1].nonResourceURLs: expected paths by name, found ["*"]'],
    },
    "all paths, written as a path": {
      change: { "rules > 1 > nonResourceURLs": ["/*"] },
      messages: ['rules[1].nonResourceURLs: expected paths by name, found ["/*"]'],
    },
    "a role in a list": {
      resources: [{ type: "kubernetes:rbac.authorization.k8s.io/v1:RoleList", props: { items: [{ rules: [{ verbs: ["*"] }] }] } }],
      messages: ['items[0].rules[0].verbs: expected verbs by name, found ["*"]'],
    },
  },
});
