import { stableJson } from "./stable-order";

/**
 * Text that came from elsewhere (a token, a group's name), made fit for a reader: control characters, which could move the cursor or hide
 * words, become a question mark; what nobody sees is written out by its number, so that a name that only looks like another does not pass
 * for it. Line feeds stay.
 */
export function printable(text: string): string {
  // Nearly every text is plain ASCII, and large reports have many.
  return /^[\n\x20-\x7e]*$/.test(text) ? text : [...text].map(printableCharacter).join("");
}

function printableCharacter(character: string): string {
  if (character === "\n") {
    return character;
  }
  return isControl(character) ? "?" : isPlain(character) ? character : numbered(character);
}

/** `\\u200b` */
function numbered(character: string): string {
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
}

/** Whether prose has nothing that a terminal acts on: no control characters, marks that turn the reading direction, line separators, or halves of surrogate pairs. */
export function isProse(text: string): boolean {
  return ![...text].some(
    (character) => isControl(character) || /[\u2028\u2029\ud800-\udfff]/.test(character.length === 1 ? character : ""),
  );
}

/**
 * What nobody sees in a name: characters that Unicode lets a renderer leave out (zero width, soft hyphen, fillers, variation selectors,
 * tags), other formatting characters, private ones, and blanks that are not the space.
 */
const unseen = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Co}\p{Cn}]|(?! )\p{Zs}|\u2800/u;

/** Whether a name can be told from every other by looking at it: {@link isProse}, and nothing that nobody sees. */
export function isPlain(text: string): boolean {
  return isProse(text) && !unseen.test(text);
}

function isControl(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  // C0, DEL and C1, and the marks that reverse the reading direction.
  return code < 0x20 || (code >= 0x7f && code <= 0x9f) || (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

/** A name with what nobody sees written out by its number: `Kasten Admins\\u200b`. */
export function writtenOut(name: string): string {
  return [...name].map((character) => (isPlain(character) ? character : numbered(character))).join("");
}

/** Whatever ends a line for some reader: CR, LF, VT, FF, NEL and Unicode's own two. */
const lineEnd = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/g;

/**
 * Where a pipeline takes a piece of a log for a command: `##[error]` and `##vso[…]` anywhere in a line (GitHub's runner, file
 * ActionCommand.cs; Azure Pipelines, logging commands), `::error::` at its beginning (GitHub, workflow commands).
 */
const commandAnywhere = /##(?=\w*\[)/g;
const commandAtStart = /^(\s*):(?=:)/;

/** A text of several lines as one. Blanks that only look like the space stay what they are: {@link printable} writes them out. */
export function inOneLine(text: string): string {
  return text.replace(/[\t\n\v\f\r \u0085\u2028\u2029]+/g, " ");
}

/** One line for a terminal or a log, whatever the names in it hold: no second line, no control character, no command to a pipeline. */
export function textLine(line: string): string {
  return printable(line.replace(lineEnd, "\\n")).replace(commandAnywhere, "# #").replace(commandAtStart, "$1: ");
}

/** The lines of an output in words, each ended. Every text that the commands print goes through here. */
export function textLines(lines: readonly string[]): string {
  return lines.map((line) => `${textLine(line)}\n`).join("");
}

/** The value of a JSON text; undefined for anything else. A parser's own words would quote what it read. */
export function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A result for scripts: JSON with sorted keys, indented. What a pipeline could take for a command is written as an escape, which reads as the same text. */
export function jsonText(value: unknown): string {
  return `${stableJson(value, 2).replace(commandAnywhere, "#\\u0023")}\n`;
}
