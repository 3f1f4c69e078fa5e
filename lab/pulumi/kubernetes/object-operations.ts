// Creating, reading, changing and deleting any Kubernetes object, as pulumi-kubernetes 4.29 and later do.
import { PartialFailure, type ResourceName, type ResourceState } from "../provider/provider";
import { objectOf, objectsOf, textOf } from "../provider/json";
import { containsUnknown, type Properties } from "../provider/values";
import { KubernetesError, objectPath, UnreachableError, type KubernetesClient, type ResourceLocation } from "./api";
import { awaitGone, awaitReady } from "./await";
import type { KubernetesConfig } from "./config";
import {
  annotationOf,
  fieldManagerKey,
  importedInputs,
  initialApiVersionKey,
  inputsKey,
  kindOf,
  liveState,
  nameOf,
  namespaceOf,
} from "./objects";
import { objectId, parseId, refreshedInputs, secretsOf, type ObjectKind } from "./objects";
import { withIgnoredFields } from "./ignored-fields";

/** What the operations need to know of the provider. */
export interface ObjectContext {
  readonly api: KubernetesClient;
  readonly config: KubernetesConfig;
  readonly randomDigits: () => string;
  readonly isCancelled: () => boolean;
}

const applyPatch = "application/apply-patch+yaml";
/** Who creates, in the books of the API server. */
const creator = "pulumi-kubernetes";

/**
 * A preview that cannot ask the server: what the object needs (its kind, its namespace) comes with the same update, or the
 * object itself is to be replaced by one of the same name, and still exists.
 */
function isPremature(error: unknown): boolean {
  return (
    error instanceof UnreachableError || (error instanceof KubernetesError && (error.status === 404 || error.reason === "AlreadyExists"))
  );
}

function fieldManager(context: ObjectContext, inputs: Properties, state: Properties): string {
  return (
    annotationOf(inputs, "pulumi.com/patchFieldManager") ?? textOf(state[fieldManagerKey]) ?? `pulumi-kubernetes-${context.randomDigits()}`
  );
}

/** The object as it is sent: with its kind, without the plugin's own keys. */
function manifest(kind: ObjectKind, inputs: Properties): Properties {
  const fields = Object.fromEntries(Object.entries(inputs).filter(([key, value]) => !key.startsWith("__") && value !== null));
  return { ...fields, apiVersion: kind.apiVersion, kind: kind.kind };
}

function stateOf(resource: ResourceName, live: Properties, inputs: Properties, manager: string, oldState: Properties = {}): ResourceState {
  const state = liveState(live, inputs, manager, oldState[initialApiVersionKey]);
  return { id: objectId(live), state, secrets: secretsOf(kindOf(resource.type, inputs)) };
}

async function apply(
  context: ObjectContext,
  kind: ObjectKind,
  location: ResourceLocation,
  inputs: Properties,
  manager: string,
  dryRun: boolean,
): Promise<Properties> {
  const force = annotationOf(inputs, "pulumi.com/patchForce") === "true" || context.config.patchForce;
  const query = { fieldManager: manager, force: String(force), ...(dryRun ? { dryRun: "All" } : {}) };
  const path = objectPath(location, namespaceOf(inputs), nameOf(inputs));
  try {
    return await context.api.request("PATCH", path, { query, body: manifest(kind, inputs), contentType: applyPatch });
  } catch (error) {
    if (!(error instanceof KubernetesError) || error.status !== 409) {
      throw error;
    }
    // A dry run cannot first turn the fields of the creation into applied ones (adoptCreatedFields), so they seem another's.
    if (dryRun && error.causes.every((cause) => [manager, creator].some((name) => cause.includes(JSON.stringify(name))))) {
      return context.api.request("PATCH", path, {
        query: { ...query, force: "true" },
        body: manifest(kind, inputs),
        contentType: applyPatch,
      });
    }
    throw new Error(
      `Server-Side Apply field conflict on ${kind.kind} ${objectId(inputs)}: ${error.message}. The fields belong to another manager; ` +
        `set the annotation pulumi.com/patchForce: "true" to take them over`,
      { cause: error },
    );
  }
}

export async function createObject(
  context: ObjectContext,
  resource: ResourceName,
  inputs: Properties,
  preview: boolean,
  timeout: number,
): Promise<ResourceState> {
  const kind = kindOf(resource.type, inputs);
  const manager = fieldManager(context, inputs, {});
  if (preview && containsUnknown(inputs)) {
    return { id: "", state: inputs, secrets: secretsOf(kind) };
  }
  try {
    const location = await context.api.locate(kind.apiVersion, kind.kind);
    // Created under the plugin's own name; its fields become this resource's with the first update (adoptCreatedFields).
    const query = { fieldManager: creator, ...(preview ? { dryRun: "All" } : {}) };
    // A patch, and an object that may exist already, are applied; anything else is created, which fails if it exists (trap T12).
    const upsert = kind.isPatch || context.config.upsert;
    const made = upsert
      ? await apply(context, kind, location, inputs, manager, preview)
      : await context.api.request("POST", objectPath(location, namespaceOf(inputs)), { query, body: manifest(kind, inputs) });
    if (preview) {
      return { ...stateOf(resource, made, inputs, manager), id: "" };
    }
    const { object, missing } = await awaitReady(context.api, kind, location, made, timeout, context.isCancelled);
    const state = stateOf(resource, object, inputs, manager);
    if (missing) {
      throw new PartialFailure(`${kind.kind} ${state.id} was created, but is not ready: ${missing}`, state, inputs);
    }
    return state;
  } catch (error) {
    if (preview && isPremature(error)) {
      return { id: "", state: inputs, secrets: secretsOf(kind) };
    }
    throw explained(error, kind, inputs);
  }
}

function explained(error: unknown, kind: ObjectKind, inputs: Properties): unknown {
  if (!(error instanceof KubernetesError)) {
    return error;
  }
  const hint =
    error.reason === "AlreadyExists"
      ? "; import it (resource option `import`), or set the provider's upsertExistingObjects to take it over"
      : "";
  return new Error(`${kind.apiVersion} ${kind.kind} ${objectId(inputs)}: ${error.message}${hint}`, { cause: error });
}

export async function readObject(
  context: ObjectContext,
  resource: ResourceName,
  id: string,
  oldInputs: Properties,
  oldState: Properties,
): Promise<(ResourceState & { inputs: Properties }) | undefined> {
  const isImport = Object.keys(oldInputs).length === 0;
  const kind = kindOf(resource.type, oldInputs);
  const { namespace, name } = parseId(id);
  try {
    const location = await context.api.locate(kind.apiVersion, kind.kind);
    const where = location.namespaced ? (namespace ?? context.api.defaultNamespace) : undefined;
    const live = await context.api.request("GET", objectPath(location, where, name));
    const found = stateOf(resource, live, oldInputs, fieldManager(context, oldInputs, oldState), oldState);
    const inputs = isImport ? importedInputs(live) : refreshedInputs(oldInputs, oldState, found.state);
    return { ...found, state: { ...found.state, [inputsKey]: inputs }, inputs };
  } catch (error) {
    if (error instanceof KubernetesError && error.status === 404) {
      return undefined;
    }
    throw explained(error, kind, oldInputs);
  }
}

/**
 * An object is created by POST, which notes its fields as set by an update; they must become applied ones first, or
 * applying an object with a field less would leave that field (as client-go's csaupgrade does).
 */
async function adoptCreatedFields(context: ObjectContext, path: string, manager: string): Promise<void> {
  const live = await context.api.request("GET", path);
  const metadata = objectOf(live.metadata);
  const entries = objectsOf(metadata.managedFields);
  const isOurs = (entry: Properties): boolean => entry.manager === manager && !textOf(entry.subresource);
  const isCreation = (entry: Properties): boolean => isOurs(entry) || (entry.manager === creator && !textOf(entry.subresource));
  const created = entries.findIndex((entry) => isCreation(entry) && entry.operation === "Update");
  if (created < 0) {
    return;
  }
  const applied = entries.some((entry) => isOurs(entry) && entry.operation === "Apply");
  const changed = applied
    ? entries.filter((_entry, index) => index !== created)
    : entries.map((entry, index): Properties => (index === created ? { ...entry, manager, operation: "Apply" } : entry));
  const body: Properties[] = [
    { op: "replace", path: "/metadata/managedFields", value: changed },
    // Fails if somebody changed the object in between, instead of undoing that change.
    { op: "replace", path: "/metadata/resourceVersion", value: metadata.resourceVersion ?? "" },
  ];
  await context.api.request("PATCH", path, { body, contentType: "application/json-patch+json" });
}

/** What an update is told. */
export interface Update {
  readonly id: string;
  readonly oldState: Properties;
  readonly news: Properties;
  readonly ignoreChanges: readonly string[];
}

export async function updateObject(
  context: ObjectContext,
  resource: ResourceName,
  { id, oldState, news, ignoreChanges }: Update,
  preview: boolean,
  timeout: number,
): Promise<ResourceState> {
  const kind = kindOf(resource.type, news);
  const manager = fieldManager(context, news, oldState);
  if (preview && containsUnknown(news)) {
    return { id, state: { ...oldState, ...news }, secrets: secretsOf(kind) };
  }
  try {
    const location = await context.api.locate(kind.apiVersion, kind.kind);
    const path = objectPath(location, namespaceOf(news), nameOf(news));
    if (!preview && !kind.isPatch) {
      await adoptCreatedFields(context, path, manager);
    }
    const sent =
      ignoreChanges.length === 0 ? news : withIgnoredFields(news, await context.api.request("GET", path), ignoreChanges, manager);
    const changed = await apply(context, kind, location, sent, manager, preview);
    if (preview) {
      return stateOf(resource, changed, news, manager, oldState);
    }
    const { object, missing } = await awaitReady(context.api, kind, location, changed, timeout, context.isCancelled);
    const state = stateOf(resource, object, news, manager, oldState);
    if (missing) {
      throw new PartialFailure(`${kind.kind} ${state.id} was updated, but is not ready: ${missing}`, state, news);
    }
    return state;
  } catch (error) {
    if (preview && isPremature(error)) {
      return { id, state: { ...oldState, ...news }, secrets: secretsOf(kind) };
    }
    throw explained(error, kind, news);
  }
}

export async function deleteObject(
  context: ObjectContext,
  resource: ResourceName,
  id: string,
  oldInputs: Properties,
  oldState: Properties,
  timeout: number,
): Promise<void> {
  const kind = kindOf(resource.type, oldInputs);
  const { namespace, name } = parseId(id);
  try {
    const location = await context.api.locate(kind.apiVersion, kind.kind);
    const path = objectPath(location, namespace, name);
    if (kind.isPatch) {
      await relinquish(context, kind, path, { namespace, name }, fieldManager(context, oldInputs, oldState));
      return;
    }
    await context.api.request("DELETE", path, {
      body: {
        apiVersion: "v1",
        kind: "DeleteOptions",
        propagationPolicy: annotationOf(oldInputs, "pulumi.com/deletionPropagationPolicy") ?? "Foreground",
      },
    });
    if (annotationOf(oldInputs, "pulumi.com/skipAwait") === "true") {
      return;
    }
    await awaitGone(context.api, path, textOf(objectOf(oldState.metadata).uid), timeout, context.isCancelled);
  } catch (error) {
    if (error instanceof KubernetesError && error.status === 404) {
      return;
    }
    throw explained(error, kind, oldInputs);
  }
}

/** Gives up the fields that a patch set, by applying none of them. */
async function relinquish(
  context: ObjectContext,
  kind: ObjectKind,
  path: string,
  { namespace, name }: { namespace?: string; name: string },
  manager: string,
): Promise<void> {
  // The object may be gone, and applying would then make it.
  await context.api.request("GET", path);
  const metadata: Properties = namespace ? { name, namespace } : { name };
  await context.api.request("PATCH", path, {
    query: { fieldManager: manager, force: "false" },
    body: { apiVersion: kind.apiVersion, kind: kind.kind, metadata },
    contentType: applyPatch,
  });
}
