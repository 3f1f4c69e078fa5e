/** Expressions cut at operators that stand outside of parentheses, brackets and quotes. */

/** The parts of an expression between what `operator` (sticky) matches there, without parentheses around each. */
export function splitAt(expression: string, operator: RegExp): string[] {
  const found: string[] = [];
  let start = 0;
  let index = 0;
  while (index < expression.length) {
    operator.lastIndex = index;
    const [matched = ""] = operator.exec(expression) ?? [];
    if (matched !== "") {
      found.push(expression.slice(start, index));
      index += matched.length;
      start = index;
    } else {
      index = endOf(expression, index);
    }
  }
  return [...found, expression.slice(start)].map(withoutParentheses);
}

/** An expression without the parentheses around the whole of it. */
export function withoutParentheses(expression: string): string {
  const trimmed = expression.trim();
  return trimmed.startsWith("(") && endOf(trimmed, 0) === trimmed.length ? withoutParentheses(trimmed.slice(1, -1)) : trimmed;
}

const pairs: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** Where what begins at `start` ends: a quoted text, what stands in parentheses, or one character. */
function endOf(expression: string, start: number): number {
  const first = expression.charAt(start);
  if (first === "'" || first === '"') {
    const end = expression.indexOf(first, start + 1);
    return end === -1 ? expression.length : end + 1;
  }
  const close = pairs[first];
  if (close === undefined) {
    return start + 1;
  }
  let index = start + 1;
  while (index < expression.length && expression.charAt(index) !== close) {
    index = endOf(expression, index);
  }
  return Math.min(index + 1, expression.length);
}
