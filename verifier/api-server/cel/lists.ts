import type { Duration, UnsignedInt } from "@marcbachmann/cel-js/evaluator";
import type { Define } from "./define";
import { compared, equal, isDuration } from "./values";

const durations = "google.protobuf.Duration";
const comparable = ["int", "uint", "double", "bool", durations, "google.protobuf.Timestamp", "string", "bytes"];
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
  for (const type of comparable) {
    define(`list<${type}>.isSorted(): bool`, (list: unknown[]) =>
      list.every((item, at) => at === 0 || !(compared(list[at - 1], item) > 0)),
    );
    define(`list<${type}>.min(): ${type}`, (list: unknown[]) => extreme("min", list, 1));
    define(`list<${type}>.max(): ${type}`, (list: unknown[]) => extreme("max", list, -1));
    define(`list<${type}>.sort(): list<${type}>`, (list: unknown[]) => sortedBy(list, list));
  }
  define("list<int>.sum(): int", (list: bigint[]) => inRange(list.reduce((sum, item) => sum + item, 0n)));
  define("list<double>.sum(): double", (list: number[]) => list.reduce((sum, item) => sum + item, 0));
  define("list<uint>.sum(): uint", (list: UnsignedInt[]) => total(list, (sum, item) => sum + item.value));
  define(`list<${durations}>.sum(): ${durations}`, (list: unknown[]) =>
    list.filter(isDuration).reduce((sum: Duration, item) => sum.addDuration(item)),
  );
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
  const kind = (value: unknown): unknown => (typeof value === "object" && value !== null ? value.constructor : typeof value);
  const [first] = keys;
  if (keys.length > 1 && keys.some((key) => kind(key) !== kind(first))) {
    throw new Error("list elements must have the same type");
  }
  if (keys.length > 0 && Number.isNaN(compared(first, first))) {
    throw new Error("list elements must be comparable");
  }
  return list
    .map((item, at) => ({ item, key: keys[at] }))
    .sort((left, right) => compared(left.key, right.key))
    .map(({ item }) => item);
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

function total(list: readonly UnsignedInt[], add: (sum: bigint, item: UnsignedInt) => bigint): UnsignedInt {
  const sum = list.reduce(add, 0n);
  const Maker = list[0]?.constructor as (new (value: bigint) => UnsignedInt) | undefined;
  if (Maker === undefined) {
    throw new Error("the sum of no numbers without a type");
  }
  return new Maker(sum);
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
