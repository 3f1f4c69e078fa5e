import { matchesStrangers } from "./strangers";

/** Okta's group filters and expressions, judged by which groups of strangers they let through. */

/** What is wrong with a filter, in words that follow "expected"; undefined for one that names groups. */
export function filterFault(kind: string | undefined, value: string): string | undefined {
  const named = "a filter that names the platform's groups";
  switch (kind) {
    case "EQUALS":
      // Okta's group of all people: it cannot be renamed.
      return value.trim().toLowerCase() === "everyone" ? named : undefined;
    case "STARTS_WITH":
      return matchesStrangers((name) => name.toLowerCase().startsWith(value.toLowerCase())) ? named : undefined;
    case "CONTAINS":
      return matchesStrangers((name) => name.toLowerCase().includes(value.toLowerCase())) ? named : undefined;
    default: {
      const expression = fromJava(value);
      if (expression === undefined) {
        return "a regular expression that can be read";
      }
      return matchesStrangers((name) => expression.test(name)) ? named : undefined;
    }
  }
}

/** Okta matches the whole name, as Java's String.matches does. Undefined for an expression that JavaScript has no counterpart of. */
export function fromJava(value: string): RegExp | undefined {
  const [, flags = "", rest = value] = /^\(\?([a-zA-Z]+)\)(.*)$/s.exec(value) ?? [];
  const translated = rest
    .replace(/\\Q(.*?)(?:\\E|$)/gs, (_, literal: string) => literal.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"))
    // Possessive quantifiers and atomic groups match at most what the plain ones do.
    .replace(/([*+?}])\+/g, "$1")
    .replace(/\(\?>/g, "(?:")
    .replace(/\\[AZz]/g, "")
    .replace(/\\p\{(?:Alpha|IsAlphabetic)\}/g, "\\p{L}")
    .replace(/\\p\{(?:Alnum)\}/g, "[\\p{L}\\p{N}]")
    .replace(/\\p\{(?:Digit)\}/g, "\\d");
  // What only Java knows (classes by name, classes cut with &&): JavaScript would take it for other letters without the flag.
  if (translated.includes("&&")) {
    return undefined;
  }
  for (const mode of /\\[pPRhHXN]/.test(translated) ? ["u"] : ["u", ""]) {
    try {
      return new RegExp(`^(?:${translated})$`, `${mode}s${flags.includes("i") ? "i" : ""}`);
    } catch {
      // Without the flag more is taken as it stands.
    }
  }
  return undefined;
}

const lookup =
  /\bGroups\.(startsWith|contains|endsWith)\(\s*(?:"[A-Za-z0-9_. -]+"|'[A-Za-z0-9_. -]+')\s*,\s*("[^"]*"|'[^']*')\s*,\s*\d+\s*\)/g;
const byId = /\bgetFilteredGroups\(\s*\{\s*(?:(?:"00g\w+"|'00g\w+')\s*,?\s*)+\}\s*,\s*(?:"group\.name"|'group\.name')\s*,\s*\d+\s*\)/g;

/** What is wrong with an expression of a groups claim (Okta Expression Language); undefined for one that looks named groups up. */
export function expressionFault(expression: string): string | undefined {
  const named = "an expression that names the platform's groups";
  for (const [, method, literal = ""] of expression.matchAll(lookup)) {
    const word = literal.slice(1, -1).toLowerCase();
    const matches = (name: string): boolean =>
      method === "startsWith" ? name.startsWith(word) : method === "endsWith" ? name.endsWith(word) : name.includes(word);
    if (matchesStrangers((name) => matches(name.toLowerCase()))) {
      return named;
    }
  }
  // What is left must put lookups together, and nothing else: no list of its own, no function that yields other groups.
  const left = expression.replace(lookup, "G").replace(byId, "G").replace(/\s+/g, "");
  const choice = /^(?:G|\(G==null\?\{\}:G\)|G==null\?\{\}:G)$/;
  const flat = /^Arrays\.flatten\((.*)\)$/.exec(left)?.[1] ?? left;
  return flat !== "" && flat.split(/,(?![^(]*\))/).every((part) => choice.test(part)) ? undefined : named;
}
