// A provider made of a table of resource types and functions, planned the way Terraform's provider SDK plans.
import { randomBytes } from "node:crypto";
import { difference } from "./diff";
import { PartialFailure, type Provider, type ResourceName, type ResourceState } from "./provider";
import { applyDefaults, defaultsKey, validate, type CheckFailure, type Property, type Schema } from "./schema";
import { containsUnknown, decodeProperties, equal, isObject, unknownValue, type Properties, type Value } from "./values";

/** One resource type. State that an operation returns is laid over the inputs; null removes a property. */
export interface ResourceType<Client> {
  readonly properties: Schema;
  /** Rules beyond the schema. Values may be UNKNOWN. */
  readonly validate?: (inputs: Properties) => CheckFailure[];
  /** Changed top-level properties that need a new resource only for these values. */
  readonly replacedFor?: (state: Properties, inputs: Properties) => string[];
  /** Computed top-level properties that an update with these inputs makes anew, and whose value is not known before. */
  readonly recomputed?: (state: Properties, inputs: Properties) => string[];
  /**
   * @param created call it with the id as soon as the resource exists: a later failure then leaves it in the state, to be mended
   */
  create(client: Client, inputs: Properties, created: (id: string) => void): Promise<{ id: string; state: Properties }>;
  /** @returns undefined when the resource is gone. `state` is empty for an import. */
  read(client: Client, id: string, state: Properties): Promise<{ id?: string; state: Properties } | undefined>;
  /** Left out where every change replaces. */
  update?(client: Client, id: string, state: Properties, inputs: Properties): Promise<Properties>;
  delete(client: Client, id: string, state: Properties): Promise<void>;
}

/** A data source. */
export interface Lookup<Client> {
  readonly inputs: Schema;
  /** Result; the arguments are laid under it. */
  call(client: Client, inputs: Properties): Promise<Properties>;
}

export interface ProviderTable<Client> {
  readonly name: string;
  readonly version: string;
  readonly config: Schema;
  readonly validateConfig?: (config: Properties) => CheckFailure[];
  readonly connect: (config: Properties) => Client | Promise<Client>;
  readonly resources: Readonly<Record<string, ResourceType<Client>>>;
  readonly functions: Readonly<Record<string, Lookup<Client>>>;
  /** Made with Terraform's plugin framework instead of its SDK: defaults are no inputs there, the state has them. */
  readonly isFramework?: boolean;
}

/** What the table's provider is connected to, once it is configured. */
interface Connection<Client> {
  client?: { readonly value: Client };
}

/** Makes the provider. Everything that the table does not name is refused by name. */
export function tableProvider<Client>(table: ProviderTable<Client>): Provider {
  const connection: Connection<Client> = {};
  return {
    version: table.version,
    ...configuration(table, connection),
    ...plans(table),
    ...creation(table, connection),
    ...updates(table, connection),
    ...lookups(table, connection),
  };
}

function connected<Client>({ name }: ProviderTable<Client>, { client }: Connection<Client>): Client {
  if (!client) {
    throw new Error(`${name}: the provider is not configured yet`);
  }
  return client.value;
}

function resourceType<Client>(table: ProviderTable<Client>, { type }: ResourceName): ResourceType<Client> {
  const found = table.resources[type];
  if (!found) {
    throw unknownToken(table, "resource type", type, Object.keys(table.resources));
  }
  return found;
}

function configuration<Client>(table: ProviderTable<Client>, connection: Connection<Client>): Pick<Provider, "checkConfig" | "configure"> {
  return {
    checkConfig(config) {
      const parsed = parseConfigStrings(table.config, config);
      return [...validate(table.config, parsed), ...(table.validateConfig?.(parsed) ?? [])];
    },

    async configure(config) {
      connection.client = { value: await table.connect(parseConfigStrings(table.config, config)) };
    },
  };
}

function plans<Client>(table: ProviderTable<Client>): Pick<Provider, "check" | "diff"> {
  return {
    check(resource, olds, news) {
      const type = resourceType(table, resource);
      const inputs = table.isFramework ? news : applyDefaults(type.properties, news, olds, resource.name, randomHexadecimal);
      const failures = validate(type.properties, inputs);
      return Promise.resolve({ inputs, failures: failures.length > 0 ? failures : (type.validate?.(inputs) ?? []) });
    },

    diff(resource, _id, _oldInputs, oldState, news) {
      const { properties, replacedFor, recomputed } = resourceType(table, resource);
      const replaced = replacedFor?.(oldState, news) ?? [];
      const schema = { ...properties };
      for (const key of replaced) {
        if (schema[key]) {
          schema[key] = { ...schema[key], forceNew: true };
        }
      }
      const found = difference(schema, oldState, news);
      const anew = Object.fromEntries((recomputed?.(oldState, news) ?? []).map((key) => [key, "update" as const]));
      return Promise.resolve({ ...found, detailed: { ...anew, ...found.detailed } });
    },
  };
}

function creation<Client>(table: ProviderTable<Client>, connection: Connection<Client>): Pick<Provider, "create" | "delete"> {
  return {
    async create(resource, inputs, preview) {
      const type = resourceType(table, resource);
      if (preview) {
        return { id: "", state: { ...planned(type.properties, inputs, {}), id: unknownValue }, secrets: secretNames(type.properties) };
      }
      let id = "";
      try {
        const created = await type.create(connected(table, connection), withoutDefaults(inputs), (known) => (id = known));
        return resourceState(type, created.id, inputs, created.state);
      } catch (error) {
        throw id ? new PartialFailure(messageOf(error), resourceState(type, id, inputs, {}), inputs) : error;
      }
    },

    async delete(resource, id, _oldInputs, oldState) {
      await resourceType(table, resource).delete(connected(table, connection), id, oldState);
    },
  };
}

/** What is there: looked at, and changed in place. */
function updates<Client>(table: ProviderTable<Client>, connection: Connection<Client>): Pick<Provider, "read" | "update"> {
  return {
    async read(resource, id, oldInputs, oldState) {
      const type = resourceType(table, resource);
      const found = await type.read(connected(table, connection), id, oldState);
      if (!found) {
        return undefined;
      }
      const state = { ...oldState, ...found.state };
      const isImport = Object.keys(oldState).length === 0;
      const inputs = isImport ? importedInputs(type.properties, state) : refreshedInputs(oldInputs, state);
      return { id: found.id ?? id, state: withoutNulls({ ...state, id: found.id ?? id }), secrets: secretNames(type.properties), inputs };
    },

    async update(resource, id, _oldInputs, oldState, news, preview) {
      const type = resourceType(table, resource);
      if (preview) {
        const anew: Properties = Object.fromEntries((type.recomputed?.(oldState, news) ?? []).map((key) => [key, unknownValue]));
        return { id, state: { ...planned(type.properties, news, oldState), ...anew }, secrets: secretNames(type.properties) };
      }
      if (!type.update) {
        throw new Error(`${resource.type}: every change of it means a new resource, so it cannot be updated in place`);
      }
      const changed = await type.update(connected(table, connection), id, oldState, withoutDefaults(news));
      const kept = computedOnly(type.properties, oldState, news);
      return resourceState(type, id, { ...kept, ...news }, changed);
    },
  };
}

function lookups<Client>(table: ProviderTable<Client>, connection: Connection<Client>): Pick<Provider, "invoke"> {
  return {
    async invoke(token, inputs) {
      const lookup = table.functions[token];
      if (!lookup) {
        throw unknownToken(table, "function", token, Object.keys(table.functions));
      }
      const failures = validate(lookup.inputs, inputs);
      if (failures.length > 0) {
        throw new Error(`${token}: ${failures.map(({ reason }) => reason).join("; ")}`);
      }
      return withoutNulls({ ...inputs, ...(await lookup.call(connected(table, connection), inputs)) });
    },
  };
}

function unknownToken(table: { readonly name: string }, what: string, token: string, known: string[]): Error {
  return new Error(
    `${token}: this ${what} is not implemented by the lab's stand-in for the ${table.name} plugin (it knows ${known.sort().join(", ")}); ` +
      `put the official pulumi-resource-${table.name} on PATH to use it`,
  );
}

/** Provider configuration arrives as strings; what is not a string by its schema is JSON in one (provider_plugin.go Configure). */
export function parseConfigStrings(schema: Schema, config: Properties): Properties {
  const parsed: Properties = {};
  for (const [key, value] of Object.entries(config)) {
    // Resource options of the provider, not configuration.
    if (key === "version" || key === "pluginDownloadURL") {
      continue;
    }
    const type = schema[key]?.type;
    parsed[key] = typeof value === "string" && value !== "" && type && type !== "string" ? parseJson(key, value) : value;
  }
  return parsed;
}

function parseJson(key: string, json: string): Value {
  try {
    return decodeProperties({ value: JSON.parse(json) as unknown }).value ?? null;
  } catch {
    throw new Error(`provider configuration ${key}: expected JSON, got something else`);
  }
}

/** State as it is expected after creation or update: what is computed and not given stays as it was, or is unknown. */
function planned(schema: Schema, inputs: Properties, oldState: Properties): Properties {
  const state: Properties = { ...stateDefaults(schema), ...withoutDefaults(inputs) };
  for (const [key, property] of Object.entries(schema)) {
    if (!(property.computed || property.outputOnly) || (state[key] !== undefined && state[key] !== null)) {
      continue;
    }
    state[key] = oldState[key] ?? unknownValue;
  }
  return Object.fromEntries(
    Object.entries(state).map(([key, value]) => [key, schema[key] ? plannedValue(schema[key], value, oldState[key] ?? null) : value]),
  );
}

/** A list of plain values is unknown as a whole when one of them is; what a block computes is unknown until it was computed. */
function plannedValue(property: Property, value: Value, old: Value): Value {
  if (Array.isArray(value)) {
    return value.includes(unknownValue) ? unknownValue : value;
  }
  return property.fields && isObject(value) ? planned(property.fields, value, isObject(old) ? old : {}) : value;
}

/** Computed state that an update which does not mention it leaves alone. */
function computedOnly(schema: Schema, state: Properties, news: Properties): Properties {
  return Object.fromEntries(
    Object.entries(state).filter(
      ([key]) => (schema[key]?.computed === true || schema[key]?.outputOnly === true) && (news[key] ?? null) === null,
    ),
  );
}

/** Every default is in the state, given or not. */
function stateDefaults(schema: Schema): Properties {
  return Object.fromEntries(
    Object.entries(schema).flatMap(([key, property]) => (property.default === undefined ? [] : [[key, property.default]])),
  );
}

function resourceState(type: { readonly properties: Schema }, id: string, inputs: Properties, state: Properties): ResourceState {
  const merged = withoutNulls({ ...stateDefaults(type.properties), ...withoutDefaults(inputs), ...state });
  const unresolved = Object.keys(merged).filter((key) => containsUnknown(merged[key]));
  if (unresolved.length > 0) {
    throw new Error(`properties still unknown after the operation: ${unresolved.sort().join(", ")}`);
  }
  return { id, state: { ...merged, id }, secrets: secretNames(type.properties) };
}

function secretNames(schema: Schema): ReadonlySet<string> {
  return new Set(Object.keys(schema).filter((key) => schema[key]?.secret));
}

/** After an import every property that could have been given, and is not at its default, counts as given. */
function importedInputs(schema: Schema, state: Properties): Properties {
  const inputs: Properties = {};
  const defaults: string[] = [];
  for (const [key, property] of Object.entries(schema)) {
    const value = state[key];
    if (property.outputOnly || property.notImplemented || value === undefined || value === null) {
      continue;
    }
    if (property.computed && !property.required) {
      continue;
    }
    inputs[key] = value;
    if (property.default !== undefined && equal(property.default, value)) {
      defaults.push(key);
    }
  }
  return { ...inputs, [defaultsKey]: defaults.sort() };
}

/** After a refresh what was given has the value that was found, blocks and lists member by member (extractInputs in tfbridge). */
function refreshedInputs(inputs: Properties, state: Properties): Properties {
  return Object.fromEntries(
    Object.entries(inputs)
      .map(([key, value]): [string, Value] => [key, key === defaultsKey ? value : refreshedValue(value, state[key] ?? null)])
      .filter(([, value]) => value !== null),
  );
}

function refreshedValue(asked: Value, found: Value): Value {
  if (isObject(asked) && isObject(found)) {
    return refreshedInputs(asked, found);
  }
  return Array.isArray(asked) && Array.isArray(found) ? found.map((each, index) => refreshedValue(asked[index] ?? null, each)) : found;
}

function withoutDefaults(properties: Properties): Properties {
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([key]) => key !== defaultsKey)
      .map(([key, value]) => [key, withoutNestedDefaults(value)]),
  );
}

function withoutNestedDefaults(value: Value): Value {
  if (Array.isArray(value)) {
    return value.map(withoutNestedDefaults);
  }
  return isObject(value) ? withoutDefaults(value) : value;
}

function withoutNulls(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => (value ?? null) !== null));
}

function randomHexadecimal(count: number): string {
  return randomBytes(count).toString("hex").slice(0, count);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
