import { inOneLine, textLine, type EnvironmentDocument } from "../model";
import { matrixColumns, matrixRows, platformFacts, type ReportOptions } from "./matrix";

/** The report for a terminal, in aligned columns. */
export function textReport(document: EnvironmentDocument, options: ReportOptions = {}): string {
  const idp = document.identityProvider;
  const sections = [
    [`Access to '${document.stack}' (${idp.kind}, ${idp.issuer})`],
    accessTable(document, options),
    ...platformFacts(document, options).map(({ name, title, facts }) => [
      `${title} '${name}'`,
      ...facts.map(([label, value]) => `  ${`${label}:`.padEnd(24)}${value}`),
    ]),
    ["Risks written out", ...(document.risks.length === 0 ? ["  none"] : document.risks.map((risk) => `  - ${risk}`))],
  ];
  return `${sections.map((lines) => lines.map((line) => textLine(line).trimEnd()).join("\n")).join("\n\n")}\n`;
}

/** The access matrix alone, in aligned columns. */
export function textMatrix(document: EnvironmentDocument, options: ReportOptions = {}): string {
  return `${accessTable(document, options).join("\n")}\n`;
}

function accessTable(document: EnvironmentDocument, options: ReportOptions): string[] {
  const rows = matrixRows(document, options);
  if (rows.length === 0) {
    return ["Nobody may do anything: there is no grant."];
  }
  const table = [matrixColumns.map(([title]) => title), ...rows.map((row) => matrixColumns.map(([, cell]) => oneLine(cell(row))))];
  const widths = matrixColumns.map((_, column) => Math.max(...table.map((cells) => width(cells[column] ?? ""))));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - width(cell)))
      .join("  ")
      .trimEnd();
  const [header = [], ...body] = table;
  return [line(header), line(widths.map((size) => "-".repeat(size))), ...body.map(line)];
}

/** Code points, so that a name outside the basic plane does not shift its row. */
function width(text: string): number {
  return [...text].length;
}

function oneLine(text: string): string {
  return textLine(inOneLine(text));
}
