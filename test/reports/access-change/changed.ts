import type { EnvironmentDocument } from "../../../model";
import { sampleDocument } from "../../fixtures/sample";

/** The sample with something else in it. */
export function changed(change: (document: EnvironmentDocument) => void): EnvironmentDocument {
  const document = structuredClone(sampleDocument());
  change(document);
  return document;
}
