import type { Checked } from "./check";
import type { Expression } from "./expand";

/**
 * What the API server asks of an expression whose types are known (pkg/cel/environment/base.go): elements of a literal have one type,
 * wherever no `format` is around it (cel-go v0.26.0, cel/validator.go); a clause of `format` fits its argument (ext/formatting.go).
 * @throws Error why it refuses the expression
 */
export function validate(checked: Checked): void {
  visit(checked, checked.root, false);
}

function visit(checked: Checked, expression: Expression, exempt: boolean): void {
  const formats = expression.op === "call" && expression.name === "format";
  if (!exempt && expression.op === "list") {
    ofOneType(checked, expression.elements);
  }
  if (!exempt && expression.op === "map") {
    ofOneType(
      checked,
      expression.entries.map(([key]) => key),
    );
    ofOneType(
      checked,
      expression.entries.map(([, value]) => value),
    );
  }
  if (formats && expression.target?.op === "literal" && expression.args[0]?.op === "list") {
    clausesFit(checked, String(expression.target.value), expression.args[0].elements);
  }
  for (const child of childrenOf(expression)) {
    visit(checked, child, exempt || formats);
  }
}

function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.op) {
    case "select":
      return [expression.operand];
    case "call":
      return expression.target === undefined ? expression.args : [expression.target, ...expression.args];
    case "list":
      return expression.elements;
    case "map":
      return expression.entries.flat();
    case "fold":
      return [expression.range, expression.start, expression.step, expression.result];
    default:
      return [];
  }
}

function ofOneType(checked: Checked, elements: readonly Expression[]): void {
  const [first, ...others] = elements.map((element) => checked.typeOf(element).text);
  const other = others.find((type) => type !== first);
  if (first !== undefined && other !== undefined) {
    throw new Error(`expected type '${first}' but found '${other}'`);
  }
}

const formattable: Readonly<Record<string, readonly string[] | undefined>> = {
  d: ["int", "uint"],
  o: ["int", "uint"],
  b: ["int", "uint", "bool"],
  x: ["int", "uint", "string", "bytes"],
  X: ["int", "uint", "string", "bytes"],
  f: ["double", "string"],
  e: ["double", "string"],
  s: ["list", "map", "int", "uint", "double", "bool", "string", "timestamp", "bytes", "duration", "type", "null"],
};

function clausesFit(checked: Checked, format: string, args: readonly Expression[]): void {
  const clauses = format.replaceAll("%%", "").split("%").slice(1);
  const verbs = clauses.map((clause) => /^(?:\.[0-9]+)?([sdfeboxX])/.exec(clause)?.[1]);
  if (verbs.length !== args.length || verbs.includes(undefined)) {
    throw new Error(`error during formatting: a clause for each argument, ${args.length} of them`);
  }
  args.forEach((argument, index) => clauseFits(checked, verbs[index] ?? "", argument));
}

/** A claim, which is of type `any`, fits no clause; what is inside of a claim, and `dyn(…)`, fits each. */
function clauseFits(checked: Checked, verb: string, argument: Expression): void {
  const { name, kind } = checked.typeOf(argument);
  if (kind !== "dyn" && formattable[verb]?.includes(name) !== true) {
    throw new Error(
      `error during formatting: clause %${verb} for a value of type '${name}'${kind === "any" ? "; write dyn(…) around it" : ""}`,
    );
  }
  if (verb === "s" && argument.op === "list") {
    argument.elements.forEach((element) => clauseFits(checked, verb, element));
  }
  if (verb === "s" && argument.op === "map") {
    argument.entries.flat().forEach((each) => clauseFits(checked, verb, each));
  }
}
