// What changed between a resource's state and its wanted inputs, and whether it must be replaced.
import { parseJson } from "./json";
import { defaultsKey, type Property, type Schema } from "./schema";
import { equal, isObject, unknownValue, type Properties, type Value } from "./values";

export type ChangeKind = "add" | "delete" | "update" | "add-replace" | "delete-replace" | "update-replace";

/** Changed properties by their path. */
export type DetailedDiff = Record<string, ChangeKind>;

export interface Difference {
  readonly detailed: DetailedDiff;
  /** Top-level properties because of which the resource must be replaced. */
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

/**
 * Compares as Terraform plans: wanted configuration against the state last read, so that drift found by a refresh is a change.
 * A property that is not wanted changes nothing if the provider computes it, or if the state holds its empty value.
 */
export function difference(schema: Schema, state: Properties, wanted: Properties): Difference {
  const detailed: DetailedDiff = {};
  for (const [key, property] of Object.entries(schema)) {
    if (property.outputOnly) {
      continue;
    }
    compare(property, state[key], wanted[key], key, property.forceNew ?? false, detailed);
  }
  const replaces = new Set<string>();
  for (const [path, kind] of Object.entries(detailed)) {
    if (kind.endsWith("-replace")) {
      replaces.add(path.split(/[.[]/)[0] ?? path);
    }
  }
  return { detailed, replaces: [...replaces].sort(), deleteBeforeReplace: replaces.size > 0 && keepsItsName(schema, state, wanted) };
}

/** Two resources cannot have one name at once, so a user's own unchanged name asks for the old resource to go first (tfbridge/schema.go). */
function keepsItsName(schema: Schema, state: Properties, wanted: Properties): boolean {
  const defaults = Array.isArray(wanted[defaultsKey]) ? wanted[defaultsKey] : [];
  return Object.entries(schema).some(([key, property]) => property.autoName && !defaults.includes(key) && equal(state[key], wanted[key]));
}

function compare(
  property: Property,
  old: Value | undefined,
  wanted: Value | undefined,
  path: string,
  replace: boolean,
  detailed: DetailedDiff,
): void {
  const note = (kind: "add" | "delete" | "update"): void => {
    detailed[path] = replace ? `${kind}-replace` : kind;
  };
  if (wanted === undefined || wanted === null) {
    if (!property.computed && !isEmpty(old) && !(property.json && isEmptyJson(old)) && !equal(old, property.default)) {
      note("delete");
    }
    return;
  }
  if (isEmpty(old) && isEmpty(wanted)) {
    return;
  }
  if (old === undefined || old === null) {
    note("add");
  } else if (wanted === unknownValue) {
    note("update");
  } else if (property.type === "set" && Array.isArray(old) && Array.isArray(wanted)) {
    if (!equal(sorted(old), sorted(wanted))) {
      note("update");
    }
  } else if (property.type === "list" && Array.isArray(old) && Array.isArray(wanted)) {
    compareLists(property, old, wanted, path, replace, detailed);
  } else if (isObject(old) && isObject(wanted)) {
    for (const key of new Set([...Object.keys(old), ...Object.keys(wanted), ...Object.keys(property.fields ?? {})])) {
      if (key === defaultsKey) {
        continue;
      }
      const field = property.fields?.[key] ?? property.element ?? { type: "string" };
      compare(field, old[key], wanted[key], `${path}.${key}`, replace || (field.forceNew ?? false), detailed);
    }
  } else if (!equal(old, wanted)) {
    note("update");
  }
}

function compareLists(property: Property, old: Value[], wanted: Value[], path: string, replace: boolean, detailed: DetailedDiff): void {
  const element = property.element ?? { type: "string" };
  for (let index = 0; index < Math.max(old.length, wanted.length); index++) {
    compare(element, old[index], wanted[index], `${path}[${index}]`, replace, detailed);
  }
}

/** Terraform's SDK does not tell an empty value from one that is not set. */
function isEmpty(value: Value | undefined): boolean {
  if (value === undefined || value === null || value === "" || value === false || value === 0) {
    return true;
  }
  if (Array.isArray(value)) {
    return value.length === 0;
  }
  // A block of empty values is none: the providers read such a one back from every object.
  return isObject(value) && Object.entries(value).every(([key, field]) => key === defaultsKey || isEmpty(field));
}

function isEmptyJson(text: Value | undefined): boolean {
  return typeof text === "string" && isEmpty(parseJson(text, "a property of JSON"));
}

function sorted(values: Value[]): Value[] {
  return [...values].sort((left, right) => {
    const [first, second] = [sortKey(left), sortKey(right)];
    return first < second ? -1 : first > second ? 1 : 0;
  });
}

function sortKey(value: Value): string {
  if (value === unknownValue) {
    return "";
  }
  if (!isObject(value)) {
    return JSON.stringify(value);
  }
  return JSON.stringify(
    Object.keys(value)
      .sort()
      .map((key) => [key, sortKey(value[key] ?? null)]),
  );
}
