import { isUtf8 } from "node:buffer";
import { GatehouseError } from "../../model/text/errors";

/** A JSON value with what `JSON.parse` throws away: numbers as they are written, and every member of an object in its order. */
export type JsonNode =
  | { readonly type: "null" }
  | { readonly type: "boolean"; readonly value: boolean }
  | { readonly type: "number"; readonly text: string }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "array"; readonly items: readonly JsonNode[] }
  | JsonObject;

export interface JsonObject {
  readonly type: "object";
  /** In order; a name may come more than once. */
  readonly members: readonly (readonly [string, JsonNode])[];
}

/** Thrown where Go's reader reports an error. */
export class GoJsonError extends GatehouseError<"unreadable"> {
  override readonly name = "GoJsonError";
  constructor(message: string) {
    super("unreadable", "refused", message);
  }
}

/** `encoding/json` gives up beyond this nesting (scanner.go, maxNestingDepth). */
const maxNestingDepth = 10_000;

const nothing: JsonNode = { type: "null" };
const yes: JsonNode = { type: "boolean", value: true };
const no: JsonNode = { type: "boolean", value: false };
const numberPattern = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const plainRun = /[^"\\\u0000-\u001f]*/y;
const escapes: Readonly<Record<string, string | undefined>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/**
 * Parses bytes as Go's `encoding/json` does: bytes that are no UTF-8, and halves of surrogate pairs, become U+FFFD.
 * @param depth deepest nesting; go-jose's own copy of the package has no limit
 * @throws GoJsonError
 */
export function parseGoJson(bytes: Buffer, depth = maxNestingDepth): JsonNode {
  const text = isUtf8(bytes) ? bytes.toString("utf8") : decodeLoosely(bytes);
  return new Parser(text, depth).document();
}

/** Walks with a stack of its own: what nests 300,000 deep must not end the process. */
class Parser {
  private at = 0;
  constructor(
    private readonly text: string,
    private readonly depth: number,
  ) {}

  document(): JsonNode {
    const open: ({ node: JsonNode[]; names?: undefined } | { node: [string, JsonNode][]; names: string })[] = [];
    let value: JsonNode | undefined;
    for (;;) {
      // Begin a value.
      this.blanks();
      const letter = this.text[this.at];
      if (letter === "[" || letter === "{") {
        this.at++;
        if (open.length >= this.depth) {
          throw new GoJsonError("exceeded max depth");
        }
        this.blanks();
        if (this.text[this.at] === (letter === "[" ? "]" : "}")) {
          this.at++;
          value = letter === "[" ? { type: "array", items: [] } : { type: "object", members: [] };
        } else {
          open.push(letter === "[" ? { node: [] } : { node: [], names: this.name() });
          continue;
        }
      } else {
        value = this.scalar(letter);
      }
      // End as many values as end here.
      for (;;) {
        this.blanks();
        const top = open.at(-1);
        if (top === undefined) {
          if (this.at < this.text.length) {
            throw new GoJsonError("invalid character after top-level value");
          }
          return value;
        }
        if (top.names === undefined) {
          top.node.push(value);
        } else {
          top.node.push([top.names, value]);
        }
        const next = this.text[this.at++];
        if (next === ",") {
          if (top.names !== undefined) {
            this.blanks();
            top.names = this.name();
          }
          break;
        }
        if (next !== (top.names === undefined ? "]" : "}")) {
          throw new GoJsonError("invalid character after a value");
        }
        open.pop();
        value = top.names === undefined ? { type: "array", items: top.node } : { type: "object", members: top.node };
      }
    }
  }

  private blanks(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) {
        return;
      }
      this.at++;
    }
  }

  private name(): string {
    if (this.text[this.at] !== '"') {
      throw new GoJsonError("invalid character looking for beginning of object key string");
    }
    const name = this.string();
    this.blanks();
    if (this.text[this.at++] !== ":") {
      throw new GoJsonError("invalid character after object key");
    }
    return name;
  }

  private scalar(letter: string | undefined): JsonNode {
    if (letter === '"') {
      return { type: "string", value: this.string() };
    }
    for (const [word, node] of words) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return node;
      }
    }
    numberPattern.lastIndex = this.at;
    const found = numberPattern.exec(this.text)?.[0];
    if (found === undefined) {
      throw new GoJsonError("invalid character looking for beginning of value");
    }
    this.at += found.length;
    return { type: "number", text: found };
  }

  private string(): string {
    let result = "";
    this.at++;
    for (;;) {
      plainRun.lastIndex = this.at;
      const run = plainRun.exec(this.text)?.[0] ?? "";
      this.at += run.length;
      const letter = this.text[this.at++];
      if (letter === '"') {
        return result === "" ? run : result + run;
      }
      if (letter !== "\\") {
        throw new GoJsonError("invalid character in string literal");
      }
      result += run + this.escape();
    }
  }

  private escape(): string {
    const letter = this.text[this.at++] ?? "";
    if (letter !== "u") {
      const plain = Object.hasOwn(escapes, letter) ? escapes[letter] : undefined;
      if (plain === undefined) {
        throw new GoJsonError("invalid character in string escape code");
      }
      return plain;
    }
    const unit = this.unit();
    if (unit < 0xd800 || unit > 0xdfff) {
      return String.fromCharCode(unit);
    }
    // Half of a pair: with its other half a letter, without it U+FFFD, and the next escape stands for itself.
    if (unit < 0xdc00 && this.text.startsWith("\\u", this.at)) {
      const back = this.at;
      this.at += 2;
      const low = this.unit();
      if (low >= 0xdc00 && low <= 0xdfff) {
        return String.fromCharCode(unit, low);
      }
      this.at = back;
    }
    return "\ufffd";
  }

  private unit(): number {
    const digits = this.text.slice(this.at, this.at + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) {
      throw new GoJsonError("invalid character in \\u hexadecimal character escape");
    }
    this.at += 4;
    return parseInt(digits, 16);
  }
}

const words: readonly (readonly [string, JsonNode])[] = [
  ["true", yes],
  ["false", no],
  ["null", nothing],
];

/** UTF-8 as Go's `range` reads it: each byte that begins no letter is U+FFFD by itself (`TextDecoder` joins several into one). */
function decodeLoosely(bytes: Buffer): string {
  let text = "";
  let at = 0;
  while (at < bytes.length) {
    const length = letterLength(bytes, at);
    text += length === 0 ? "\ufffd" : bytes.toString("utf8", at, at + length);
    at += Math.max(length, 1);
  }
  return text;
}

function letterLength(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  const length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  return length > 0 && at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)) ? length : 0;
}

/** The last member of an exact name: what a Go map holds. */
export function member(object: JsonObject, name: string): JsonNode | undefined {
  for (let index = object.members.length - 1; index >= 0; index--) {
    const found = object.members[index];
    if (found?.[0] === name) {
      return found[1];
    }
  }
  return undefined;
}

/** A node as a plain JavaScript value; of members of one name the last counts. Deeper than 200 levels it is cut off. */
export function plainValue(node: JsonNode, depth = 0): unknown {
  switch (node.type) {
    case "null":
      return null;
    case "number":
      return Number(node.text);
    case "array":
      return depth > 200 ? [] : node.items.map((item) => plainValue(item, depth + 1));
    case "object":
      return depth > 200 ? {} : Object.fromEntries(node.members.map(([name, value]) => [name, plainValue(value, depth + 1)]));
    default:
      return node.value;
  }
}
