import { accessSubjects, judgeBrought } from "../reading/brought-objects";
import { accessSwitches } from "../reading/access-switches";
import { releaseOf } from "../reading/helm";
import { mappingsIn } from "../reading/nested";
import { mismatch, resourceRule, type Finding } from "../rule";
import { releases } from "../types";
import { at } from "../value";
import { broughtAlong } from "./rendered-chart-rbac";

export const valuesNoHiddenAccess = resourceRule({
  id: "values-no-hidden-access",
  title: "Helm values carry neither manifests nor switches that give access",
  severity: "critical",
  level: "mandatory",
  rationale:
    "Charts apply whole manifests from their values (extraManifests, extraObjects, extraDeploy): a binding to cluster-admin stands there as a text, and neither the plan nor a rule over resources shows it. Others take rules of roles, or the name of a role for their own account (clusterRole: cluster-admin), or open a door to everybody by one word (policy.default: role:admin, users.anonymous.enabled).",
  remediation: "Make roles and bindings resources of the program, where they are judged, and bind people there.",
  controls: ["cis-5.1.1", "cis-5.1.3"],
  unknowns:
    "Manifests are found anywhere in the values, as mappings or as texts, in base64 too; what has a roleRef counts as a binding, and what has verbs as a rule of a role, whatever they are called. A text that is unknown, or that a template puts together only when it is rendered, is not seen (rendered-chart-rbac renders it); nor is a word of a chart that no list here has (rbac.clusterWideAccess). Names of roles count with their case, as the cluster takes them. A feature that asks for a right of its own (exec.enabled of Argo CD) gives nothing by itself.",
  types: releases,
  settings: {},
  async check(resource, _, circumstances) {
    const found = [...mappingsIn(releaseOf(resource).values ?? null, "values")];
    const program = at(resource.properties, "postrender") ?? at(resource.properties, "postRenderer");
    const rewritten =
      program === undefined || program === ""
        ? []
        : [mismatch("postrender", "no program that changes the manifests after every rule", program)];
    const judged = found.flatMap(({ path, mapping }) => accessSubjects(mapping).map((subject) => ({ path, subject })));
    const manifests: Finding[] = [];
    // A rule of a role that is judged as a whole is not judged again by itself.
    for (const { path, subject } of judged.filter((one) => !judged.some((other) => one.path.startsWith(`${other.path}.`)))) {
      const findings = await judgeBrought([subject], broughtAlong, circumstances);
      manifests.push(...findings.map(({ message }) => ({ message: `${path}: ${message}` })));
    }
    return [...rewritten, ...manifests, ...accessSwitches(releaseOf(resource).values ?? null)];
  },
});
