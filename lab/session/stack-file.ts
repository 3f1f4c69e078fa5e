import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { isAbsolute, join, resolve } from "node:path";
import { parseDocument, parse, type Document } from "yaml";
import { identityProviderFacts, type Environment } from "../../model";
import { freePorts, run } from "../processes";
import type { EnsuredTool } from "../toolchain";
import type { FilledIn } from "../scenarios";

/** `k10=../vendor/k10` or a path alone: which platform's chart is replaced, and by what. */
export interface ChartOverride {
  /** Key of the platform, or the chart's name; undefined: the stack's only platform. */
  readonly platform?: string;
  /** A chart folder, an archive, or its URL. */
  readonly location: string;
}

export function parseChartOverride(text: string): ChartOverride {
  const match = /^([a-z0-9][a-z0-9-]*)=(.+)$/.exec(text);
  return match === null ? { location: text } : { platform: match[1], location: match[2] ?? "" };
}

/** Copies a stack file for the lab, with other charts in place where they were asked for. The tree stays as it is. */
export async function copyStackFile(options: {
  readonly source: string;
  readonly target: string;
  readonly charts: readonly ChartOverride[];
  readonly helm: EnsuredTool;
}): Promise<void> {
  const document = parseDocument(readFileSync(options.source, "utf8"));
  const platforms = document.toJS() as { config?: Record<string, Record<string, unknown>> };
  const written = (platforms.config?.["gatehouse:platforms"] ?? {}) as Record<string, { readonly charts?: Record<string, unknown> }>;
  const names = Object.keys(written);
  for (const chart of options.charts) {
    // A platform of several charts has each under the chart's own name: --chart orchestra=<path>.
    const owner = names.find((key) => Object.hasOwn(written[key]?.charts ?? {}, chart.platform ?? ""));
    if (owner !== undefined && chart.platform !== undefined) {
      await setChart(document, ["config", "gatehouse:platforms", owner, "charts", chart.platform], chart.location, options.helm);
      continue;
    }
    const name = chart.platform ?? (names.length === 1 ? names[0] : undefined);
    if (name === undefined || !names.includes(name)) {
      throw new Error(
        `--chart: expected <platform>=<path or URL> with a platform of the stack (${names.join(", ")}), got '${chart.platform ?? chart.location}'.`,
      );
    }
    await setChart(document, ["config", "gatehouse:platforms", name, "chart"], chart.location, options.helm);
  }
  writeFileSync(options.target, document.toString(), { mode: 0o600 });
}

async function setChart(document: Document, at: readonly string[], path: string, helm: EnsuredTool): Promise<void> {
  const location = locate(path);
  document.setIn([...at, "path"], location);
  // The version decides which values the chart is given; it is the chart's own word.
  document.setIn([...at, "version"], await chartVersion(location, helm));
}

/** Writes what only the running lab knows into its copy of the stack file. */
export function completeStackFile(file: string, places: readonly FilledIn[], facts: Readonly<Record<FilledIn["with"], string>>): void {
  const document = parseDocument(readFileSync(file, "utf8"));
  for (const place of places) {
    document.setIn(["config", ...place.at], facts[place.with]);
  }
  writeFileSync(file, document.toString(), { mode: 0o600 });
}

/**
 * A stack file names the identity provider's address, port included. Where another program has that port, or always, the
 * lab's copy of the file gets a free one, in every place that names the old address.
 */
export async function moveToFreePort(file: string, environment: Environment, always = false): Promise<void> {
  const { host, port } = new URL(identityProviderFacts(environment.idp).issuer);
  if (!always && (await isFree(Number(port)))) {
    return;
  }
  const [free = 0] = await freePorts(1);
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replaceAll(host, `127.0.0.1:${free}`), { mode: 0o600 });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

function locate(location: string): string {
  if (/^(https?|oci):\/\//.test(location)) {
    return location;
  }
  const path = isAbsolute(location) ? location : resolve(location);
  if (!existsSync(path)) {
    throw new Error(`--chart: expected a chart folder, an archive or a URL, but nothing is at ${path}.`);
  }
  return path;
}

async function chartVersion(location: string, helm: EnsuredTool): Promise<string> {
  const folder = !/^(https?|oci):\/\//.test(location) && statSync(location).isDirectory();
  if (folder && !existsSync(join(location, "Chart.yaml"))) {
    throw new Error(`--chart: expected a Helm chart at ${location}, but no Chart.yaml is in that folder.`);
  }
  const text = folder
    ? readFileSync(join(location, "Chart.yaml"), "utf8")
    : (await run(helm.path, ["show", "chart", location], { timeoutMilliseconds: 120_000 })).stdout;
  const chart = parse(text) as { version?: unknown } | null;
  if (typeof chart?.version !== "string") {
    throw new Error(`--chart: expected a Helm chart at ${location}, but its Chart.yaml names no version.`);
  }
  return chart.version;
}
