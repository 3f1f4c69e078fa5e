// kubernetes:helm.sh/v3:Release — provider/pkg/provider/helm_release.go of pulumi-kubernetes.
import { parseAllDocuments } from "yaml";
import type { Difference } from "../provider/diff";
import { objectOf, textOf } from "../provider/json";
import { PartialFailure, type ResourceName, type ResourceState } from "../provider/provider";
import { flag, integer, list, map, notImplemented, object, text, validate, type CheckFailure, type Schema } from "../provider/schema";
import { containsUnknown, isObject, unknownValue, type Properties, type Value } from "../provider/values";
import { HelmError, type HelmClient, type ReleaseStatus } from "./helm";
import { inputDifference, inputsKey, parseId } from "./objects";

export const releaseType = "kubernetes:helm.sh/v3:Release";

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

/** What a release that does not say otherwise has among its inputs: the zero values of the structure that the plugin reads them into. */
const defaults: Properties = {
  allowNullValues: false,
  atomic: false,
  cleanupOnFail: false,
  createNamespace: false,
  dependencyUpdate: false,
  description: "",
  devel: false,
  disableCRDHooks: false,
  disableOpenapiValidation: false,
  disableWebhooks: false,
  forceUpdate: false,
  keyring: "",
  lint: false,
  postrender: "",
  recreatePods: false,
  renderSubchartNotes: false,
  replace: false,
  resetValues: false,
  reuseValues: false,
  skipAwait: false,
  skipCrds: false,
  values: {},
  verify: false,
  waitForJobs: false,
};

/**
 * Fills in name, namespace and timeout; when everything is known, looks the chart up, so that a chart that is not there is seen in a
 * preview, and puts in its version. It renders nothing: a chart that does not take its values fails in the update.
 */
export async function checkRelease(
  helm: HelmClient,
  resource: ResourceName,
  olds: Properties,
  news: Properties,
  defaultNamespace: string,
  randomDigits: () => string,
): Promise<{ inputs: Properties; failures: CheckFailure[] }> {
  const { compat: _compat, ...given } = news;
  const failures = validate(schema, given);
  const { checksum: _checksum, resourceNames: _names, ...inputs } = given;
  if (!isGiven(inputs.name)) {
    inputs.name = olds.name ?? `${resource.name}-${randomDigits().slice(0, 7)}`;
  }
  if (!isGiven(inputs.namespace)) {
    inputs.namespace = defaultNamespace;
  }
  for (const [key, value] of Object.entries(defaults)) {
    inputs[key] ??= value;
  }
  if (inputs.skipAwait !== true) {
    inputs.timeout ??= 300;
  }
  if (failures.length > 0 || containsUnknown(inputs)) {
    return { inputs, failures };
  }
  try {
    inputs.version = await helm.chartVersion(inputs);
  } catch (error) {
    if (!(error instanceof HelmError)) {
      throw error;
    }
    failures.push({ property: "chart", reason: `${error.message}; check the chart name and repository configuration.` });
  }
  return { inputs, failures };
}

/** The inputs once more, whose values may hold a secret. */
const secrets: ReadonlySet<string> = new Set([inputsKey]);

const isGiven = (value: Value | undefined): boolean => value !== undefined && value !== null && value !== "";

/** Names of the rendered objects by `Kind/version` or `Kind.group/group/version`, as the official plugin's output has them. */
export function resourceNames(manifests: string): Properties {
  const names = new Map<string, Set<string>>();
  for (const document of parseAllDocuments(manifests)) {
    const { apiVersion, kind, metadata } = objectOf(document.toJS() as Value);
    const [name, namespace] = [textOf(objectOf(metadata).name), textOf(objectOf(metadata).namespace)];
    if (!textOf(kind) || !name) {
      continue;
    }
    const [group = ""] = textOf(apiVersion)?.split("/") ?? [];
    const key = `${textOf(kind)}${apiVersion === group ? "" : `.${group}`}/${textOf(apiVersion)}`;
    const known = names.get(key) ?? new Set();
    names.set(key, known.add(namespace ? `${namespace}/${name}` : name));
  }
  return Object.fromEntries([...names].sort(([left], [right]) => (left < right ? -1 : 1)).map(([key, known]) => [key, [...known].sort()]));
}

/** Inputs of earlier plugins (4.3 to 4.5), which are none any more. */
const former = ["checksum", "resourceNames"];

/**
 * What is wanted is compared with what is there, so values that others changed are put back; what is there without having been asked
 * for stays, what was asked for before goes (the three-way merge of Diff in helm_release.go).
 */
export function releaseDifference(
  oldInputs: Properties,
  oldState: Properties,
  news: Properties,
  ignoreChanges: readonly string[] = [],
): Difference {
  const asked = Object.fromEntries(Object.entries(oldInputs).filter(([key]) => !former.includes(key)));
  // The engine has put the version of the program before in place; the one that was found is in the state.
  const wanted: Properties = ignoreChanges.includes("version") ? { ...news, version: oldState.version ?? null } : news;
  return inputDifference(concerned(asked, oldState, wanted), wanted, ["name", "namespace"]);
}

/** The part of the state that is, or was, asked for. */
function concerned(asked: Properties, state: Properties, wanted: Properties): Properties {
  const keys = [...new Set([...Object.keys(asked), ...Object.keys(wanted)])].filter((key) => state[key] !== undefined);
  return Object.fromEntries(
    keys.map((key): [string, Value] => {
      const is: Value = state[key] ?? null;
      const next: Value = wanted[key] ?? null;
      return [key, isObject(is) && isObject(next) ? concerned(objectOf(asked[key]), is, next) : is];
    }),
  );
}

function releaseState(inputs: Properties, found: ReleaseStatus): ResourceState {
  const { name, namespace, revision, status, chart, version, appVersion, values, manifest } = found;
  return {
    id: `${namespace}/${name}`,
    secrets: secrets,
    state: {
      ...inputs,
      [inputsKey]: inputs,
      values: merged(objectOf(inputs.values), values),
      version,
      resourceNames: resourceNames(manifest),
      status: { appVersion, chart, name, namespace, revision, status, version },
    },
  };
}

/** Mappings merge, anything else is replaced. */
function merged(below: Properties, above: Properties): Properties {
  return Object.fromEntries(
    [...new Set([...Object.keys(below), ...Object.keys(above)])].map((key): [string, Value] => {
      const old: Value = below[key] ?? null;
      const found: Value = above[key] ?? null;
      return [key, isObject(old) && isObject(found) ? merged(old, found) : (found ?? old)];
    }),
  );
}

const planned = (inputs: Properties): Properties => ({ ...inputs, [inputsKey]: inputs, resourceNames: unknownValue, status: unknownValue });

export async function createRelease(helm: HelmClient, inputs: Properties, preview: boolean): Promise<ResourceState> {
  if (preview) {
    return { id: "", secrets: secrets, state: planned(inputs) };
  }
  return changed(helm, inputs, "created", () => helm.install(inputs));
}

export async function updateRelease(helm: HelmClient, id: string, inputs: Properties, preview: boolean): Promise<ResourceState> {
  if (preview) {
    return { id, secrets: secrets, state: planned(inputs) };
  }
  return changed(helm, inputs, "updated", () => helm.upgrade(inputs));
}

/**
 * A revision that Helm made in spite of the failure is kept, marked as not initialised. Where it made none, nothing happened: the name
 * was taken, another operation is under way, or the chart did not render.
 */
async function changed(helm: HelmClient, inputs: Properties, what: string, change: () => Promise<void>): Promise<ResourceState> {
  const [name, namespace] = [textOf(inputs.name) ?? "", textOf(inputs.namespace) ?? ""];
  const before = await helm.revision(name, namespace);
  const failure = await change().then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );
  const found = await helm.status(name, namespace);
  if (found && !failure) {
    return releaseState(inputs, found);
  }
  const id = `${namespace}/${name}`;
  if (!found || !failure) {
    throw failure ?? new Error(`Helm release ${id}: expected it to exist after it was ${what}, it does not`);
  }
  if (found.revision === before) {
    throw failure;
  }
  throw new PartialFailure(
    `Helm release ${JSON.stringify(id)} was ${what}, but failed to initialize completely. Use Helm CLI to investigate: ${failure.message}`,
    releaseState(inputs, found),
    inputs,
  );
}

/** What others changed is in the state; the inputs stay those of the program (Read in helm_release.go). */
export async function readRelease(
  helm: HelmClient,
  id: string,
  oldInputs: Properties,
): Promise<(ResourceState & { inputs: Properties }) | undefined> {
  const { namespace = "default", name } = parseId(id);
  const found = await helm.status(name, namespace);
  if (!found) {
    return undefined;
  }
  const isImport = Object.keys(oldInputs).length === 0;
  const { chart, values, version } = found;
  const inputs = isImport ? { chart, name, namespace, timeout: 300, values, version } : oldInputs;
  return { ...releaseState(inputs, found), inputs };
}

export async function deleteRelease(helm: HelmClient, id: string, oldInputs: Properties): Promise<void> {
  const { namespace = "default", name } = parseId(id);
  await helm.uninstall({ ...oldInputs, name, namespace });
}
