import type { Optional as CelOptional } from "@marcbachmann/cel-js";
import { succeeds } from "./addresses";
import type { Define } from "./define";
import { parsed } from "./urls";

/** A named format of Kubernetes. */
export class Format {
  constructor(readonly holds: (text: string) => boolean) {}
}

const label = "[a-z0-9](?:[-a-z0-9]*[a-z0-9])?";
const name = "(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const subdomain = short(new RegExp(`^${label}(?:\\.${label})*$`), 253);
const label1123 = short(new RegExp(`^${label}$`), 63);
const label1035 = short(/^[a-z](?:[-a-z0-9]*[a-z0-9])?$/, 63);

/** What is asked of each format (pkg/cel/library/format.go; k8s.io/apimachinery pkg/util/validation; kube-openapi pkg/validation/strfmt). */
const formats: Readonly<Record<string, (text: string) => boolean>> = {
  dns1123Label: label1123,
  dns1123Subdomain: subdomain,
  dns1035Label: label1035,
  dns1123LabelPrefix: (text) => label1123(beforeDash(text)),
  dns1123SubdomainPrefix: (text) => subdomain(beforeDash(text)),
  dns1035LabelPrefix: (text) => label1035(beforeDash(text)),
  qualifiedName: (text) => {
    const parts = text.split("/");
    return parts.length <= 2 && (parts.length === 1 || subdomain(parts[0] ?? "")) && short(new RegExp(`^${name}$`), 63)(parts.at(-1) ?? "");
  },
  labelValue: short(new RegExp(`^(?:${name})?$`), 63),
  uri: (text) => succeeds(() => parsed(text, true)),
  uuid: (text) => /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i.test(text),
  byte: (text) => /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/.test(text),
  date: isDate,
  datetime: (text) => {
    const [date = "", time = "", ...more] = text.toLowerCase().split("t");
    const [, hour = "", minute = "", second = ""] =
      /^([0-9]{2}):([0-9]{2}):([0-9]{2})(?:.[0-9]+)?(?:z|[+-][0-9]{2}:[0-9]{2})$/.exec(more.length === 0 ? time : "") ?? [];
    return isDate(date) && hour !== "" && hour <= "23" && minute <= "59" && second <= "59";
  },
};

/** `format.…()`, `format.named(…)` and `validate`: whether it finds a fault; what it says about it is not judged. */
export function defineFormats(define: Define, Optional: typeof CelOptional): void {
  for (const [format, holds] of Object.entries(formats)) {
    const made = new Format(holds);
    define(`format.${format}(): Format`, () => made);
  }
  define("format.named(string): optional<Format>", (wanted: string) =>
    Object.hasOwn(formats, wanted) ? Optional.of(new Format(formats[wanted] ?? (() => false))) : Optional.none(),
  );
  define("Format.validate(string): optional<list<string>>", ({ holds }: Format, text: string) =>
    holds(text) ? Optional.none() : Optional.of(["a fault"]),
  );
}

function short(pattern: RegExp, length: number): (text: string) => boolean {
  return (text) => Buffer.byteLength(text) <= length && pattern.test(text) && !text.endsWith("\n");
}

function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** A name that another is generated from may end with a dash. */
function beforeDash(text: string): string {
  return text.length > 1 && text.endsWith("-") ? `${text.slice(0, -2)}a` : text;
}

function isDate(text: string): boolean {
  return /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text) && isDay(text);
}
