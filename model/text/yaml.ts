import { parse } from "yaml";

/** The value of a YAML text; undefined for anything else. A parser's own words would quote what it read. */
export function yamlOrNothing(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
