import { stringify } from "yaml";

export type ChartValues = Record<string, unknown>;

/** The user's values with ours over them: mappings merge, anything else is replaced. */
export function mergeValues(users: ChartValues, ours: ChartValues): ChartValues {
  const merged: ChartValues = { ...users };
  for (const [key, value] of Object.entries(ours)) {
    const below = merged[key];
    merged[key] = isMapping(below) && isMapping(value) ? mergeValues(below, value) : value;
  }
  return merged;
}

/** A mapping that was written out; an output is an object as well, and must not be taken apart. */
function isMapping(value: unknown): value is ChartValues {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** Values as the owner of a release takes them away, who sets them with `helm upgrade --values`. */
export function ownersFile(values: ChartValues): string {
  return stringify(values, { sortMapEntries: true, lineWidth: 0 });
}
