import { sensitiveAccess, type SensitiveAccess } from "../reading/sensitive";
import { resourceRule } from "../rule";
import { roleTypes } from "../types";

const shells: readonly SensitiveAccess[] = [
  { group: "", resource: "pods/exec", verbs: ["create", "get"] },
  { group: "", resource: "pods/attach", verbs: ["create", "get"] },
  // kubectl debug: a container of one's own choice in somebody's running pod.
  { group: "", resource: "pods/ephemeralcontainers", verbs: ["update", "patch"] },
  { group: "", resource: "nodes/proxy", verbs: ["create", "get"] },
];

export const rbacExecNodesProxy = resourceRule({
  id: "rbac-exec-nodes-proxy",
  candidate: 45,
  title: "No role opens shells in pods or reaches the kubelet",
  severity: "high",
  level: "mandatory",
  rationale:
    "A shell in a pod has the pod's service account and Secrets; nodes/proxy runs commands in every pod of a node and leaves no audit entry. A get is enough: the connection is upgraded afterwards.",
  remediation: "Drop the subresource; debug with a separate, temporary role.",
  controls: ["cis-5.1.10"],
  unknowns: "Rules are literals; unknown items are judged at the update.",
  types: [roleTypes],
  settings: {},
  check: (resource) => sensitiveAccess(resource, shells, "no exec, attach or node proxy"),
});
