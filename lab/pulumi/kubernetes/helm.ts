// Running the real Helm: HELM_BIN or `helm` on PATH. Values go by stdin: arguments are visible to every process of the
// machine, and a file would stay when the engine kills the plugin.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { numberOf, objectOf, parseJson, sortedJson, textOf } from "../provider/json";
import type { Properties, Value } from "../provider/values";
import type { KubernetesConfig } from "./config";

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
  /** What was installed, as YAML. */
  readonly manifest: string;
}

export class HelmError extends Error {}

/**
 * The arguments by which Helm finds the cluster. A kubeconfig that is a file already is named; only one that was given as
 * text, or of which another cluster is wanted, is written to a private file, which goes with the process.
 *
 * @param content the kubeconfig as one text, with the wanted context and cluster
 */
export function clusterFlags(config: KubernetesConfig, content: () => string): string[] {
  const context = config.context ? ["--kube-context", config.context] : [];
  const isFile = config.kubeconfig === undefined || existsSync(config.kubeconfig);
  if (isFile && !config.cluster) {
    return [...(config.kubeconfig ? ["--kubeconfig", config.kubeconfig] : []), ...context];
  }
  const directory = mkdtempSync(join(tmpdir(), "gatehouse-helm-"));
  process.on("exit", () => rmSync(directory, { recursive: true, force: true }));
  const path = join(directory, "kubeconfig");
  writeFileSync(path, content(), { mode: 0o600 });
  return ["--kubeconfig", path];
}

/** What the operations on releases ask of it. */
export type HelmClient = Pick<Helm, "cancel" | "chartVersion" | "install" | "revision" | "status" | "uninstall" | "upgrade">;

/** Runs Helm against one cluster. */
export class Helm {
  private readonly running = new Set<() => void>();

  /** @param clusterFlags name the cluster, see `clusterFlags` */
  constructor(private readonly clusterFlags: readonly string[]) {}

  cancel(): void {
    for (const stop of this.running) {
      stop();
    }
  }

  /** The version of the chart that would be installed, from its Chart.yaml: `version` may be a range, or say nothing of a local chart. */
  async chartVersion(inputs: Properties): Promise<string> {
    const { dependencyUpdate: _update, ...chart } = inputs;
    const version = objectOf(parse(await this.run(["show", "chart", ...chartArguments(chart)])) as Value).version;
    if (typeof version !== "string") {
      throw new HelmError(`${textOf(inputs.chart) ?? ""}: expected a version in its Chart.yaml, found none`);
    }
    return version;
  }

  async install(inputs: Properties): Promise<void> {
    const { name, namespace } = identity(inputs);
    const flags = switches(inputs, {
      createNamespace: "--create-namespace",
      replace: "--replace",
      skipCrds: "--skip-crds",
      takeOwnership: "--take-ownership",
    });
    await this.run(["install", name, ...chartArguments(inputs), "--namespace", namespace, ...commonFlags(inputs), ...flags], inputs);
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
    await this.run(
      ["upgrade", name, ...chartArguments(inputs), "--namespace", namespace, ...commonFlags(inputs), ...flags, ...history],
      inputs,
    );
  }

  /** A release that is not there is an error, as it is to the official plugin. */
  async uninstall(inputs: Properties): Promise<void> {
    const { name, namespace } = identity(inputs);
    const wait = inputs.atomic === true || inputs.skipAwait !== true ? ["--wait", "--timeout", `${numberOf(inputs.timeout) || 300}s`] : [];
    await this.run(["uninstall", name, "--namespace", namespace, ...wait]);
  }

  /** @returns undefined when there is no such release */
  async status(name: string, namespace: string): Promise<ReleaseStatus | undefined> {
    return ifFound(async () => {
      const [metadata, values, manifest] = await Promise.all([
        this.get("metadata", name, namespace),
        this.get("values", name, namespace),
        this.run(["get", "manifest", name, "--namespace", namespace]),
      ]);
      return {
        name: textOf(metadata.name) ?? name,
        namespace: textOf(metadata.namespace) ?? namespace,
        revision: Number(metadata.revision),
        status: textOf(metadata.status) ?? "",
        chart: textOf(metadata.chart) ?? "",
        version: textOf(metadata.version) ?? "",
        appVersion: textOf(metadata.appVersion) ?? "",
        values,
        manifest,
      };
    });
  }

  /** @returns undefined when there is no such release */
  async revision(name: string, namespace: string): Promise<number | undefined> {
    return ifFound(async () => Number((await this.get("metadata", name, namespace)).revision));
  }

  private async get(what: string, name: string, namespace: string): Promise<Properties> {
    const json = await this.run(["get", what, name, "--namespace", namespace, "--output", "json"]);
    return objectOf(parseJson(json, `helm get ${what}`));
  }

  private run(args: string[], inputs?: Properties): Promise<string> {
    const program = process.env.HELM_BIN || "helm";
    return new Promise((resolve, reject) => {
      const values = inputs?.values ? ["--values", "-"] : [];
      const child = spawn(program, [...args, ...values, ...this.clusterFlags], { stdio: ["pipe", "pipe", "pipe"] });
      const stop = (): void => void child.kill("SIGTERM");
      this.running.add(stop);
      const [output, words]: [Buffer[], Buffer[]] = [[], []];
      child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
      child.stderr.on("data", (chunk: Buffer) => words.push(chunk));
      // Helm may end before it has read them; its own words say why.
      child.stdin.on("error", () => undefined);
      // A null removes the chart's default, as Helm has it; allowNullValues says nothing any more (pulumi-kubernetes#4293, April 2026).
      child.stdin.end(values.length > 0 && inputs ? sortedJson(objectOf(inputs.values)) : undefined);
      child.once("error", (error) => reject(new HelmError(`cannot run ${program} (set HELM_BIN or put helm on PATH): ${error.message}`)));
      child.once("close", (status, signal) => {
        this.running.delete(stop);
        if (status === 0) {
          return resolve(Buffer.concat(output).toString("utf8"));
        }
        const said = Buffer.concat(words)
          .toString("utf8")
          .trim()
          .replace(/^Error: /, "");
        reject(new HelmError(said || `helm ${args[0]} ended with ${signal ?? `status ${status}`}`));
      });
    });
  }
}

async function ifFound<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof HelmError && error.message.includes("release: not found")) {
      return undefined;
    }
    throw error;
  }
}

function identity(inputs: Properties): { name: string; namespace: string } {
  return { name: textOf(inputs.name) ?? "", namespace: textOf(inputs.namespace) ?? "default" };
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
