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

const eachLine =
  (change: (line: string) => string) =>
  (text: string): string =>
    text.split("\n").map(change).join("\n");
const before = (prefix: string) => eachLine((line) => prefix + line);

/** What pipelines, containers, terminals and people make of a log. */
const shapes: Record<string, (text: string) => string> = {
  "GitHub's timestamps": before("2026-11-28T21:03:04.1234567Z "),
  "GitHub's log as `gh run view` gives it": before("deploy\tRun pulumi\t2026-11-28T21:03:04.1234567Z "),
  "act's job": before("[CI/deploy]   | "),
  "GitLab's timestamps": before("2026-11-28T21:03:04.123456Z 01O "),
  "GitLab's sections": (text) => `section_start:1560896352:step\r\u001b[0KExecuting\n${text}\nsection_end:1560896353:step\r\u001b[0K`,
  "Azure's marks": eachLine((line) => `2026-11-28T21:03:04.1234567Z ${line.includes("error:") ? "##[error]" : ""}${line}`),
  "Azure's command": before("2026-11-28T21:03:04.1234567Z [command]"),
  "Jenkins' timestamps": before("[2026-11-28T21:03:04.123Z] "),
  "Jenkins' branch": before("[2026-11-28T21:03:04.123Z] [deploy] "),
  "times of the day": before("[21:03:04] "),
  "TeamCity's marks": before("[21:03:04]E: "),
  "TeamCity's step": before("[21:03:04] :\t [Step 1/2] "),
  "Buildkite's times": before("\u001b_bk;t=1764363784000\u0007"),
  "Cloud Build's step": before('Step #3 - "pulumi": '),
  "CodeBuild's container": before("[Container] 2026/11/28 21:03:04 "),
  "a container's prefix": before("deployer-1  | "),
  "kubectl's prefix": before("[pod/deploy-abc/pulumi] "),
  "the kubelet's file": before("2026-11-28T21:03:04.123456789Z stdout F "),
  syslog: before("Nov 28 21:03:04 ci-runner-1 pulumi[1234]: "),
  "Go's times": before("2026-11-28 21:03:04.123 +0000 UTC "),
  "seconds since 1970": before("1764363784.123 "),
  "a container's JSON": eachLine((line) => JSON.stringify({ log: `${line}\n`, stream: "stdout", time: "2026-11-28T21:03:04.1Z" })),
  "a logger's JSON": eachLine((line) => JSON.stringify({ level: "info", msg: line, time: "2026-11-28T21:03:04Z" })),
  "a mail's quotes": before("> "),
  "a box": eachLine((line) => `│ ${line.padEnd(160)} │`),
  "a page's entities": (text) =>
    text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/'/g, "&#39;"),
  "hard blanks": (text) => text.replaceAll(" ", "\u00a0"),
  tabs: (text) => text.replace(/^ {4}/gm, "\t\t").replace(/^ {2}/gm, "\t"),
  "Windows line ends": (text) => text.replaceAll("\n", "\r\n"),
  "old line ends": (text) => text.replaceAll("\n", "\r"),
  "a byte order mark": (text) => `\ufeff${text}`,
  colours: (text) => text.replace(/(error: )/g, "\u001b[38;5;1m$1\u001b[0m").replace(/^( {2}\S+) /gm, "\u001b[1m$1\u001b[0m "),
  "more colours": eachLine((line) => `\u001b[38;2;1;2;3m${line}\u001b[0m\u001b[K`),
  "colours that lost their mark": (text) => text.replace(/error:/g, "[31merror:[0m"),
  links: (text) => text.replace(/error:/g, "\u001b]8;;https://example.com\u001b\\error:\u001b]8;;\u001b\\"),
  "no indentation": (text) => text.replace(/^[ \t]+/gm, ""),
  "one line": (text) => text.replace(/\s*\n\s*/g, " "),
  "one line with escapes": (text) => JSON.stringify(text),
  "one line with escapes twice": (text) => JSON.stringify(JSON.stringify(text)),
};

describe.each(Object.keys(cases))("%s", (name) => {
  test("gets its own remedy, and none that deletes", () => {
    const explanations = explainFailures(log(name));
    expect(found(log(name))).toEqual(expected(name));
    explanations.forEach(({ remedy }, position) => {
      expect(remedy).toContain(cases[name]?.[position]?.[2]);
      expect(remedy).not.toMatch(/helm uninstall|delete it there|state delete/);
    });
  });

  test.each(Object.keys(shapes))("with %s it is the same", (shape) => {
    expect(found(shapes[shape]?.(log(name)) ?? "")).toEqual(expected(name));
  });
});

test("a heading within a message is no prefix", () => {
  const text =
    "Diagnostics:\n  okta:index:Group (groups-a):\n    error: kubernetes:core/v1:Secret (x): no\n    error: the API returned an error: Invalid token provided\n";
  expect(found(text)).toContainEqual(["groups-a", "credentials"]);
});
