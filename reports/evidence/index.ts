/**
 * How evidence reads: the page's part of it, tables for spreadsheets, and OSCAL assessment results. Pure renderers of what `model/evidence`
 * holds. Never: how it was found out, and how it is written and signed (cli/evidence).
 */
import type { Evidence } from "../../model";
import { page } from "../page";
import { csvTables } from "./csv";
import { oscalResults } from "./oscal";
import { pageEvidence } from "./page";

export { oscalResults } from "./oscal";
export { pageEvidence } from "./page";

/** The files of an evidence beside its JSON, by name. Equal evidence gives equal texts. */
export function evidenceFiles(evidence: Evidence): Record<string, string> {
  return {
    "report.html": page(evidence.document, { today: evidence.moment.began.slice(0, 10), evidence: pageEvidence(evidence) }),
    ...csvTables(evidence),
    "oscal-assessment-results.json": oscalResults(evidence),
  };
}
