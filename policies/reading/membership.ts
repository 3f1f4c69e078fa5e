/** Rules that fill groups (Okta's group rules, Entra ID's dynamic membership), asked of somebody whom no word of them names. */
import { fromJava } from "./okta-filter";
import { splitAt, withoutParentheses } from "./split";
import { matchesStrangers } from "./strangers";

/** What a part of a rule says of a stranger; undefined where that cannot be read. */
type Verdict = boolean | undefined;

/** Whether a rule takes in people whom it does not name: everybody, everybody with an account, or it cannot be read. */
export function holdsEverybody(rule: string): boolean {
  return verdict(rule) !== false;
}

const or = /\|\||(?<![\w.-])-?or\b/iy;
const and = /&&|(?<![\w.-])-?and\b/iy;

function verdict(rule: string): Verdict {
  const alternatives = splitAt(rule, or);
  if (alternatives.length > 1) {
    return either(alternatives.map(verdict));
  }
  const conditions = splitAt(rule, and);
  if (conditions.length > 1) {
    return opposite(either(conditions.map(verdict).map(opposite)));
  }
  const only = withoutParentheses(rule);
  const [, negated] = /^(?:!(?!=)|-?not\b)(.*)$/is.exec(only) ?? [];
  return negated === undefined ? comparison(only) : opposite(verdict(negated));
}

function either(verdicts: readonly Verdict[]): Verdict {
  return verdicts.includes(true) ? true : verdicts.includes(undefined) ? undefined : false;
}

function opposite(given: Verdict): Verdict {
  return given === undefined ? undefined : !given;
}

/** Operators of both languages, each by what it comes to. A relation of sizes says nothing that can be read. */
const operators: Readonly<Record<string, string>> = { "==": "eq", "!=": "ne" };
const operator =
  /==|!=|(?<![\w.])-?(?:eq|ne|in|notIn|contains|notContains|startsWith|notStartsWith|endsWith|notEndsWith|match|notMatch)\b/iy;

function comparison(text: string): Verdict {
  if (/^(?:true|false)$/i.test(text)) {
    return text.toLowerCase() === "true";
  }
  const sides = splitAt(text, operator);
  const [left = "", right] = sides;
  if (sides.length > 2 || splitAt(text, /\?(?!\.)/y).length > 1) {
    return undefined;
  }
  if (right === undefined) {
    return called(text);
  }
  const written = text.slice(text.indexOf(left) + left.length, text.lastIndexOf(right)).replace(/[()\s-]/g, "");
  const name = operators[written] ?? written.toLowerCase();
  const positive = name.replace(/^not/, "");
  const found = compare(positive === "ne" ? "eq" : positive, left, right);
  return name === "ne" || name.startsWith("not") ? opposite(found) : found;
}

const attribute = /^(?:user|device)\.[\w.]+$/i;
/** What every account has, in one of few values. */
const everyAccount = /^user\.(?:status|userType|accountEnabled|isLicensed|dirSyncEnabled|objectId|id|login|employeeType|creationType)$/i;

function compare(kind: string, left: string, right: string): Verdict {
  const [subject, value] = /^(?:["'\[]|(?:true|false|null)$)/i.test(left) ? [right, left] : [left, right];
  const literal = literalOf(value);
  if (/^(?:true|false)$/i.test(value) && !everyAccount.test(subject)) {
    const given = attribute.test(subject) ? false : verdict(subject);
    return value.toLowerCase() === "true" ? given : opposite(given);
  }
  if (!attribute.test(subject) || subject.toLowerCase() === value.toLowerCase()) {
    const other = literalOf(subject);
    return literal !== undefined && other !== undefined ? literal === other : undefined;
  }
  if (/^device\./i.test(subject) || (kind === "in" && /^\[.*["'].*\]$/s.test(value))) {
    return false;
  }
  if (kind === "eq") {
    return everyAccount.test(subject) ? undefined : literal === undefined || literal === "" ? undefined : false;
  }
  return literal === undefined ? undefined : matched(kind, literal, subject);
}

function literalOf(text: string): string | undefined {
  const [, double, single] = /^(?:"([^"]*)"|'([^']*)')$/.exec(text.trim()) ?? [];
  return double ?? single;
}

function matched(kind: string, literal: string, subject = ""): Verdict {
  const word = literal.toLowerCase();
  const expression = kind.startsWith("match") || kind === "regex" ? searching(kind, literal) : undefined;
  if (expression === null) {
    return undefined;
  }
  return matchesStrangers((name) => {
    const value = name.toLowerCase();
    return (
      expression?.test(name) ??
      (kind === "startswith" ? value.startsWith(word) : kind === "endswith" ? value.endsWith(word) : value.includes(word))
    );
  }, subject);
}

/** Entra ID looks for the expression anywhere, Java's matches takes the whole text. Null for what cannot be read. */
function searching(kind: string, expression: string): RegExp | null {
  return fromJava(kind === "match" ? `.*(?:${expression.replace(/^\^|\$$/g, "")}).*` : expression) ?? null;
}

/** Functions of Okta's language, and what Entra ID says in words of its own. */
function called(text: string): Verdict {
  // A list of which something is written out: a part of an address, or of a plan, that few have.
  if (
    /^user\.\w+\s+-(?:any|all)\b.*["'][^"']{3,}["']/is.test(text) ||
    /^direct reports for\s+["'][^"']+["']$/i.test(text) ||
    /^device\./i.test(text)
  ) {
    return false;
  }
  const [, member, ofGroups = ""] = /^isMemberOf(Group(?:Name(?:StartsWith|Contains|Regex)?)?|AnyGroup)\s*\((.*)\)$/is.exec(text) ?? [];
  if (member !== undefined) {
    return inGroup(member.toLowerCase(), ofGroups);
  }
  const [, subject, method, literal] =
    /^(?:String\.)?(?:(user\.[\w.]+)\.)?(stringContains|contains|startsWith|endsWith|matches)\s*\((.*)\)$/is.exec(text) ?? [];
  if (method !== undefined && literal !== undefined) {
    const given = splitAt(literal, /,/y);
    const word = literalOf(given.at(-1) ?? "");
    return word === undefined ? undefined : matched(method.toLowerCase().replace("stringcontains", "contains"), word, subject ?? given[0]);
  }
  if (/^Arrays\.contains\s*\(\s*user\.[\w.]+\s*,\s*["'][^"']+["']\s*\)$/i.test(text)) {
    return false;
  }
  // A switch of one's own; what every account has, everybody has.
  return attribute.test(text) && !everyAccount.test(text) ? false : undefined;
}

function inGroup(function_: string, given: string): Verdict {
  const words = splitAt(given, /,/y).map(literalOf);
  const kind = /startswith|contains|regex/.exec(function_)?.[0];
  return either(
    words.map((word) => {
      if (word === undefined || word === "") {
        return undefined;
      }
      if (kind === undefined) {
        return word.toLowerCase() === "everyone";
      }
      const holds = matched(kind, word);
      // Everybody is in Okta's group of all people.
      return holds === false && kind !== "regex" ? wordOf(kind, word) : holds;
    }),
  );
}

function wordOf(kind: string, word: string): boolean {
  return kind === "startswith" ? "everyone".startsWith(word.toLowerCase()) : "everyone".includes(word.toLowerCase());
}
