import { Undecided } from "../undecided";
import { functions, typeNames } from "./declarations";
import type { Expression, Fold } from "./expand";
import { bool, dyn, inOptional, int, isDyn, isDynOrError, paramOf, readType, readTypes, typeOf, type Type } from "./types";
import { mostGeneral, Substitutions } from "./unify";

interface Overload {
  readonly args: readonly Type[];
  readonly result: Type;
  readonly params: readonly string[];
}

/** What has fields of its own. */
const fields: Readonly<Record<string, Readonly<Record<string, Type | undefined>> | undefined>> = {
  "kubernetes.UserInfo": {
    username: readType("string"),
    uid: readType("string"),
    groups: readType("list(string)"),
    extra: readType("map(string, list(string))"),
  },
};

/** By name; a dot in front where the first type stands before the dot. */
const overloads = new Map<string, Overload[]>();

/** Read when they are first asked for: most verdicts need none. */
function overloadsOf(name: string): readonly Overload[] | undefined {
  const text = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (text !== undefined && !overloads.has(name)) {
    overloads.set(name, text.split(" | ").map(readOverload));
  }
  return overloads.get(name);
}

function readOverload(text: string): Overload {
  const end = text.lastIndexOf("): ");
  return {
    args: readTypes(text.slice(1, end)),
    result: readType(text.slice(end + "): ".length)),
    params: [...new Set(text.match(/\b[A-Z]\b/g))],
  };
}

/** The types of an expression and of all in it, as cel-go's checker finds them (cel-go v0.26.0, checker/checker.go). */
export class Checked {
  private readonly found = new Map<Expression, Type>();
  private readonly substitutions = new Substitutions();
  private readonly scopes: Map<string, Type>[];
  private variables = 0;
  private readonly guesses = new Set<Expression>();

  /** @throws Error why the API server refuses the expression */
  constructor(
    readonly root: Expression,
    variables: Readonly<Record<string, string>>,
  ) {
    this.scopes = [new Map(Object.entries(variables).map(([name, type]) => [name, readType(type)]))];
    this.check(root);
  }

  typeOf(expression: Expression): Type {
    return this.substitutions.apply(this.found.get(expression) ?? dyn, true);
  }

  private check(expression: Expression): Type {
    const type = this.judged(expression);
    this.found.set(expression, type);
    return type;
  }

  private judged(expression: Expression): Type {
    switch (expression.op) {
      case "literal":
        return expression.type;
      case "name":
        return this.named(expression.name);
      case "select":
        return this.selected(expression);
      case "call":
        return this.called(expression);
      case "list":
        return typeOf("list", this.joined(expression.elements));
      case "map":
        return typeOf("map", ...this.entries(expression.entries));
      case "fold":
        return this.folded(expression);
    }
  }

  private named(name: string): Type {
    const type = this.lookedUp(name);
    if (type === undefined) {
      throw new Error(`undeclared reference to '${name}'`);
    }
    return type;
  }

  private lookedUp(name: string): Type | undefined {
    return (
      this.scopes.findLast((scope) => scope.has(name))?.get(name) ??
      (Object.hasOwn(typeNames, name) ? readType(typeNames[name] ?? "") : undefined)
    );
  }

  private selected(expression: Expression & { readonly op: "select" }): Type {
    const name = qualified(expression);
    const whole = name === undefined ? undefined : this.lookedUp(name);
    if (whole !== undefined) {
      return whole;
    }
    const operand = this.substitutions.apply(this.check(expression.operand));
    const inside = inOptional(operand);
    const type = this.fieldOf(inside ?? operand, expression.field);
    if (expression.as === "test") {
      return bool;
    }
    return this.substitutions.apply(inside !== undefined || expression.as === "optional" ? typeOf("optional_type", type) : type);
  }

  private fieldOf(type: Type, field: string): Type {
    if (type.kind === "map") {
      return type.parameters[1] ?? dyn;
    }
    if (type.kind === "param") {
      this.substitutions.assignable([dyn], [type]);
      return dyn;
    }
    if (isDynOrError(type)) {
      return dyn;
    }
    const known = fields[type.name];
    const found = known !== undefined && Object.hasOwn(known, field) ? known[field] : undefined;
    if (found === undefined) {
      throw new Error(known === undefined ? `type '${type.text}' does not support field selection` : `undefined field '${field}'`);
    }
    return found;
  }

  private called(expression: Expression & { readonly op: "call" }): Type {
    const { name, target, args } = expression;
    const given = args.map((each) => this.check(each));
    this.mustBeKnown(name, args, given);
    const prefix = target === undefined ? undefined : qualified(target);
    const spaced = prefix === undefined ? undefined : overloadsOf(`${prefix}.${name}`);
    const member = target !== undefined && spaced === undefined;
    const candidates = spaced ?? overloadsOf(member ? `.${name}` : name);
    const types = member ? [this.check(target), ...given] : given;
    const from = member ? [target, ...args] : args;
    const guessed = types.map((type, index) => this.isGuess(type, from[index]));
    const result = this.resolved(name, candidates, types);
    this.mustNotDepend(candidates ?? [], types, guessed);
    if (["or", "orValue", "value"].includes(name) && isDyn(this.substitutions.apply(types[0] ?? dyn))) {
      this.guesses.add(expression);
    }
    return result;
  }

  /** A type that was concluded from what stands beside a value: the value may be of another one. */
  private isGuess(type: Type, expression: Expression | undefined): boolean {
    return this.substitutions.apply(type).kind === "param" || (expression !== undefined && this.guesses.has(expression));
  }

  /** @throws Undecided where cel-go calls fewer functions than would take the value, which cel-js asks for its type */
  private mustNotDepend(candidates: readonly Overload[], given: readonly Type[], guessed: readonly boolean[]): void {
    if (guessed.includes(true) && candidates.length > 1) {
      const open = given.map((type, index) => (guessed[index] === true ? dyn : type));
      const fitting = (types: readonly Type[]): number => candidates.filter(({ args }) => this.substitutions.wouldFit(types, args)).length;
      if (fitting(open) !== fitting(given)) {
        throw new Undecided("a value that may be of another type than what stands in its place");
      }
    }
  }

  /** The result of the overloads that fit: of the first, or anything where they differ. */
  private resolved(name: string, candidates: readonly Overload[] | undefined, given: readonly Type[]): Type {
    if (name === "_&&_" || name === "_||_") {
      given.forEach((type) => this.mustBe(bool, type));
      return bool;
    }
    let result: Type | undefined;
    for (const { args, result: promised, params } of candidates ?? []) {
      const fresh = new Map(params.map((param) => [param, this.fresh()]));
      if (
        this.substitutions.assignable(
          given,
          args.map((type) => instantiated(type, fresh)),
        )
      ) {
        const type = this.substitutions.apply(instantiated(promised, fresh));
        result = result === undefined ? type : isDyn(result) || type.text === result.text ? result : dyn;
      }
    }
    if (result === undefined) {
      const types = given.map((type) => this.substitutions.apply(type, true).text).join(", ");
      throw new Error(
        candidates === undefined ? `undeclared reference to '${name}'` : `found no matching overload for '${name}' applied to '(${types})'`,
      );
    }
    return result;
  }

  private joined(elements: readonly Expression[]): Type {
    let common: Type | undefined;
    for (const element of elements) {
      common = this.join(common, this.check(element));
    }
    return common ?? this.fresh();
  }

  private entries(entries: readonly (readonly [Expression, Expression])[]): Type[] {
    let [key, value]: (Type | undefined)[] = [];
    for (const [left, right] of entries) {
      key = this.join(key, this.check(left));
      value = this.join(value, this.check(right));
    }
    return [key ?? this.fresh(), value ?? this.fresh()];
  }

  private join(before: Type | undefined, type: Type): Type {
    if (before === undefined) {
      return type;
    }
    return this.substitutions.assignable([before], [type]) ? mostGeneral(before, type) : dyn;
  }

  private folded({ range, variables, gathers, start, step, result }: Fold): Type {
    const over = this.check(range);
    const begun = this.check(start);
    const applied = this.substitutions.apply(over);
    this.scopes.push(new Map([[gathers, begun]]));
    this.scopes.push(new Map(this.itemTypes(applied, variables.length).map((type, index) => [variables[index] ?? "", type])));
    this.mustBe(begun, this.check(step));
    this.scopes.pop();
    const type = this.check(result);
    this.scopes.pop();
    return this.substitutions.apply(type);
  }

  private itemTypes(range: Type, count: number): readonly Type[] {
    const [first = dyn, second = dyn] = range.parameters;
    switch (range.kind) {
      case "list":
        return count === 2 ? [int, first] : [first];
      case "map":
        return [first, second].slice(0, count);
      case "dyn":
      case "error":
      case "param":
        this.substitutions.assignable([dyn], [range]);
        return [dyn, dyn].slice(0, count);
      default:
        throw new Error(
          `expression of type '${range.text}' cannot be range of a comprehension (must be list, map, or dynamic)${range.kind === "any" ? "; write dyn(…) around it" : ""}`,
        );
    }
  }

  /**
   * `has({1: 2}.a__dot__b)` is good, and `{1: 2}["a.b"]` is not; both are an index here (escapes.ts).
   * @throws Undecided since it may have been either
   */
  private mustBeKnown(name: string, [, key]: readonly Expression[], [map]: readonly Type[]): void {
    const rewritten = key?.op === "literal" && typeof key.value === "string" && /[./-]|__/.test(key.value);
    const { kind, parameters } = this.substitutions.apply(map ?? dyn);
    if (name.startsWith("_[") && rewritten && kind === "map" && !["string", "dyn", "any"].includes(parameters[0]?.name ?? "")) {
      throw new Undecided("a map without texts as its keys, and a text with a dot, a dash or a slash as one,");
    }
  }

  private mustBe(expected: Type, type: Type): void {
    if (!this.substitutions.assignable([expected], [type])) {
      const [left, right] = [expected, type].map((each) => this.substitutions.apply(each, true).text);
      throw new Error(`expected type '${left ?? ""}' but found '${right ?? ""}'`);
    }
  }

  private fresh(): Type {
    return paramOf(`_var${this.variables++}`);
  }
}

function instantiated(type: Type, fresh: ReadonlyMap<string, Type>): Type {
  if (type.kind === "param") {
    return fresh.get(type.name) ?? type;
  }
  return type.parameters.length === 0 ? type : typeOf(type.name, ...type.parameters.map((each) => instantiated(each, fresh)));
}

/** `a.b.c`, where it is nothing but names. */
function qualified(expression: Expression): string | undefined {
  if (expression.op === "name") {
    return expression.name;
  }
  const before = expression.op === "select" && expression.as === "value" ? qualified(expression.operand) : undefined;
  return before === undefined || expression.op !== "select" ? undefined : `${before}.${expression.field}`;
}
