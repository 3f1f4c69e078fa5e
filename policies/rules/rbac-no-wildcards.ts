import { selects } from "../reading/labels";
import { rolesOf, type AccessRule } from "../reading/rbac";
import { mismatch, resourceRule, type Finding } from "../rule";
import { roleTypes } from "../types";

const bootstrapping = { "kubernetes.io/bootstrapping": "rbac-defaults" };

/**
 * Labels of ClusterRoles that every cluster has and that let their holder take it over, or become part of those that do; a role without
 * labels stands for those that nobody thought of (kubernetes plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go).
 */
const othersRoles: readonly Readonly<Record<string, string>>[] = [
  {},
  bootstrapping,
  ...["admin", "edit"].map((role) => ({ ...bootstrapping, [`rbac.authorization.k8s.io/aggregate-to-${role}`]: "true" })),
  // The administrators' role of a chart, with the labels that helm create and K10's chart give (templates/_helpers.tpl, k10.labels).
  {
    app: "k10",
    release: "k10",
    heritage: "Helm",
    "app.kubernetes.io/name": "k10",
    "app.kubernetes.io/instance": "k10",
    "app.kubernetes.io/managed-by": "Helm",
  },
];

export const rbacNoWildcards = resourceRule({
  id: "rbac-no-wildcards",
  candidate: 42,
  title: "Roles name their API groups, resources and verbs",
  severity: "high",
  level: "mandatory",
  rationale:
    "A wildcard grants what exists today and whatever is installed tomorrow, escalation verbs and Secrets included. So does an aggregated ClusterRole whose selector takes in the roles of Kubernetes itself, those of a chart, or roles of any label: its rules stay empty in the program, and a controller fills them.",
  remediation: "List the API groups, resources and verbs that are needed; aggregate by a label of your own.",
  controls: ["cis-5.1.3", "kubernetes-wildcards"],
  unknowns:
    "Rules are literals; unknown items are judged at the update. What other programs label with a label of your own is not seen: each role of a program is judged for itself.",
  types: [roleTypes],
  settings: {},
  check(resource) {
    return rolesOf(resource).flatMap(({ rules, aggregates }) => [
      ...rules.flatMap(judge),
      ...aggregates
        .filter(({ selector }) => othersRoles.some((labels) => selects(selector, labels)))
        .map(({ path, selector }) => mismatch(path, "a label of your own roles", selector)),
    ]);
  },
});

function judge(rule: AccessRule): Finding[] {
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
  // Stars at the end stand for the rest of the path: `/*` and `/**` are every path.
  if (rule.nonResourceURLs.some((path) => /^\/?\*+$/.test(path))) {
    findings.push(mismatch(`${rule.path}.nonResourceURLs`, "paths by name", rule.nonResourceURLs));
  }
  return findings;
}
