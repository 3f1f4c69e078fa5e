import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { explainFailures } from "../../../cli/explain/failures";
import { fixture } from "../harness";

const folder = fixture("explain");
const log = (name: string): string => readFileSync(join(folder, `explain-${name}.log`), "utf8");

/** What each log is about, words of the remedy, and words that must not be in it. */
const cases: Record<string, readonly (readonly [resource: string, cause: string, words: string])[]> = {
  ansi: [["groups-backup-admins", "permission", "Group.ReadWrite.All"]],
  "entra-group-wait": [["groups-backup-admins", "delayed", "Nothing is to be mended or imported."]],
  "entra-sp-backing-app": [["k10-app-principal", "delayed", "Run the update again"]],
  "entra-sp-replication": [["k10-app-principal", "replication", "It is there, and in the state."]],
  "entra-two-groups": [["the stack", "ambiguous", "several groups of the name 'Security Auditors'. Write the object id"]],
  "helm-atomic": [["k10-release", "unready", "Helm has put back what was there before"]],
  "helm-ci-one-line": [["k10-release", "unready", "The chart's pods did not become ready"]],
  "helm-crd-owned-old": [
    [
      "k10-release",
      "owned",
      "ClusterRole 'k10-admin', which the chart brings, is there already and belongs to a release in namespace 'backup'.",
    ],
  ],
  "helm-deadline": [["k10-release", "unready", "The chart's pods did not become ready"]],
  "helm-timeout": [["k10-release", "unready", "The chart's pods did not become ready"]],
  "helm-webhook": [
    ["k10-release", "policy", "webhook validate.kyverno.svc-fail refuses what the chart brings: hostPath volumes are not allowed."],
  ],
  "okta-no-permission": [
    ["k10-app", "permission", "okta.apps.manage (Application Administrator)"],
    ["groups-groups-claim", "policy", "no API Access Management"],
  ],
  "okta-rate-limit": [["k10-app-groups", "throttled", "Okta's rate limit is used up"]],
  "okta-token": [["groups-backup-admins", "credentials", "Okta does not know the API token"]],
};

const found = (text: string) => explainFailures(text).map(({ resource, cause }) => [resource, cause]);
const expected = (name: string) => (cases[name] ?? []).map(([resource, cause]) => [resource, cause]);

test("every log here is in the table", () => {
  expect(readdirSync(folder).sort()).toEqual(
    Object.keys(cases)
      .map((name) => `explain-${name}.log`)
      .sort(),
  );
});

describe.each(Object.keys(cases))("%s", (name) => {
  test("gets its own remedy, and none that deletes", () => {
    const explanations = explainFailures(log(name));
    expect(found(log(name))).toEqual(expected(name));
    explanations.forEach(({ remedy }, position) => {
      expect(remedy).toContain(cases[name]?.[position]?.[2]);
      expect(remedy).not.toMatch(/helm uninstall|delete it there|state delete/);
    });
  });

  /** What pipelines and terminals make of a log. */
  const shapes: Record<string, (text: string) => string> = {
    "GitHub's timestamps": (text) => text.replace(/^/gm, "2026-11-28T21:03:04.1234567Z "),
    "GitLab's timestamps": (text) => text.replace(/^/gm, "2026-11-28T21:03:04.123456Z 01O "),
    "times of the day": (text) => text.replace(/^/gm, "[21:03:04] "),
    "Windows line ends": (text) => text.replaceAll("\n", "\r\n"),
    colours: (text) => text.replace(/(error: )/g, "\u001b[38;5;1m$1\u001b[0m").replace(/^( {2}\S+) /gm, "\u001b[1m$1\u001b[0m "),
    "no indentation": (text) => text.replace(/^[ \t]+/gm, ""),
    "one line": (text) => text.replace(/\s*\n\s*/g, " "),
    "one line with escapes": (text) => JSON.stringify(text),
  };
  test.each(Object.keys(shapes))("with %s it is the same", (shape) => {
    expect(found(shapes[shape]?.(log(name)) ?? "")).toEqual(expected(name));
  });
});
