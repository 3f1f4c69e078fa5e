import { splitAt, withoutParentheses } from "./split";

/**
 * Expressions of an AuthenticationConfiguration (CEL), read by their form: only a form that is known to hold counts, since one that merely
 * mentions the right words may be true for everybody.
 */

/** Without blanks, with single quotes, and with claims written as fields: `claims["email"]` is `claims.email`. */
export function plainExpression(expression: string): string {
  return expression
    .split(/("[^"]*"|'[^']*')/)
    .map((part) => (/^["']/.test(part) ? `'${part.slice(1, -1)}'` : part.replace(/\s+/g, "")))
    .join("")
    .replace(/\['(\w+)'\]/g, ".$1");
}

function parts(expression: string, operator: "&&" | "||"): string[] {
  return splitAt(expression, operator === "&&" ? /&&/y : /\|\|/y);
}

/** Whether an expression of userValidationRules is false for every person whose user name, or one of whose groups, begins with `word`. */
export function refusesNames(expression: string, mapping: "username" | "groups", word: string): boolean {
  return parts(plainExpression(expression), "&&").some((part) =>
    mapping === "username" ? refuses(part, "user\\.username", word) : refusesGroup(part, word),
  );
}

function refuses(part: string, subject: string, word: string): boolean {
  const [, plain, wrapped] =
    new RegExp(`^!(?:${subject}\\.startsWith\\('([^']+)'\\)|\\((${subject}\\.startsWith\\('[^']+'\\))\\))$`).exec(part) ?? [];
  const prefix = plain ?? /'([^']+)'/.exec(wrapped ?? "")?.[1];
  return prefix !== undefined && word.startsWith(prefix);
}

function refusesGroup(part: string, word: string): boolean {
  const [, all, each] = /^user\.groups\.all\((\w+),(.*)\)$/.exec(part) ?? [];
  if (all !== undefined && each !== undefined) {
    return parts(each, "&&").some((one) => refuses(one, all, word));
  }
  const [, some, any] = /^!user\.groups\.exists\((\w+),(.*)\)$/.exec(part) ?? [];
  return some !== undefined && any !== undefined && parts(any, "||").some((one) => refuses(`!${one}`, some, word));
}

/**
 * The texts that an expression puts before everything that it yields: `'okta:' + claims.sub`, `claims.roles.map(r, 'okta:' + r)`, and
 * choices between such. Undefined where some of what it yields has no text before it.
 */
export function ownPrefixes(expression: string): string[] | undefined {
  const plain = withoutParentheses(plainExpression(expression));
  const [, mapped] = /^[\w.?]+(?:\.orValue\(\[\]\))?\.map\(\w+,(.*)\)$/.exec(plain) ?? [];
  return prefixesOf(mapped ?? plain);
}

function prefixesOf(expression: string): string[] | undefined {
  const [, condition, yes, no] = /^([^?]+|[^']*\?\.[^?]*)\?(?!\.)([^:]*'[^']*'[^:]*):(.*)$/.exec(expression) ?? [];
  if (condition !== undefined && yes !== undefined && no !== undefined) {
    const both = [yes, no].map((branch) => (branch === "''" ? [] : prefixesOf(withoutParentheses(branch))));
    return both.every((found) => found !== undefined) ? both.flat() : undefined;
  }
  const [, prefix] = /^'([^']+)'\+[\w.]+(?:\.lowerAscii\(\))?$/.exec(expression) ?? [];
  return prefix === undefined ? undefined : [prefix];
}

/** Whether an expression yields a person's address only where the identity provider says that it is verified. */
export function verifiesEmail(expression: string): boolean {
  const plain = plainExpression(expression);
  const verified = String.raw`claims\.(?:email_verified|\?email_verified\.orValue\((?:true|false)\))(?:==true)?`;
  return (
    parts(plain, "&&").some((part) => new RegExp(`^${verified}$`).test(part)) || new RegExp(`^\\(?${verified}\\)?\\?(?!\\.)`).test(plain)
  );
}
