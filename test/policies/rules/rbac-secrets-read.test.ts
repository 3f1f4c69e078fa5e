import { rbacSecretsRead } from "../../../policies/rules/rbac-secrets-read";
import { describeRule } from "../harness";

const violation = (changed: object, found: string) => ({
  change: { "rules > 0": changed },
  messages: [`rules[0]: expected Secrets by name (resourceNames), found ${found} on secrets`],
});

describeRule(rbacSecretsRead, {
  passing: {
    type: "kubernetes:rbac.authorization.k8s.io/v1:Role",
    props: { rules: [{ apiGroups: [""], resources: ["secrets"], resourceNames: ["k10-oidc-client"], verbs: ["get"] }] },
  },
  alsoPassing: { "writing only": { change: { "rules > 0": { apiGroups: [""], resources: ["secrets"], verbs: ["create"] } } } },
  violations: {
    "listing Secrets": violation({ apiGroups: [""], resources: ["secrets"], verbs: ["list"] }, "list"),
    "reading any Secret": violation({ apiGroups: [""], resources: ["configmaps", "secrets"], verbs: ["get", "watch"] }, "get, watch"),
    everything: violation({ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }, "get, list, watch"),
  },
  // Without its names, what is left is a rule that reads any Secret; names are literals.
  reportedWhenUnknown: {},
});
