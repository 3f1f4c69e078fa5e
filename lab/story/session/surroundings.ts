/** What is in a lab's cluster before any stack: the products that a stack only configures, and the organisation's own objects. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { run } from "../../machine/processes";
import type { ClusterApi } from "../relying-parties/cluster-api";
import type { InstalledChart, OrganisationObject } from "../scenarios";
import type { EnsuredTool } from "../../machine/toolchain";
import { projectFolder } from "../../machine/folders";
import { fetchChart, isAddress, locate, type ChartOverride } from "./stack-file";
import { isMapping } from "../../../model";

/** A product with what is really installed: one chart (folder, archive or address), or manifests (files and folders). */
export interface ChosenProduct extends InstalledChart {
  readonly locations: readonly string[];
}

/**
 * Sorts what `--chart` named into the products that are there before the stack, and the charts that the stack installs.
 * @throws Error where a stack has such products, and `--chart` names none or another
 */
export function chartsBefore(
  installed: readonly InstalledChart[],
  overrides: readonly ChartOverride[],
): { readonly installed: readonly ChosenProduct[]; readonly ofPlatforms: readonly ChartOverride[] } {
  const names = installed.map(({ name }) => name);
  if (names.length === 0) {
    return { installed: [], ofPlatforms: overrides };
  }
  const chosen = new Map<string, string[]>();
  for (const { platform, location } of overrides) {
    const name = platform ?? (names.length === 1 ? names[0] : undefined);
    if (name === undefined || !names.includes(name)) {
      throw new Error(
        `--chart: expected <product>=<path or URL> with a product that is there before the stack (${names.join(", ")}), got '${platform ?? location}'.`,
      );
    }
    // A product that comes as several manifests is named several times.
    chosen.set(name, [...(chosen.get(name) ?? []), locate(location)]);
  }
  return {
    installed: installed.map((chart) => ({ ...chart, locations: chosen.get(chart.name) ?? [join(projectFolder, chart.chart)] })),
    ofPlatforms: [],
  };
}

export interface InstallOptions {
  readonly helm: EnsuredTool;
  readonly stateDir: string;
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Installs products one after the other, without hooks: no pods run here, so none of theirs would ever finish (ks-core's waits for
 * a Job that labels the system's namespaces).
 */
export async function installCharts(products: readonly ChosenProduct[], options: InstallOptions): Promise<void> {
  for (const product of products) {
    const { name, namespace } = product;
    const chosen = chartOf(product, options.stateDir);
    const chart = isAddress(chosen) ? await fetchChart(chosen, options.stateDir, options.helm) : chosen;
    const { status, stderr } = await run(
      options.helm.path,
      ["install", name, chart, "--namespace", namespace, "--create-namespace", "--no-hooks"],
      { cwd: projectFolder, env: options.environment, timeoutMilliseconds: 600_000 },
    );
    if (status !== 0) {
      throw new Error(`helm install ${name}: expected it to succeed, got exit status ${status}:\n${stderr}`);
    }
  }
}

/** What Helm installs: the chart as it is, or one made of manifests. */
export function chartOf({ name, locations }: ChosenProduct, stateDir: string): string {
  const [only] = locations;
  if (locations.length > 0 && locations.every(isManifest)) {
    return wrapped(name, locations, stateDir);
  }
  if (only === undefined || locations.length > 1) {
    throw new Error(
      `--chart: expected one chart for ${name}, or manifests alone (.yaml files and folders of them), got ${locations.join(", ")}.`,
    );
  }
  return only;
}

function isManifest(location: string): boolean {
  if (isAddress(location)) {
    return false;
  }
  return statSync(location).isDirectory()
    ? !existsSync(join(location, "Chart.yaml")) && readdirSync(location).some((file) => /\.ya?ml$/.test(file))
    : /\.ya?ml$/.test(location);
}

/** A product that comes as plain manifests (KubeSphere 3's installer) becomes a chart: its definitions first, all else as it stands. */
function wrapped(name: string, locations: readonly string[], stateDir: string): string {
  const folder = join(stateDir, "charts", name);
  for (const part of ["crds", "files", "templates"]) {
    mkdirSync(join(folder, part), { recursive: true });
  }
  writeFileSync(join(folder, "Chart.yaml"), `apiVersion: v2\nname: ${name}\nversion: 0.0.1\n`);
  writeFileSync(
    join(folder, "templates", "all.yaml"),
    `{{ range $path, $_ := .Files.Glob "files/*.yaml" }}\n---\n{{ $.Files.Get $path }}\n{{ end }}\n`,
  );
  locations.flatMap(manifestsAt).forEach((file, order) => {
    parseAllDocuments(readFileSync(file, "utf8")).forEach((document, position) => {
      const kind: unknown = document.get("kind");
      // The namespace is there already, made by Helm.
      if (typeof kind === "string" && kind !== "Namespace") {
        const part = kind === "CustomResourceDefinition" ? "crds" : "files";
        writeFileSync(join(folder, part, `${order}-${position}.yaml`), String(document));
      }
    });
  });
  return folder;
}

function manifestsAt(location: string): string[] {
  return statSync(location).isDirectory()
    ? readdirSync(location)
        .filter((file) => /\.ya?ml$/.test(file))
        .map((file) => join(location, file))
    : [location];
}

/** Creates namespaces of applications; those of the lab's former stack may be there (409). */
export async function createNamespaces(names: readonly string[], api: ClusterApi): Promise<void> {
  for (const name of names) {
    await expectStatus(api, "POST", "/api/v1/namespaces", [201, 409], { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  }
}

/** Creates each object, or puts its fields into the one that is there. */
export async function putObjects(objects: readonly OrganisationObject[], api: ClusterApi): Promise<void> {
  for (const { collection, object } of objects) {
    const path = `${collection}/${object.metadata.name}`;
    const present = await api.callAs(administrator, "GET", path);
    if (present.status === 404) {
      await expectStatus(api, "POST", collection, [201], object);
    } else {
      await expectStatus(api, "PUT", path, [200], merged(JSON.parse(present.body), object));
    }
  }
}

const administrator = { username: "gatehouse-lab-organisation", groups: ["system:masters"] };

async function expectStatus(api: ClusterApi, method: string, path: string, accepted: readonly number[], body?: unknown): Promise<void> {
  const answer = await api.callAs(administrator, method, path, body);
  if (!accepted.includes(answer.status)) {
    throw new Error(
      `Kubernetes API: expected ${accepted.join(" or ")} from ${method} ${path}, got ${answer.status}: ${answer.body.slice(0, 500)}`,
    );
  }
}

/** Mappings merge, anything else is replaced. */
function merged(below: unknown, above: unknown): unknown {
  if (!isMapping(below) || !isMapping(above)) {
    return above;
  }
  return Object.fromEntries(
    [...new Set([...Object.keys(below), ...Object.keys(above)])].map((key) => [
      key,
      key in above ? merged(below[key], above[key]) : below[key],
    ]),
  );
}
