import { parseAllDocuments } from "yaml";
import { isList, isProperties, leaves, snapshot, type Leaf, type Value } from "../value";

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

/** `leaves`, and those of configuration files that stand in one text (Argo CD's `dex.config`): YAML of several lines. */
export function* fileLeaves(value: Value): Generator<Leaf> {
  for (const leaf of leaves(value)) {
    yield leaf;
    if (typeof leaf.value === "string" && leaf.value.includes("\n")) {
      const file = parseYaml(leaf.value);
      if (isProperties(file) || isList(file)) {
        yield* leaves(file, `${leaf.path} (as YAML)`);
      }
    }
  }
}
