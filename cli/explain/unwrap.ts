/**
 * Takes off what pipelines, containers and people put around each line of a log. No list of their forms would ever be whole, so the form is
 * read from the log itself: the engine writes `Diagnostics:` and its headings at the beginning of a line, and what stands before them
 * there stands before every line.
 */

/** Longest form of a line's beginning that is looked for. */
const longestPrefix = 200;
/** Of a line this much is looked at. */
const longestLine = 4096;

/** Fields in which a collector of logs keeps the line itself. */
const messageFields = ["log", "msg", "message", "text", "line", "textPayload", "MESSAGE", "@message"];

const entities: Readonly<Record<string, string>> = { quot: '"', "#34": '"', "#39": "'", apos: "'", lt: "<", gt: ">", nbsp: " ", amp: "&" };

/** Characters as they were before a page or a mail changed them. */
export function plainCharacters(text: string): string {
  return text.replace(/\u00a0/g, " ").replace(/&(quot|#34|#39|apos|lt|gt|nbsp|amp);/g, (whole, name: string) => entities[name] ?? whole);
}

/** The text of lines that are JSON objects each; the lines themselves where they are not. */
export function messagesOf(lines: readonly string[]): string[] {
  const objects = lines.filter((line) => line.startsWith("{"));
  return objects.length === 0 || objects.length * 2 < lines.filter((line) => line.trim() !== "").length
    ? [...lines]
    : lines.flatMap((line) => (messageOf(line) ?? line).split(/\r\n|\n|\r/));
}

function messageOf(line: string): string | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const fields = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
    const message = messageFields.map((name) => fields[name]).find((field) => typeof field === "string");
    return typeof message === "string" ? message.replace(/\r?\n$/, "") : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The lines without what stands before each of them.
 * @param heading finds the engine's own beginning of a line anywhere in it
 */
export function withoutPrefix(lines: readonly string[], heading: RegExp): string[] {
  const begin = new RegExp(String.raw`^(.{1,${longestPrefix}}?)(?<![\w:./-])(?:Diagnostics:[\s|│"\\]*$|[ \t]{0,8}${heading.source})`);
  const plain = new RegExp(String.raw`^[ \t]*(?:Diagnostics:[ \t]*$|${heading.source})`);
  if (lines.some((line) => plain.test(line.slice(0, longestLine)))) {
    return [...lines];
  }
  const prefix = lines.map((line) => begin.exec(line.slice(0, longestLine))?.[1] ?? "").find((text) => text.trim() !== "");
  if (prefix === undefined) {
    return [...lines];
  }
  const form = formOf(prefix);
  const closing = /[│|]/.test(prefix) ? /[ \t]*[│|][ \t]*$/ : undefined;
  return lines.map((line) => {
    const rest = line.replace(form, "");
    return closing === undefined || rest === line ? rest : rest.replace(closing, "");
  });
}

/** The same text with other numbers, streams and levels. */
function formOf(prefix: string): RegExp {
  const escaped = prefix
    .trimEnd()
    .replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
    .replace(/\d+/g, String.raw`\d+`)
    .replace(/[ \t]+/g, String.raw`[ \t]+`)
    .replace(/std(?:out|err)/, "std(?:out|err)")
    .replace(/\\\](?:E|W|i|D|F):/, String.raw`\](?:[EWiDF])?:`);
  return new RegExp(String.raw`^[ \t]*${escaped} ?`);
}
