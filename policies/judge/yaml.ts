import { parse } from "yaml";
import { snapshot, type Value } from "../value";

/** YAML as plain JSON; text that is no YAML (or a template) is nothing that a rule can judge. */
export function parseYaml(yaml: string): Value | undefined {
  try {
    return snapshot(parse(yaml));
  } catch {
    return undefined;
  }
}
