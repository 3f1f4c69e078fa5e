import { isDeepStrictEqual } from "node:util";
import { GatehouseError } from "../../model";
import { isMap, isSeq, parseDocument, type Document, type Node, type YAMLMap } from "yaml";

/** Why a stack file's text cannot be changed in place. A closed union; docs/errors.md lists it. */
export const editCodes = {
  unreadable_yaml: "The text is no YAML that can be read.",
  not_written_out: "What must be changed is not written as a YAML mapping or list there.",
  would_touch_more: "The day could not be added without touching the rest of the file.",
} as const;
export type EditCode = keyof typeof editCodes;

/** A stack file's text cannot be changed in place; nothing was written. */
export class StackFileEditError extends GatehouseError<EditCode> {
  override readonly name = "StackFileEditError";
  constructor(code: EditCode, message: string) {
    super(code, "refused", message);
  }
}

/**
 * The text of a stack file with a day added to `gatehouse:idp.secret.rotatedOn`, every other byte as it was: comments,
 * quotes, order and blanks stay. The result is read back and compared before it is given out.
 * @param day `YYYY-MM-DD`
 * @param section the key under which the identity provider is written
 * @throws StackFileEditError when the section is not written as YAML mappings
 */
export function addRotationDay(text: string, day: string, section = "gatehouse:idp"): string {
  const document = parse(text);
  const idp = document.getIn(["config", section], true);
  if (!isMap(idp)) {
    throw new StackFileEditError(
      "not_written_out",
      `config.${section}: expected a mapping written as YAML, got ${idp === undefined ? "nothing" : "something else"}. ` +
        "Fix: write its settings one by one, as the editor schema has them.",
    );
  }
  const edited = splice(text, insertion(text, section, idp as Mapping, day));
  const place = ["config", section, "secret", "rotatedOn"];
  const days: unknown = document.getIn(place, true);
  const wanted = document.clone();
  wanted.setIn(place, [...(isSeq(days) ? (days.toJS(document) as unknown[]) : []), day]);
  if (!isDeepStrictEqual(parse(edited).toJS(), wanted.toJS())) {
    throw new StackFileEditError(
      "would_touch_more",
      `config.${section}.secret.rotatedOn: the day could not be added without touching the rest of the file. Fix: add "${day}" to the list by hand.`,
    );
  }
  return edited;
}

type Mapping = YAMLMap<Node, Node | null>;

/** A piece of text and where it goes. `replacing`: how many characters it takes the place of. */
interface Insertion {
  readonly at: number;
  readonly piece: string;
  readonly replacing?: number;
}

function parse(text: string): Document {
  const document = parseDocument(text, { prettyErrors: false });
  if (document.errors.length > 0) {
    throw new StackFileEditError(
      "unreadable_yaml",
      "Expected a stack file of readable YAML. Fix: `gatehouse validate` names the lines that are not.",
    );
  }
  return document;
}

function splice(text: string, { at, piece, replacing = 0 }: Insertion): string {
  return text.slice(0, at) + piece + text.slice(at + replacing);
}

function insertion(text: string, section: string, idp: Mapping, day: string): Insertion {
  const secret = idp.get("secret", true);
  if (secret === undefined) {
    return pairIn(text, idp, `secret: { rotatedOn: ["${day}"] }`);
  }
  if (!isMap(secret)) {
    throw notThere(`${section}.secret`, "a mapping", `rotatedOn: ["${day}"]`);
  }
  const days = secret.get("rotatedOn", true);
  if (days === undefined) {
    return pairIn(text, secret as Mapping, `rotatedOn: ["${day}"]`);
  }
  if (!isSeq(days)) {
    throw notThere(`${section}.secret.rotatedOn`, "a list of days", `["${day}"]`);
  }
  const last = days.items.at(-1) as Node | undefined;
  if (last === undefined) {
    return { at: startOf(days), piece: `["${day}"]`, replacing: endOf(days) - startOf(days) };
  }
  return days.flow === true
    ? { at: endOf(last), piece: `, "${day}"` }
    : lineBelow(text, endOf(last), indentationAt(text, startOf(last)), `- "${day}"`);
}

function notThere(key: string, expected: string, write: string): StackFileEditError {
  return new StackFileEditError("not_written_out", `config.${key}: expected ${expected}, got something else. Fix: write ${write} there.`);
}

function pairIn(text: string, map: Mapping, pair: string): Insertion {
  const first = map.items[0];
  const last = map.items.at(-1);
  if (first === undefined || last === undefined) {
    return { at: startOf(map), piece: `{ ${pair} }`, replacing: endOf(map) - startOf(map) };
  }
  const end = endOf(last.value ?? last.key);
  return map.flow === true ? { at: end, piece: `, ${pair}` } : lineBelow(text, end, indentationAt(text, startOf(first.key)), pair);
}

/** A line of its own below the one that `offset` ends in, so that a comment at that line's end stays with it. */
function lineBelow(text: string, offset: number, indentation: string, line: string): Insertion {
  const end = text[offset - 1] === "\n" ? offset - 1 : text.indexOf("\n", offset);
  const at = end < 0 ? text.length : text[end - 1] === "\r" ? end - 1 : end;
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  return { at, piece: `${newline}${indentation}${line}` };
}

function indentationAt(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset);
  return /^\s*/.exec(line)?.[0] ?? "";
}

function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

function endOf(node: Node): number {
  return node.range?.[1] ?? 0;
}
