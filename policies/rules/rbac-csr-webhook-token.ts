import { objectsOf } from "../reading/objects";
import { allowedVerbs, describeAccess, type AccessRule } from "../reading/rbac";
import { sensitiveAccess, type SensitiveAccess } from "../reading/sensitive";
import { mismatch, resourceRule, type Finding, type Subject } from "../rule";
import {
  admissionTypes,
  credentialTypes as requestTypes,
  definitionTypes,
  interceptingTypes,
  roleTypes,
  secretTypes,
  validatingTypes,
} from "../types";
import { at, isTrue, items, text, texts, type Value } from "../value";

const certificates = "certificates.k8s.io";
const admission = "admissionregistration.k8s.io";
const change = ["create", "update", "patch", "delete", "deletecollection"];
const credentials: readonly SensitiveAccess[] = [
  { group: certificates, resource: "certificatesigningrequests/approval", verbs: ["update", "patch"] },
  { group: certificates, resource: "signers", verbs: ["approve", "sign"] },
  ...[
    "validatingwebhookconfigurations",
    "mutatingwebhookconfigurations",
    "validatingadmissionpolicies",
    "validatingadmissionpolicybindings",
    "mutatingadmissionpolicies",
    "mutatingadmissionpolicybindings",
  ].map((resource) => ({ group: admission, resource, verbs: change })),
  { group: "apiregistration.k8s.io", resource: "apiservices", verbs: change },
  // A conversion webhook sees every object of its kind; a controller limits itself to its own by name.
  { group: "apiextensions.k8s.io", resource: "customresourcedefinitions", verbs: ["update", "patch"], acceptNamed: true },
  // Whom workloads take for the authority of the API server, or of each other.
  { group: certificates, resource: "clustertrustbundles", verbs: change },
  { group: "", resource: "serviceaccounts/token", verbs: ["create"] },
];

/** Types of Secrets that a controller turns into credentials (kubernetes.io, "Types of Secret"). */
const credentialTypes = ["kubernetes.io/service-account-token", "bootstrap.kubernetes.io/token"];

export const rbacCsrWebhookToken = resourceRule({
  id: "rbac-csr-webhook-token",
  candidate: 46,
  title: "Nothing makes credentials or intercepts the API",
  severity: "critical",
  level: "mandatory",
  rationale:
    "Approving a certificate request, asking for a service account's token, or making a Secret that a controller puts such a token into, makes a credential that no identity provider can revoke. A certificate that is asked for, or a token that is, lands in the state of the stack. A webhook, an admission policy or an API service sees, and the first two change, every object that passes, Secrets included; so does the conversion webhook of a custom resource definition.",
  remediation:
    "Leave these to the platform's own controllers; ask for short-lived tokens (TokenRequest) instead of token Secrets; limit webhooks to the API groups of their own.",
  controls: ["cis-5.1.11", "cis-5.1.12", "cis-5.1.13"],
  unknowns:
    "Rules are literals; unknown items are judged at the update. A role that may make Secrets is refused where it may read one as well: that one can be a token Secret. Two roles that share the two halves are not compared. Webhooks are judged by what passes through them, not by who answers; one that changes pods (a sidecar's) is left alone, though it may put anything into them.",
  types: [roleTypes, secretTypes, admissionTypes, validatingTypes, interceptingTypes, requestTypes, definitionTypes],
  settings: {},
  check(resource) {
    if (roleTypes.test(resource.type)) {
      return sensitiveAccess(resource, credentials, "no power over certificates, webhooks or service account tokens", tokenSecrets);
    }
    if (secretTypes.test(resource.type)) {
      return credentialSecrets(resource);
    }
    if (definitionTypes.test(resource.type)) {
      return conversions(resource);
    }
    if (validatingTypes.test(resource.type)) {
      return audited(resource);
    }
    if (definitionTypes.test(resource.type)) {
      return conversions(resource);
    }
    return requestTypes.test(resource.type) ? credentialRequests(resource) : [...interceptions(resource), ...takenOver(resource)];
  },
});

/** Making a Secret of the type and reading it back, which names do not hinder: whoever makes it chooses the name. */
function tokenSecrets(rule: AccessRule, all: readonly AccessRule[]): string[] {
  const makes = allowedVerbs(rule, "", "secrets", ["create"], true).length > 0;
  const read = all.flatMap((other) => allowedVerbs(other, "", "secrets", ["get", "list", "watch", "patch"]));
  return makes && read.length > 0 ? [describeAccess(["create", ...new Set(read)], "secrets (token Secrets)")] : [];
}

function credentialSecrets(resource: Subject): Finding[] {
  return objectsOf(resource).flatMap(({ object, path }) => {
    const type = text(object, "type");
    return type !== undefined && credentialTypes.includes(type)
      ? [mismatch(`${path}type`, "no Secret that becomes a credential", type)]
      : [];
  });
}

/** Signers whose certificates the API server takes for a person or a node (kubernetes.io, "Certificate Signing Requests"). */
const clientSigners = ["kubernetes.io/kube-apiserver-client", "kubernetes.io/kube-apiserver-client-kubelet"];

function credentialRequests(resource: Subject): Finding[] {
  if (resource.type.endsWith(":TokenRequest")) {
    return [{ message: "TokenRequest: expected tokens that controllers ask for themselves, got a token in the stack's state" }];
  }
  return objectsOf(resource).flatMap(({ object, path }) => {
    const signer = text(object, "spec", "signerName");
    return signer !== undefined && clientSigners.includes(signer)
      ? [mismatch(`${path}spec.signerName`, "no certificate that the API server takes for a person", signer)]
      : [];
  });
}

/** API groups that the API server, or a part of every cluster, answers for: whoever serves one instead sees and makes what is in it. */
const builtInGroup = /^(?:apps|autoscaling|batch|extensions|policy)$|(?<!metrics)\.k8s\.io$/;

/** API services that stand in for Kubernetes' own groups, or that anybody on the way may be. */
function takenOver(resource: Subject): Finding[] {
  return objectsOf(resource).flatMap(({ object, path }) => {
    const group = text(object, "spec", "group");
    return [
      ...(group !== undefined && builtInGroup.test(group) ? [mismatch(`${path}spec.group`, "an API group of one's own", group)] : []),
      ...(isTrue(object, "spec", "insecureSkipTLSVerify") ? [mismatch(`${path}spec.insecureSkipTLSVerify`, "false", true)] : []),
    ];
  });
}

function interceptions(resource: Subject): Finding[] {
  return objectsOf(resource).flatMap(({ object, path }) => {
    const places = [
      ...items(object, "webhooks").map((webhook, index) => ({ rules: items(webhook, "rules"), at: `${path}webhooks[${index}].rules` })),
      { rules: items(object, ...policyRules.split(".")), at: `${path}${policyRules}` },
    ];
    return places.flatMap(({ rules, at: place }) =>
      rules.flatMap((rule, index) => {
        const found = intercepted(rule);
        return found === undefined ? [] : [mismatch(`${place}[${index}]`, "neither Secrets nor access control to pass through", found)];
      }),
    );
  });
}

const policyRules = "spec.matchConstraints.resourceRules";

/** Policies over Secrets that copy what they see into the audit log, where others read it. */
function audited(resource: Subject): Finding[] {
  return objectsOf(resource).flatMap(({ object, path }) => {
    const seesSecrets = items(object, ...policyRules.split(".")).some((rule) => intercepted(rule)?.startsWith("s") === true);
    return !seesSecrets
      ? []
      : items(object, "spec", "auditAnnotations").flatMap((annotation, index) => {
          const expression = text(annotation, "valueExpression") ?? "";
          return /\b(?:object|oldObject)\b(?!\.metadata\b)/.test(expression)
            ? [mismatch(`${path}spec.auditAnnotations[${index}].valueExpression`, "nothing of a Secret but its metadata", expression)]
            : [];
        });
  });
}

/** Custom resources that platforms keep their people, rights and backups in: their makers' own webhooks come with their charts. */
const platformGroup = /(?:^|\.)(?:kio\.kasten\.io|kubesphere\.io|openunison\.tremolo\.io|dex\.coreos\.com)$/;

function conversions(resource: Subject): Finding[] {
  return objectsOf(resource).flatMap(({ object, path }) => {
    const group = text(object, "spec", "group") ?? text(object, "metadata", "name")?.replace(/^[^.]*\./, "") ?? "";
    const webhook = at(object, "spec", "conversion", "webhook") ?? at(object, "spec", "conversion", "webhookClientConfig");
    return webhook !== undefined && platformGroup.test(group)
      ? [
          mismatch(
            `${path}spec.conversion`,
            `no webhook that sees and makes what is in ${group}`,
            text(object, "spec", "conversion", "strategy"),
          ),
        ]
      : [];
  });
}

/** What of the cluster's secrets and access control matches a rule of admission, in words; undefined for nothing. */
function intercepted(rule: Value): string | undefined {
  const groups = texts(rule, "apiGroups");
  const resources = texts(rule, "resources").map((name) => name.split("/")[0] ?? "");
  const any = (names: readonly string[], name: string): boolean => names.includes("*") || names.includes(name);
  if (any(groups, "") && any(resources, "secrets")) {
    return "secrets";
  }
  if (any(groups, "") && texts(rule, "resources").some((name) => ["serviceaccounts/*", "serviceaccounts/token", "*/*"].includes(name))) {
    return "serviceaccounts/token";
  }
  const rbac = "rbac.authorization.k8s.io";
  return any(groups, rbac) && at(rule, "resources") !== undefined ? rbac : undefined;
}
