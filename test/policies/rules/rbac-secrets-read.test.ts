import { rbacSecretsRead } from "../../../policies/rules/rbac-secrets-read";
import { describeRule } from "../harness";

const violation = (changed: object, got: string) => ({
  change: { "rules > 0": changed },
  messages: [`rules[0]: expected Secrets by name (resourceNames), got ${got} on secrets`],
});

describeRule(rbacSecretsRead, {
  passing: {
    type: "kubernetes:rbac.authorization.k8s.io/v1:Role",
    props: { rules: [{ apiGroups: [""], resources: ["secrets"], resourceNames: ["k10-oidc-client"], verbs: ["get"] }] },
  },
  alsoPassing: {
    "writing only": { change: { "rules > 0": { apiGroups: [""], resources: ["secrets"], verbs: ["create", "update"] } } },
    "patching by name": { change: { "rules > 0 > verbs": ["get", "patch"] } },
  },
  violations: {
    "listing Secrets": violation({ apiGroups: [""], resources: ["secrets"], verbs: ["list"] }, "list"),
    "reading any Secret": violation({ apiGroups: [""], resources: ["configmaps", "secrets"], verbs: ["get", "watch"] }, "get, watch"),
    everything: violation({ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }, "get, list, watch, patch, deletecollection"),
    "an empty patch, which is answered with the Secret": violation({ apiGroups: [""], resources: ["secrets"], verbs: ["patch"] }, "patch"),
    "clearing all, which is answered with them": violation(
      { apiGroups: [""], resources: ["secrets"], verbs: ["deletecollection"] },
      "deletecollection",
    ),
    "the empty name, which is no limit": violation(
      { apiGroups: [""], resources: ["secrets"], resourceNames: [""], verbs: ["list"] },
      "list",
    ),
  },
  // Without its names, what is left is a rule that reads any Secret; names are literals.
  reportedWhenUnknown: {},
});
