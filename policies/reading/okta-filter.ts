/** Okta's group filters and expressions, judged by which groups of strangers they let through. */

/** Group names as organisations have them: none of them is a platform's. */
const strangers: readonly string[] = [
  ...[
    "Everyone",
    "All Staff",
    "Board",
    "Contractors",
    "Customer Care",
    "Design",
    "Domain Users",
    "Engineering",
    "Facilities",
    "Finance-EMEA",
  ],
  ...["General Ledger", "HR", "Interns 2026", "JIRA Users", "Kitchen", "Legal", "Marketing", "Nurses", "Office 365 E3", "Procurement"],
  ...["Quality", "Research", "Sales_DACH", "Treasury", "Union", "VPN", "Warehouse", "X-Ray", "Yard", "Zürich"],
  ...["0", "1st line support", "9-to-5", "app.github.readers", "ünïcode/grp", "lower case", "UPPER CASE", "under_score", "(parens)", "a"],
];
/** More than this part of them is no filter. */
const tolerated = 0.1;

function matchesStrangers(matches: (name: string) => boolean): boolean {
  return strangers.filter(matches).length > strangers.length * tolerated;
}

/** What is wrong with a filter, in words that follow "expected"; undefined for one that names groups. */
export function filterFault(kind: string | undefined, value: string): string | undefined {
  const named = "a filter that names the platform's groups";
  switch (kind) {
    case "EQUALS":
      return undefined;
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
function fromJava(value: string): RegExp | undefined {
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

/** Whether a condition of a group rule is true for people whom no word of it names: everybody, or everybody with an account. */
export function holdsEverybody(condition: string): boolean {
  return condition
    .split(/\|\||\bOR\b/i)
    .some(
      (part) =>
        !/(?:==|\beq\b)\s*(?:"[^"]+"|'[^']+')|(?:stringContains|startsWith|isMemberOfGroup\w*|isMemberOfAnyGroup)\(\s*(?:[\w.]+\s*,\s*)?(?:"[^"]+"|'[^']+')/i.test(
          named(part),
        ),
    );
}

/** A condition without what is true of every account. */
function named(condition: string): string {
  return condition
    .replace(/user\.(?:status|userType|accountEnabled|isLicensed)\s*==\s*("[^"]*"|'[^']*')/gi, "")
    .replace(/isMemberOfGroup(?:Name)?\(\s*["']Everyone["']\s*\)/gi, "");
}
