import { jsonText, printable, textLines } from "../../model";
import { factText, holderText, lineText } from "./";
import type { AccessChange, AccessLine, FactChange, FindingKind, PlannedResource } from "./types";
import { escapeMarkdown, markdownTable } from "../markdown";

const renderers = { text: textChange, markdown: markdownChange, json: jsonChange } as const;

export type AccessChangeFormat = keyof typeof renderers;

export const accessChangeFormats = Object.keys(renderers) as readonly AccessChangeFormat[];

export interface AccessChangeOptions {
  /** Conditions that make the command fail, and were met; shown on top. */
  readonly failed?: readonly FindingKind[];
}

/** Renders a change of access. Equal changes give equal texts. */
export function renderAccessChange(change: AccessChange, format: AccessChangeFormat, options: AccessChangeOptions = {}): string {
  return renderers[format](change, options);
}

/** Rows of one table: a comment has 65,536 characters at most (docs.github.com, "Issue comments"). */
const longestTable = 80;

/** The hidden line by which a pipeline finds its own comment again, to update it in place. */
export function commentMarker(stack: string): string {
  // Two dashes would end the comment in HTML.
  return `<!-- gatehouse-preview: ${printable(stack).replace(/[<>]/g, "").replace(/-{2,}/g, "-")} -->`;
}

function markdownChange(change: AccessChange, { failed = [] }: AccessChangeOptions): string {
  const sections: (readonly [string, readonly string[] | string])[] = [
    ["Gains", linesTable(change.gains)],
    ["Loses", linesTable(change.losses)],
    [
      "Ends on another day",
      rows(
        ["Who", "Role", "Where", "So far", "Then"],
        change.ends.map((line) => [
          holderText(line),
          `${line.role} of ${line.platform}`,
          line.place,
          dayText(line.before),
          dayText(line.until),
        ]),
      ),
    ],
    ["Redirect URIs", factsTable(change.redirectUris)],
    ["Access objects", change.accessObjects],
    ["Tokens", factsTable(change.claims)],
    ["Signing in", factsTable(change.signIn)],
    ["Client secrets", factsTable(change.secrets)],
    ["Charts", factsTable(change.charts)],
    ["Dangerous choices, new", change.risks.added],
    ["Dangerous choices, gone", change.risks.removed],
    [
      "Policy",
      rows(
        ["Level", "Rule", "Resource", "Message"],
        (change.policies ?? []).map(({ level, rule, resource, message }) => [
          level,
          rule,
          resource,
          message.split("\n").slice(0, 2).join(": "),
        ]),
      ),
    ],
    ["Not known until up", change.unknown],
  ];
  const body = sections.flatMap(([title, content]) =>
    content.length === 0 ? [] : [`#### ${title}`, typeof content === "string" ? content : list(content)],
  );
  const verdict = failed.length === 0 ? [] : [`**Stopped by \`--fail-on\`: ${failed.join(", ")}.**`];
  return `${[
    commentMarker(change.stack),
    `### Access to ${escapeMarkdown(change.stack)}${change.first ? " (first update)" : ""}`,
    ...verdict,
    list(change.headline),
    ...body,
    ...resourcesMarkdown(change.resources),
    footer(change).map(escapeMarkdown).join(" "),
  ].join("\n\n")}\n`;
}

function linesTable(lines: readonly AccessLine[]): string {
  return rows(
    ["Who", "Role", "Where", "Until", "Through", "Permits"],
    lines.map((line) => [
      `${holderText(line)}${line.note === null ? "" : ` (${line.note})`}`,
      `${line.role} of ${line.platform}`,
      line.place,
      dayText(line.until),
      line.through.join(", "),
      line.permits,
    ]),
  );
}

function factsTable(facts: readonly FactChange[]): string {
  return rows(
    ["Platform", "What", "So far", "Then"],
    facts.map(({ platform, what, before, after }) => [platform ?? "all", what, before ?? "none", after ?? "none"]),
  );
}

function rows(header: readonly string[], body: readonly (readonly string[])[]): string {
  if (body.length === 0) {
    return "";
  }
  const left = body.length - longestTable;
  return `${markdownTable([header, ...body.slice(0, longestTable)])}${left > 0 ? `\n\nand ${left} more; the JSON form has them all.` : ""}`;
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${escapeMarkdown(item)}`).join("\n");
}

function resourcesMarkdown(resources: readonly PlannedResource[]): string[] {
  if (resources.length === 0) {
    return [];
  }
  const table = rows(
    ["Operation", "Type", "Name", "Properties"],
    resources.map(({ operation, type, name, properties }) => [operation, type, name, properties.slice(0, 8).join(", ")]),
  );
  return [`<details><summary>${resources.length} resources change</summary>\n\n${table}\n\n</details>`];
}

/** What the numbers leave out. */
function footer({ notExpanded, policies }: AccessChange): string[] {
  return [
    notExpanded.length === 0
      ? "People are counted from the members that the stack lists."
      : `People are counted from the members that the stack lists; not expanded: ${notExpanded.join(", ")}.`,
    ...(policies === null ? ["The policy pack's findings are not part of this preview."] : []),
  ];
}

function notedText(line: AccessLine): string {
  return `${lineText(line)}${line.note === null ? "" : ` (${line.note})`}`;
}

function dayText(day: string | null): string {
  return day ?? "no end";
}

function textChange(change: AccessChange, { failed = [] }: AccessChangeOptions): string {
  const sections: (readonly [string, readonly string[]])[] = [
    [`Access to '${change.stack}'${change.first ? " (first update)" : ""}`, change.headline],
    ["Stopped by --fail-on", failed],
    ["Gains", change.gains.map(notedText)],
    ["Loses", change.losses.map(notedText)],
    ["Ends on another day", change.ends.map((line) => `${lineText(line)} (so far: ${dayText(line.before)})`)],
    ["Redirect URIs", change.redirectUris.map(factText)],
    ["Access objects", change.accessObjects],
    ["Tokens", change.claims.map(factText)],
    ["Signing in", change.signIn.map(factText)],
    ["Client secrets", change.secrets.map(factText)],
    ["Charts", change.charts.map(factText)],
    ["Dangerous choices, new", change.risks.added],
    ["Dangerous choices, gone", change.risks.removed],
    ["Policy", (change.policies ?? []).map(({ level, rule, resource, message }) => `[${level}] ${rule} ${resource}: ${message}`)],
    ["Not known until up", change.unknown],
    ["Resources", change.resources.map(({ operation, type, name }) => `${operation} ${type} ${name}`)],
    ["Note", footer(change)],
  ];
  return sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => textLines([title, ...lines.map((line) => `  ${line.replace(/\s+/g, " ")}`)]))
    .join("\n");
}

function jsonChange(change: AccessChange, { failed = [] }: AccessChangeOptions): string {
  return jsonText({ ...change, failed });
}
