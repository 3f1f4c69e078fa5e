import { bindingsOf } from "../reading/rbac";
import { mismatch, resourceRule } from "../rule";
import { bindingTypes } from "../types";

const everybody = ["system:authenticated", "system:unauthenticated", "system:serviceaccounts"];

export const rbacNoSystemGroups = resourceRule({
  id: "rbac-no-system-groups",
  candidate: 41,
  title: "No binding serves Kubernetes' own groups",
  severity: "critical",
  level: "mandatory",
  rationale:
    "system:authenticated is everybody with any token, system:unauthenticated everybody with none. Members of system:masters bypass RBAC for ever; a binding to it hides that.",
  remediation: "Bind the identity provider's group, or one service account.",
  controls: ["cis-5.1.7", "kubernetes-system-prefix"],
  unknowns: "Subjects that are unknown at preview come from the identity provider; they are judged at the update.",
  types: [bindingTypes],
  settings: {},
  check(resource) {
    return bindingsOf(resource).flatMap(({ subjects }) =>
      subjects.flatMap(({ path, kind, name }) => {
        if (typeof name !== "string" || kind === "ServiceAccount") {
          return [];
        }
        if (name === "system:masters") {
          return [mismatch(path, "a group of the identity provider", name)];
        }
        if (everybody.includes(name) || name === "system:anonymous") {
          return [mismatch(path, "a group of the identity provider, not everybody", name)];
        }
        return [];
      }),
    );
  },
});
