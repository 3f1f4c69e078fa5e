import type { ASTNode } from "@marcbachmann/cel-js";
import { typeOf, type Type } from "./types";

/** An expression as cel-go checks it: macros have become what they stand for. */
export type Expression =
  | { readonly op: "literal"; readonly type: Type; readonly value: unknown }
  | { readonly op: "name"; readonly name: string }
  | { readonly op: "select"; readonly operand: Expression; readonly field: string; readonly as: "value" | "optional" | "test" }
  | { readonly op: "call"; readonly name: string; readonly target?: Expression; readonly args: readonly Expression[] }
  | { readonly op: "list"; readonly elements: readonly Expression[] }
  | { readonly op: "map"; readonly entries: readonly (readonly [key: Expression, value: Expression])[] }
  | Fold;

/** What a macro becomes: runs over something, and gathers a value (cel-go's comprehension). */
export interface Fold {
  readonly op: "fold";
  readonly range: Expression;
  readonly variables: readonly string[];
  /** The name of what is gathered. */
  readonly gathers: string;
  readonly start: Expression;
  readonly step: Expression;
  readonly result: Expression;
}

/** In front of the names of functions that are Kubernetes' here (library.ts). */
const prefix = /^k8s_/;
const gathered = "@result";
const operators: Readonly<Record<string, string | undefined>> = {
  in: "@in",
  "!_": "!_",
  "-_": "-_",
  "[]": "_[_]",
  "[?]": "_[?_]",
  "?:": "_?_:_",
};

/** @throws Error where a macro is used as it cannot be */
export function expanded(node: ASTNode): Expression {
  switch (node.op) {
    case "value":
      return literal(node.args);
    case "id":
      return named(node.args);
    case ".":
    case ".?":
      return { op: "select", operand: expanded(node.args[0]), field: node.args[1], as: node.op === "." ? "value" : "optional" };
    case "list":
      return listOf(node.args.map(expanded));
    case "map":
      return { op: "map", entries: node.args.map(([key, value]) => [expanded(key), expanded(value)]) };
    case "call":
      return node.args[0] === "has" ? presence(node.args[1]) : call(node.args[0].replace(prefix, ""), ...node.args[1].map(expanded));
    case "rcall":
      return member(node.args[0].replace(prefix, ""), node.args[1], node.args[2]);
    default:
      return call(operators[node.op] ?? `_${node.op}_`, ...[node.args].flat().map((each) => expanded(each)));
  }
}

function member(name: string, receiver: ASTNode, args: readonly ASTNode[]): Expression {
  const macro = macros[`${name}/${args.length}`];
  const target = (): Expression => expanded(receiver);
  return macro === undefined ? { op: "call", name, target: target(), args: args.map(expanded) } : macro(target, args);
}

type Macro = (target: () => Expression, args: readonly ASTNode[]) => Expression;

const one = literal(1n);

/** What to start from, the step, and the result where it is another than what was gathered. */
type Gathering = readonly [start: Expression, step: Expression, result?: Expression];
/** From the last argument, the variables, and a condition where there is one. */
type Gather = (item: Expression, variables: readonly string[], check: Expression | undefined) => Gathering;

const all: Gather = (check) => [literal(true), call("_&&_", named(gathered), check)];
const any: Gather = (check) => [literal(false), call("_||_", named(gathered), check)];
const single: Gather = (check) => [literal(0n), chosen(call("_+_", named(gathered), one), check), call("_==_", named(gathered), one)];
const listing: Gather = (item, _variables, check) => [listOf([]), chosen(call("_+_", named(gathered), listOf([item])), check)];
const filtering: Gather = (check, [name = ""]) => listing(named(name), [], check);
const mapping: Gather = (value, [key = ""], check) => inserting([named(key), value], check);
const inserting = (entry: readonly Expression[], check: Expression | undefined): Gathering => [
  { op: "map", entries: [] },
  chosen(call("cel.@mapInsert", named(gathered), ...entry), check),
];

/** cel-go v0.26.0: parser/macro.go, ext/comprehensions.go, cel/library.go (`optMap`), ext/lists.go (`sortBy`). */
const macros: Readonly<Record<string, Macro | undefined>> = {
  "all/2": over(1, all),
  "all/3": over(2, all),
  "exists/2": over(1, any),
  "exists/3": over(2, any),
  "exists_one/2": over(1, single),
  "exists_one/3": over(2, single),
  "existsOne/3": over(2, single),
  "filter/2": over(1, filtering),
  "map/2": over(1, listing),
  "map/3": over(1, listing),
  "transformList/3": over(2, listing),
  "transformList/4": over(2, listing),
  "transformMap/3": over(2, mapping),
  "transformMap/4": over(2, mapping),
  "transformMapEntry/3": over(2, (entry) => inserting([entry], undefined)),
  "transformMapEntry/4": over(2, (entry, _variables, check) => inserting([entry], check)),
  "optMap/2": (target, args) => ifThere(target, args, (value) => call("optional.of", value)),
  "optFlatMap/2": (target, args) => ifThere(target, args, (value) => value),
  "sortBy/2": sorting,
};

/** A comprehension with one variable or two. */
function over(count: number, gather: Gather): Macro {
  return (target, args) => {
    const variables = args.slice(0, count).map(variable);
    if (variables.length === 2 && variables[0] === variables[1]) {
      throw new Error(`duplicate variable name: ${variables[0] ?? ""}`);
    }
    const rest = args.slice(count).map(expanded);
    const [start, step, result = named(gathered)] = gather(rest.at(-1) ?? one, variables, rest.length > 1 ? rest[0] : undefined);
    return { op: "fold", range: target(), variables, gathers: gathered, start, step, result };
  };
}

function chosen(step: Expression, check: Expression | undefined): Expression {
  return check === undefined ? step : call("_?_:_", check, step, named(gathered));
}

/** A value under a name, for one expression. */
function bound(name: string, value: Expression, result: Expression): Fold {
  return { op: "fold", range: listOf([]), variables: ["#unused"], gathers: name, start: value, step: named(name), result };
}

function ifThere(target: () => Expression, args: readonly ASTNode[], wrapped: (value: Expression) => Expression): Expression {
  const [name, result] = args;
  if (name?.op !== "id" || result === undefined) {
    throw new Error("optMap() variable name must be a simple identifier");
  }
  const ask = (what: string): Expression => ({ op: "call", name: what, target: target(), args: [] });
  return call("_?_:_", ask("hasValue"), wrapped(bound(name.args, ask("value"), expanded(result))), call("optional.none"));
}

function sorting(target: () => Expression, args: readonly ASTNode[]): Expression {
  const input = "@__sortBy_input__";
  const range = target();
  if (range.op === "literal" || range.op === "map") {
    throw new Error("sortBy can only be applied to a list, identifier, comprehension, call or select expression");
  }
  const keys = over(1, listing)(() => named(input), args);
  return bound(input, range, { op: "call", name: "@sortByAssociatedKeys", target: named(input), args: [keys] });
}

function presence([argument]: readonly ASTNode[]): Expression {
  if (argument?.op !== ".") {
    throw new Error("invalid argument to has() macro");
  }
  return { op: "select", operand: expanded(argument.args[0]), field: argument.args[1], as: "test" };
}

function variable(node: ASTNode): string {
  if (node.op !== "id") {
    throw new Error("argument is not an identifier");
  }
  if (node.args === "__result__") {
    throw new Error("iteration variable overwrites accumulator variable");
  }
  return node.args;
}

function call(name: string, ...args: readonly Expression[]): Expression {
  return { op: "call", name, args };
}

function named(name: string): Expression {
  return { op: "name", name };
}

function listOf(elements: readonly Expression[]): Expression {
  return { op: "list", elements };
}

function literal(value: unknown): Expression {
  const names = { string: "string", bigint: "int", number: "double", boolean: "bool" } as Readonly<Record<string, string | undefined>>;
  const name = names[typeof value] ?? (value === null ? "null" : value instanceof Uint8Array ? "bytes" : "uint");
  return { op: "literal", type: typeOf(name), value };
}
