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
