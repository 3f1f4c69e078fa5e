import { malformed } from "./errors";

type Row = Readonly<Record<string, unknown>>;
type Test = (row: Row) => boolean;

const comparisonClause = /^([A-Za-z][A-Za-z0-9]*)\s+(eq|ne)\s+('(?:[^']|'')*'|true|false|null)$/;
const prefixClause = /^startswith\(\s*([A-Za-z][A-Za-z0-9]*)\s*,\s*('(?:[^']|'')*')\s*\)$/i;

/**
 * `$filter` as far as the callers go: `property eq|ne literal` and `startswith(property,'text')`, joined by `and` or by `or`.
 * Strings compare without case, as in the directory. `filterable` names the properties that may be asked for.
 */
export function parseFilter(filter: string, filterable: readonly string[]): Test {
  const joiner = splitOutsideQuotes(filter, " or ").length > 1 ? " or " : " and ";
  const tests = splitOutsideQuotes(filter, joiner).map((clause) => parseClause(clause.trim(), filterable));
  return joiner === " or " ? (row) => tests.some((test) => test(row)) : (row) => tests.every((test) => test(row));
}

function parseClause(clause: string, filterable: readonly string[]): Test {
  const comparison = comparisonClause.exec(clause);
  if (comparison !== null) {
    const [, property = "", operator, literal = ""] = comparison;
    requireFilterable(property, filterable);
    const wanted = literalValue(literal);
    return (row) => same(row[property], wanted) === (operator === "eq");
  }
  const prefix = prefixClause.exec(clause);
  if (prefix !== null) {
    const [, property = "", literal = ""] = prefix;
    requireFilterable(property, filterable);
    const start = String(literalValue(literal)).toLowerCase();
    return (row) => typeof row[property] === "string" && row[property].toLowerCase().startsWith(start);
  }
  throw malformed(`Invalid filter clause: '${clause}'. Supported here: property eq|ne literal, startswith(property,'text'), and, or.`);
}

function requireFilterable(property: string, filterable: readonly string[]): void {
  if (!filterable.includes(property)) {
    throw malformed(`Unsupported or invalid query filter clause specified for property '${property}'. Allowed: ${filterable.join(", ")}.`);
  }
}

function literalValue(literal: string): string | boolean | null {
  if (literal === "null") {
    return null;
  }
  if (literal === "true" || literal === "false") {
    return literal === "true";
  }
  return literal.slice(1, -1).replaceAll("''", "'");
}

function same(value: unknown, wanted: string | boolean | null): boolean {
  if (typeof value === "string" && typeof wanted === "string") {
    return value.toLowerCase() === wanted.toLowerCase();
  }
  return (value ?? null) === wanted;
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts: string[] = [];
  let quoted = false;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === "'") {
      quoted = !quoted;
    }
    if (!quoted && text.slice(at, at + separator.length).toLowerCase() === separator) {
      parts.push(text.slice(start, at));
      start = at + separator.length;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

/** `$select`: only the named properties. An unknown one is refused as Graph does. */
export function select(row: Row, names: string | undefined): Row {
  if (names === undefined) {
    return row;
  }
  const wanted = names.split(",").map((name) => name.trim());
  for (const name of wanted) {
    if (!(name in row)) {
      throw malformed(`Could not find a property named '${name}' on type 'microsoft.graph.directoryObject'.`);
    }
  }
  return Object.fromEntries(Object.entries(row).filter(([name]) => name.startsWith("@") || wanted.includes(name)));
}

/** `$top`: 1 to 999, as Graph's directory collections allow. */
export function parseTop(top: string | undefined): number {
  if (top === undefined) {
    return 100;
  }
  const value = Number(top);
  if (!Number.isInteger(value) || value < 1 || value > 999) {
    throw malformed(`Invalid page size specified: '${top}'. Must be between 1 and 999 inclusive.`);
  }
  return value;
}
