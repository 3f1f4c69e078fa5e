import type { Duration, UnsignedInt } from "@marcbachmann/cel-js/evaluator";

/** A value of a type that Kubernetes adds: it knows its equals. */
export interface Opaque {
  equals(other: unknown): boolean;
}

export function isOpaque(value: unknown): value is Opaque {
  return typeof value === "object" && value !== null && "equals" in value;
}

/** Whether two values are one to CEL: numbers by their value whatever their type, lists and maps by what is in them. */
export function equal(left: unknown, right: unknown): boolean {
  if (left === right || (isNumber(left) && isNumber(right) && left.valueOf() == right.valueOf())) {
    return true;
  }
  if (typeof left !== "object" || typeof right !== "object" || left === null || left.constructor !== right?.constructor) {
    return false;
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => equal(item, right[index]));
  }
  if (left instanceof Map && right instanceof Map) {
    return left.size === right.size && [...left].every(([key, value]) => right.has(key) && equal(value, right.get(key)));
  }
  if (left instanceof Uint8Array && right instanceof Uint8Array) {
    return Buffer.compare(left, right) === 0;
  }
  return "equals" in left ? (left as Opaque).equals(right) : compared(left, right) === 0;
}

/** Less than, equal or greater (-1, 0, 1); not a number where the types do not compare. Texts by code points, as in Go. */
export function compared(left: unknown, right: unknown): number {
  if (typeof left === "string" && typeof right === "string") {
    return Buffer.compare(Buffer.from(left), Buffer.from(right));
  }
  if (left instanceof Uint8Array && right instanceof Uint8Array) {
    return Buffer.compare(left, right);
  }
  const plain = typeof left === typeof right && typeof left !== "object";
  const alike = (isNumber(left) && isNumber(right)) || plain || (isTime(left) && isTime(right) && left.constructor === right.constructor);
  const [one, other] = [left as number, right as number];
  return !alike ? NaN : one < other ? -1 : one > other ? 1 : 0;
}

export function isNumber(value: unknown): value is bigint | number | UnsignedInt {
  return typeof value === "bigint" || typeof value === "number" || isUnsigned(value);
}

export function isUnsigned(value: unknown): value is UnsignedInt {
  return typeof value === "object" && value !== null && value.constructor.name === "UnsignedInt";
}

export function isDuration(value: unknown): value is Duration {
  return typeof value === "object" && value !== null && value.constructor.name === "Duration";
}

function isTime(value: unknown): value is Date | Duration {
  return value instanceof Date || isDuration(value);
}
