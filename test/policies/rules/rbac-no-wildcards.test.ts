import { rbacNoWildcards } from "../../../policies/rules/rbac-no-wildcards";
import { describeRule, unknown } from "../harness";

const type = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole";

const selecting = (clusterRoleSelectors: unknown) => ({ change: { aggregationRule: { clusterRoleSelectors } } });
const aggregating = (selector: object) => ({
  ...selecting([{ matchLabels: { "example.com/aggregate": "yes" } }, selector]),
  messages: [`aggregationRule.clusterRoleSelectors[1]: expected a label of your own roles, got ${JSON.stringify(selector)}`],
});

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
  alsoPassing: {
    "the rules of roles with a label of one's own": selecting([{ matchLabels: { "example.com/aggregate": "yes" } }]),
    "the rules of Kubernetes' own view, which reads no Secret": selecting([
      { matchLabels: { "rbac.authorization.k8s.io/aggregate-to-view": "true" } },
    ]),
    "a selector of one's own that excepts something": selecting([
      {
        matchLabels: { "example.com/aggregate": "yes" },
        matchExpressions: [{ key: "example.com/no", operator: "DoesNotExist" }],
      },
    ]),
    "an operator that there is not": selecting([{ matchExpressions: [{ key: "kubernetes.io/bootstrapping", operator: "Gt" }] }]),
    "selectors that are not known yet": selecting([{ matchLabels: unknown }, { matchExpressions: unknown }, unknown]),
  },
  violations: {
    "all verbs": { change: { "rules > 0 > verbs": ["*"] }, messages: ['rules[0].verbs: expected verbs by name, got ["*"]'] },
    "all resources": {
      change: { "rules > 0 > resources": ["*"] },
      messages: ['rules[0].resources: expected resources by name, got ["*"]'],
    },
    "a subresource of everything": {
      change: { "rules > 0 > resources": ["*/scale"] },
      messages: ['rules[0].resources: expected resources by name, got ["*/scale"]'],
    },
    "all API groups": {
      change: { "rules > 0 > apiGroups": ["*"] },
      messages: ['rules[0].apiGroups: expected API groups by name, got ["*"]'],
    },
    "all paths": {
      change: { "rules > 1 > nonResourceURLs": ["*"] },
      messages: ['rules[1].nonResourceURLs: expected paths by name, got ["*"]'],
    },
    "all paths, written as a path": {
      change: { "rules > 1 > nonResourceURLs": ["/*"] },
      messages: ['rules[1].nonResourceURLs: expected paths by name, got ["/*"]'],
    },
    "all paths, with stars to spare": {
      change: { "rules > 1 > nonResourceURLs": ["/**"] },
      messages: ['rules[1].nonResourceURLs: expected paths by name, got ["/**"]'],
    },
    "the rules of Kubernetes' own admin": aggregating({ matchLabels: { "rbac.authorization.k8s.io/aggregate-to-admin": "true" } }),
    "the rules of every role": aggregating({}),
    "the rules of every role of Kubernetes": aggregating({
      matchExpressions: [{ key: "kubernetes.io/bootstrapping", operator: "Exists" }],
    }),
    "the rules of roles that others did not label": aggregating({
      matchExpressions: [{ key: "example.com/no", operator: "DoesNotExist" }],
    }),
    "the rules of roles that others labelled otherwise": aggregating({
      matchExpressions: [{ key: "example.com/no", operator: "NotIn", values: ["x"] }],
    }),
    "the rules of admin or edit": aggregating({
      matchExpressions: [{ key: "rbac.authorization.k8s.io/aggregate-to-edit", operator: "In", values: ["true"] }],
    }),
    "a role in a list": {
      resources: [{ type: "kubernetes:rbac.authorization.k8s.io/v1:RoleList", props: { items: [{ rules: [{ verbs: ["*"] }] }] } }],
      messages: ['items[0].rules[0].verbs: expected verbs by name, got ["*"]'],
    },
  },
});
