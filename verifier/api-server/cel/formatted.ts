import { compared, isDuration, isUnsigned } from "./values";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/** Where a type has another name at the API server. */
const typeNames: Readonly<Record<string, string | undefined>> = {
  null: "null_type",
  Quantity: "kubernetes.Quantity",
  Semver: "kubernetes.Semver",
  URL: "kubernetes.URL",
  IP: "net.IP",
  CIDR: "net.CIDR",
  Format: "kubernetes.NamedFormat",
};
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
      return fixed(numeric(value, clause), digits);
    case "e":
      return scientific(numeric(value, clause)).padStart(digits);
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

/** @throws Error where the value is no double, and no text for one that is none */
function numeric(value: unknown, clause: string): number {
  if (typeof value !== "number" && !(typeof value === "string" && ["NaN", "Infinity", "-Infinity"].includes(value))) {
    throw new Error(`error during formatting: ${clause} can only be used on doubles`);
  }
  return Number(value);
}

/** As golang.org/x/text prints for en-US; the places that are asked for are taken as a width, six stay. */
function scientific(number: number): string {
  const [mantissa = "", exponent = "0"] = number.toExponential(6).split("e");
  const power = Math.abs(Number(exponent)).toString().padStart(2, "0");
  const raised = `${Number(exponent) < 0 ? "⁻" : ""}${power.replace(/[0-9]/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)] ?? "")}`;
  return Number.isFinite(number) ? `${Object.is(number, -0) ? "-" : ""}${mantissa}×10${raised}` : fixed(number, 0);
}

/** The number is printed for en-US, with commas. */
function fixed(number: number, digits: number): string {
  if (!Number.isFinite(number)) {
    return Number.isNaN(number) ? "NaN" : number < 0 ? "-∞" : "∞";
  }
  const [whole = "", fraction] = rounded(Math.abs(number), Math.min(digits, 40)).split(".");
  return `${number < 0 || Object.is(number, -0) ? "-" : ""}${cardinal.format(BigInt(whole))}${fraction === undefined ? "" : `.${fraction}`}`;
}

/** As `toFixed`, and where two numbers are equally near the even one. */
function rounded(number: number, digits: number): string {
  if (number >= 1e21) {
    return `${BigInt(number)}${digits === 0 ? "" : `.${"0".repeat(digits)}`}`;
  }
  const exact = number.toFixed(100);
  const end = exact.length - 100 + digits;
  const tie = /^50*$/.test(exact.slice(end));
  const below = exact.slice(0, digits === 0 ? end - 1 : end);
  return tie && /[02468]$/.test(below) ? below : number.toFixed(digits);
}

/** A value as `%s` and `string(…)` write it. @throws Error where it has no text */
export function text(value: unknown): string {
  if (typeof value === "number") {
    return double(value);
  }
  if (typeof value !== "object" || value === null || isUnsigned(value)) {
    return String(value);
  }
  if (Array.isArray(value) || value instanceof Map || isPlain(value)) {
    return nested(value);
  }
  if (value instanceof Date) {
    return value.toISOString().replace(/\.?0*Z$/, "Z");
  }
  if (value instanceof Uint8Array) {
    return utf8.decode(value);
  }
  if (isDuration(value)) {
    return duration(value);
  }
  if (value.constructor.name === "Type" && "name" in value) {
    return typeNames[String(value.name)] ?? String(value.name);
  }
  throw new Error("error during formatting: string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists and times");
}

/** Inside of a list or map texts stand in quotes, and doubles have six places. */
function nested(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(nested).join(", ")}]`;
  }
  const map = value instanceof Map ? [...(value as Map<unknown, unknown>)] : isPlain(value) ? Object.entries(value) : undefined;
  if (map !== undefined) {
    const pairs = map.map(([key, item]) => [nested(key), nested(item)] as const);
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
    : value instanceof Uint8Array
      ? `b${JSON.stringify(plain)}`
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

function duration(value: { readonly seconds: bigint; readonly nanos: number }): string {
  const nanos = value.seconds * 1_000_000_000n + BigInt(value.nanos);
  const [whole, rest] = [nanos / 1_000_000_000n, (nanos < 0n ? -nanos : nanos) % 1_000_000_000n];
  const sign = nanos < 0n && whole === 0n ? "-" : "";
  return `${sign}${whole}${rest === 0n ? "" : `.${rest.toString().padStart(9, "0").replace(/0+$/, "")}`}s`;
}

export function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
