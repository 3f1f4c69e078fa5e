import { judgeBrought, objectSubject } from "../reading/brought-objects";
import { releaseOf } from "../reading/helm";
import { mappingsIn } from "../reading/nested";
import { mismatch, resourceRule } from "../rule";
import { releases } from "../types";
import { at } from "../value";
import { broughtAlong } from "./rendered-chart-rbac";

export const valuesNoHiddenAccess = resourceRule({
  id: "values-no-hidden-access",
  title: "Helm values carry no manifests that give access",
  severity: "critical",
  level: "mandatory",
  rationale:
    "Charts apply whole manifests from their values (extraManifests, extraObjects, extraDeploy): a binding to cluster-admin stands there as a text, and neither the plan nor a rule over resources shows it.",
  remediation: "Make roles and bindings resources of the program, where they are judged, and bind people there.",
  controls: ["cis-5.1.1", "cis-5.1.3"],
  unknowns:
    "Manifests are found anywhere in the values, as mappings or as texts; a text that is unknown, or that a template makes into a manifest only when it is rendered, is not seen (rendered-chart-rbac renders it).",
  types: releases,
  settings: {},
  async check(resource, _, circumstances) {
    const found = [...mappingsIn(releaseOf(resource).values ?? null, "values")];
    const program = at(resource.properties, "postrender") ?? at(resource.properties, "postRenderer");
    const rewritten =
      program === undefined || program === ""
        ? []
        : [mismatch("postrender", "no program that changes the manifests after every rule", program)];
    const judged = found.map(async ({ path, mapping }) => {
      const subject = objectSubject(mapping);
      const findings = subject === undefined ? [] : await judgeBrought([subject], broughtAlong, circumstances);
      return findings.map(({ message }) => ({ message: `${path}: ${message}` }));
    });
    return [...rewritten, ...(await Promise.all(judged)).flat()];
  },
});
