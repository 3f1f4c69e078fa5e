/** Members of a JSON object that nobody promised to write well: in their order, doubled or not, each value as its text. */
export type Members = (readonly [name: string, value: string])[];
export type Random = () => number;

export function pick<T>(random: Random, from: readonly T[]): T {
  const at = Math.floor(random() * from.length);
  if (!(at in from)) {
    throw new Error("Expected something to pick from, got an empty list.");
  }
  return from[at] as T;
}

/** One byte of its own in a text that is otherwise UTF-8: a letter of the private area, turned back by {@link bytesOf}. */
const byte = (value: number): string => String.fromCharCode(0xe000 + value);

export function bytesOf(text: string): Buffer {
  const parts = text.split(/([\ue080-\ue0ff])/);
  return Buffer.concat(
    parts.map((part, index) => (index % 2 === 1 ? Buffer.from([part.charCodeAt(0) - 0xe000]) : Buffer.from(part, "utf8"))),
  );
}

const letters = ["a", "B", "s", "\u017f", "K", "\u212a", "\u00e9", "\ud83d\ude00", "\\u0041", "\\ud800", "\\udc00x", "\\n", "\\/", "\\\\"];
const oddLetters = ["\\u00", "\\x", "\u0001", "\\u0000", byte(0xff), byte(0xe2) + byte(0x82), byte(0xc0) + byte(0x80), "\ufeff", "\u2028"];
const numbers = ["0", "-0", "1", "-7", "1.5", "1E3", "1e-2", "0.0", "9007199254740993", "9223372036854775807", "9223372036854775808"];
const oddNumbers = ["1e19", "-1e19", "1e308", "1e309", "-1e400", "01", "1.", ".5", "+1", "0x1", "NaN", "1e", "--1", "-"];
const blanks = [" ", "\n", "\t", "\r\n"];

/** A text, sometimes spelt in escapes, sometimes with what no text may hold. */
export function textValue(random: Random, content = ""): string {
  const more = Array.from({ length: Math.floor(random() * 4) }, () => pick(random, random() < 0.9 ? letters : oddLetters));
  return `"${content}${more.join("")}"`;
}

/** Any JSON value, or nearly one. */
export function anyValue(random: Random, depth = 3): string {
  const kind = random();
  if (kind < 0.25) {
    return pick(random, ["null", "true", "false", '""', "[]", "{}", "[null]", '[""]']);
  }
  if (kind < 0.5) {
    return textValue(random);
  }
  if (kind < 0.7 || depth === 0) {
    return pick(random, random() < 0.85 ? numbers : oddNumbers);
  }
  const items = Array.from({ length: Math.floor(random() * 3) }, () => anyValue(random, depth - 1));
  return kind < 0.85
    ? `[${items.join(",")}]`
    : written(
        items.map((item) => [pick(random, ["a", "A", "groups", "__proto__", ""]), item]),
        random,
      );
}

/** The object's text, here and there with blanks. */
export function written(members: Members, random: Random): string {
  const blank = (): string => (random() < 0.03 ? pick(random, blanks) : "");
  const parts = members.map(([name, value]) => `${blank()}"${name}"${blank()}:${blank()}${value}${blank()}`);
  return `${blank()}{${parts.join(",")}}${blank()}`;
}

/** Another spelling of a name, which Go's readers take for the same one, or do not. */
function respelt(name: string, random: Random): string {
  const spellings: readonly ((text: string) => string)[] = [
    (text) => text.toUpperCase(),
    (text) => text.charAt(0).toUpperCase() + text.slice(1),
    (text) => text.replace("s", "\u017f"),
    (text) => text.replace("k", "\u212a"),
    (text) => text.replace(/^./, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`),
    (text) => `${text} `,
    (text) => `${text}\\u0000`,
    (text) => text.replace("_", "-"),
  ];
  return pick(random, spellings)(name);
}

/**
 * Changes members at one place. What changes is chosen from the form alone: no change knows what a member means.
 * @param names of members that come in anew
 * @param value makes a value for a name
 */
export function edited(members: Members, random: Random, names: readonly string[], value: (name: string) => string): Members {
  const at = Math.floor(random() * members.length);
  const [name, text] = members[at] ?? [pick(random, names), "null"];
  const without = members.filter((_, index) => index !== at);
  const place = (one: Members[number]): Members => members.toSpliced(Math.floor(random() * (members.length + 1)), 0, one);
  const other = pick(random, names);
  const changes: readonly (() => Members)[] = [
    () => without,
    () => members.with(at, [name, value(name)]),
    () => members.with(at, [name, value(name)]),
    () => members.with(at, [name, `[${text}]`]),
    () => members.with(at, [name, pick(random, members)[1]]),
    () => members.with(at, [respelt(name, random), text]),
    () => place([name, value(name)]),
    () => place([respelt(name, random), value(name)]),
    () => place([name, text]),
    () => place([other, value(other)]),
    () => place([other, value(other)]),
    () => [...without, [name, text]],
  ];
  return members.length === 0 ? place([other, value(other)]) : pick(random, changes)();
}

/** Changes a text at one place, whatever it means. */
export function disturbed(text: string, random: Random, inserted: readonly string[]): string {
  const at = Math.floor(random() * (text.length + 1));
  const changes = [
    () => text.slice(0, at) + pick(random, inserted) + text.slice(at),
    () => text.slice(0, at) + pick(random, inserted) + text.slice(at + 1),
    () => text.slice(0, at) + text.slice(at + 1),
    () => text.slice(0, at),
    () => text + pick(random, inserted),
    () => pick(random, inserted) + text,
  ];
  return pick(random, changes)();
}
