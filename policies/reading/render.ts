import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { parseAllDocuments, stringify } from "yaml";
import { GatehouseError } from "../../model/text/errors";
import type { Subject } from "../rule";
import { at, isProperties, text, type Properties, type Value } from "../value";
import { parsedObjects } from "./brought-objects";

/** A chart that could not be rendered: no helm, no chart, or values that the chart refuses. */
export class RenderError extends GatehouseError<"chart_not_rendered"> {
  override readonly name = "RenderError";
  constructor(message: string, options?: ErrorOptions) {
    super("chart_not_rendered", "refused", message, options);
  }
}

const placeholder = "not-known-yet";
const run = promisify(execFile);

/**
 * The Kubernetes objects of a release, as subjects with the type tokens that the same objects would have as Pulumi resources.
 * Values go to helm through a file that only this user can read, and that is removed at once: they may hold secrets.
 */
export async function renderChart(release: Properties, name: string, chartDirectory: string): Promise<Subject[]> {
  const chart = text(release, "chart");
  if (chart === undefined) {
    throw new RenderError("chart: expected a name or path to render, got a value not known yet");
  }
  const folder = await mkdtemp(join(tmpdir(), "gatehouse-policy-"));
  try {
    const values = join(folder, "values.yaml");
    await writeFile(values, stringify(withPlaceholders(at(release, "values") ?? {}) ?? {}, { sortMapEntries: true }), { mode: 0o600 });
    const local = /^\.{0,2}[/\\]/.test(chart);
    const flag = (name: string, ...path: string[]): string[] => {
      const value = text(release, ...path);
      return value ? [`--${name}=${value}`] : [];
    };
    const { stdout } = await run(
      "helm",
      [
        "template",
        `--values=${values}`,
        // Helm's built-in default is an old version, which charts then refuse.
        "--kube-version=1.31.0",
        ...flag("version", "version"),
        ...flag("namespace", "namespace"),
        ...flag("repo", "repositoryOpts", "repo"),
        // What stands here is never a flag: a chart that is called --post-renderer=… would name a program to run.
        "--",
        name,
        local ? resolve(chartDirectory, chart) : chart,
      ],
      { env: process.env, maxBuffer: 64 * 1024 * 1024, timeout: 60_000 },
    );
    return parseAllDocuments(stdout).flatMap((document) => parsedObjects(document.toJS()));
  } catch (error) {
    throw renderError(chart, error as { code?: unknown; stderr?: unknown; message?: unknown });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function renderError(chart: string, { code, stderr, message }: { code?: unknown; stderr?: unknown; message?: unknown }): RenderError {
  if (code === "ENOENT") {
    return new RenderError("renderCharts: expected helm on PATH, got none");
  }
  // Only helm's first line: the rest may quote values.
  const [reason = ""] = String(stderr === undefined || stderr === "" ? message : stderr).split("\n");
  return new RenderError(`chart ${chart}: expected it to render, got: ${reason.slice(0, 200)}`);
}

function withPlaceholders(value: Value): unknown {
  if (typeof value === "symbol") {
    return placeholder;
  }
  if (Array.isArray(value)) {
    return value.map((item: Value) => withPlaceholders(item));
  }
  if (isProperties(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, withPlaceholders(child)]));
  }
  return value;
}
