import { namingAndLabels } from "../../../policies/rules/naming-and-labels";
import { describeRule } from "../harness";

describeRule(namingAndLabels, {
  passing: { type: "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", props: { metadata: { labels: { "example.com/owner": "ana" } } } },
  alsoPassing: { "an annotation": { change: { metadata: { annotations: { owner: "ana@example.com" } } } } },
  violations: {
    "no labels": { change: { metadata: undefined }, messages: ["metadata.labels: expected a label or annotation 'owner', got []"] },
    "another word that only ends alike": {
      change: { metadata: { labels: { homeowner: "ana" } } },
      messages: ["metadata.labels: expected a label or annotation 'owner', got [\"homeowner\"]"],
    },
    "a key that is configured": {
      settings: { requiredKeys: ["owner", "ticket"] },
      messages: ["metadata.labels: expected a label or annotation 'ticket', got [\"example.com/owner\"]"],
    },
  },
});
