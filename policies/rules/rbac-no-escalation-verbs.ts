import { describeAccess } from "../reading/rbac";
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

const change = ["create", "update", "patch"];
/**
 * What platforms keep their own people and rights in, as custom resources: no guard of Kubernetes stands before them
 * (kubesphere.io/docs, "Access control"; dexidp.io/docs, "Storage"; the CRDs of openunison-operator).
 */
const ownAccessControl: readonly SensitiveAccess[] = [
  ...["globalroles", "globalrolebindings", "workspaceroles", "workspacerolebindings", "clusterroles", "clusterrolebindings"].map(
    (resource) => ({ group: "iam.kubesphere.io", resource, verbs: change }),
  ),
  ...["roles", "rolebindings", "users", "groupbindings"].map((resource) => ({ group: "iam.kubesphere.io", resource, verbs: change })),
  ...["connectors", "oauth2clients", "passwords"].map((resource) => ({ group: "dex.coreos.com", resource, verbs: change })),
  ...["users", "authchains", "authmechs", "trusts", "oidc-sessions", "applications"].map((resource) => ({
    group: "openunison.tremolo.io",
    resource,
    verbs: change,
  })),
];

/** From Kubernetes 1.36 on, `impersonate:<mode>` and `impersonate-on:<mode>:<verb>` grant the third verb in parts ("Constrained Impersonation"). */
const constrained = /^impersonate(?::|-on:)/;

export const rbacNoEscalationVerbs = resourceRule({
  id: "rbac-no-escalation-verbs",
  candidate: 43,
  title: "No role lets its holder grant more than it has",
  severity: "critical",
  level: "mandatory",
  rationale:
    "bind, escalate and impersonate are the three verbs that lift Kubernetes' own guard against privilege escalation: each leads to cluster-admin. The constrained verbs of Kubernetes 1.36 (impersonate:user-info, impersonate-on:user-info:get and the like) are the third one in parts, which may stand in several roles. KubeSphere, Dex and OpenUnison keep people and rights in custom resources, where Kubernetes has no such guard: whoever writes those makes an administrator.",
  remediation: "Drop the verb. A proxy that must impersonate gets its own role and an exception with an owner.",
  controls: ["cis-5.1.8"],
  unknowns: "Rules are literals; unknown items are judged at the update.",
  types: [roleTypes],
  settings: {},
  check: (resource) =>
    sensitiveAccess(resource, [...escalation, ...ownAccessControl], "no escalation verb", ({ verbs, resources }) => {
      const extras = resources.filter((name) => name.startsWith("userextras"));
      return [
        ...verbs.filter((verb) => constrained.test(verb)).map((verb) => describeAccess([verb], resources.join(", "))),
        ...(verbs.includes("impersonate") ? extras.map((name) => describeAccess(["impersonate"], name)) : []),
      ];
    }),
});
