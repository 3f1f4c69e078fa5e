// Running the real Helm: HELM_BIN or `helm` on PATH. Values and kubeconfig go by files of mode 0600, never by arguments.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { numberOf, objectOf, parseJson, sortedJson, textOf } from "../provider/json";
import type { Properties, Value } from "../provider/values";

/** What Helm says about a release (`helm get metadata`, `helm status`). */
export interface ReleaseStatus {
  readonly name: string;
  readonly namespace: string;
  readonly revision: number;
  readonly status: string;
  readonly chart: string;
  readonly version: string;
  readonly appVersion: string;
  /** The user's values. */
  readonly values: Properties;
}

export class HelmError extends Error {}

/** Runs Helm with a private folder for its files. */
export class Helm {
  private readonly running = new Set<() => void>();

  constructor(private readonly kubeconfig: string) {}

  cancel(): void {
    for (const stop of this.running) stop();
  }

  /** Renders a chart without asking the cluster. @returns its manifests as YAML */
  template(inputs: Properties): Promise<string> {
    const { name, namespace } = identity(inputs);
    return this.withFiles(inputs, (files) =>
      this.run([
        "template",
        name,
        ...chartArguments(inputs),
        "--namespace",
        namespace,
        ...files,
        ...(inputs.skipCrds === true ? [] : ["--include-crds"]),
      ]),
    );
  }

  async install(inputs: Properties): Promise<void> {
    const { name, namespace } = identity(inputs);
    const flags = switches(inputs, {
      createNamespace: "--create-namespace",
      replace: "--replace",
      skipCrds: "--skip-crds",
      takeOwnership: "--take-ownership",
    });
    await this.withFiles(inputs, (files) =>
      this.run(["install", name, ...chartArguments(inputs), "--namespace", namespace, ...files, ...commonFlags(inputs), ...flags]),
    );
  }

  async upgrade(inputs: Properties): Promise<void> {
    const { name, namespace } = identity(inputs);
    const flags = switches(inputs, {
      cleanupOnFail: "--cleanup-on-fail",
      forceUpdate: "--force",
      resetValues: "--reset-values",
      reuseValues: "--reuse-values",
      skipCrds: "--skip-crds",
      takeOwnership: "--take-ownership",
    });
    const history = ["--history-max", String(numberOf(inputs.maxHistory) ?? 0)];
    await this.withFiles(inputs, (files) =>
      this.run([
        "upgrade",
        name,
        ...chartArguments(inputs),
        "--namespace",
        namespace,
        ...files,
        ...commonFlags(inputs),
        ...flags,
        ...history,
      ]),
    );
  }

  /** A release that is not there is a success. */
  async uninstall(inputs: Properties): Promise<void> {
    const { name, namespace } = identity(inputs);
    const wait = inputs.atomic === true || inputs.skipAwait !== true ? ["--wait", "--timeout", `${numberOf(inputs.timeout) || 300}s`] : [];
    await this.withFiles({}, (files) => this.run(["uninstall", name, "--namespace", namespace, "--ignore-not-found", ...files, ...wait]));
  }

  /** @returns undefined when there is no such release */
  async status(name: string, namespace: string): Promise<ReleaseStatus | undefined> {
    const ask = async (...command: string[]): Promise<Properties> => {
      const json = await this.withFiles({}, (files) =>
        this.run([...command, name, "--namespace", namespace, "--output", "json", ...files]),
      );
      return objectOf(parseJson(json, `helm ${command.join(" ")}`));
    };
    try {
      const [metadata, values] = await Promise.all([ask("get", "metadata"), ask("get", "values")]);
      return {
        name: textOf(metadata.name) ?? name,
        namespace: textOf(metadata.namespace) ?? namespace,
        revision: Number(metadata.revision),
        status: textOf(metadata.status) ?? "",
        chart: textOf(metadata.chart) ?? "",
        version: textOf(metadata.version) ?? "",
        appVersion: textOf(metadata.appVersion) ?? "",
        values,
      };
    } catch (error) {
      if (error instanceof HelmError && /release: not found/.test(error.message)) return undefined;
      throw error;
    }
  }

  /** Gives the arguments for the files that a command needs, and removes the files afterwards. */
  private async withFiles<Result>(inputs: Properties, use: (files: string[]) => Promise<Result>): Promise<Result> {
    const directory = mkdtempSync(join(tmpdir(), "gatehouse-helm-"));
    const write = (name: string, content: string): string => {
      const path = join(directory, name);
      writeFileSync(path, content, { mode: 0o600 });
      return path;
    };
    try {
      const files = ["--kubeconfig", write("kubeconfig", this.kubeconfig)];
      // JSON is YAML.
      if (inputs.values) files.push("--values", write("values.yaml", sortedJson(valuesOf(inputs))));
      return await use(files);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }

  private run(args: string[]): Promise<string> {
    const program = process.env.HELM_BIN || "helm";
    return new Promise((resolve, reject) => {
      const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"] });
      const stop = (): void => void child.kill("SIGTERM");
      this.running.add(stop);
      const [output, words]: [Buffer[], Buffer[]] = [[], []];
      child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
      child.stderr.on("data", (chunk: Buffer) => words.push(chunk));
      child.stdin.end();
      child.once("error", (error) => reject(new HelmError(`cannot run ${program} (set HELM_BIN or put helm on PATH): ${error.message}`)));
      child.once("close", (status, signal) => {
        this.running.delete(stop);
        if (status === 0) return resolve(Buffer.concat(output).toString("utf8"));
        const said = Buffer.concat(words)
          .toString("utf8")
          .trim()
          .replace(/^Error: /, "");
        reject(new HelmError(said || `helm ${args[0]} ended with ${signal ?? `status ${status}`}`));
      });
    });
  }
}

function identity(inputs: Properties): { name: string; namespace: string } {
  return { name: textOf(inputs.name) ?? "", namespace: textOf(inputs.namespace) ?? "default" };
}

/** Without allowNullValues a null says nothing, rather than removing the chart's default (mergeMaps in helm_release.go). */
function valuesOf(inputs: Properties): Properties {
  const values = objectOf(inputs.values);
  return inputs.allowNullValues === true ? values : objectOf(withoutNulls(values));
}

function withoutNulls(value: Value): Value {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== null)
      .map(([key, field]) => [key, withoutNulls(field)]),
  );
}

function chartArguments(inputs: Properties): string[] {
  const repository = objectOf(inputs.repositoryOpts);
  const optional: [string, string | undefined][] = [
    ["--repo", textOf(repository.repo)],
    ["--username", textOf(repository.username)],
    ["--ca-file", textOf(repository.caFile)],
    ["--cert-file", textOf(repository.certFile)],
    ["--key-file", textOf(repository.keyFile)],
    ["--version", textOf(inputs.version)],
    ["--keyring", inputs.verify === true ? textOf(inputs.keyring) : undefined],
  ];
  const given = optional.flatMap(([flag, value]) => (value === undefined ? [] : [flag, value]));
  return [
    textOf(inputs.chart) ?? "",
    ...given,
    ...switches(inputs, { devel: "--devel", verify: "--verify", dependencyUpdate: "--dependency-update" }),
  ];
}

/** Flags of both install and upgrade. */
function commonFlags(inputs: Properties): string[] {
  const description = textOf(inputs.description);
  return [
    ...switches(inputs, {
      atomic: "--atomic",
      disableOpenapiValidation: "--disable-openapi-validation",
      disableWebhooks: "--no-hooks",
      renderSubchartNotes: "--render-subchart-notes",
    }),
    ...(inputs.skipAwait === true ? [] : ["--wait", ...(inputs.waitForJobs === true ? ["--wait-for-jobs"] : [])]),
    "--timeout",
    `${numberOf(inputs.timeout) || 300}s`,
    ...(description ? ["--description", description] : []),
  ];
}

function switches(inputs: Properties, flags: Readonly<Record<string, string>>): string[] {
  return Object.entries(flags).flatMap(([key, flag]) => (inputs[key] === true ? [flag] : []));
}
