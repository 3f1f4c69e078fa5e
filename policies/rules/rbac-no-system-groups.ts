import { harmlessSystemRole } from "./rbac-no-cluster-admin";
import { isTrustedName } from "../../model/text/trusted-names";
import { bindingsOf } from "../reading/rbac";
import { mismatch, resourceRule } from "../rule";
import { bindingTypes, platformBindingTypes } from "../types";

/** A star meant everybody in the first versions of RBAC, and is converted so still. */
const everybody = ["system:authenticated", "system:unauthenticated", "system:serviceaccounts", "system:anonymous", "*"];
/** Okta's group of all people, behind whatever prefix: it cannot be renamed (help.okta.com, "The Everyone group"). */
const oktaEveryone = /^(?:[^:#]*[:#])?everyone$/i;
/** One service account, spelt as the user that it is. */
const serviceAccount = /^system:serviceaccount:[a-z0-9][a-z0-9-]*:[a-z0-9][a-z0-9.-]*$/;

export const rbacNoSystemGroups = resourceRule({
  id: "rbac-no-system-groups",
  candidate: 41,
  title: "No binding serves groups that the cluster trusts by itself",
  severity: "critical",
  level: "mandatory",
  rationale:
    "system:authenticated is everybody with any token, system:unauthenticated everybody with none. Members of system:masters bypass RBAC for ever; a binding to it hides that. system:serviceaccounts:<namespace> is whoever may make a pod there, system:nodes every node; kubeadm:, eks:, k10: and the like are given out by installers, not by the identity provider. Okta's group Everyone is everybody under a name that looks like a team's, and a namespace's default service account is every pod that names none.",
  remediation: "Bind the identity provider's group, or one service account.",
  controls: ["cis-5.1.7", "kubernetes-system-prefix"],
  unknowns: "Subjects that are unknown at preview come from the identity provider; they are judged at the update.",
  types: [bindingTypes, platformBindingTypes],
  settings: {},
  check(resource) {
    return bindingsOf(resource).flatMap(({ subjects, clusterWide, role }) =>
      subjects.flatMap(({ path, kind, name }) => {
        if (kind === "ServiceAccount" && name === "default" && clusterWide && !harmlessSystemRole.test(role ?? "")) {
          return [mismatch(path, "a service account of the workload's own, not that of every pod", name)];
        }
        if (typeof name !== "string" || kind === "ServiceAccount") {
          return [];
        }
        if (everybody.includes(name) || (kind === "Group" && oktaEveryone.test(name))) {
          return [mismatch(path, "a group of the identity provider, not everybody", name)];
        }
        return isTrustedName(name) && !(kind !== "Group" && serviceAccount.test(name) && !(clusterWide && name.endsWith(":default")))
          ? [mismatch(path, "a group of the identity provider", name)]
          : [];
      }),
    );
  },
});
