import type { EnvironmentDocument } from "../model";
import { csvReport } from "./csv";
import { htmlReport } from "./html";
import { jsonReport } from "./json";
import { markdownReport } from "./markdown";
import type { ReportOptions } from "./matrix";
import { textReport } from "./text";

export { matrixRows, platformFacts, type MatrixRow, type PlatformFacts, type ReportOptions } from "./matrix";
export { textMatrix } from "./text";

const renderers = { text: textReport, markdown: markdownReport, html: htmlReport, csv: csvReport, json: jsonReport } as const;

export type ReportFormat = keyof typeof renderers;

/** The formats of the auditor's report. */
export const reportFormats = Object.keys(renderers) as readonly ReportFormat[];

/** Renders the auditor's report of an environment. Equal documents and options give equal texts. */
export function renderReport(document: EnvironmentDocument, format: ReportFormat, options: ReportOptions = {}): string {
  return renderers[format](document, options);
}
