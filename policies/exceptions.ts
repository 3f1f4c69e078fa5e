import { GatehouseError } from "../model/text/errors";
import { matchesGlob } from "../model/text/glob";
import { endOfDay } from "../model/text/calendar";

/** Permission to break one rule on some resources, for a time. */
export interface Exception {
  /** ID of the rule. */
  readonly rule: string;
  /** A URN, or a resource name; `*` stands for any characters. */
  readonly resource: string;
  /** Who answers for it. */
  readonly owner: string;
  readonly reason: string;
  /** Last day (UTC, YYYY-MM-DD) on which it works. */
  readonly until: string;
}

/** What identifies a resource to an exception. */
export interface Excepted {
  readonly name: string;
  readonly urn: string;
}

/** Whether a finding stands (`none`, `expired`) or is excepted (`active`), and by which exception. */
export type Verdict = { readonly state: "none" } | { readonly state: "active" | "expired"; readonly exception: Exception };

/** A configuration of exceptions that cannot be trusted. Lists every fault at once. */
export class MalformedExceptionError extends GatehouseError<"malformed_exceptions"> {
  override readonly name = "MalformedExceptionError";
  constructor(readonly faults: readonly string[]) {
    const lines = faults.map((fault) => `  ${fault}`).join("\n");
    super("malformed_exceptions", "refused", `The policy configuration's exceptions cannot be used:\n${lines}`);
  }
}

const fields = ["rule", "resource", "owner", "reason", "until"] as const;

/**
 * Reads the configured list. Half an exception is worse than none: any fault (missing field, unknown field or rule, impossible date,
 * pattern that matches everything) throws `MalformedExceptionError`.
 */
export function parseExceptions(configured: unknown, ruleIds: readonly string[]): Exception[] {
  if (configured === undefined) {
    return [];
  }
  if (!Array.isArray(configured)) {
    throw new MalformedExceptionError([`exceptions: expected a list, got ${typeof configured}`]);
  }
  const faults: string[] = [];
  const exceptions = configured.flatMap((entry: unknown, index) => {
    const path = `exceptions[${index}]`;
    if (typeof entry !== "object" || entry === null) {
      faults.push(`${path}: expected an object with ${fields.join(", ")}, got ${JSON.stringify(entry)}`);
      return [];
    }
    const before = faults.length;
    const values = entry as Record<string, unknown>;
    const read = (field: string): string => {
      const value = values[field];
      if (typeof value === "string" && value.trim() !== "") {
        return value;
      }
      faults.push(`${path}.${field}: expected text, got ${value === undefined ? "nothing" : JSON.stringify(value)}`);
      return "";
    };
    const exception: Exception = {
      rule: read("rule"),
      resource: read("resource"),
      owner: read("owner"),
      reason: read("reason"),
      until: read("until"),
    };
    for (const field of Object.keys(values)) {
      if (!(fields as readonly string[]).includes(field)) {
        faults.push(`${path}.${field}: expected only ${fields.join(", ")}`);
      }
    }
    if (exception.rule !== "" && !ruleIds.includes(exception.rule)) {
      faults.push(`${path}.rule: expected a rule of this pack, got ${JSON.stringify(exception.rule)}`);
    }
    if (/^[*\s]+$/.test(exception.resource)) {
      faults.push(`${path}.resource: expected a URN or a name pattern, got one that matches everything (lower the rule's level instead)`);
    }
    if (exception.until !== "" && endOfDay(exception.until) === undefined) {
      faults.push(`${path}.until: expected a date YYYY-MM-DD, got ${JSON.stringify(exception.until)}`);
    }
    return faults.length === before ? [exception] : [];
  });
  if (faults.length > 0) {
    throw new MalformedExceptionError(faults);
  }
  return exceptions;
}

/** Decides about a finding of `rule` on `resource` at the moment `now`. An active exception wins over an expired one. */
export function applyExceptions(exceptions: readonly Exception[], rule: string, resource: Excepted, now: Date): Verdict {
  const matching = exceptions.filter((exception) => exception.rule === rule && matches(exception, resource));
  const active = matching.find((exception) => !isOver(exception, now));
  if (active !== undefined) {
    return { state: "active", exception: active };
  }
  const [expired] = matching;
  return expired === undefined ? { state: "none" } : { state: "expired", exception: expired };
}

/** All exceptions that name this resource. */
export function exceptionsFor(exceptions: readonly Exception[], resource: Excepted): Exception[] {
  return exceptions.filter((exception) => matches(exception, resource));
}

/** Whether the last day of an exception has passed. */
export function isOver({ until }: Exception, now: Date): boolean {
  const end = endOfDay(until);
  return end === undefined || now.getTime() > end.getTime();
}

function matches({ resource: pattern }: Exception, { name, urn }: Excepted): boolean {
  return matchesGlob(pattern, pattern.startsWith("urn:") ? urn : name);
}
