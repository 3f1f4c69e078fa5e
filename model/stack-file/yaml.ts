/** YAML as people write it: its values, what keeps it from being read, and where in the text a value stands. */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
} from "yaml";
import type { Problem } from "../text/problems";

export type Path = readonly (string | number)[];

export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** A text that was read as YAML. */
export interface ReadText {
  /** Undefined where there are faults. */
  readonly values: unknown;
  readonly faults: readonly (Problem & Position)[];
  /** Where a path stands in the text, or the nearest thing above it that is there. */
  readonly locate: (path: Path) => Position;
}

/** Characters of one file: some ten thousand grants. A second goes by for each million of them. */
const longestText = 2_000_000;

/** Reads a text. Never throws: what is wrong is among the faults. */
export function readYaml(text: string): ReadText {
  const lines = new LineCounter();
  if (text.length > longestText) {
    const fault = {
      path: [],
      expected: `a file of at most ${longestText} characters`,
      received: `${text.length}`,
      fix: "write a part of it into another file, and name both under gatehouse:from",
      line: 1,
      column: 1,
    };
    return { values: undefined, faults: [fault], locate: () => ({ line: 1, column: 1 }) };
  }
  // No warnings: what is odd about keys is said by the schema, not by a warning of Node's. Keys are compared below, all at once: the
  // library compares each with each, which takes minutes for a hundred thousand.
  const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false, logLevel: "error", uniqueKeys: false });
  const faults = unreadable(text, document, lines);
  const values = faults.length === 0 ? content(document, faults) : undefined;
  return { values, faults, locate: (path) => position(nearest(document, path), lines) };
}

/** What keeps the text from being read: bytes that are no UTF-8, the first fault of its syntax (the others follow from it), and keys that are there twice. */
function unreadable(text: string, document: Document, lines: LineCounter): (Problem & Position)[] {
  const broken = text.indexOf("\ufffd");
  if (broken >= 0) {
    const at = position(broken, lines);
    return [{ path: [], expected: "a text file in UTF-8, which the engine reads", received: "bytes that are not UTF-8", ...at }];
  }
  const syntax = document.errors
    .slice(0, 1)
    .map(({ code, message, pos }) =>
      fault(code === "MULTIPLE_DOCS" ? "a second document after a line of three dashes" : message, position(pos[0], lines)),
    );
  return [...syntax, ...doubledKeys(document).map((offset) => fault("map keys must be unique", position(offset, lines)))];
}

/** Offsets of keys that a mapping has already. */
function doubledKeys(document: Document): number[] {
  const found: number[] = [];
  visit(document, {
    Map: (_key, map: YAMLMap) => {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        // Several merges are one after the other, and no doubles.
        if (isScalar(key) && key.value !== "<<") {
          const name = `${typeof key.value} ${String(key.value)}`;
          if (seen.has(name)) {
            found.push(key.range?.[0] ?? 0);
          }
          seen.add(name);
        }
      }
    },
  });
  return found;
}

function fault(message: string, at: Position): Problem & Position {
  const received = message.includes("call stack")
    ? "values nested too deeply"
    : message.charAt(0).toLowerCase() + message.slice(1).replace(/\.$/, "");
  return { path: [], expected: "YAML that can be read", received, ...at };
}

/** The plain values; resolving merges and aliases can fail in ways that parsing does not see. */
function content(document: Document, faults: (Problem & Position)[]): unknown {
  try {
    const values: unknown = document.toJS();
    // Throws where an alias leads back to what it stands in.
    JSON.stringify(values);
    return values;
  } catch (error) {
    const message = error instanceof Error ? error.message : "something else";
    faults.push(fault(message.includes("circular") ? "an alias that stands inside its own anchor" : message, { line: 1, column: 1 }));
    return undefined;
  }
}

/** Offset of the value at a path; of its key where the value is a mapping or a list; of the last thing found otherwise. */
function nearest(document: Document, path: Path): number {
  let node = document.contents;
  let offset = node?.range?.[0] ?? 0;
  for (const [depth, step] of path.entries()) {
    const here = isAlias(node) ? (node.resolve(document) as Node | undefined) : node;
    if (isMap(here)) {
      const pair = here.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step)) as
        Pair<Node, Node | null> | undefined;
      if (pair === undefined) {
        return offset;
      }
      const last = depth === path.length - 1;
      offset = (last && isScalar(pair.value) ? pair.value.range?.[0] : undefined) ?? pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(here) && typeof step === "number" && here.items[step] !== undefined) {
      node = here.items[step] as Node;
      offset = node.range?.[0] ?? offset;
    } else {
      return offset;
    }
  }
  return offset;
}

function position(offset: number, lines: LineCounter): Position {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}
