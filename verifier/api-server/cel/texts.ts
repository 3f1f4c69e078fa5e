import { show } from "../../decode";
import type { Define } from "./define";
import { goStrings } from "./lists";

/** Texts count in code points, as Go's runes do (cel-go v0.26.0, ext/strings.go, version 2). */
export function defineTexts(define: Define): void {
  define("string.charAt(int): string", (text: string, at: bigint) => {
    const runes = Array.from(text);
    within(at, runes.length);
    return runes[Number(at)] ?? "";
  });
  define("string.indexOf(string): int", (text: string, part: string) => indexOf(text, part, 0n));
  define("string.indexOf(string, int): int", indexOf);
  define("string.lastIndexOf(string): int", (text: string, part: string) => {
    const length = Array.from(text).length;
    return part === "" ? BigInt(length) : length === 0 ? -1n : lastIndexOf(text, part, BigInt(length - 1));
  });
  define("string.lastIndexOf(string, int): int", lastIndexOf);
  define("string.lowerAscii(): string", (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()));
  define("string.upperAscii(): string", (text: string) => text.replace(/[a-z]/g, (letter) => letter.toUpperCase()));
  define("string.replace(string, string): string", (text: string, old: string, by: string) => replaced(text, old, by, -1n));
  define("string.replace(string, string, int): string", replaced);
  define("string.split(string): list<string>", (text: string, by: string) => goStrings(split(text, by, -1n)));
  define("string.split(string, int): list<string>", (text: string, by: string, limit: bigint) => goStrings(split(text, by, limit)));
  define("string.substring(int): string", (text: string, start: bigint) => substring(text, start, BigInt(Array.from(text).length)));
  define("string.substring(int, int): string", substring);
  define("string.trim(): string", (text: string) => text.replace(blanksAround, ""));
  define("list<string>.join(): string", (list: unknown[]) => joined(list, ""));
  define("list<string>.join(string): string", joined);
  define(
    "strings.quote(string): string",
    (text: string) => `"${text.replace(/[\u0007\b\f\n\r\t\v\\"]/g, (letter) => escapes[letter] ?? "")}"`,
  );
}

const escapes: Readonly<Record<string, string | undefined>> = {
  "\u0007": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
  '"': '\\"',
};
/** What Go's `unicode.IsSpace` says: JavaScript trims the byte order mark too, and leaves U+0085. */
const blanks = "[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const blanksAround = new RegExp(`^${blanks}|${blanks}$`, "g");

function within(index: bigint, length: number): void {
  if (index < 0n || index > BigInt(length)) {
    throw new Error(`index out of range: ${index}`);
  }
}

function indexOf(text: string, part: string, from: bigint): bigint {
  if (part === "") {
    return from;
  }
  const [runes, wanted] = [Array.from(text), Array.from(part)];
  if (from < 0n) {
    throw new Error(`index out of range: ${from}`);
  }
  for (let at = Number(from); at <= runes.length - wanted.length; at++) {
    if (wanted.every((rune, index) => runes[at + index] === rune)) {
      return BigInt(at);
    }
  }
  return -1n;
}

function lastIndexOf(text: string, part: string, from: bigint): bigint {
  if (part === "") {
    return from;
  }
  const [runes, wanted] = [Array.from(text), Array.from(part)];
  if (from < 0n) {
    throw new Error(`index out of range: ${from}`);
  }
  if (from >= BigInt(runes.length)) {
    return -1n;
  }
  for (let at = Math.min(Number(from), runes.length - wanted.length); at >= 0; at--) {
    if (wanted.every((rune, index) => runes[at + index] === rune)) {
      return BigInt(at);
    }
  }
  return -1n;
}

function replaced(text: string, old: string, by: string, limit: bigint): string {
  const most = limit < 0n ? Infinity : Number(limit);
  // An empty text is found before every code point and at the end (Go's strings.Replace).
  const pieces = old === "" ? ["", ...Array.from(text), ""] : text.split(old);
  if (old === "" && text === "") {
    return most > 0 ? by : "";
  }
  const gaps = pieces.length - 1;
  return pieces.map((piece, index) => piece + (index >= gaps ? "" : index < most ? by : old)).join("");
}

function split(text: string, by: string, limit: bigint): string[] {
  const all = by === "" ? Array.from(text) : text.split(by);
  const most = Number(limit);
  return limit < 0n || all.length <= most ? all : most === 0 ? [] : [...all.slice(0, most - 1), all.slice(most - 1).join(by)];
}

function substring(text: string, start: bigint, end: bigint): string {
  const runes = Array.from(text);
  if (start > end) {
    throw new Error(`invalid substring range. start: ${start}, end: ${end}`);
  }
  within(start, runes.length);
  within(end, runes.length);
  return runes.slice(Number(start), Number(end)).join("");
}

function joined(list: readonly unknown[], by: string): string {
  const strange = list.find((item) => typeof item !== "string");
  if (strange !== undefined) {
    throw new Error(`join: invalid input: ${show(strange)}`);
  }
  return list.join(by);
}
