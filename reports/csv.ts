import { printable, type EnvironmentDocument } from "../model";
import { matrixRows, type MatrixRow, type ReportOptions } from "./matrix";

const columns: readonly (readonly [string, (row: MatrixRow) => string])[] = [
  ["platform", (row) => row.platform],
  ["platform_title", (row) => row.platformTitle],
  ["group", (row) => row.group],
  ["claim_value", (row) => row.claimValue],
  ["members", (row) => (row.members === null ? "" : row.members.join(" "))],
  ["membership", (row) => (row.members === null ? "managed elsewhere" : "in the stack")],
  ["role", (row) => row.role],
  ["permits", (row) => row.permits],
  ["where", (row) => row.where],
  ["until", (row) => row.until ?? ""],
  ["ended", (row) => String(row.ended)],
  ["subject", (row) => row.subject],
  ["bindings", (row) => row.bindings.join("; ")],
];

/** The access matrix as CSV (RFC 4180: CRLF, quotes doubled), with a header line. */
export function csvReport(document: EnvironmentDocument, options: ReportOptions = {}): string {
  const lines = [columns.map(([title]) => title), ...matrixRows(document, options).map((row) => columns.map(([, cell]) => cell(row)))];
  return csvLines(lines);
}

/** Rows as CSV (RFC 4180), each cell safe in a spreadsheet. */
export function csvLines(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `${cells.map(field).join(",")}\r\n`).join("");
}

/**
 * One field. A spreadsheet runs a cell that begins with = + - @ or a control character as a formula (OWASP, CSV injection), and
 * a group's name comes from outside: an apostrophe before it makes it a text. The wide forms of these signs count as well.
 */
function field(value: string): string {
  const shown = value.replace(/[^\t\r\n]+/g, (text) => printable(text));
  // Where a comma is the decimal sign, a spreadsheet parts cells at semicolons, also within quotes that are not at a cell's beginning.
  const plain = shown.replace(/(;\s*)(?=[=+\-@|%\uff1d\uff0b\uff0d\uff20])/g, "$1'");
  const safe = /^\s*[=+\-@|%\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/.test(value) ? `'${plain}` : plain;
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}
