import { rbacCsrWebhookToken } from "../../../policies/rules/rbac-csr-webhook-token";
import { describeRule } from "../harness";

const violation = (apiGroup: string, resource: string, verbs: string[], found: string) => ({
  change: { "rules > 0": { apiGroups: [apiGroup], resources: [resource], verbs } },
  messages: [`rules[0]: expected no power over certificates, webhooks or service account tokens, found ${found}`],
});

describeRule(rbacCsrWebhookToken, {
  passing: {
    type: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
    props: {
      rules: [
        { apiGroups: ["certificates.k8s.io"], resources: ["certificatesigningrequests"], verbs: ["create", "get"] },
        { apiGroups: ["admissionregistration.k8s.io"], resources: ["validatingwebhookconfigurations"], verbs: ["get", "list"] },
        { apiGroups: [""], resources: ["serviceaccounts"], verbs: ["create"] },
      ],
    },
  },
  violations: {
    "approving certificates": violation(
      "certificates.k8s.io",
      "certificatesigningrequests/approval",
      ["update"],
      "update on certificatesigningrequests/approval",
    ),
    "signing certificates": violation("certificates.k8s.io", "signers", ["approve", "sign"], "approve, sign on signers"),
    "changing validation": violation(
      "admissionregistration.k8s.io",
      "validatingwebhookconfigurations",
      ["patch"],
      "patch on validatingwebhookconfigurations",
    ),
    "changing mutation": violation(
      "admissionregistration.k8s.io",
      "mutatingwebhookconfigurations",
      ["create", "delete"],
      "create, delete on mutatingwebhookconfigurations",
    ),
    "approving by a patch": violation(
      "certificates.k8s.io",
      "certificatesigningrequests/approval",
      ["patch"],
      "patch on certificatesigningrequests/approval",
    ),
    "changing and clearing": violation(
      "admissionregistration.k8s.io",
      "mutatingwebhookconfigurations",
      ["update", "deletecollection"],
      "update, deletecollection on mutatingwebhookconfigurations",
    ),
    "making tokens": violation("", "serviceaccounts/token", ["create"], "create on serviceaccounts/token"),
  },
});
