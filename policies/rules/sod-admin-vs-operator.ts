import { matchesGlob } from "../../model/text/glob";
import { bindingsOf, knownSubjects } from "../reading/rbac";
import { mismatch, stackRule } from "../rule";
import { bindingTypes } from "../types";

export const sodAdminVsOperator = stackRule({
  id: "sod-admin-vs-operator",
  candidate: 49,
  title: "One group does not both administer and audit",
  severity: "medium",
  level: "advisory",
  rationale: "Whoever can delete backups and is the one to review deletions reviews only themselves.",
  remediation: "Give the two roles to two groups.",
  controls: [],
  unknowns: "Groups are compared by name; those unknown at preview are compared at the update.",
  types: [bindingTypes],
  settings: {
    conflictingRoles: {
      default: [["*-admin", "*-config-view"]] as string[][],
      schema: {
        type: "array",
        items: { type: "array", items: { type: "string" }, minItems: 2, maxItems: 2 },
        description: "Pairs of roles (with * as wildcard) that one group must not hold together.",
      },
    },
  },
  check(resources, { conflictingRoles }) {
    const held = new Map<string, { role: string; urn: string }[]>();
    for (const binding of resources.flatMap(bindingsOf)) {
      if (binding.role === undefined) {
        continue;
      }
      for (const { name } of knownSubjects(binding, "Group")) {
        held.set(name, [...(held.get(name) ?? []), { role: binding.role, urn: binding.urn }]);
      }
    }
    return [...held].flatMap(([group, roles]) =>
      conflictingRoles.flatMap(([left = "", right = ""]) => {
        const first = roles.find(({ role }) => matchesGlob(left, role));
        const second = roles.find(({ role }) => matchesGlob(right, role));
        return first === undefined || second === undefined || first.role === second.role
          ? []
          : [
              {
                urn: second.urn,
                ...mismatch("subjects", `no group with both ${left} and ${right}`, `${group} with ${first.role} and ${second.role}`),
              },
            ];
      }),
    );
  },
});
