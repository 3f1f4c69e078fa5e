/** What is in a lab's cluster before any stack: the products that a stack only configures, and the organisation's own objects. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { run } from "../processes";
import type { ClusterApi } from "../relying-parties/cluster-api";
import type { InstalledChart, OrganisationObject } from "../scenarios";
import { projectFolder } from "./folders";
import type { ChartOverride } from "./stack-file";

/** Sorts what `--chart` named into the products that are there before the stack, and the charts that the stack installs. */
export function chartsBefore(
  installed: readonly InstalledChart[],
  overrides: readonly ChartOverride[],
): { readonly installed: readonly InstalledChart[]; readonly ofPlatforms: readonly ChartOverride[] } {
  const chosen = new Map(overrides.map((override) => [override.platform, override.location]));
  return {
    installed: installed.map((chart) => {
      const location = chosen.get(chart.name);
      return location === undefined ? chart : { ...chart, chart: resolve(location) };
    }),
    ofPlatforms: overrides.filter(({ platform }) => !installed.some(({ name }) => name === platform)),
  };
}

export interface InstallOptions {
  readonly helm: string;
  readonly stateDir: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly api: ClusterApi;
}

/** Installs charts one after the other. No pods run here, so their hooks do not, and no webhook of theirs would ever answer. */
export async function installCharts(charts: readonly InstalledChart[], options: InstallOptions): Promise<void> {
  for (const { name, namespace, chart } of charts) {
    const location = resolve(projectFolder, chart);
    const folder = isManifest(location) ? wrapped(name, location, options.stateDir) : location;
    const { status, stderr } = await run(
      options.helm,
      ["install", name, folder, "--namespace", namespace, "--create-namespace", "--no-hooks"],
      { cwd: projectFolder, env: options.environment, timeoutMilliseconds: 120_000 },
    );
    if (status !== 0) {
      throw new Error(`helm install ${name}: expected it to succeed, got exit status ${status}:\n${stderr}`);
    }
  }
  if (charts.length > 0) {
    await removeWebhooks(options.api);
  }
}

function isManifest(location: string): boolean {
  return statSync(location).isDirectory()
    ? !existsSync(join(location, "Chart.yaml")) && readdirSync(location).some((file) => /\.ya?ml$/.test(file))
    : /\.ya?ml$/.test(location);
}

/** A product that comes as plain manifests (KubeSphere 3's installer) becomes a chart: its definitions first, all else as it stands. */
function wrapped(name: string, location: string, stateDir: string): string {
  const folder = join(stateDir, "charts", name);
  for (const part of ["crds", "files", "templates"]) {
    mkdirSync(join(folder, part), { recursive: true });
  }
  writeFileSync(join(folder, "Chart.yaml"), `apiVersion: v2\nname: ${name}\nversion: 0.0.1\n`);
  writeFileSync(
    join(folder, "templates", "all.yaml"),
    `{{ range $path, $_ := .Files.Glob "files/*.yaml" }}\n---\n{{ $.Files.Get $path }}\n{{ end }}\n`,
  );
  const files = statSync(location).isDirectory()
    ? readdirSync(location)
        .filter((file) => /\.ya?ml$/.test(file))
        .map((file) => join(location, file))
    : [location];
  for (const file of files) {
    cpSync(file, join(folder, basename(file)));
    parseAllDocuments(readFileSync(file, "utf8")).forEach((document, position) => {
      const kind: unknown = document.get("kind");
      // The namespace is there already, made by Helm.
      if (typeof kind === "string" && kind !== "Namespace") {
        const part = kind === "CustomResourceDefinition" ? "crds" : "files";
        writeFileSync(join(folder, part, `${basename(file).replace(/\.ya?ml$/, "")}-${position}.yaml`), String(document));
      }
    });
  }
  return folder;
}

const namesSchema = z.object({ items: z.array(z.object({ metadata: z.object({ name: z.string() }) })) });

async function removeWebhooks(api: ClusterApi): Promise<void> {
  for (const kind of ["validatingwebhookconfigurations", "mutatingwebhookconfigurations"]) {
    const path = `/apis/admissionregistration.k8s.io/v1/${kind}`;
    for (const { metadata } of (await api.get(path, namesSchema)).items) {
      await expectStatus(api, "DELETE", `${path}/${metadata.name}`, [200, 404]);
    }
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
  const mapping = (value: unknown): value is Record<string, unknown> =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  if (!mapping(below) || !mapping(above)) {
    return above;
  }
  return Object.fromEntries(
    [...new Set([...Object.keys(below), ...Object.keys(above)])].map((key) => [
      key,
      key in above ? merged(below[key], above[key]) : below[key],
    ]),
  );
}
