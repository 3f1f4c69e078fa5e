import { succeeds } from "./addresses";
import type { Define } from "./define";
import type { Opaque } from "./values";

const suffixes: Readonly<Record<string, readonly [base: 2 | 10, exponent: number] | undefined>> = {
  "": [10, 0],
  n: [10, -9],
  u: [10, -6],
  m: [10, -3],
  k: [10, 3],
  M: [10, 6],
  G: [10, 9],
  T: [10, 12],
  P: [10, 15],
  E: [10, 18],
  Ki: [2, 10],
  Mi: [2, 20],
  Gi: [2, 30],
  Ti: [2, 40],
  Pi: [2, 50],
  Ei: [2, 60],
};
const [smallest, largest] = [-(2n ** 63n), 2n ** 63n - 1n];

/**
 * A quantity as k8s.io/apimachinery v0.36.3 keeps it (pkg/api/resource): a whole number and a power of ten. `whole` is whether it is kept
 * as an `int64Amount`: only such a one may be an integer, and with a power below zero none is (`1.0` and `1000m` are not).
 */
export class Quantity implements Opaque {
  constructor(
    readonly value: bigint,
    readonly scale: number,
    readonly whole: boolean,
  ) {}

  equals(other: unknown): boolean {
    return other instanceof Quantity && this.compare(other) === 0;
  }

  compare(other: Quantity): number {
    const scale = Math.min(this.scale, other.scale);
    const difference = scaled(this, scale) - scaled(other, scale);
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }

  plus(other: Quantity, sign: 1n | -1n): Quantity {
    if (this.whole && other.whole && (this.value === 0n || other.value === 0n)) {
      return other.value === 0n ? this : new Quantity(sign * other.value, other.scale, true);
    }
    const scale = Math.min(this.scale, other.scale);
    const value = scaled(this, scale) + sign * scaled(other, scale);
    return new Quantity(value, scale, this.whole && other.whole && value >= smallest && value <= largest);
  }

  integer(): bigint | undefined {
    const value = this.whole && this.scale >= 0 ? scaled(this, 0) : undefined;
    return value === undefined || value < smallest || value > largest ? undefined : value;
  }
}

/** `quantity(…)` and what belongs to it (pkg/cel/library/quantity.go). */
export function defineQuantities(define: Define): void {
  define("quantity(string): Quantity", quantity);
  define("isQuantity(string): bool", (text: string) => succeeds(() => quantity(text)));
  define("sign(Quantity): int", ({ value }: Quantity) => (value < 0n ? -1n : value > 0n ? 1n : 0n));
  define("Quantity.isGreaterThan(Quantity): bool", (one: Quantity, other: Quantity) => one.compare(other) > 0);
  define("Quantity.isLessThan(Quantity): bool", (one: Quantity, other: Quantity) => one.compare(other) < 0);
  define("Quantity.compareTo(Quantity): int", (one: Quantity, other: Quantity) => BigInt(one.compare(other)));
  define("Quantity.asApproximateFloat(): double", ({ value, scale }: Quantity) =>
    scale === 0 ? Number(value) : Number(value) * 10 ** scale,
  );
  define("Quantity.isInteger(): bool", (one: Quantity) => one.integer() !== undefined);
  define("Quantity.asInteger(): int", (one: Quantity) => {
    const value = one.integer();
    if (value === undefined) {
      throw new Error("cannot convert value to integer");
    }
    return value;
  });
  define("Quantity.add(Quantity): Quantity", (one: Quantity, other: Quantity) => one.plus(other, 1n));
  define("Quantity.add(int): Quantity", (one: Quantity, other: bigint) => one.plus(new Quantity(other, 0, true), 1n));
  define("Quantity.sub(Quantity): Quantity", (one: Quantity, other: Quantity) => one.plus(other, -1n));
  define("Quantity.sub(int): Quantity", (one: Quantity, other: bigint) => one.plus(new Quantity(other, 0, true), -1n));
}

function scaled({ value, scale }: Quantity, to: number): bigint {
  return value * 10n ** BigInt(scale - to);
}

/** @throws Error where the text is none */
function quantity(text: string): Quantity {
  const found = /^([+-]?)0*([0-9]*)(?:\.([0-9]*))?([eE][+-]?[0-9]+|[numkMGTPE]|[KMGTPE]i|)$/.exec(text);
  const [, sign = "", digits = "", fraction = "", suffix = ""] = found ?? [];
  const known = /^[eE][+-]?[0-9]/.test(suffix) ? ([10, Number(suffix.slice(1))] as const) : suffixes[suffix];
  if (text === "" || found === null || known === undefined) {
    throw new Error("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
  }
  const [base, exponent] = known;
  const negative = sign === "-" ? -1n : 1n;
  const number = digits === "" ? "0" : digits;
  const precision =
    base === 10 ? 18 - number.length - fraction.length : fraction === "" ? 15 - number.length - Math.trunc((exponent * 3) / 10) - 1 : -1;
  const value = BigInt(number + fraction) * (base === 2 ? 2n ** BigInt(exponent) : 1n);
  const scale = (base === 10 ? exponent : 0) - fraction.length;
  if (precision >= 0 && scale >= -9 && value <= largest) {
    return new Quantity(negative * value, scale, true);
  }
  return exactly(negative, value, scale, base);
}

/** Kept as a decimal: rounded up to nano, and capped where it was written with a power of two. */
function exactly(negative: 1n | -1n, value: bigint, scale: number, base: 2 | 10): Quantity {
  const divisor = 10n ** BigInt(Math.max(0, -9 - scale));
  const rounded = (value + divisor - 1n) / divisor;
  const kept = Math.max(scale, -9);
  const capped = base === 2 && scaled(new Quantity(rounded, kept, false), Math.min(kept, 0)) > largest * 10n ** BigInt(-Math.min(kept, 0));
  return capped ? new Quantity(negative * largest, 0, false) : new Quantity(negative * rounded, kept, false);
}
