/**
 * Changes of a YAML file in place: every byte that is not changed stays, comments, quotes, order and blanks included. The result is read
 * back and compared with what was wanted before it is given out. Knows nothing of what the values mean.
 */
import { isDeepStrictEqual } from "node:util";
import { isMap, isSeq, parseDocument, type Document, type Node, type YAMLMap, type YAMLSeq } from "yaml";
import { formatPath, GatehouseError } from "../model";

/** Why a stack file's text cannot be changed in place. A closed union; docs/errors.md lists it. */
export const editCodes = {
  unreadable_yaml: "The text is no YAML that can be read.",
  not_written_out: "What must be changed is not written as a YAML mapping or list there.",
  would_touch_more: "The change could not be made without touching the rest of the file.",
} as const;
export type EditCode = keyof typeof editCodes;

/** A file's text cannot be changed in place; nothing was written. */
export class StackFileEditError extends GatehouseError<EditCode> {
  override readonly name = "StackFileEditError";
  constructor(code: EditCode, message: string) {
    super(code, "refused", message);
  }
}

export type Path = readonly (string | number)[];

/** One change: a text set under a key of a mapping, or items taken out of a list. */
export type Change =
  | { readonly kind: "set"; readonly path: Path; readonly key: string; readonly value: string }
  | { readonly kind: "remove"; readonly path: Path; readonly items: readonly number[] };

export type Mapping = YAMLMap<Node, Node | null>;

/** A piece of text and where it goes. `replacing`: how many characters it takes the place of. */
export interface Insertion {
  readonly at: number;
  readonly piece: string;
  readonly replacing?: number;
}

/**
 * The text with all changes made; each list is named by one removal at most.
 * @throws StackFileEditError when a place is not written out as YAML, or would not stay alone
 */
export function changed(text: string, changes: readonly Change[]): string {
  const document = parseYaml(text);
  const insertions = changes.flatMap((change) => insertionsOf(text, document, change)).sort((left, right) => right.at - left.at);
  const edited = insertions.reduce(splice, text);
  // Positions are those of the text, so nothing is taken out before all is set.
  const inOrder = [...changes].sort((left, right) => Number(left.kind === "remove") - Number(right.kind === "remove"));
  const wanted: unknown = inOrder.reduce(applied, document.toJS());
  if (!isDeepStrictEqual(parseYaml(edited).toJS(), wanted)) {
    const places = changes.map(({ path }) => formatPath(path)).join(", ");
    throw new StackFileEditError(
      "would_touch_more",
      `${places}: expected places that can be changed alone, got ones that share text with others. Fix: write them out one by one, without anchors and aliases.`,
    );
  }
  return edited;
}

export function parseYaml(text: string): Document {
  const document = parseDocument(text, { prettyErrors: false, merge: true });
  if (document.errors.length > 0) {
    throw new StackFileEditError(
      "unreadable_yaml",
      "Expected a stack file of readable YAML. Fix: `gatehouse validate` names the lines that are not.",
    );
  }
  return document;
}

export function splice(text: string, { at, piece, replacing = 0 }: Insertion): string {
  return text.slice(0, at) + piece + text.slice(at + replacing);
}

/** The same changes of the plain values. */
function applied(values: unknown, { path, ...change }: Change): unknown {
  const [step, ...rest] = path;
  if (step !== undefined) {
    const inner = { ...change, path: rest } as Change;
    return Array.isArray(values)
      ? values.map((item: unknown, position) => (position === step ? applied(item, inner) : item))
      : { ...(values as object), [step]: applied((values as Record<string, unknown>)[step], inner) };
  }
  return change.kind === "set"
    ? { ...(values as object), [change.key]: change.value }
    : (values as unknown[]).filter((_item, position) => !change.items.includes(position));
}

function insertionsOf(text: string, document: Document, change: Change): Insertion[] {
  const node = document.getIn(change.path, true);
  if (change.kind === "set" && isMap(node)) {
    return [settingOf(text, node as Mapping, change.key, JSON.stringify(change.value))];
  }
  if (change.kind === "remove" && isSeq(node)) {
    return removals(text, node as YAMLSeq<Node>, change.items);
  }
  const expected = change.kind === "set" ? "a mapping" : "a list";
  throw new StackFileEditError(
    "not_written_out",
    `${formatPath(change.path)}: expected ${expected} written as YAML, got ${node === undefined ? "nothing" : "something else"}. Fix: write it out, without anchors, aliases or JSON in a text.`,
  );
}

function settingOf(text: string, map: Mapping, key: string, value: string): Insertion {
  const present = map.get(key, true) as Node | undefined;
  return present === undefined
    ? pairIn(text, map, `${key}: ${value}`)
    : { at: startOf(present), piece: value, replacing: endOf(present) - startOf(present) };
}

/** A pair at the end of a mapping. */
export function pairIn(text: string, map: Mapping, pair: string): Insertion {
  const first = map.items[0];
  const last = map.items.at(-1);
  if (first === undefined || last === undefined) {
    return { at: startOf(map), piece: `{ ${pair} }`, replacing: endOf(map) - startOf(map) };
  }
  const end = lastOf(last.value ?? last.key);
  return map.flow === true ? { at: end, piece: `, ${pair}` } : lineBelow(text, end, indentationAt(text, startOf(first.key)), pair);
}

/** A line of its own below the one that `offset` ends in, so that a comment at that line's end stays with it. */
export function lineBelow(text: string, offset: number, indentation: string, line: string): Insertion {
  const end = text[offset - 1] === "\n" ? offset - 1 : text.indexOf("\n", offset);
  const at = end < 0 ? text.length : text[end - 1] === "\r" ? end - 1 : end;
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  return { at, piece: `${newline}${indentation}${line}` };
}

/** Blanks up to the column of an offset; the dash before a list's mapping counts as one. */
export function indentationAt(text: string, offset: number): string {
  return text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset).replace(/\S/g, " ");
}

function removals(text: string, list: YAMLSeq<Node>, items: readonly number[]): Insertion[] {
  const kept = list.items.map((_item, position) => position).filter((position) => !items.includes(position));
  const at = (position: number): Node => list.items[position] ?? list;
  const out = (from: number, to: number): Insertion => ({ at: from, piece: "", replacing: to - from });
  if (kept.length === 0) {
    return [emptied(text, list)];
  }
  if (list.flow !== true) {
    return [...items].map((position) => wholeLines(text, dashOf(text, startOf(at(position))), lastOf(at(position))));
  }
  const lastKept = kept.at(-1) ?? 0;
  const trailing = items.some((position) => position > lastKept) ? [out(endOf(at(lastKept)), endOf(at(list.items.length - 1)))] : [];
  return [
    ...[...items].filter((position) => position < lastKept).map((position) => out(startOf(at(position)), startOf(at(position + 1)))),
    ...trailing,
  ];
}

/** `[]` in place of all items. */
function emptied(text: string, list: YAMLSeq<Node>): Insertion {
  const [first, last] = [list.items[0] ?? list, list.items.at(-1) ?? list];
  if (list.flow === true) {
    return { at: startOf(list), piece: "[]", replacing: endOf(list) - startOf(list) };
  }
  const dash = dashOf(text, startOf(first));
  // A list may stand as deep as its key; what takes its place may not.
  return { at: dash, piece: "  []", replacing: lastOf(last) - dash };
}

export function dashOf(text: string, offset: number): number {
  return text.lastIndexOf("-", offset - 1);
}

/** All of the lines from one offset to another, with the last one's comment. */
function wholeLines(text: string, from: number, to: number): Insertion {
  const start = text.lastIndexOf("\n", from - 1) + 1;
  const end = text[to - 1] === "\n" ? to - 1 : text.indexOf("\n", to);
  return { at: start, piece: "", replacing: (end < 0 ? text.length : end + 1) - start };
}

/** Where the last value inside a node ends: a block's own end has the comments behind it. */
function lastOf(node: Node): number {
  if ((isMap(node) || isSeq(node)) && node.flow !== true) {
    const last = node.items.at(-1) as Node | { key: Node; value: Node | null } | undefined;
    const inner = last !== undefined && "key" in last ? (last.value ?? last.key) : last;
    return inner === undefined ? endOf(node) : lastOf(inner);
  }
  return endOf(node);
}

export function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

export function endOf(node: Node): number {
  return node.range?.[1] ?? 0;
}
