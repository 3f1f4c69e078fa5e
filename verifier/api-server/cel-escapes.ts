/** Names that cannot stand behind a dot, and how the API server lets them be written (k8s.io/apiserver v0.36.3, pkg/cel/escaping.go). */
const letters: Readonly<Record<string, string | undefined>> = { underscores: "__", dot: ".", dash: "-", slash: "/" };

/**
 * `claims.example__dot__com` reads the claim `example.com`. CEL itself knows no such thing: the selection becomes an index, and a test
 * whether it is there becomes one of an optional. Text in quotes is left alone.
 */
export function asWritten(expression: string): string {
  return outsideQuotes(expression, (code) =>
    code
      // The claims as a whole can be selected from, and that is all: `in` and `size` find no overload (pkg/cel/lazy, `MapValue`).
      .replace(/\bin\s+claims\b(?!\s*[.[])/g, "in dyn(noOverloadForClaims())")
      .replace(/\bsize\(\s*claims\s*\)|\bclaims\.size\(\)/g, "size(dyn(noOverloadForClaims()))")
      .replace(/\bhas\(([^()]*)\.([A-Za-z_]\w*__\w+__\w*)\)/g, (whole, operand: string, field: string) => {
        const name = unescaped(field);
        return name === undefined ? whole : `${operand}[?${JSON.stringify(name)}].hasValue()`;
      })
      .replace(/\.(\??)([A-Za-z_]\w*__\w+__\w*)(?!\w|\()/g, (whole, optional: string, field: string) => {
        const name = unescaped(field);
        return name === undefined ? whole : `[${optional}${JSON.stringify(name)}]`;
      }),
  );
}

function unescaped(field: string): string | undefined {
  const name = field.replace(/__(underscores|dot|dash|slash)__/g, (_, letter: string) => letters[letter] ?? "");
  return name === field ? undefined : name;
}

function outsideQuotes(expression: string, change: (code: string) => string): string {
  return expression
    .split(/("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')/)
    .map((part, index) => (index % 2 === 0 ? change(part) : part))
    .join("");
}
