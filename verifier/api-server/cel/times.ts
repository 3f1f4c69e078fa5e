import type { Duration } from "@marcbachmann/cel-js/evaluator";
import type { Define } from "./define";
import { Undecided } from "./undecided";

const durations = "google.protobuf.Duration";
const timestamps = "google.protobuf.Timestamp";
const second = 1_000_000_000n;
const units: Readonly<Record<string, bigint | undefined>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: second,
  m: 60n * second,
  h: 3_600n * second,
};
/** The years 1 to 9999. */
const range = { from: -62_135_596_800, to: 253_402_300_799 };

/**
 * Durations and timestamps are read as Go reads them (cel-go v0.26.0, common/types/string.go and int.go). cel-js calculates with whole
 * seconds only as Go does, and forgets the offset of a time.
 */
export function defineTimes(define: Define, Made: typeof Duration): void {
  define(`duration(string): ${durations}`, (text: string) => {
    const nanoseconds = parsedDuration(text);
    if (nanoseconds % second !== 0n) {
      throw new Undecided("a duration with a fraction of a second");
    }
    return new Made(nanoseconds / second);
  });
  define(`duration(int): ${durations}`, () => {
    throw new Error("type conversion error from 'int' to 'google.protobuf.Duration'");
  });
  define(`duration(${durations}): ${durations}`, (value: Duration) => value);
  define(`timestamp(string): ${timestamps}`, (text: string) => within(parsedTime(text)));
  define(`timestamp(int): ${timestamps}`, (seconds: bigint) => within(Number(seconds)));
  define(`timestamp(${timestamps}): ${timestamps}`, (value: Date) => value);
}

/** As `time.ParseDuration`: `-1h30m`, `1.5h`, `0`. */
function parsedDuration(text: string): bigint {
  const [, sign = "", rest = ""] = /^([+-]?)(.*)$/s.exec(text) ?? [];
  const part = /([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)/gy;
  let [total, end] = [0n, 0];
  for (const [whole, number = "", unit = ""] of rest.matchAll(part)) {
    const [integer = "", fraction = ""] = number.split(".");
    const scaled = BigInt(integer + fraction) * (units[unit] ?? 0n);
    if (scaled % 10n ** BigInt(fraction.length) !== 0n) {
      throw new Undecided("a duration with a fraction of a nanosecond");
    }
    total += scaled / 10n ** BigInt(fraction.length);
    end += whole.length;
  }
  const nanoseconds = sign === "-" ? -total : total;
  if (rest !== "0" && (rest === "" || end !== rest.length || BigInt.asIntN(64, nanoseconds) !== nanoseconds)) {
    throw new Error("type conversion error from 'string' to 'google.protobuf.Duration'");
  }
  return nanoseconds;
}

/** RFC 3339 as `time.Parse` reads it, in seconds. */
function parsedTime(text: string): number {
  const [, day, clock, fraction = "", zone] =
    /^([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{1,2}:[0-9]{2}:[0-9]{2})([.,][0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$/.exec(text) ?? [];
  const date = new Date(`${day ?? ""}T${clock?.padStart(8, "0") ?? ""}Z`);
  if (day === undefined || Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== day) {
    throw new Error("type conversion error from 'string' to 'google.protobuf.Timestamp'");
  }
  if (/[1-9]/.test(fraction) || zone !== "Z") {
    throw new Undecided("a time with a fraction of a second, or elsewhere than in UTC,");
  }
  return date.getTime() / 1000;
}

function within(seconds: number): Date {
  if (seconds < range.from || seconds > range.to) {
    throw new Error("range error converting to timestamp");
  }
  return new Date(seconds * 1000);
}
