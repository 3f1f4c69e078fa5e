import { mismatch, resourceRule, type Finding } from "../rule";
import { releases } from "../types";
import { at, isTrue, text } from "../value";

export const releaseVersionPinned = resourceRule({
  id: "release-version-pinned",
  candidate: 37,
  title: "A Helm release names one exact chart version",
  severity: "medium",
  level: "mandatory",
  rationale:
    "Without a version, the same program installs another chart tomorrow: K10's authentication values and role names differ between versions, and a chart is code that runs with the installer's rights. What comes over http is whatever the network path puts there.",
  remediation: "Set version to one exact version (or name an OCI chart by its digest), and take charts over https.",
  controls: [],
  unknowns:
    "An unknown version counts as pinned. A chart in a folder or file is pinned by the repository that holds it. Once all of a release's properties are known, the plugin (4.6 and later) has put in the version that it found before a rule sees the release: a missing version shows at the plan in which something is still to be made, not later.",
  types: releases,
  settings: {},
  check({ properties }) {
    const findings: Finding[] = [];
    const chart = text(properties, "chart") ?? "";
    const repository = text(properties, "repositoryOpts", "repo") ?? text(properties, "repo") ?? "";
    for (const [path, address] of [
      ["chart", chart],
      ["repositoryOpts.repo", repository],
    ] as const) {
      if (/^http:/i.test(address) && !/^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/]|$)/i.test(address)) {
        findings.push(mismatch(path, "an https address", address));
      }
    }
    if (/^(?:\/\/|\\\\)/.test(chart)) {
      findings.push(mismatch("chart", "a folder beside the program, not another machine's", chart));
    }
    if (isTrue(properties, "plainHttp")) {
      findings.push(mismatch("plainHttp", "false", true));
    }
    const version = at(properties, "version");
    if (typeof version === "symbol" || pinnedByItself(chart, repository)) {
      return findings;
    }
    return typeof version === "string" && exact.test(version) ? findings : [...findings, mismatch("version", "one exact version", version)];
  },
});

const exact = /^v?\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?$/;

/** A folder or file beside the program, or an image by its digest. Behind an address may be another archive tomorrow, whatever its name. */
function pinnedByItself(chart: string, repository: string): boolean {
  if (/^[a-z][a-z0-9+.-]+:/i.test(chart)) {
    return /@sha256:[0-9a-f]{64}$/.test(chart);
  }
  return repository === "" && (/^\.{0,2}[/\\]/.test(chart) || chart.endsWith(".tgz"));
}
