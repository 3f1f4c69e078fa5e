import { mismatch, resourceRule } from "../rule";
import { releases } from "../types";
import { at, text } from "../value";

export const releaseVersionPinned = resourceRule({
  id: "release-version-pinned",
  candidate: 37,
  title: "A Helm release names one exact chart version",
  severity: "medium",
  level: "mandatory",
  rationale:
    "Without a version, the same program installs another chart tomorrow: K10's authentication values and role names differ between versions, and a chart is code that runs with the installer's rights.",
  remediation: "Set version to one exact version.",
  controls: [],
  unknowns:
    "An unknown version counts as pinned. A chart in a folder or file is pinned by the repository that holds it. Once all of a release's properties are known, the plugin (4.6 and later) has put in the version that it found before a rule sees the release: a missing version shows at the plan in which something is still to be made, not later.",
  types: releases,
  settings: {},
  check({ properties }) {
    const chart = text(properties, "chart");
    const local = chart !== undefined && (/^\.{0,2}[/\\]/.test(chart) || chart.endsWith(".tgz"));
    const version = at(properties, "version");
    if (local || typeof version === "symbol") {
      return [];
    }
    return typeof version === "string" && /^v?\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?$/.test(version)
      ? []
      : [mismatch("version", "one exact version", version)];
  },
});
