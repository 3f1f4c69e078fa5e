import type { Duration, UnsignedInt } from "@marcbachmann/cel-js/evaluator";
import type { Define } from "./define";
import { Undecided } from "./undecided";
import { compared, equal, isDuration, isUnsigned } from "./values";

const [smallest, largest] = [-(2n ** 63n), 2n ** 63n - 1n];

const goTexts = new WeakSet<readonly unknown[]>();

/**
 * Marks a list that is a `[]string` to Go: a mapping takes no such list for groups or extra (oidc.go `convertCELValueToStringList` knows
 * lists of CEL's own values and of JSON's), as `claims.roles.split(',')` is one.
 */
export function goStrings(list: string[]): string[] {
  goTexts.add(list);
  return list;
}

export function isGoStrings(list: readonly unknown[]): boolean {
  return goTexts.has(list);
}

/** Kubernetes' own functions of lists (pkg/cel/library/lists.go), those of cel-go (ext/lists.go, version 3) and sets (ext/sets.go). */
export function defineLists(define: Define): void {
  // What they give has the type of the elements, which is often known only then: the check before is that of checker/.
  define("list.isSorted(): bool", (list: unknown[]) =>
    comparableAll(list).every((item, at) => at === 0 || !(compared(list[at - 1], item) > 0)),
  );
  define("list.min(): dyn", (list: unknown[]) => extreme("min", comparableAll(list), 1));
  define("list.max(): dyn", (list: unknown[]) => extreme("max", comparableAll(list), -1));
  define("list.sort(): list", (list: unknown[]) => sortedBy(list, list));
  define("list.sum(): dyn", sum);
  define("list.indexOf(dyn): int", (list: unknown[], item: unknown) => BigInt(list.findIndex((each) => equal(each, item))));
  define("list.lastIndexOf(dyn): int", (list: unknown[], item: unknown) => BigInt(list.findLastIndex((each) => equal(each, item))));
  define("list<A>.slice(int, int): list<A>", slice);
  define("list.flatten(): list", (list: unknown[]) => flat(list, 1n));
  define("list.flatten(int): list", flat);
  define("list<A>.reverse(): list<A>", (list: unknown[]) => [...list].reverse());
  define("list<A>.distinct(): list<A>", (list: unknown[]) => list.filter((item, at) => list.findIndex((each) => equal(each, item)) === at));
  define("lists.range(int): list<int>", (end: bigint) => Array.from({ length: Math.max(0, bounded(end)) }, (_, index) => BigInt(index)));
  define("sets.contains(list, list): bool", contains);
  define("sets.equivalent(list, list): bool", (one: unknown[], other: unknown[]) => contains(one, other) && contains(other, one));
  define("sets.intersects(list, list): bool", (one: unknown[], other: unknown[]) => one.some((item) => contains(other, [item])));
}

/** Sorts a list by keys of one type, as `@sortByAssociatedKeys` does. */
export function sortedBy(list: readonly unknown[], keys: readonly unknown[]): unknown[] {
  const [first] = keys;
  if (keys.length > 1 && keys.some((key) => kindOf(key) !== kindOf(first))) {
    throw new Error("list elements must have the same type");
  }
  if (keys.length > 0 && Number.isNaN(compared(first, first))) {
    throw new Error("list elements must be comparable");
  }
  // Go's sort keeps no order among equal keys once it does more than insert.
  if (list.length > 12 && keys.some((key, at) => keys.findIndex((other) => equal(key, other)) !== at)) {
    throw new Undecided("a sort of more than twelve by keys that repeat");
  }
  return list
    .map((item, at) => ({ item, key: keys[at] }))
    .sort((left, right) => compared(left.key, right.key))
    .map(({ item }) => item);
}

/** @throws Error where an element compares with no other: the list may be of any type */
function comparableAll(list: readonly unknown[]): readonly unknown[] {
  if (list.some((item) => Number.isNaN(compared(list[0], item)))) {
    throw new Error("no such overload");
  }
  return list;
}

function extreme(name: string, list: readonly unknown[], worse: number): unknown {
  if (list.length === 0) {
    throw new Error(`${name} called on empty list`);
  }
  return list.reduce((best, item) => (compared(best, item) === worse ? item : best));
}

function inRange(value: bigint): bigint {
  if (value < smallest || value > largest) {
    throw new Error("integer overflow");
  }
  return value;
}

/** The type is that of the elements when it runs: the list may be of any. */
function sum(list: readonly unknown[]): unknown {
  const [first] = list;
  if (list.some((item) => kindOf(item) !== kindOf(first))) {
    throw new Error("no such overload");
  }
  if (isUnsigned(first)) {
    const Made = first.constructor as new (value: bigint) => UnsignedInt;
    return new Made((list as UnsignedInt[]).reduce((total, item) => total + item.value, 0n));
  }
  if (isDuration(first)) {
    return (list as Duration[]).reduce((total, item) => total.addDuration(item));
  }
  if (typeof first === "number") {
    return (list as number[]).reduce((total, item) => total + item, 0);
  }
  if (first !== undefined && typeof first !== "bigint") {
    throw new Error("no such overload");
  }
  return inRange((list as bigint[]).reduce((total, item) => total + item, 0n));
}

function kindOf(value: unknown): unknown {
  return typeof value === "object" && value !== null ? value.constructor : typeof value;
}

/** The API server's cost limit ends a call long before this. */
function bounded(end: bigint): number {
  if (end > 1_000_000n) {
    throw new Error("operation cancelled: actual cost limit exceeded");
  }
  return Number(end);
}

function slice(list: readonly unknown[], start: bigint, end: bigint): unknown[] {
  if (start < 0n || end < 0n || start > end || end > BigInt(list.length)) {
    throw new Error(`cannot slice(${start}, ${end}), list is length ${list.length}`);
  }
  return list.slice(Number(start), Number(end));
}

function flat(list: readonly unknown[], depth: bigint): unknown[] {
  if (depth < 0n) {
    throw new Error("level must be non-negative");
  }
  return list.flat<readonly unknown[], number>(Number(depth));
}

function contains(list: readonly unknown[], wanted: readonly unknown[]): boolean {
  return wanted.every((item) => list.some((each) => equal(each, item)));
}
