import { invalid } from "./errors";

/**
 * The SCIM-like expressions of `filter` and `search` (developer.okta.com/docs/api: eq, ne, sw, co, ew, gt, ge, lt, le, pr; and, or, parentheses).
 * `allowed` lists the attributes that may be named; the value of an attribute is read from the object by its dotted path.
 */
type Test = (object: unknown) => boolean;

interface Token {
  kind: "word" | "string" | "paren";
  text: string;
}

function tokens(expression: string, parameter: string): Token[] {
  const found: Token[] = [];
  const pattern = /\s*(?:"((?:[^"\\]|\\.)*)"|([()])|([^\s()"]+))/gy;
  let end = 0;
  for (let match = pattern.exec(expression); match !== null; match = pattern.exec(expression)) {
    end = pattern.lastIndex;
    const [, string, paren, word] = match;
    if (string !== undefined) {
      found.push({ kind: "string", text: string.replace(/\\(.)/g, "$1") });
    } else if (paren !== undefined) {
      found.push({ kind: "paren", text: paren });
    } else if (word !== undefined) {
      found.push({ kind: "word", text: word });
    }
  }
  if (expression.slice(end).trim() !== "") {
    throw invalid(parameter, `${parameter}: Invalid search criteria: cannot read ${expression.slice(end)}`);
  }
  return found;
}

function valueAt(object: unknown, path: string): unknown {
  let value: unknown = object;
  for (const name of path.split(".")) {
    if (typeof value !== "object" || value === null) {
      return undefined;
    }
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

function comparison(operator: string, expected: string): ((actual: string) => boolean) | undefined {
  const wanted = expected.toLowerCase();
  switch (operator) {
    case "eq":
      return (actual) => actual === wanted;
    case "ne":
      return (actual) => actual !== wanted;
    case "sw":
      return (actual) => actual.startsWith(wanted);
    case "ew":
      return (actual) => actual.endsWith(wanted);
    case "co":
      return (actual) => actual.includes(wanted);
    case "gt":
      return (actual) => actual > wanted;
    case "ge":
      return (actual) => actual >= wanted;
    case "lt":
      return (actual) => actual < wanted;
    case "le":
      return (actual) => actual <= wanted;
    default:
      return undefined;
  }
}

class Parser {
  private position = 0;

  constructor(
    private readonly list: readonly Token[],
    private readonly parameter: string,
    private readonly allowed: readonly string[],
  ) {}

  parse(): Test {
    const test = this.either();
    if (this.position < this.list.length) {
      throw this.wrong("end of expression");
    }
    return test;
  }

  private next(): Token | undefined {
    return this.list[this.position++];
  }

  private keyword(word: string): boolean {
    const token = this.list[this.position];
    if (token?.kind !== "word" || token.text.toLowerCase() !== word) {
      return false;
    }
    this.position += 1;
    return true;
  }

  private wrong(expected: string): Error {
    const token = this.list[Math.min(this.position, this.list.length) - 1] ?? { text: "nothing" };
    return invalid(this.parameter, `${this.parameter}: Invalid search criteria: expected ${expected} near ${token.text}`);
  }

  private either(): Test {
    const parts = [this.both()];
    while (this.keyword("or")) {
      parts.push(this.both());
    }
    return (object) => parts.some((part) => part(object));
  }

  private both(): Test {
    const parts = [this.single()];
    while (this.keyword("and")) {
      parts.push(this.single());
    }
    return (object) => parts.every((part) => part(object));
  }

  private single(): Test {
    const first = this.next();
    if (first?.kind === "paren" && first.text === "(") {
      const inside = this.either();
      if (this.next()?.text !== ")") {
        throw this.wrong(")");
      }
      return inside;
    }
    if (first?.kind !== "word") {
      throw this.wrong("an attribute");
    }
    const attribute = first.text;
    if (!this.allowed.includes(attribute)) {
      throw invalid(this.parameter, `${this.parameter}: expected one of ${this.allowed.join(", ")}, got ${attribute}`);
    }
    const operator = this.next()?.text.toLowerCase() ?? "";
    if (operator === "pr") {
      return (object) => (valueAt(object, attribute) ?? "") !== "";
    }
    const value = this.next();
    const compare =
      value?.kind === "string" || /^(true|false|\d+)$/.test(value?.text ?? "") ? comparison(operator, value?.text ?? "") : undefined;
    if (compare === undefined) {
      throw this.wrong(`${attribute} <operator> "value"`);
    }
    return (object) => {
      const actual = valueAt(object, attribute);
      return (
        (typeof actual === "string" || typeof actual === "number" || typeof actual === "boolean") && compare(String(actual).toLowerCase())
      );
    };
  }
}

/** Compiles an expression from the query parameter `parameter`. @throws E0000001 */
export function compileFilter(expression: string, parameter: "filter" | "search", allowed: readonly string[]): Test {
  return new Parser(tokens(expression, parameter), parameter, allowed).parse();
}
