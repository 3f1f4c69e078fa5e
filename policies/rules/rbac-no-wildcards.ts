import { rolesOf } from "../reading/rbac";
import { mismatch, resourceRule, type Finding } from "../rule";
import { roleTypes } from "../types";

export const rbacNoWildcards = resourceRule({
  id: "rbac-no-wildcards",
  candidate: 42,
  title: "Roles name their API groups, resources and verbs",
  severity: "high",
  level: "mandatory",
  rationale: "A wildcard grants what exists today and whatever is installed tomorrow, escalation verbs and Secrets included.",
  remediation: "List the API groups, resources and verbs that are needed.",
  controls: ["cis-5.1.3", "kubernetes-wildcards"],
  unknowns: "Rules are literals; unknown items are judged at the update.",
  types: [roleTypes],
  settings: {},
  check(resource) {
    return rolesOf(resource).flatMap(({ rules }) =>
      rules.flatMap((rule) => {
        const findings: Finding[] = [];
        if (rule.verbs.includes("*")) {
          findings.push(mismatch(`${rule.path}.verbs`, "verbs by name", rule.verbs));
        }
        if (rule.resources.some((name) => name.includes("*"))) {
          findings.push(mismatch(`${rule.path}.resources`, "resources by name", rule.resources));
        }
        if (rule.apiGroups.includes("*")) {
          findings.push(mismatch(`${rule.path}.apiGroups`, "API groups by name", rule.apiGroups));
        }
        // A star at the end stands for the rest of the path: `/*` is every path.
        if (rule.nonResourceUrls.some((path) => path === "*" || path === "/*")) {
          findings.push(mismatch(`${rule.path}.nonResourceURLs`, "paths by name", rule.nonResourceUrls));
        }
        return findings;
      }),
    );
  },
});
