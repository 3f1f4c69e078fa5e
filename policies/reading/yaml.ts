import { parseAllDocuments } from "yaml";
import { snapshot, type Value } from "../value";

/**
 * The documents of a YAML text as plain JSON, read as Go's parsers read them: merge keys are followed, and of two keys of one name the
 * later counts. Text that is no YAML (or a template) is nothing that a rule can judge.
 */
export function parseYamlDocuments(yaml: string): Value[] {
  try {
    const documents = parseAllDocuments(yaml, { merge: true, uniqueKeys: false, logLevel: "silent" });
    return "empty" in documents ? [] : documents.filter(({ errors }) => errors.length === 0).map((document) => snapshot(document.toJS()));
  } catch {
    return [];
  }
}

/** The first document of a YAML text. */
export function parseYaml(yaml: string): Value | undefined {
  return parseYamlDocuments(yaml)[0];
}
