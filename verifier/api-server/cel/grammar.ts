import { quoted } from "./escapes";
import { Undecided } from "./undecided";

const equalities = ["==", "!="];
const relations = ["<", "<=", ">", ">=", "in"];

/**
 * Where cel-js reads another tree than CEL's grammar has (cel-go v0.26.0, parser/gen/CEL.g4).
 * @returns why the API server refuses the text; undefined where it does not
 * @throws Undecided where both read something, and not the same
 */
export function grammarProblem(expression: string): string | undefined {
  const code = expression.replace(quoted, '""');
  if (/!\s*-\s*[A-Za-z_([{]|(?<![\w\])}"'`]\s*)-\s*!/.test(code)) {
    return "Syntax error: '!' and '-' cannot follow each other";
  }
  const open: { conditionals: number; equality: boolean }[] = [{ conditionals: 0, equality: false }];
  for (const [token] of code.matchAll(/[.[{,]\s*\?|[<>=!]=|&&|\|\||[<>()[\]{}?:,]|\bin\b/g)) {
    const here = open.at(-1) ?? { conditionals: 0, equality: false };
    if (token.length > 1 && token.endsWith("?")) {
      if (/^[[{]/.test(token)) {
        open.push({ conditionals: 0, equality: false });
      }
    } else if (/^[([{]$/.test(token)) {
      open.push({ conditionals: 0, equality: false });
    } else if (/^[)\]}]$/.test(token)) {
      open.pop();
    } else if (relations.includes(token) && here.equality) {
      throw new Undecided(`'${token}' behind '==' or '!=' without parentheses`);
    } else if (token === "?" && here.conditionals > 0) {
      return "Syntax error: a conditional inside of another one's first branch needs parentheses";
    } else {
      here.equality = equalities.includes(token);
      here.conditionals += token === "?" ? 1 : token === ":" && here.conditionals > 0 ? -1 : 0;
    }
  }
  return undefined;
}
