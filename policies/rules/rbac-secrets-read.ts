import { sensitiveAccess } from "../reading/sensitive";
import { resourceRule } from "../rule";
import { roleTypes } from "../types";

export const rbacSecretsRead = resourceRule({
  id: "rbac-secrets-read",
  candidate: 44,
  title: "Roles read Secrets by name only",
  severity: "high",
  level: "mandatory",
  rationale:
    "list and watch return the contents of every Secret, not their names: client secrets, service account tokens, backup passphrases.",
  remediation: "Allow get on named Secrets (resourceNames), and neither list nor watch.",
  controls: ["cis-5.1.2"],
  unknowns: "Rules are literals; unknown items are judged at the update.",
  types: [roleTypes],
  settings: {},
  check(resource) {
    const secrets = { group: "", resource: "secrets", verbs: ["get", "list", "watch"], acceptNamed: true };
    return sensitiveAccess(resource, [secrets], "Secrets by name (resourceNames)");
  },
});
