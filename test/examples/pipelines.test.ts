import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { parse, parseAllDocuments } from "yaml";
import { gitlabSchema, stackSchema } from "./pipeline-schemas";
import { scriptsOf, workflowFaults } from "./github-workflow";

const read = (path: string): string => readFileSync(join(__dirname, "../../examples/pipelines", path), "utf8");
const workflow = read("github-actions/gatehouse.yaml");
const gitlab = gitlabSchema.parse(parse(read("gitlab/.gitlab-ci.yml")));
const operator = parseAllDocuments(read("pulumi-kubernetes-operator/stack.yaml")).map((document) => document.toJS() as unknown);

describe("GitHub Actions", () => {
  test("follows the syntax; nothing for forks, every action by its commit, least permissions, no stored secret", () => {
    expect(workflowFaults(workflow)).toEqual([]);
  });

  const changed = (from: string | RegExp, to: string): string[] => {
    const other = workflow.replace(from, to);
    expect(other).not.toBe(workflow);
    return workflowFaults(other);
  };

  test.each([
    ["a tag instead of a commit", /actions\/checkout@[0-9a-f]{40}/, "actions/checkout@v5", "expected owner/name@<40 hexadecimal digits>"],
    ["a commit without its version", " # v6.6.1", "", "expected owner/name@<40 hexadecimal digits>"],
    ["pull_request_target", "  pull_request:\n", "  pull_request_target:\n", "on.pull_request_target"],
    ["permissions for all", "permissions: {}", "permissions: { contents: write }", "expected none for the whole workflow"],
    [
      "no guard against forks",
      / && github\.event\.pull_request\.head\.repo\.full_name == github\.repository/,
      "",
      "preview: a pull request from a fork",
    ],
    ["a stored secret", "${{ github.token }}", "${{ secrets.COMMENT_TOKEN }}", "a stored secret"],
    [
      "more rights than reading",
      "      contents: read\n      id-token",
      "      contents: write\n      id-token",
      "expected permissions.contents: read",
    ],
    [
      "an expression inside a script",
      '--stack "$STACK" --policy-pack',
      '--stack "${{ github.head_ref }}" --policy-pack',
      "an expression inside a script",
    ],
    ["a token left behind", "persist-credentials: false", "persist-credentials: true", "checkout leaves its token"],
    ["an identity that nothing protects", "    environment: preview\n", "", "an identity without an environment"],
    [
      "the pull request's own commands",
      'ref: "${{ github.event.pull_request.base.sha }}"',
      'ref: "${{ github.event.pull_request.head.sha }}"',
      "validate: code of the pull request decides about it",
    ],
    [
      "the merge's own commands",
      ', ref: "${{ github.event.pull_request.base.sha }}"',
      "",
      "validate: code of the pull request decides about it",
    ],
    [
      "more files of it",
      '"stacks/Pulumi.$STACK.yaml" && rm',
      '"stacks/" && cp -r proposed/. . && rm',
      "validate: more of the pull request than its stack file",
    ],
    ["a misspelt key", "timeout-minutes", "timeout-minute", "jobs.validate"],
  ])("%s is seen", (_, from, to, words) => {
    expect(changed(from, to).join("\n")).toContain(words);
  });

  test("one action has one commit everywhere", () => {
    const pins = new Map<string, Set<string>>();
    for (const [, name = "", commit = ""] of workflow.matchAll(/uses: ([\w./-]+)@([0-9a-f]{40})/g)) {
      pins.set(name, (pins.get(name) ?? new Set()).add(commit));
    }
    expect([...pins.values()].every((commits) => commits.size === 1)).toBe(true);
    expect([...pins.keys()].sort()).toEqual(["actions/checkout", "actions/setup-node", "pulumi/actions", "pulumi/auth-actions"]);
  });
});

describe("GitLab CI", () => {
  test("identities only where the merge request is the project's own", () => {
    const forks = "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID";
    expect(gitlab.validate.id_tokens).toBeUndefined();
    expect(gitlab.preview.rules.every(({ if: condition }) => condition.includes(forks))).toBe(true);
    expect(gitlab.update.rules.every(({ if: condition }) => condition.includes("$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH"))).toBe(true);
    expect([gitlab.preview.environment?.name, gitlab.update.environment?.name]).toEqual(["preview", "production"]);
  });

  test("commands and policies are the target branch's; of the request only the stack file is taken", () => {
    for (const job of ["validate", "preview"] as const) {
      expect(gitlab[job].script.slice(0, 4)).toEqual([
        'git fetch --quiet origin "$CI_MERGE_REQUEST_TARGET_BRANCH_NAME"',
        "git checkout --quiet --force FETCH_HEAD",
        'git checkout --quiet "$CI_COMMIT_SHA" -- "stacks/Pulumi.$STACK.yaml"',
        "npm ci --ignore-scripts",
      ]);
    }
  });

  test("the image is named by a digest that is the reader's to fill in, and that nothing takes for one before", () => {
    expect(gitlab.default.image).toMatch(/^[\w./-]+:[\w.-]+@sha256:REPLACE-WITH-THE-DIGEST$/);
  });

  test("every stage is declared, and no variable holds a secret", () => {
    expect([gitlab.validate, gitlab.preview, gitlab.update].map(({ stage }) => gitlab.stages.indexOf(stage))).toEqual([0, 1, 2]);
    expect(Object.keys(gitlab.variables).filter((name) => /TOKEN|SECRET|PASSWORD/.test(name))).toEqual([]);
  });

  test("the commands are GitHub's", () => {
    const gatehouse = (scripts: readonly string[]) =>
      scripts.map((script) => script.trim()).filter((script) => script.includes("gatehouse --"));
    for (const [job, count] of [
      ["validate", 1],
      ["preview", 1],
      ["update", 2],
    ] as const) {
      expect(gatehouse(gitlab[job].script)).toEqual(gatehouse(scriptsOf(workflow, job)));
      expect(gatehouse(gitlab[job].script)).toHaveLength(count);
    }
    expect(gitlab.update.script.at(-1)).toContain("pulumi up --yes --non-interactive");
  });
});

describe("the update", () => {
  const principal = "azuread:index:ServicePrincipal (k10-app-principal)";
  const replication = `${principal}:\n    error: Timed out whilst waiting for new service principal to be replicated in Azure AD\n`;
  const permission = "azuread:index:Group (groups-admins):\n    error: unexpected status 403: Authorization_RequestDenied\n";

  /** The command in one file: a run of the step starts it each time that the engine has failed. */
  const built = mkdtempSync(join(tmpdir(), "gatehouse-command-"));
  const command = join(built, "bin.cjs");
  beforeAll(() =>
    build({
      entryPoints: [join(__dirname, "../../cli/bin.ts")],
      outfile: command,
      bundle: true,
      platform: "node",
      target: "node20",
      external: ["@kubernetes/client-node"],
      logLevel: "warning",
    }),
  );
  afterAll(() => rmSync(built, { recursive: true }));

  /** Runs the step with an engine that fails so often, in these words. */
  function run(failures: number, words: string): { status: number | null; updates: number; stdout: string } {
    const folder = mkdtempSync(join(tmpdir(), "gatehouse-update-"));
    const program = (name: string, script: string): void =>
      writeFileSync(join(folder, name), `#!/usr/bin/env bash\n${script}`, { mode: 0o755 });
    const count = join(folder, "count");
    writeFileSync(join(folder, "words"), `Diagnostics:\n  ${words}`);
    program("pulumi", `echo x >> ${count}\n[ "$(wc -l < ${count})" -gt ${failures} ] || { cat ${folder}/words; exit 255; }\n`);
    program("npm", `shift 4; exec "${process.execPath}" "${command}" "$@"\n`);
    const script = scriptsOf(workflow, "update").at(-1) ?? "";
    const env = { ...process.env, PATH: `${folder}:${process.env["PATH"] ?? ""}`, STACK: "production" };
    const { status, stdout } = spawnSync("bash", ["-e", "-c", script], { cwd: folder, env, encoding: "utf8" });
    const updates = readFileSync(count, "utf8").trim().split("\n").length;
    rmSync(folder, { recursive: true });
    return { status, updates, stdout };
  }

  test("is run once more for a principal that is not replicated yet, and for nothing else", () => {
    expect(run(0, "")).toMatchObject({ status: 0, updates: 1 });
    const again = run(1, replication);
    expect(again).toMatchObject({ status: 0, updates: 2 });
    expect(again.stdout).toContain("k10-app-principal: Entra ID did not know its own new service principal everywhere yet.");
    expect(run(2, replication)).toMatchObject({ status: 255, updates: 2 });
    const delayed =
      "azuread:index:Group (groups-admins):\n    error: Timed out whilst waiting for new group to be replicated in Azure AD\n";
    for (const other of [delayed, permission, "azuread:index:Group (groups-x):\n    error: something that nobody knows\n"]) {
      expect(run(1, other)).toMatchObject({ status: 1, updates: 1 });
      expect(run(1, `${replication}  ${other}`)).toMatchObject({ status: 1, updates: 1 });
    }
    const refused = run(1, permission);
    expect(refused).toMatchObject({ status: 1, updates: 1 });
    expect(refused.stdout).toContain("groups-admins: Microsoft Graph refused it.");
  }, 60_000);
});

describe("Pulumi Kubernetes Operator", () => {
  const stack = stackSchema.parse(operator.at(-1));

  test("looks again at a commit that it has deployed: grants end by the calendar", () => {
    expect(stack.spec).toMatchObject({ continueResyncOnCommitMatch: true, refresh: true, destroyOnFinalize: false });
  });

  test("the image is named by a digest that is the reader's to fill in, and that nothing takes for one before", () => {
    expect(stack.spec.workspaceTemplate.spec.image).toMatch(/^[\w./-]+:[\w.-]+@sha256:REPLACE-WITH-THE-DIGEST$/);
  });

  test("no secret stands in it", () => {
    const secrets = Object.entries(stack.spec.envRefs).filter(([name]) => /TOKEN$|SECRET|PASSWORD|PASSPHRASE/.test(name));
    expect(secrets.map(([name, { type }]) => [name, type])).toEqual([["PULUMI_ACCESS_TOKEN", "Secret"]]);
  });

  test("the service account is made beside it, and every volume is mounted", () => {
    expect(operator.slice(0, -1)).toMatchObject([
      { kind: "ServiceAccount", metadata: { name: stack.spec.serviceAccountName, namespace: stack.metadata.namespace } },
      { kind: "ClusterRoleBinding", roleRef: { name: "system:auth-delegator" }, subjects: [{ name: stack.spec.serviceAccountName }] },
    ]);
    const { containers, volumes } = stack.spec.workspaceTemplate.spec.podTemplate.spec;
    expect(containers.flatMap(({ volumeMounts }) => volumeMounts.map(({ name }) => name))).toEqual(volumes.map(({ name }) => name));
  });

  test.each([
    [{ destroyOnFinalise: false }, "destroyOnFinalise"],
    [{ commit: "abc" }, "exactly one of branch and commit"],
    [{ resyncFrequencySeconds: 1 }, "resyncFrequencySeconds"],
  ])("%j is refused", (more, words) => {
    const result = stackSchema.safeParse({ ...stack, spec: { ...stack.spec, ...more } });
    expect(result.success).toBe(false);
    expect(JSON.stringify(result.error?.issues)).toContain(words);
  });
});
