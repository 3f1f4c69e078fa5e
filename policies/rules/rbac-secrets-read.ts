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
    "list and watch return the contents of every Secret, not their names: client secrets, service account tokens, backup passphrases. An empty patch is answered with the whole Secret, and deletecollection with every one of them, as a dry run too (kubernetes staging/src/k8s.io/apiserver/pkg/registry/generic/registry/store.go).",
  remediation: "Allow get (and patch) on named Secrets, with their names in resourceNames.",
  controls: ["cis-5.1.2"],
  unknowns:
    "Rules are literals; unknown items are judged at the update. A binding to a built-in role that reads Secrets (edit, admin) is rbac-no-cluster-admin's matter.",
  types: [roleTypes],
  settings: {},
  check(resource) {
    const secrets = { group: "", resource: "secrets", verbs: ["get", "list", "watch", "patch", "deletecollection"], acceptNamed: true };
    return sensitiveAccess(resource, [secrets], "Secrets by name (resourceNames)");
  },
});
