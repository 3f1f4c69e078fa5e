import { messagesOf, plainCharacters, withoutPrefix } from "./unwrap";

/** What was said about one resource: its errors and warnings together, line by line. */
export interface SaidAbout {
  /** Name of the resource in the stack; empty for what the engine says about no resource. */
  readonly resource: string;
  /** `azuread:index:Group`, as Pulumi prints it; `pulumi:pulumi:Stack` for the engine itself. */
  readonly type: string;
  readonly text: string;
}

/** The engine's own words stand under no heading. */
export const engineType = "pulumi:pulumi:Stack";

/** Of what is said about one resource, the beginning and the end are read, this many characters each. */
const longestHalf = 8 * 1024;
/** More lines than this about one resource say nothing new. */
const mostLines = 400;

/** Colours and cursor movements (ECMA-48), which a terminal's copy and a CI's raw log hold. */
const escapes = /\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]{0,500}(?:\u0007|\u001b\\)|\u001b[@-Z\\-_]/g;

/**
 * What stands before a line in a pipeline's log: a time of the day or a whole timestamp (GitHub Actions, Azure Pipelines, GitLab with
 * FF_TIMESTAMPS), GitLab's stream mark after it, the prefix of `docker compose`, a bracketed step.
 */
const lineStart =
  /^(?:\ufeff)?(?:\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?\]?|\[?\d\d:\d\d:\d\d(?:[.,]\d{1,6})?\]?) ?(?:\d\d[OE][ +]?)?/;

/** `kubernetes:helm.sh/v3:Release` and its like: a package, a module, a name. */
const typeToken = String.raw`[a-z][\w-]{0,60}:[\w./-]{1,120}(?::[\w./-]{1,80})?`;
const heading = new RegExp(String.raw`^\s*(${typeToken}) \(([^()]{1,200})\):\s?(.*)$`);
/** How a heading begins, wherever in the line. */
const headingStart = new RegExp(String.raw`(?:${typeToken}) \([^()\s]{1,200}\):`);
const progress = new RegExp(String.raw`^\W{0,12}(${typeToken}) (\S{1,200}) .{0,200}?\b(?:error|warning): (.*)$`);
/** Where a log without line ends would have had one. */
const brokenOff = new RegExp(
  String.raw`[ \t](?=(?:${typeToken}) \([^()\s]{1,200}\):[ \t])|[ \t](?=[-+~ @]{1,4} {1,2}(?:${typeToken}) )|[ \t](?=(?:error|warning): )`,
  "g",
);

/**
 * Takes the output of the engine apart by resource, whatever a pipeline has made of it: timestamps, colours, Windows line ends, lost
 * indentation, a whole log in one line. Time and memory are proportional to the text.
 */
export function readLog(output: string): SaidAbout[] {
  const said = new Map<string, { type: string; resource: string; lines: string[] }>();
  const put = (type: string, resource: string, line: string): void => {
    const key = `${type} ${resource}`;
    const entry = said.get(key) ?? { type, resource, lines: [] };
    if (entry.lines.length < mostLines && line.trim() !== "") {
      entry.lines.push(line);
    }
    said.set(key, entry);
  };
  let at: { type: string; resource: string } | undefined;
  for (const line of lines(output)) {
    const [head, running] = [heading.exec(line), progress.exec(line)];
    if (head !== null) {
      at = { type: head[1] ?? "", resource: head[2] ?? "" };
      put(at.type, at.resource, head[3] ?? "");
    } else if (running !== null) {
      put(running[1] ?? "", running[2] ?? "", running[3] ?? "");
    } else if (/^(?:Resources|Outputs|Duration|Policies|Permalink|View (?:Live|in Browser))\b/.test(line)) {
      at = undefined;
    } else if (at !== undefined) {
      put(at.type, at.resource, line);
    } else if (/\berror: /.test(line)) {
      put(engineType, "", line);
    }
  }
  return [...said.values()].map(({ type, resource, lines: all }) => ({ type, resource, text: bounded(all.join("\n")) }));
}

function lines(output: string): string[] {
  const text = plainCharacters(unescaped(output.trim())).replace(escapes, "");
  const all = messagesOf(text.split(/\r\n|\n|\r/)).map((line) => line.replace(escapes, "").replace(lineStart, ""));
  return withoutPrefix(all, headingStart)
    .flatMap((line) =>
      runTogether(line)
        ? bounded(line, 512 * 1024)
            .replace(brokenOff, "\n")
            .split("\n")
        : [line],
    )
    .map((line) => bounded(line));
}

/** A log that was put into one JSON text, or into one field of a table, once or more often. */
function unescaped(output: string): string {
  return output.includes("\n")
    ? output
    : output
        .replace(/(?:\\{1,8}r)?\\{1,8}n/g, "\n")
        .replace(/\\{1,8}t/g, "\t")
        .replace(/\\{1,8}"/g, '"')
        .replace(/\\{1,8}(?:u001b|x1b|e(?=\[))/gi, "\u001b");
}

/** Whether a line was several: the engine itself writes nothing behind these two. */
function runTogether(line: string): boolean {
  return line.length > 300 || /\bDiagnostics: ?\S|\): {1,8}(?:error|warning): /.test(line);
}

/** The beginning and the end of what is too long. */
function bounded(text: string, half = longestHalf): string {
  return text.length <= 2 * half ? text : `${text.slice(0, half)}\n${text.slice(-half)}`;
}
