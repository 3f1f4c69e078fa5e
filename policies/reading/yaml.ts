import { parse } from "yaml";
import { isList, isProperties, leaves, snapshot, type Leaf, type Value } from "../value";

/** YAML as plain JSON; text that is no YAML (or a template) is nothing that a rule can judge. */
export function parseYaml(yaml: string): Value | undefined {
  try {
    return snapshot(parse(yaml));
  } catch {
    return undefined;
  }
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
