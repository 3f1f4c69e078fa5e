import { inOneLine, printable, type EnvironmentDocument } from "../model";
import { matrixColumns, matrixRows, platformFacts, type ReportOptions } from "./matrix";

/** The report as GitHub-flavoured Markdown. */
export function markdownReport(document: EnvironmentDocument, options: ReportOptions = {}): string {
  const idp = document.identityProvider;
  const rows = matrixRows(document, options);
  const sections = [
    `# Access to ${escapeMarkdown(document.stack)}`,
    summary(document),
    `Identity provider: ${escapeMarkdown(idp.kind)}, issuer ${escapeMarkdown(idp.issuer)}.`,
    "## Access matrix",
    rows.length === 0
      ? "Nobody may do anything: there is no grant."
      : markdownTable([
          [...matrixColumns.map(([title]) => title), "Bindings"],
          ...rows.map((row) => [...matrixColumns.map(([, cell]) => cell(row)), row.bindings.join("; ")]),
        ]),
    ...platformFacts(document, options).flatMap(({ name, title, facts }) => [
      `<details><summary>${escapeMarkdown(title)}: ${escapeMarkdown(name)}</summary>`,
      markdownTable([["Fact", "Value"], ...facts]),
      "</details>",
    ]),
    "## Risks written out",
    document.risks.length === 0 ? "None." : document.risks.map((risk) => `- ${escapeMarkdown(risk)}`).join("\n"),
  ];
  return `${sections.join("\n\n")}\n`;
}

/** The whole in one line, which stands first and so outlives any cut. */
function summary({ access, groups, platforms, risks }: EnvironmentDocument): string {
  const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? "" : "s"}`;
  const endless = access.filter(({ until }) => until === null).length;
  return `**${count(access.length, "grant")} (${endless} without an end) of ${count(Object.keys(groups).length, "group")} on ${count(Object.keys(platforms).length, "platform")}; ${count(risks.length, "risk")} written out.**`;
}

export function markdownTable(rows: readonly (readonly string[])[]): string {
  const [header = [], ...body] = rows;
  const line = (cells: readonly string[]) => `| ${cells.map(escapeMarkdown).join(" | ")} |`;
  return [line(header), `| ${header.map(() => "---").join(" | ")} |`, ...body.map(line)].join("\n");
}

/**
 * A text as it stands: no markup, link, image or HTML of a group's name comes through, no cell is torn, and nobody is notified.
 * GitHub and GitLab look for mentions, references and addresses in the finished HTML, where an escape is gone again; a sign in an
 * element of its own is found by neither (github.com/gjtorikian/html-pipeline, MentionFilter: one text node at a time).
 */
export function escapeMarkdown(text: string): string {
  return (
    printable(inOneLine(text))
      // Commits, by the beginning of their hash.
      .replace(/\b[0-9a-f]{7,40}\b/g, (hash) => `${hash.slice(0, 3)}\ue000${hash.slice(3)}`)
      .replace(/&/g, "&amp;")
      .replace(/[\\`*_[\]|]/g, "\\$&")
      .replace(/</g, "&lt;")
      .replace(/>/g, "&gt;")
      .replace(/@|[#!~%$^](?=[\w"])|&amp;(?=\d)|:(?=\/\/)|(?<=\bmailto|\bxmpp):|(?<=\bwww)\.|(?<=\bGH)-(?=\d)/gi, "<span>$&</span>")
      .replace(/[#!~](?!<\/span>)/g, "\\$&")
      .replace(/\ue000/g, "<span></span>")
  );
}
