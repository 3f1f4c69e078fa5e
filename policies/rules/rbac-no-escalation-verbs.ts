import { sensitiveAccess, type SensitiveAccess } from "../reading/sensitive";
import { resourceRule } from "../rule";
import { roleTypes } from "../types";

const rbac = "rbac.authorization.k8s.io";
const escalation: readonly SensitiveAccess[] = [
  { group: rbac, resource: "roles", verbs: ["bind", "escalate"] },
  { group: rbac, resource: "clusterroles", verbs: ["bind", "escalate"] },
  { group: "", resource: "users", verbs: ["impersonate"] },
  { group: "", resource: "groups", verbs: ["impersonate"] },
  { group: "", resource: "serviceaccounts", verbs: ["impersonate"] },
  { group: "authentication.k8s.io", resource: "uids", verbs: ["impersonate"] },
];

export const rbacNoEscalationVerbs = resourceRule({
  id: "rbac-no-escalation-verbs",
  candidate: 43,
  title: "No role lets its holder grant more than it has",
  severity: "critical",
  level: "mandatory",
  rationale:
    "bind, escalate and impersonate are the three verbs that lift Kubernetes' own guard against privilege escalation: each leads to cluster-admin.",
  remediation: "Drop the verb. A proxy that must impersonate gets its own role and an exception with an owner.",
  controls: ["cis-5.1.8"],
  unknowns: "Rules are literals; unknown items are judged at the update.",
  types: [roleTypes],
  settings: {},
  check: (resource) => sensitiveAccess(resource, escalation, "no escalation verb"),
});
