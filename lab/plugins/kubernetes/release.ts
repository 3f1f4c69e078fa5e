// kubernetes:helm.sh/v3:Release — provider/pkg/provider/helm_release.go of pulumi-kubernetes.
import { createHash } from "node:crypto";
import { parseAllDocuments } from "yaml";
import type { Difference } from "../provider/diff";
import { objectOf, textOf } from "../provider/json";
import { PartialFailure, type ResourceName, type ResourceState } from "../provider/provider";
import { flag, integer, list, map, notImplemented, object, text, validate, type CheckFailure, type Schema } from "../provider/schema";
import { containsUnknown, equal, type Properties, type Value } from "../provider/values";
import { HelmError, type Helm, type ReleaseStatus } from "./helm";
import { inputDifference, parseId } from "./objects";

export const RELEASE = "kubernetes:helm.sh/v3:Release";

const anything = map({ type: "string", anything: true });

const schema: Schema = {
  allowNullValues: flag(),
  atomic: flag(),
  chart: text({ required: true }),
  checksum: text(),
  cleanupOnFail: flag(),
  compat: text(),
  createNamespace: flag(),
  dependencyUpdate: flag(),
  description: text(),
  devel: flag(),
  disableCRDHooks: notImplemented,
  disableOpenapiValidation: flag(),
  disableWebhooks: flag(),
  forceUpdate: flag(),
  keyring: text(),
  lint: notImplemented,
  manifest: notImplemented,
  maxHistory: integer(),
  name: text({ forceNew: true }),
  namespace: text({ forceNew: true }),
  postrender: notImplemented,
  recreatePods: notImplemented,
  renderSubchartNotes: flag(),
  replace: flag(),
  repositoryOpts: object({ caFile: text(), certFile: text(), keyFile: text(), password: notImplemented, repo: text(), username: text() }),
  resetValues: flag(),
  resourceNames: map(list(text())),
  reuseValues: flag(),
  skipAwait: flag(),
  skipCrds: flag(),
  takeOwnership: flag(),
  timeout: integer(),
  valueYamlFiles: notImplemented,
  values: anything,
  verify: flag(),
  version: text(),
  waitForJobs: flag(),
};

/** Fills in name, namespace and timeout; when everything is known, renders the chart: a chart that is not there or does not render is seen in a preview. */
export async function checkRelease(
  helm: Helm,
  resource: ResourceName,
  olds: Properties,
  news: Properties,
  defaultNamespace: string,
  randomDigits: () => string,
): Promise<{ inputs: Properties; failures: CheckFailure[] }> {
  const { compat: _compat, ...given } = news;
  const failures = validate(schema, given);
  const inputs: Properties = { ...given };
  if (!isGiven(inputs.name)) inputs.name = olds.name ?? `${resource.name}-${randomDigits().slice(0, 7)}`;
  if (!isGiven(inputs.namespace)) inputs.namespace = defaultNamespace;
  if (inputs.skipAwait !== true) inputs.timeout ??= 300;
  if (failures.length > 0 || containsUnknown(inputs)) return { inputs, failures };
  try {
    const rendered = await helm.template(inputs);
    inputs.checksum = createHash("sha256").update(rendered).digest("hex");
    inputs.resourceNames = resourceNames(rendered);
  } catch (error) {
    if (!(error instanceof HelmError)) throw error;
    failures.push({ property: "chart", reason: `${error.message}; check the chart name and repository configuration.` });
  }
  return { inputs, failures };
}

const isGiven = (value: Value | undefined): boolean => value !== undefined && value !== null && value !== "";

/** Names of the rendered objects by `Kind/group/version`, as the official plugin's output has them. */
export function resourceNames(manifests: string): Properties {
  const names = new Map<string, Set<string>>();
  for (const document of parseAllDocuments(manifests)) {
    const { apiVersion, kind, metadata } = objectOf(document.toJS() as Value);
    const [name, namespace] = [textOf(objectOf(metadata).name), textOf(objectOf(metadata).namespace)];
    if (!textOf(kind) || !name) continue;
    const key = `${textOf(kind)}/${textOf(apiVersion)}`;
    const known = names.get(key) ?? new Set();
    names.set(key, known.add(namespace ? `${namespace}/${name}` : name));
  }
  return Object.fromEntries([...names].sort(([left], [right]) => (left < right ? -1 : 1)).map(([key, known]) => [key, [...known].sort()]));
}

/**
 * Inputs are compared with inputs; what the last refresh found is among them. The checksum is made here, after the engine has seen
 * to ignoreChanges, so it alone is left out here (Diff in helm_release.go).
 */
export function releaseDifference(oldInputs: Properties, news: Properties, ignoreChanges: readonly string[] = []): Difference {
  const { checksum: old = null, ...olds } = oldInputs;
  const { checksum = null, ...rest } = news;
  const now = ignoreChanges.includes("checksum") ? old : checksum;
  return inputDifference({ ...olds, checksum: old }, { ...rest, checksum: now }, ["name", "namespace"]);
}

function releaseState(inputs: Properties, found: ReleaseStatus): ResourceState {
  const { name, namespace, revision, status, chart, version, appVersion } = found;
  return {
    id: `${namespace}/${name}`,
    state: { ...inputs, version, status: { appVersion, chart, name, namespace, revision, status, version } },
  };
}

export async function createRelease(helm: Helm, inputs: Properties, preview: boolean): Promise<ResourceState> {
  if (preview) return { id: "", state: inputs };
  return changed(helm, inputs, "created", () => helm.install(inputs));
}

export async function updateRelease(
  helm: Helm,
  id: string,
  inputs: Properties,
  oldState: Properties,
  preview: boolean,
): Promise<ResourceState> {
  if (preview) return { id, state: { ...inputs, status: objectOf(oldState.status) } };
  return changed(helm, inputs, "updated", () => helm.upgrade(inputs));
}

/** A release that exists in spite of the failure is kept, marked as not initialised. */
async function changed(helm: Helm, inputs: Properties, what: string, change: () => Promise<void>): Promise<ResourceState> {
  const failure = await change().then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );
  const found = await helm.status(textOf(inputs.name) ?? "", textOf(inputs.namespace) ?? "");
  if (found && !failure) return releaseState(inputs, found);
  const id = `${textOf(inputs.namespace)}/${textOf(inputs.name)}`;
  if (!found || !failure) throw failure ?? new Error(`Helm release ${id}: expected it to exist after it was ${what}, it does not`);
  if (found.status === "deployed" && inputs.atomic === true) throw failure;
  throw new PartialFailure(
    `Helm release ${JSON.stringify(id)} was ${what}, but failed to initialize completely. Use Helm CLI to investigate: ${failure.message}`,
    releaseState(inputs, found),
    inputs,
  );
}

/** Values, version or status that others changed are drift. */
export async function readRelease(
  helm: Helm,
  id: string,
  oldInputs: Properties,
): Promise<(ResourceState & { inputs: Properties }) | undefined> {
  const { namespace = "default", name } = parseId(id);
  const found = await helm.status(name, namespace);
  if (!found) return undefined;
  const known = Object.keys(oldInputs).length > 0 ? oldInputs : { chart: found.chart, name, namespace, timeout: 300 };
  const inputs: Properties = { ...known };
  if (!equal(objectOf(known.values), found.values)) inputs.values = found.values;
  if (known.version !== undefined && !sameVersion(known.version, found.version)) inputs.version = found.version;
  return { ...releaseState(inputs, found), inputs };
}

/** Helm takes `v1.2.3` and `1.2.3` for the same. */
function sameVersion(left: Value, right: string): boolean {
  return typeof left === "string" && left.replace(/^v/, "") === right.replace(/^v/, "");
}

export async function deleteRelease(helm: Helm, id: string, oldInputs: Properties): Promise<void> {
  const { namespace = "default", name } = parseId(id);
  await helm.uninstall({ ...oldInputs, name, namespace });
}
