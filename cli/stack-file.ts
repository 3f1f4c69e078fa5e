import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node, type Pair } from "yaml";
import { describeReceived, withheld, type Problem } from "../model";

type Path = readonly (string | number)[];

export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** A stack file taken apart. Paths begin with the keys as written: `["config", "gatehouse:idp", "kind"]`. */
export interface StackFile {
  /** The values of the `gatehouse:` keys, without that prefix; encrypted values are placeholders. */
  readonly raw: Readonly<Record<string, unknown>>;
  /** What is wrong with the file itself. */
  readonly problems: readonly (Problem & Position)[];
  /** False when the file holds no configuration at all that could be judged. */
  readonly usable: boolean;
  /** Paths of encrypted values (`secure:`), which only the engine can read. */
  readonly encrypted: readonly Path[];
  /** The key under which one of {@link raw} is written: `gatehouse:idp`, or `idp`. */
  keyOf(name: string): string;
  /** Where a path stands in the file, or the nearest thing above it that is there. */
  locate(path: Path): Position;
  /** The problem without a text that stands as a secret somewhere in the file: an alias, or a copy, brings one to any place. */
  withoutSecrets(problem: Problem): Problem;
}

const prefix = "gatehouse:";

/** Reads the text of a `Pulumi.<stack>.yaml`. Never throws: what is wrong is among the problems. */
export function readStackFile(text: string): StackFile {
  const lines = new LineCounter();
  // No warnings: what is odd about keys is said by the schema, not by a warning of Node's.
  const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false, logLevel: "error" });
  const locate = (path: Path) => position(nearest(document, path), lines);
  const nothing = {
    raw: {},
    usable: false,
    encrypted: [],
    keyOf: (name: string) => `${prefix}${name}`,
    locate,
    withoutSecrets: (problem: Problem) => problem,
  };
  const faults = unreadable(text, document, lines);
  const file = faults.length === 0 ? content(document, faults) : undefined;
  if (faults.length > 0) {
    return { ...nothing, problems: faults };
  }
  const config = isMapping(file) ? file["config"] : undefined;
  if (!isMapping(config)) {
    const problem = {
      path: ["config"],
      expected: "a mapping 'config' with the gatehouse: keys",
      received: describeReceived(isMapping(file) || file === null ? config : file, []),
    };
    return { ...nothing, problems: [{ ...problem, ...locate(problem.path) }] };
  }
  const { raw, problems, encrypted, written } = split(config);
  const found = Object.keys(config);
  if (written.size === 0 && found.length > 0) {
    problems.push({
      path: ["config"],
      expected: `keys under ${prefix}, which are idp, groups and platforms`,
      received: `the keys ${found.join(", ")}`,
      fix: `write the namespace ${prefix} before each, whatever the project is called`,
    });
    return { ...nothing, problems: problems.map((problem) => ({ ...problem, ...locate(problem.path) })) };
  }
  const keyOf = (name: string) => written.get(name) ?? nothing.keyOf(name);
  const secrets = secretTexts(file);
  const withoutSecrets = (problem: Problem) => withheldFrom(problem, secrets);
  const placed = problems.map((problem) => ({ ...withoutSecrets(problem), ...locate(problem.path) }));
  return { raw, problems: placed, usable: true, encrypted, keyOf, locate, withoutSecrets };
}

const secretName = /secret|password|passphrase|token|privatekey|credential|kubeconfig|apikey/i;
/** A shorter text is no secret, and would be found in half of all words. */
const shortestSecret = 6;

/** Texts that stand under a secret's name, anywhere in the file; a mapping of that name (idp.secret) holds settings. */
function secretTexts(value: unknown, secret = false): string[] {
  if (typeof value === "string") {
    return secret && value.length >= shortestSecret ? [value] : [];
  }
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown) => secretTexts(item, secret));
  }
  return isMapping(value) ? Object.entries(value).flatMap(([key, item]) => secretTexts(item, secretName.test(key))) : [];
}

function withheldFrom(problem: Problem, secrets: readonly string[]): Problem {
  // What was received may have been cut, so its beginning counts as well.
  const holds = (text: string): boolean =>
    secrets.some((secret) => text.includes(secret) || text.includes(JSON.stringify(secret).slice(1, 60)));
  const { path, expected, received, fix } = problem;
  return {
    path: path.map((key) => (typeof key === "string" && holds(key) ? "(withheld)" : key)),
    expected: holds(expected) ? "another value" : expected,
    received: holds(received) ? withheld : received,
    ...(fix === undefined || holds(fix) ? {} : { fix }),
  };
}

/** What keeps the text from being read: bytes that are no UTF-8, the first fault of its syntax (the others follow from it), and keys that are there twice. */
function unreadable(text: string, document: Document, lines: LineCounter): (Problem & Position)[] {
  const broken = text.indexOf("\ufffd");
  if (broken >= 0) {
    const at = position(broken, lines);
    return [{ path: [], expected: "a text file in UTF-8, which the engine reads", received: "bytes that are not UTF-8", ...at }];
  }
  const syntax = document.errors.findIndex(({ code }) => code !== "DUPLICATE_KEY");
  return document.errors
    .filter(({ code }, index) => code === "DUPLICATE_KEY" || index === syntax)
    .map(({ code, message, pos }) =>
      fault(code === "MULTIPLE_DOCS" ? "a second document after a line of three dashes" : message, position(pos[0], lines)),
    );
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

function split(config: Readonly<Record<string, unknown>>): {
  raw: Record<string, unknown>;
  problems: Problem[];
  encrypted: Path[];
  written: Map<string, string>;
} {
  const raw: [string, unknown][] = [];
  const written = new Map<string, string>();
  const problems: Problem[] = [];
  const encrypted: Path[] = [];
  for (const [key, value] of Object.entries(config)) {
    const path = ["config", key];
    // Without a namespace a key is the project's (seen with pulumi 3.230.0): the engine reads `idp` as `gatehouse:idp`.
    if (key.startsWith(prefix) || !key.includes(":")) {
      const name = key.startsWith(prefix) ? key.slice(prefix.length) : key;
      if (written.has(name)) {
        problems.push({
          path,
          expected: `one of ${name} and ${prefix}${name}, which are the same`,
          received: "both",
          fix: "keep one of the two",
        });
      }
      written.set(name, key);
      raw.push([name, decrypted(parsedText(value), path, encrypted)]);
    } else if (/(secret|password|token|privatekey|kubeconfig|clientcertificate)$/i.test(key) && !isSecure(value) && !isEmpty(value)) {
      problems.push({
        path,
        expected: "an encrypted value: a stack file is kept in version control",
        received: withheld,
        fix: `remove it and run \`pulumi config set --secret ${key}\``,
      });
    }
  }
  return { raw: Object.fromEntries(raw), problems, encrypted, written };
}

/** `pulumi config set` may write a whole setting as JSON in one text; the engine reads it like a mapping. */
function parsedText(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[{[]/.test(value)) {
    return value;
  }
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** The value with a placeholder where something is encrypted. */
function decrypted(value: unknown, path: Path, encrypted: Path[]): unknown {
  if (isSecure(value)) {
    encrypted.push(path);
    return "(encrypted)";
  }
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => decrypted(item, [...path, index], encrypted));
  }
  return isMapping(value)
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decrypted(item, [...path, key], encrypted)]))
    : value;
}

function isEmpty(value: unknown): boolean {
  return value === "" || value === null || typeof value === "boolean";
}

/** Pulumi takes a mapping of the single key `secure` with a text for an encrypted value. */
function isSecure(value: unknown): boolean {
  return isMapping(value) && Object.keys(value).length === 1 && typeof value["secure"] === "string";
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
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
