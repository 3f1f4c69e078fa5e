import { jsonText, type EnvironmentDocument } from "../model";
import { matrixRows, platformFacts, type ReportOptions } from "./matrix";

/** Version of the JSON form; its schema is schemas/outputs/access-report.schema.json. */
const accessReportVersion = "gatehouse.dev/access-report/v1";

/** The report as JSON with sorted keys: `{ access, identityProvider, platforms, risks, stack }`. */
export function jsonReport(document: EnvironmentDocument, options: ReportOptions = {}): string {
  const platforms = Object.fromEntries(
    platformFacts(document, options).map(({ name, title, facts }) => [name, { title, facts: Object.fromEntries(facts) }]),
  );
  const { stack, identityProvider, risks } = document;
  return jsonText({ version: accessReportVersion, stack, identityProvider, access: matrixRows(document, options), platforms, risks });
}
