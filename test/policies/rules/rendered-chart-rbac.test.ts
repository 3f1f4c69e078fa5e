import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { renderedChartRbac } from "../../../policies/rules/rendered-chart-rbac";
import { releases } from "../../../policies/types";
import { run, unknown, type Fixture } from "../harness";

const role = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: { name: k10-mc-admin }\nrules:\n";
const harmless = `${role}  - { apiGroups: [apps], resources: [deployments], verbs: [get] }\n`;
const reading = `${role}  - { apiGroups: [""], resources: [secrets], verbs: ["*"] }\n`;
const binding =
  "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: { name: kasten-cluster-admin }\n" +
  "roleRef: { kind: ClusterRole, name: cluster-admin }\nsubjects: [{ kind: ServiceAccount, name: executor-svc, namespace: kasten-io }]\n";
const release = (props: Record<string, unknown> = {}): Fixture => ({
  type: releases[0],
  name: "k10",
  props: {
    chart: "kasten/k10",
    name: "backup",
    version: "9.0.7",
    namespace: "kasten-io",
    repositoryOpts: { repo: "https://charts.kasten.io/" },
    values: { auth: { oidcAuth: { enabled: true, clientID: unknown } }, list: [unknown, "x"] },
    ...props,
  },
});

// A program named helm on PATH that notes how it was called and prints the given manifest. The real helm runs in the end-to-end tests.
describe(renderedChartRbac.id, () => {
  const path = process.env["PATH"] ?? "";
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gatehouse-helm-test-"));
    vi.stubEnv("PATH", `${folder}${delimiter}${path}`);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  function helm(output: string, ending = "exit 0"): void {
    writeFileSync(join(folder, "manifest"), output);
    const note = `file="\${2#--values=}"\nprintf '%s\\n' "$@" > '${folder}/arguments'\nstat -c %a "$file" > '${folder}/mode'\ncp "$file" '${folder}/values'`;
    writeFileSync(join(folder, "helm"), `#!/bin/sh\n${note}\ncat '${folder}/manifest'\n${ending}\n`);
    chmodSync(join(folder, "helm"), 0o755);
  }
  const note = (name: string): string => readFileSync(join(folder, name), "utf8");
  const judge = (fixture: Fixture, settings: Record<string, unknown> = { renderCharts: true }) =>
    run(renderedChartRbac, [fixture], settings);

  it("does nothing unless asked to", async () => {
    helm(reading);
    expect(await judge(release(), {})).toEqual([]);
    expect(() => note("arguments")).toThrow("ENOENT");
  });

  it("accepts a chart whose roles are harmless", async () => {
    helm(harmless);
    expect(await judge(release())).toEqual([]);
  });

  it("reports what the chart's roles and bindings break", async () => {
    helm(reading + binding);
    expect(await judge(release())).toEqual([
      'ClusterRole k10-mc-admin: rbac-no-wildcards: rules[0].verbs: expected verbs by name, got ["*"]',
      "ClusterRole k10-mc-admin: rbac-secrets-read: rules[0]: expected Secrets by name (resourceNames), got get, list, watch, patch, deletecollection on secrets",
      "ClusterRole k10-mc-admin: rbac-csr-webhook-token: rules[0]: expected no power over certificates, webhooks or service account tokens, got create, get, list, watch, patch on secrets (token Secrets)",
      'ClusterRoleBinding kasten-cluster-admin: rbac-no-cluster-admin: roleRef.name: expected the platform\'s own role, got "cluster-admin"',
    ]);
  });

  it("renders as Helm would install, with values that only this user can read", async () => {
    helm(harmless);
    await judge(release());
    const [verb, values = "", ...rest] = note("arguments").trim().split("\n");
    expect(verb).toBe("template");
    expect(values).toMatch(/^--values=/);
    expect(rest).toEqual([
      "--kube-version=1.31.0",
      "--version=9.0.7",
      "--namespace=kasten-io",
      "--repo=https://charts.kasten.io/",
      "--",
      "backup",
      "kasten/k10",
    ]);
    expect(note("mode").trim()).toBe("600");
    expect(note("values")).toBe("auth:\n  oidcAuth:\n    clientID: not-known-yet\n    enabled: true\nlist:\n  - not-known-yet\n  - x\n");
    expect(() => readFileSync(values.slice("--values=".length))).toThrow("ENOENT");
  });

  it("starts local charts from the configured folder", async () => {
    helm(harmless);
    await judge(release({ chart: "./charts/k10" }), { renderCharts: true, chartDirectory: "/programs/shop" });
    expect(note("arguments").trim().split("\n").at(-1)).toBe("/programs/shop/charts/k10");
  });

  it.each([
    ["a chart", { chart: "--post-renderer=/tmp/program" }],
    ["a release", { name: "--post-renderer=/tmp/program" }],
    ["a version", { version: "--post-renderer=/tmp/program" }],
    ["a repository", { repositoryOpts: { repo: "--post-renderer=/tmp/program" } }],
    ["a namespace", { namespace: "--post-renderer /tmp/program" }],
  ])("takes no flag of %s", async (_, props) => {
    helm(harmless);
    await judge(release(props));
    const given = note("arguments").trim().split("\n");
    const flags = given.slice(1, given.indexOf("--"));
    expect(flags.filter((flag) => !/^--(?:values|kube-version|version|namespace|repo)=/.test(flag))).toEqual([]);
    expect(given).toHaveLength(given.indexOf("--") + 3);
  });

  it("says when a chart could not be judged", async () => {
    helm("", "echo 'Error: auth.oidcAuth.scopes field is required!' >&2\necho 'values: hunter2' >&2\nexit 1");
    expect(await judge(release())).toEqual([
      "chart kasten/k10: expected it to render, got: Error: auth.oidcAuth.scopes field is required!",
    ]);
  });

  it("says when there is no helm", async () => {
    vi.stubEnv("PATH", folder);
    expect(await judge(release())).toEqual(["renderCharts: expected helm on PATH, got none"]);
  });

  it("says when the chart is not known yet", async () => {
    helm(harmless);
    expect(await judge(release({ chart: unknown }))).toEqual(["chart: expected a name or path to render, got a value not known yet"]);
  });
});
