/** The lab's copy of a stack file: the only place that reads and writes one. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { isMap, parse, parseAllDocuments, parseDocument, stringify, type Document } from "yaml";
import { z } from "zod";
import { dayOf, identityProviderFacts, parseEnvironment, readStackFile as readStackFileText, type Environment } from "../../../model";
import { freePorts, run } from "../../machine/processes";
import type { EnsuredTool } from "../../machine/toolchain";
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
  const written = (readSettings(options.source)["platforms"] ?? {}) as Record<string, { readonly charts?: Record<string, unknown> }>;
  const names = Object.keys(written);
  for (const chart of options.charts) {
    // A platform of several charts has each under the chart's own name: --chart orchestra=<path>.
    const owner = names.find((key) => Object.hasOwn(written[key]?.charts ?? {}, chart.platform ?? ""));
    if (owner !== undefined && chart.platform !== undefined) {
      await setChart(document, ["config", "gatehouse:platforms", owner, "charts", chart.platform], chart.location, options);
      continue;
    }
    const name = chart.platform ?? (names.length === 1 ? names[0] : undefined);
    if (name === undefined || !names.includes(name)) {
      throw new Error(
        `--chart: expected <platform>=<path or URL> with a platform of the stack (${names.join(", ")}), got '${chart.platform ?? chart.location}'.`,
      );
    }
    await setChart(document, ["config", "gatehouse:platforms", name, "chart"], chart.location, options);
  }
  writeFileSync(options.target, document.toString(), { mode: 0o600 });
}

interface ChartPlaces {
  readonly target: string;
  readonly helm: EnsuredTool;
}

async function setChart(document: Document, at: readonly string[], given: string, { target, helm }: ChartPlaces): Promise<void> {
  const path = isAddress(given) ? await fetchChart(given, dirname(target), helm) : locate(given);
  document.setIn([...at, "path"], path);
  // The version decides which values the chart is given; it is the chart's own word.
  document.setIn([...at, "version"], await chartVersion(path, helm));
  const values = document.getIn([...at.slice(0, at.indexOf("gatehouse:platforms") + 2), "values"]);
  await refuseEndlessHooks(path, isMap(values) ? values.toJS(document) : {}, dirname(target), helm);
}

const hookSchema = z.object({
  kind: z.enum(["Job", "Pod"]),
  metadata: z.object({ name: z.string(), annotations: z.record(z.string(), z.string()) }),
});

/**
 * Helm waits for a hook's pods whatever it was told about waiting, and no pod ever runs here: an install would hang until its timeout.
 * @throws Error that names what would be waited for
 */
async function refuseEndlessHooks(chart: string, values: unknown, folder: string, helm: EnsuredTool): Promise<void> {
  const file = join(mkdtempSync(join(folder, "values-")), "values.yaml");
  writeFileSync(file, stringify(values), { mode: 0o600 });
  const { status, stdout } = await run(helm.path, ["template", "lab", chart, "--values", file], { timeoutMilliseconds: 600_000 });
  // Some charts cannot be rendered without what the components add; they show at the install what they have.
  const objects = status === 0 ? parseAllDocuments(stdout).map((one) => hookSchema.safeParse(one.toJS()).data) : [];
  const endless = objects.find((object) => /^(pre|post)-(install|upgrade)\b/.test(object?.metadata.annotations["helm.sh/hook"] ?? ""));
  if (endless !== undefined) {
    throw new Error(
      `--chart: expected a chart whose install waits for no pod of its own, since none runs in the lab, but ${chart} has the hook ${endless.kind} ${endless.metadata.name}. ` +
        "Take a version that can leave it out (orchestra: 3.1.31 and later, by openunison.enable_pre_check).",
    );
  }
}

/**
 * Fetches a chart once, before the lab's own certificates and settings stand in place of the machine's: whoever can reach the
 * address can install the chart, through a proxy and with a certificate authority of her own too.
 */
export async function fetchChart(address: string, folder: string, helm: EnsuredTool): Promise<string> {
  const destination = mkdtempSync(join(folder, "chart-"));
  const { status, stderr } = await run(helm.path, ["pull", address, "--destination", destination], { timeoutMilliseconds: 600_000 });
  const archive = readdirSync(destination).find((name) => name.endsWith(".tgz"));
  if (status !== 0 || archive === undefined) {
    throw new Error(`--chart: expected a Helm chart at ${address}, but helm could not fetch it: ${stderr.trim() || "no archive came"}`);
  }
  return join(destination, archive);
}

export function isAddress(location: string): boolean {
  return /^(https?|oci):\/\//.test(location);
}

/** The `gatehouse:` settings of a stack file, as the product's commands read them. */
export function readSettings(file: string): Readonly<Record<string, unknown>> {
  return readStackFileText(readFileSync(file, "utf8")).raw;
}

/** The environment that a stack file describes, with whatever the lab has written into it. */
export function readStackFile(file: string): Environment {
  return parseEnvironment(readSettings(file), dayOf(new Date())).environment;
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
  const { port } = new URL(identityProviderFacts(environment.idp).issuer);
  if (!always && (await isFree(Number(port)))) {
    return;
  }
  const [free = 0] = await freePorts(1);
  moveTo(file, environment, `127.0.0.1:${free}`);
}

/** The copy names the identity provider at this address, in every place that names the old one. */
export function moveTo(file: string, environment: Environment, address: string): void {
  const { host } = new URL(identityProviderFacts(environment.idp).issuer);
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replaceAll(host, address), { mode: 0o600 });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/**
 * An address as it is, anything else as an absolute path.
 * @throws Error when nothing is there
 */
export function locate(location: string): string {
  if (isAddress(location)) {
    return location;
  }
  // No shell replaces the ~ of ks-core=~/charts.
  const path = resolve(location.replace(/^~(?=\/)/, homedir()));
  if (!existsSync(path)) {
    throw new Error(`--chart: expected a chart folder, an archive or a URL, but nothing is at ${path}.`);
  }
  return path;
}

async function chartVersion(location: string, helm: EnsuredTool): Promise<string> {
  const folder = statSync(location).isDirectory();
  if (folder && !existsSync(join(location, "Chart.yaml"))) {
    throw new Error(`--chart: expected a Helm chart at ${location}, but no Chart.yaml is in that folder.`);
  }
  const chart = parse(folder ? readFileSync(join(location, "Chart.yaml"), "utf8") : await describeArchive(location, helm)) as {
    version?: unknown;
  } | null;
  if (typeof chart?.version !== "string") {
    throw new Error(`--chart: expected a Helm chart at ${location}, but its Chart.yaml names no version.`);
  }
  return chart.version;
}

async function describeArchive(archive: string, helm: EnsuredTool): Promise<string> {
  const { status, stdout, stderr } = await run(helm.path, ["show", "chart", archive], { timeoutMilliseconds: 600_000 });
  if (status !== 0) {
    throw new Error(`--chart: expected a Helm chart at ${archive}, but helm cannot read it: ${stderr.trim()}`);
  }
  return stdout;
}
