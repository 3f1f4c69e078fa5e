// Fields that a program wants left as they are (ignoreChanges): handleSSAIgnoreFields of pulumi-kubernetes (pkg/await/await.go).
import { objectOf, objectsOf } from "../provider/json";
import { isObject, type Properties, type Value } from "../provider/values";

/** @throws Error for a path into a list, or one in brackets, which only the official plugin reads */
export function fieldsOf(path: string): string[] {
  if (!/^[\w-]+(\.[\w-]+)*$/.test(path)) {
    throw new Error(
      `kubernetes: ignoreChanges: expected names with dots between them, got '${path}', which the lab's stand-in does not implement`,
    );
  }
  return path.split(".");
}

export function valueAt(from: Properties, fields: readonly string[]): Value {
  return fields.reduce<Value>((value, field) => (isObject(value) ? (value[field] ?? null) : null), from);
}

/** The object with another value in one place; with null the place goes. */
export function withValueAt(into: Properties, fields: readonly string[], value: Value): Properties {
  const [field = "", ...inner] = fields;
  if (inner.length === 0) {
    const { [field]: _former, ...rest } = into;
    return value === null ? rest : { ...rest, [field]: value };
  }
  const below = into[field];
  return isObject(below) || value !== null ? { ...into, [field]: withValueAt(objectOf(below), inner, value) } : into;
}

/** Whether one of these entries of metadata.managedFields has a field, or something in it. */
function owned(entries: readonly Properties[], fields: readonly string[]): boolean {
  const path = fields.map((field) => `f:${field}`);
  return entries.some((entry) => valueAt(objectOf(entry.fieldsV1), path) !== null);
}

/** What is sent: not the ignored field where it is another manager's alone, else as the server has it, else as it was declared. */
export function withIgnoredFields(news: Properties, live: Properties, ignoreChanges: readonly string[], manager: string): Properties {
  const entries = objectsOf(objectOf(live.metadata).managedFields);
  const ours = entries.filter((entry) => entry.manager === manager);
  const theirs = entries.filter((entry) => entry.manager !== manager);
  return ignoreChanges.reduce((inputs, path) => {
    const fields = fieldsOf(path);
    return owned(theirs, fields) && !owned(ours, fields)
      ? withValueAt(inputs, fields, null)
      : withValueAt(inputs, fields, valueAt(live, fields) ?? valueAt(inputs, fields));
  }, news);
}
