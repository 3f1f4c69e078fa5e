import { printable, type EnvironmentDocument } from "../model";
import { matrixColumns, matrixRows, platformFacts, type ReportOptions } from "./matrix";

/** The report as GitHub-flavoured Markdown. */
export function markdownReport(document: EnvironmentDocument, options: ReportOptions = {}): string {
  const idp = document.identityProvider;
  const rows = matrixRows(document, options);
  const sections = [
    `# Access to ${escape(document.stack)}`,
    `Identity provider: ${escape(idp.kind)}, issuer ${escape(idp.issuer)}.`,
    "## Access matrix",
    rows.length === 0
      ? "Nobody may do anything: there is no grant."
      : table([
          [...matrixColumns.map(([title]) => title), "Bindings"],
          ...rows.map((row) => [...matrixColumns.map(([, cell]) => cell(row)), row.bindings.join("; ")]),
        ]),
    ...platformFacts(document, options).flatMap(({ name, title, facts }) => [
      `## ${escape(title)}: ${escape(name)}`,
      table([["Fact", "Value"], ...facts]),
    ]),
    "## Risks written out",
    document.risks.length === 0 ? "None." : document.risks.map((risk) => `- ${escape(risk)}`).join("\n"),
  ];
  return `${sections.join("\n\n")}\n`;
}

function table(rows: readonly (readonly string[])[]): string {
  const [header = [], ...body] = rows;
  const line = (cells: readonly string[]) => `| ${cells.map(escape).join(" | ")} |`;
  return [line(header), `| ${header.map(() => "---").join(" | ")} |`, ...body.map(line)].join("\n");
}

/** A text as it stands: no markup, link, image, mention or HTML of a group's name comes through, and no cell is torn. */
function escape(text: string): string {
  return printable(text.replace(/\s+/g, " "))
    .replace(/&/g, "&amp;")
    .replace(/[\\`*_[\]|~#!]/g, "\\$&")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/@/g, "&#64;");
}
