/**
 * What people and scripts read about an environment. Pure renderers: a document and a day in, a text out.
 *
 * Holds: the auditor's page (matrix, facts, risks) as text, Markdown, HTML, CSV and JSON, `access-change/`, what an update
 * does to access, and `evidence/`, what was found to be true. Never holds: where a document comes from (cli/), what it means (model/). Equal inputs give equal texts.
 */
import type { EnvironmentDocument } from "../model";
import { csvReport } from "./csv";
import { jsonReport } from "./json";
import { page } from "./page";
import { markdownReport } from "./markdown";
import type { ReportOptions } from "./matrix";
import { textReport } from "./text";

export { accessChange } from "./access-change";
export {
  accessChangeFormats,
  commentMarker,
  renderAccessChange,
  type AccessChangeFormat,
  type AccessChangeOptions,
} from "./access-change/render";
export {
  findingKinds,
  plannedOperations,
  unknownUntilUp,
  type AccessChange,
  type AccessLine,
  type EnginePlan,
  type FindingKind,
  type IntendedEnvironment,
  type PlannedOperation,
  type PlannedResource,
  type PolicyViolation,
} from "./access-change/types";
export { calendarFile, calendarOf, page, type CalendarEntry, type PageEvidence, type PageOptions, type PageTest } from "./page";
export { evidenceFiles, oscalResults, pageEvidence } from "./evidence";
export { matrixRows, platformFacts, type MatrixRow, type PlatformFacts, type ReportOptions } from "./matrix";
export { textMatrix } from "./text";

const renderers = { text: textReport, markdown: markdownReport, html: page, csv: csvReport, json: jsonReport } as const;

export type ReportFormat = keyof typeof renderers;

/** The formats of the auditor's report. */
export const reportFormats = Object.keys(renderers) as readonly ReportFormat[];

/** Renders the auditor's report of an environment. Equal documents and options give equal texts. */
export function renderReport(document: EnvironmentDocument, format: ReportFormat, options: ReportOptions = {}): string {
  return renderers[format](document, options);
}
