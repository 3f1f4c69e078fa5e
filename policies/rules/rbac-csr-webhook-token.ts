import { sensitiveAccess, type SensitiveAccess } from "../reading/sensitive";
import { resourceRule } from "../rule";
import { roleTypes } from "../types";

const certificates = "certificates.k8s.io";
const admission = "admissionregistration.k8s.io";
const change = ["create", "update", "patch", "delete", "deletecollection"];
const credentials: readonly SensitiveAccess[] = [
  { group: certificates, resource: "certificatesigningrequests/approval", verbs: ["update", "patch"] },
  { group: certificates, resource: "signers", verbs: ["approve", "sign"] },
  { group: admission, resource: "validatingwebhookconfigurations", verbs: change },
  { group: admission, resource: "mutatingwebhookconfigurations", verbs: change },
  { group: "", resource: "serviceaccounts/token", verbs: ["create"] },
];

export const rbacCsrWebhookToken = resourceRule({
  id: "rbac-csr-webhook-token",
  candidate: 46,
  title: "No role makes credentials or intercepts the API",
  severity: "critical",
  level: "mandatory",
  rationale:
    "Approving a certificate request, or asking for a service account's token, makes a credential that no identity provider can revoke. A webhook sees and changes every object that passes, Secrets included.",
  remediation: "Leave these to the platform's own controllers.",
  controls: ["cis-5.1.11", "cis-5.1.12", "cis-5.1.13"],
  unknowns: "Rules are literals; unknown items are judged at the update.",
  types: [roleTypes],
  settings: {},
  check: (resource) => sensitiveAccess(resource, credentials, "no power over certificates, webhooks or service account tokens"),
});
