/** Names that cannot stand behind a dot, and how the API server lets them be written (k8s.io/apiserver v0.36.3, pkg/cel/escaping.go). */
const letters: Readonly<Record<string, string | undefined>> = { underscores: "__", dot: ".", dash: "-", slash: "/" };

/** What Kubernetes has and is not evaluated here: an expression with one is not judged. */
const notHere: readonly (readonly [name: string, pattern: RegExp])[] = [
  ["an optional element of a literal ([?x], {?k: v})", /(?:^|[(,:?&|=<>!+\-*/%[{])\s*\[\s*\?|\{\s*\?|,\s*\?/],
  ["what validate() says of a fault; ask hasValue()", /\.validate\((?:[^()]|\([^()]*\))*\)(?!\s*\.\s*hasValue\(\))/],
];

/** The first thing in an expression that Kubernetes has and this evaluator has not; undefined where there is none. */
export function notEvaluated(expression: string): string | undefined {
  const code = expression.replace(quoted, '""');
  return notHere.find(([, pattern]) => pattern.test(code))?.[0];
}

/**
 * `claims.example__dot__com` reads the claim `example.com`. CEL itself knows no such thing: the selection becomes an index, and a test
 * whether it is there becomes one of an optional. Text in quotes is left alone.
 */
export function asWritten(expression: string): string {
  return outsideQuotes(presenceTests(expression), (code) =>
    code
      // Two of them are none to CEL's parser, whatever they stand before.
      .replace(/!\s*!/g, "")
      .replace(/(^|[([{,:?&|=<>!+*/%]|\bin\b)(\s*)-\s*-/g, "$1$2")
      .replace(/(^|[^\w\])."'?\s])(\s*)\.(?=[0-9])/g, "$1$20.")
      .replace(/\.(\??)([A-Za-z_]\w*__\w+__\w*)(?!\w|\()/g, (whole, optional: string, field: string) => {
        const name = unescaped(field);
        return name === undefined ? whole : `[${optional}${JSON.stringify(name)}]`;
      }),
  );
}

/**
 * `has(claims["a.b"].c)` and `has(claims.a__dot__b)` become tests of an optional: cel-js takes `has` of plain names only. What is inside of
 * the argument stays, to be rewritten in its turn.
 */
function presenceTests(expression: string): string {
  const [, before = "", rest = ""] =
    /^((?:[^"'h]|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|h(?!as\s*\()|(?<=\w)h)*)has\s*\((.*)$/s.exec(expression) ?? [];
  const end = closing(rest);
  if (rest === "" || end < 0) {
    return expression;
  }
  const [, operand = "", field = ""] = /^(.*)\.\s*([A-Za-z_]\w*)\s*$/s.exec(rest.slice(0, end)) ?? [];
  const name = unescaped(field) ?? field;
  const plain = name === field && !/[[({]|__/.test(operand.replace(quoted, ""));
  const optional = name === field ? `.?${name}` : `[?${JSON.stringify(name)}]`;
  const test = operand === "" || plain ? `has(${rest.slice(0, end)})` : `${operand}${optional}.hasValue()`;
  return before + test + presenceTests(rest.slice(end + 1));
}

/** Where the parenthesis that is open ends. */
function closing(text: string): number {
  const code = text.replace(quoted, (whole) => "_".repeat(whole.length));
  for (let at = 0, depth = 0; at < code.length; at++) {
    depth += code[at] === "(" ? 1 : code[at] === ")" ? -1 : 0;
    if (depth < 0) {
      return at;
    }
  }
  return -1;
}

export const quoted = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/gs;

function unescaped(field: string): string | undefined {
  const name = field.replace(/__(underscores|dot|dash|slash)__/g, (_, letter: string) => letters[letter] ?? "");
  return name === field ? undefined : name;
}

function outsideQuotes(expression: string, change: (code: string) => string): string {
  return expression
    .split(new RegExp(`(${quoted.source})`, "s"))
    .map((part, index) => (index % 2 === 0 ? change(part) : part))
    .join("");
}
