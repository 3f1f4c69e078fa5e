import { createHash } from "node:crypto";

/** A copy with the keys of every mapping sorted, so that equal content always reads the same. */
export function sortKeys<T>(value: T): T {
  if (Array.isArray(value)) {
    return value.map((item: unknown) => sortKeys(item)) as T;
  }
  if (typeof value === "object" && value !== null) {
    const sorted = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([left], [right]) => compareText(left, right))
      .map(([key, item]) => [key, sortKeys(item as unknown)]);
    return Object.fromEntries(sorted) as T;
  }
  return value;
}

/** JSON with sorted keys: the only form in which Gatehouse stringifies anything that is stored or compared. */
export function stableJson(value: unknown, indent?: number): string {
  return JSON.stringify(sortKeys(value), null, indent);
}

/** Code point order, the same in every locale (localeCompare is not). */
export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/**
 * Ten hexadecimal characters that change whenever the content does. Fit for a Kubernetes object name.
 * Cut short on purpose: forty bits of a hash reveal nothing of a generated 64-character secret.
 */
export function contentHash(content: Readonly<Record<string, string>>): string {
  return createHash("sha256").update(stableJson(content)).digest("hex").slice(0, 10);
}
