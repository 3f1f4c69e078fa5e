import { inOneLine, jsonText, printable, textLines } from "../../model";
import { factText, holderText, lineText } from "./";
import type { AccessChange, AccessLine, FactChange, FindingKind, PlannedResource } from "./types";
import { escapeMarkdown, markdownTable } from "../markdown";
import { comment, type Section } from "./comment";

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

/** The hidden line by which a pipeline finds its own comment again, to update it in place. */
export function commentMarker(stack: string): string {
  // Two dashes would end the comment in HTML.
  return `<!-- gatehouse-preview: ${printable(stack).replace(/[<>]/g, "").replace(/-{2,}/g, "-")} -->`;
}

function markdownChange(change: AccessChange, { failed = [] }: AccessChangeOptions): string {
  const policies = (level: string): (readonly string[])[] =>
    (change.policies ?? [])
      .filter((violation) => violation.level === level)
      .map(({ rule, resource, message }) => [rule, resource, message.split("\n").slice(0, 2).join(": ")]);
  const ruleHead = ["Rule", "Resource", "Message"];
  const ends = change.ends.map((line) => [
    holderText(line),
    `${line.role} of ${line.platform}`,
    line.place,
    dayText(line.before),
    dayText(line.until),
  ]);
  const advisories = policies("advisory");
  const sections: readonly Section[] = [
    table("Broken rules", ruleHead, policies("mandatory")),
    linesTable("Gains", change.gains),
    linesTable("Loses", change.losses),
    table("Ends on another day", ["Who", "Role", "Where", "So far", "Then"], ends),
    bullets("Access objects", change.accessObjects),
    factsTable("Redirect URIs", change.redirectUris),
    factsTable("Tokens", change.claims),
    factsTable("Signing in", change.signIn),
    factsTable("Client secrets", change.secrets),
    factsTable("Charts", change.charts),
    bullets("Dangerous choices, new", change.risks.added),
    bullets("Dangerous choices, gone", change.risks.removed),
    bullets("Reviews missed", change.missedReviews),
    bullets("What the roles permit", permitted(change)),
    bullets("Not known until up", change.unknown),
    { ...table(`${advisories.length} advisories`, ruleHead, advisories), folded: true },
    {
      ...table(
        `${change.resources.length} resources change`,
        ["Operation", "Resource", "Properties"],
        change.resources.map((resource) => [resource.operation, resourceText(resource), resource.properties.slice(0, 8).join(", ")]),
      ),
      folded: true,
    },
  ];
  const verdict = failed.length === 0 ? [] : [`**Stopped by \`--fail-on\`: ${failed.join(", ")}.**`];
  const title = `### Access to ${escapeMarkdown(change.stack)}${change.first ? " (first update)" : ""}`;
  const headline = change.headline.map((sentence) => `- ${escapeMarkdown(sentence)}`);
  return comment([commentMarker(change.stack), title, ...verdict], headline, sections, footer(change).map(escapeMarkdown).join(" "));
}

/** A table whose rows may be shown in part. */
function table(title: string, header: readonly string[], rows: readonly (readonly string[])[]): Section {
  const [head = "", line = "", ...items] = markdownTable([header, ...rows]).split("\n");
  return { title, head: `${head}\n${line}`, items };
}

function bullets(title: string, items: readonly string[]): Section {
  return { title, head: "", items: items.map((item) => `- ${escapeMarkdown(item)}`) };
}

function linesTable(title: string, lines: readonly AccessLine[]): Section {
  return table(
    title,
    ["Who", "Role", "Where", "Until", "Through"],
    lines.map((line) => [
      `${holderText(line)}${line.note === null ? "" : ` (${line.note})`}`,
      `${line.role} of ${line.platform}`,
      line.place,
      dayText(line.until),
      line.through.join(", "),
    ]),
  );
}

/** One sentence a role, beside the tables, which would be too wide with it. */
function permitted({ gains, losses, ends }: AccessChange): string[] {
  return [...new Set([...gains, ...losses, ...ends].map(({ platform, role, permits }) => `${role} of ${platform} ${permits}`))].sort();
}

function factsTable(title: string, facts: readonly FactChange[]): Section {
  return table(
    title,
    ["Platform", "What", "So far", "Then"],
    facts.map(({ platform, what, before, after }) => [platform ?? "all", what, before ?? "none", after ?? "none"]),
  );
}

/** `kubernetes ClusterRoleBinding gatehouse-k10-k10-admin`: package, type and name; the token in between would fill a line alone. */
function resourceText({ type, name }: PlannedResource): string {
  return `${type.split(":")[0] ?? ""} ${type.split(":").at(-1) ?? ""} ${name}`;
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
    ["Reviews missed", change.missedReviews],
    ["Policy", (change.policies ?? []).map(({ level, rule, resource, message }) => `[${level}] ${rule} ${resource}: ${message}`)],
    ["Not known until up", change.unknown],
    ["Resources", change.resources.map(({ operation, type, name }) => `${operation} ${type} ${name}`)],
    ["Note", footer(change)],
  ];
  return sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => textLines([title, ...lines.map((line) => `  ${inOneLine(line)}`)]))
    .join("\n");
}

function jsonChange(change: AccessChange, { failed = [] }: AccessChangeOptions): string {
  return jsonText({ ...change, failed });
}
