import { succeeds } from "./addresses";
import type { Define } from "./define";
import type { Opaque } from "./values";

/** A version as github.com/blang/semver v4 reads it; what is behind `+` orders nothing. */
export class Semver implements Opaque {
  constructor(
    readonly numbers: readonly bigint[],
    readonly before: readonly (bigint | string)[],
  ) {}

  equals(other: unknown): boolean {
    return other instanceof Semver && this.compare(other) === 0;
  }

  compare(other: Semver): number {
    const main = firstDifference(this.numbers, other.numbers);
    if (main !== 0 || (this.before.length === 0 && other.before.length === 0)) {
      return main;
    }
    return this.before.length === 0 ? 1 : other.before.length === 0 ? -1 : firstDifference(this.before, other.before);
  }
}

/** `semver(…)` and what belongs to it (pkg/cel/library/semverlib.go, version 1). */
export function defineSemvers(define: Define): void {
  define("semver(string): Semver", semver);
  define("semver(string, bool): Semver", (text: string, loose: boolean) => semver(loose ? normal(text) : text));
  define("isSemver(string): bool", (text: string) => succeeds(() => semver(text)));
  define("isSemver(string, bool): bool", (text: string, loose: boolean) => succeeds(() => semver(loose ? normal(text) : text)));
  define("Semver.isGreaterThan(Semver): bool", (one: Semver, other: Semver) => one.compare(other) > 0);
  define("Semver.isLessThan(Semver): bool", (one: Semver, other: Semver) => one.compare(other) < 0);
  define("Semver.compareTo(Semver): int", (one: Semver, other: Semver) => BigInt(one.compare(other)));
  for (const [index, name] of ["major", "minor", "patch"].entries()) {
    define(`Semver.${name}(): int`, ({ numbers }: Semver) => numbers[index]);
  }
}

function semver(text: string): Semver {
  const number = "(0|[1-9][0-9]*)";
  const found = new RegExp(`^${number}\\.${number}\\.${number}(?:-([0-9A-Za-z.-]+))?(?:\\+([0-9A-Za-z.-]+))?$`).exec(text);
  const before = found?.[4]?.split(".") ?? [];
  const numbers = found?.slice(1, 4).map(BigInt) ?? [];
  const good = before.every((part) => part !== "" && !/^0[0-9]+$/.test(part)) && !(found?.[5]?.split(".") ?? []).includes("");
  if (found === null || !good || numbers.some((each) => each >= 2n ** 64n)) {
    throw new Error(`no semantic version: ${JSON.stringify(text)}`);
  }
  return new Semver(
    numbers,
    before.map((part) => (/^[0-9]+$/.test(part) ? BigInt(part) : part)),
  );
}

function normal(text: string): string {
  const [major = "", minor, ...rest] = text.replace(/^v/, "").split(".");
  const parts = [major, minor, rest.length === 0 ? undefined : rest.join(".")].filter((part) => part !== undefined);
  const plain = parts.map((part) => (part.length > 1 ? part.replace(/^0+(?=[0-9])/, "").replace(/^0+(?![0-9])/, "0") : part));
  if (plain.length < 3 && /[+-]/.test(plain.at(-1) ?? "")) {
    throw new Error("short version cannot contain PreRelease/Build meta data");
  }
  return [...plain, "0", "0"].slice(0, 3).join(".");
}

function firstDifference(one: readonly (bigint | string)[], other: readonly (bigint | string)[]): number {
  for (const [index, left] of one.entries()) {
    const right = other[index];
    if (right === undefined) {
      return 1;
    }
    if (left !== right) {
      // Numbers are lower than names.
      return typeof left === typeof right ? (left < right ? -1 : 1) : typeof left === "bigint" ? -1 : 1;
    }
  }
  return one.length < other.length ? -1 : 0;
}
