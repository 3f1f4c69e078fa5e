import { rbacCsrWebhookToken } from "../../../policies/rules/rbac-csr-webhook-token";
import { describeRule, unknown } from "../harness";

const violation = (apiGroup: string, resource: string, verbs: string[], got: string) => ({
  change: { "rules > 0": { apiGroups: [apiGroup], resources: [resource], verbs } },
  messages: [`rules[0]: expected no power over certificates, webhooks or service account tokens, got ${got}`],
});

const single = (type: string, props: Record<string, unknown>, ...messages: string[]) => ({
  resources: [{ type: `kubernetes:${type}`, props }],
  messages,
});
const webhook = (kind: string, rules: object[]) => ({
  kind,
  webhooks: [{ rules: [{ apiGroups: ["apps"], resources: ["deployments"] }] }, { rules }],
});
const intercepting = (kind: string, rule: object, got: string) =>
  single(
    `admissionregistration.k8s.io/v1:${kind}`,
    webhook(kind, [rule]),
    `webhooks[1].rules[0]: expected neither Secrets nor access control to pass through, got "${got}"`,
  );
const roleWith = (...rules: object[]) => ({ change: { rules } });

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
  alsoPassing: {
    "making Secrets without reading any": roleWith({ apiGroups: [""], resources: ["secrets"], verbs: ["create", "delete"] }),
    "reading one without making any": roleWith({ apiGroups: [""], resources: ["secrets"], resourceNames: ["k10-oidc"], verbs: ["get"] }),
    "a named rule, which makes nothing": roleWith({
      apiGroups: [""],
      resources: ["secrets"],
      resourceNames: ["a"],
      verbs: ["create", "get"],
    }),
    "a Secret of one's own": single("core/v1:Secret", { type: "Opaque" }),
    "a Secret whose type is not known yet": single("core/v1:Secret", { type: unknown }),
    "a webhook over objects of one's own": single(
      "admissionregistration.k8s.io/v1:ValidatingWebhookConfiguration",
      webhook("ValidatingWebhookConfiguration", [{ apiGroups: ["cert-manager.io"], resources: ["*"] }]),
    ),
    "a webhook over other core objects": single(
      "admissionregistration.k8s.io/v1:MutatingWebhookConfiguration",
      webhook("MutatingWebhookConfiguration", [{ apiGroups: [""], resources: ["pods", "serviceaccounts"] }]),
    ),
    "a policy that only refuses": single("admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy", {
      spec: { matchConstraints: { resourceRules: [{ apiGroups: ["rbac.authorization.k8s.io"], resources: ["*"] }] } },
    }),
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
    ...Object.fromEntries(
      [
        "validatingadmissionpolicies",
        "validatingadmissionpolicybindings",
        "mutatingadmissionpolicies",
        "mutatingadmissionpolicybindings",
      ].map((resource) => [
        `changing ${resource}`,
        violation("admissionregistration.k8s.io", resource, ["update"], `update on ${resource}`),
      ]),
    ),
    "changing API services": violation("apiregistration.k8s.io", "apiservices", ["create"], "create on apiservices"),
    "making a token Secret and reading it": {
      change: {
        rules: [
          { apiGroups: [""], resources: ["secrets"], verbs: ["create"] },
          { apiGroups: [""], resources: ["secrets"], resourceNames: ["mine"], verbs: ["get", "patch"] },
        ],
      },
      messages: [
        "rules[0]: expected no power over certificates, webhooks or service account tokens, got create, get, patch on secrets (token Secrets)",
      ],
    },
    "a token Secret": single(
      "core/v1:Secret",
      { type: "kubernetes.io/service-account-token", metadata: { annotations: { "kubernetes.io/service-account.name": "k10-admin" } } },
      'type: expected no Secret that becomes a credential, got "kubernetes.io/service-account-token"',
    ),
    "a bootstrap token": single(
      "core/v1:Secret",
      { type: "bootstrap.kubernetes.io/token" },
      'type: expected no Secret that becomes a credential, got "bootstrap.kubernetes.io/token"',
    ),
    "a token Secret as a custom resource": single(
      "v1:Secret",
      { type: "kubernetes.io/service-account-token" },
      'type: expected no Secret that becomes a credential, got "kubernetes.io/service-account-token"',
    ),
    "a token Secret in a list": single(
      "core/v1:SecretList",
      { items: [{ type: "Opaque" }, { type: "kubernetes.io/service-account-token" }] },
      'items[1].type: expected no Secret that becomes a credential, got "kubernetes.io/service-account-token"',
    ),
    "a webhook over Secrets": intercepting("MutatingWebhookConfiguration", { apiGroups: [""], resources: ["pods", "secrets"] }, "secrets"),
    "a webhook over everything": intercepting("ValidatingWebhookConfiguration", { apiGroups: ["*"], resources: ["*/*"] }, "secrets"),
    "a webhook over requests for tokens": intercepting(
      "MutatingWebhookConfiguration",
      { apiGroups: [""], resources: ["serviceaccounts/token"] },
      "serviceaccounts/token",
    ),
    "a webhook over bindings": intercepting(
      "MutatingWebhookConfigurationPatch",
      { apiGroups: ["rbac.authorization.k8s.io"], resources: ["rolebindings"] },
      "rbac.authorization.k8s.io",
    ),
    "a policy that changes Secrets": single(
      "admissionregistration.k8s.io/v1beta1:MutatingAdmissionPolicy",
      { spec: { matchConstraints: { resourceRules: [{ apiGroups: [""], resources: ["secrets"] }] } } },
      'spec.matchConstraints.resourceRules[0]: expected neither Secrets nor access control to pass through, got "secrets"',
    ),
  },
});
