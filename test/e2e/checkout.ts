/** A checkout of the repository as a pipeline has one, in which the scripts of the example pipelines run as they stand. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { projectFolder, type Lab } from "../../lab/story/session";
import { stackFileOf } from "./support";

export interface ScriptResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Comment {
  readonly id: number;
  readonly user: { readonly login: string };
  readonly body: string;
}

export interface Checkout {
  readonly folder: string;
  /** Runs a script as GitHub's runner does: `bash -e`, in the checkout. */
  run(script: string, variables?: Readonly<Record<string, string>>): Promise<ScriptResult>;
  /** The comments of the pull request, as the fake `gh` has them. */
  comments(): Comment[];
  /** Puts the stack file of a pull request where the workflow checks one out: `proposed/`. */
  propose(): void;
  /** A file of the checkout. */
  read(name: string): string;
  /** Puts the command where `npm run build` does: the one that was built for this run, else a new one. */
  build(): Promise<void>;
}

/** What the program and the commands are made of; the dependencies are linked. */
const parts = ["cli", "components", "lab/story/charts", "model", "plugin", "policies", "reports", "scripts", "stacks", "verifier"];
const files = ["Pulumi.yaml", "package.json", "package-lock.json", "schema.json", "tsconfig.json", "tsconfig.program.json"];

export function makeCheckout(lab: Lab): Checkout {
  const folder = join(lab.stateDir, "checkout");
  const programs = join(lab.stateDir, "pipeline-bin");
  const store = join(lab.stateDir, "comments.json");
  for (const part of [...parts, ...files]) {
    cpSync(join(projectFolder, part), join(folder, part), { recursive: true });
  }
  symlinkSync(join(projectFolder, "node_modules"), join(folder, "node_modules"));
  const stackFile = join(folder, "stacks", `Pulumi.${lab.engine.stack}.yaml`);
  rmSync(stackFile);
  symlinkSync(stackFileOf(lab), stackFile);
  mkdirSync(programs);
  writeFileSync(join(programs, "gh"), fakeGh(store), { mode: 0o755 });
  return {
    folder,
    run: (script, variables = {}) =>
      execute(script, folder, {
        ...lab.variables,
        PATH: [programs, lab.variables["PATH"] ?? ""].join(delimiter),
        // The dependencies are there; an installation would go through the link into the tree.
        npm_config_ignore_scripts: "true",
        STACK: lab.engine.stack,
        ...variables,
      }),
    propose: () => {
      mkdirSync(join(folder, "proposed", "stacks"), { recursive: true });
      cpSync(stackFileOf(lab), join(folder, "proposed", "stacks", `Pulumi.${lab.engine.stack}.yaml`));
    },
    comments: () => (existsSync(store) ? (JSON.parse(readFileSync(store, "utf8")) as Comment[]) : []),
    read: (name) => readFileSync(join(folder, name), "utf8"),
    async build() {
      const built = process.env["GATEHOUSE_E2E_COMMAND"];
      if (built !== undefined) {
        cpSync(dirname(built), join(folder, "dist", "cli"), { recursive: true });
        return;
      }
      const { status, stderr } = await execute("npm run build", folder, lab.variables);
      assert.equal(status, 0, stderr);
    },
  };
}

function execute(script: string, cwd: string, env: NodeJS.ProcessEnv): Promise<ScriptResult> {
  return new Promise((resolve, reject) => {
    const child = spawn("bash", ["-e", "-o", "pipefail", "-c", script], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.once("error", reject);
    child.once("close", (status) => resolve({ status: status ?? -1, stdout, stderr }));
  });
}

/**
 * Stands where GitHub's command is: keeps comments in a file, lists the ids that the script's filter would (its own comments that begin
 * with the marker), creates and updates. Anything else it refuses.
 */
function fakeGh(store: string): string {
  return `#!/usr/bin/env node
const { existsSync, readFileSync, writeFileSync } = require("node:fs");
const store = ${JSON.stringify(store)};
const comments = existsSync(store) ? JSON.parse(readFileSync(store, "utf8")) : [];
const args = process.argv.slice(2);
const after = (flag) => (args.includes(flag) ? args[args.indexOf(flag) + 1] : undefined);
const path = args.find((arg) => arg.startsWith("repos/"));
const body = () => readFileSync(after("--field").replace(/^body=@/, ""), "utf8");
const save = () => writeFileSync(store, JSON.stringify(comments));
const list = "repos/example/infrastructure/issues/7/comments";
const one = /^repos\\/example\\/infrastructure\\/issues\\/comments\\/(\\d+)$/.exec(path ?? "");
if (args[0] === "api" && path === list && after("--method") === undefined && after("--jq") !== undefined) {
  const ids = comments.filter((c) => c.user.login === "github-actions[bot]" && c.body.startsWith(process.env.MARKER)).map((c) => c.id);
  process.stdout.write(ids.map((id) => id + "\\n").join(""));
} else if (args[0] === "api" && path === list && after("--method") === "POST") {
  comments.push({ id: 100 + comments.length, user: { login: "github-actions[bot]" }, body: body() });
  save();
} else if (args[0] === "api" && one !== null && after("--method") === "PATCH") {
  comments.find((c) => c.id === Number(one[1])).body = body();
  save();
} else {
  console.error("gh: unexpected " + args.join(" "));
  process.exit(1);
}
`;
}
