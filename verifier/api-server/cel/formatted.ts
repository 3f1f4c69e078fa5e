import { compared, isDuration, isUnsigned } from "./values";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const cardinal = new Intl.NumberFormat("en-US");

/** `text.format(list)` (cel-go v0.26.0, ext/formatting.go): `%s`, `%d`, `%f`, `%b`, `%o`, `%x`, `%X`. @throws Error */
export function formatted(template: string, args: readonly unknown[]): string {
  let next = 0;
  return template.replace(
    /%(?:(%)|(?:\.([0-9]+))?(.)?)/gsu,
    (clause: string, percent: string, digits: string | undefined, verb: string) => {
      if (percent === "%") {
        return "%";
      }
      if (next >= args.length) {
        throw new Error(`index ${next} out of range`);
      }
      return written(args[next++], verb, digits === undefined ? 6 : Number(digits), clause);
    },
  );
}

function written(value: unknown, verb: string, digits: number, clause: string): string {
  const integer = typeof value === "bigint" ? value : isUnsigned(value) ? value.value : undefined;
  switch (verb) {
    case "s":
      return text(value);
    case "d":
      return needed(integer, clause).toString();
    case "b":
      return typeof value === "boolean" ? (value ? "1" : "0") : needed(integer, clause).toString(2);
    case "o":
      return needed(integer, clause).toString(8);
    case "x":
    case "X": {
      const bytes = typeof value === "string" ? Buffer.from(value) : value instanceof Uint8Array ? Buffer.from(value) : undefined;
      const hex = bytes?.toString("hex") ?? needed(integer, clause).toString(16);
      return verb === "x" ? hex : hex.toUpperCase();
    }
    case "f":
      return fixed(value, digits, clause);
    default:
      throw new Error(`could not parse formatting clause: unrecognized formatting clause ${JSON.stringify(verb)}`);
  }
}

function needed(integer: bigint | undefined, clause: string): bigint {
  if (integer === undefined) {
    throw new Error(`error during formatting: ${clause} can only be used on integers`);
  }
  return integer;
}

/** The number is printed for en-US, with commas. */
function fixed(value: unknown, digits: number, clause: string): string {
  if (typeof value !== "number" && !(typeof value === "string" && ["NaN", "Infinity", "-Infinity"].includes(value))) {
    throw new Error(`error during formatting: ${clause} can only be used on doubles`);
  }
  const number = Number(value);
  if (!Number.isFinite(number)) {
    return Number.isNaN(number) ? "NaN" : number < 0 ? "-∞" : "∞";
  }
  const [whole = "", fraction] = Math.abs(number).toFixed(Math.min(digits, 100)).split(".");
  return `${number < 0 || Object.is(number, -0) ? "-" : ""}${cardinal.format(BigInt(whole))}${fraction === undefined ? "" : `.${fraction}`}`;
}

/** A value as `%s` and `string(…)` write it. */
export function text(value: unknown): string {
  if (typeof value === "number") {
    return double(value);
  }
  if (Array.isArray(value) || value instanceof Map) {
    return nested(value);
  }
  return value === null
    ? "null"
    : value instanceof Date
      ? timestamp(value)
      : value instanceof Uint8Array
        ? utf8.decode(value)
        : isDuration(value)
          ? duration(value)
          : String(value);
}

/** Inside of a list or map texts stand in quotes, and doubles have six places. */
function nested(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(nested).join(", ")}]`;
  }
  if (value instanceof Map) {
    const pairs = [...(value as Map<unknown, unknown>)].map(([key, item]) => [nested(key), nested(item)] as const);
    return `{${pairs
      .sort(([left], [right]) => compared(left, right))
      .map((pair) => pair.join(":"))
      .join(", ")}}`;
  }
  if (typeof value === "number") {
    return Number.isFinite(value) ? value.toFixed(6) : JSON.stringify(text(value));
  }
  const plain = text(value);
  return typeof value === "string"
    ? JSON.stringify(plain)
    : value instanceof Date
      ? `timestamp(${JSON.stringify(plain)})`
      : isDuration(value)
        ? `duration(${JSON.stringify(plain)})`
        : plain;
}

/** Go's `%g` with as many digits as it takes: an exponent of at least two digits below 1e-4, and from 1e6 on. */
function double(value: number): string {
  if (!Number.isFinite(value)) {
    return Number.isNaN(value) ? "NaN" : value < 0 ? "-Inf" : "+Inf";
  }
  const [mantissa = "", exponent = "0"] = value.toExponential().split("e");
  const power = Number(exponent);
  return power < -4 || power >= 6
    ? `${mantissa}e${power < 0 ? "-" : "+"}${Math.abs(power).toString().padStart(2, "0")}`
    : Object.is(value, -0)
      ? "-0"
      : value.toFixed(Math.max(0, mantissa.replace(/[-.]/g, "").length - 1 - power));
}

function timestamp(value: Date): string {
  return value.toISOString().replace(/\.?0*Z$/, "Z");
}

function duration(value: { readonly seconds: bigint; readonly nanos: number }): string {
  const nanos = value.seconds * 1_000_000_000n + BigInt(value.nanos);
  const [whole, rest] = [nanos / 1_000_000_000n, (nanos < 0n ? -nanos : nanos) % 1_000_000_000n];
  const sign = nanos < 0n && whole === 0n ? "-" : "";
  return `${sign}${whole}${rest === 0n ? "" : `.${rest.toString().padStart(9, "0").replace(/0+$/, "")}`}s`;
}
