import type { ASTNode, Environment, Optional as CelOptional } from "@marcbachmann/cel-js";
import { formatted } from "./formatted";
import { sortedBy } from "./lists";
import { inOrder } from "./ranges";

/** What cel-js lends a macro: types are its own, of which only the kind and what is inside is asked. */
interface Type {
  readonly kind: string;
  readonly name: string;
  readonly keyType?: Type;
  readonly valueType?: Type;
}
interface Scope {
  forkWithVariable(name: string, type: Type): Scope;
  reuse(parent: Scope): Scope;
  setIterValue(value: unknown, evaluator: Evaluator): Scope;
}
interface Checker {
  check(node: ASTNode, scope: Scope): Type;
  getType(name: string): Type;
}
interface Evaluator {
  run(node: ASTNode, scope: Scope): unknown;
}
interface MacroCall {
  readonly args: readonly ASTNode[];
  readonly receiver: ASTNode;
}
interface Macro {
  readonly typeCheck: (checker: Checker, macro: unknown, scope: Scope) => Type;
  readonly evaluate: (evaluator: Evaluator, macro: unknown, scope: Scope) => unknown;
}
type Pair = readonly [key: unknown, value: unknown];
/** Evaluates one argument with both variables set. */
type At = (argument: number, pair: Pair) => unknown;

/** Macros: comprehensions with two variables (cel-go, ext/comprehensions.go), `sortBy`, `optMap`, `optFlatMap`, `format`. */
export function defineMacros(environment: Environment, Optional: typeof CelOptional): void {
  const define = (signature: string, macro: (call: MacroCall) => Macro): void => {
    // The types of a macro's handler are not exported.
    environment.registerFunction(signature, macro as unknown as () => unknown, { async: false });
  };
  const two = (signature: string, result: string, fold: (pairs: readonly Pair[], at: At) => unknown): void =>
    define(signature, (call) => comprehension(call, result, fold));
  two("list.all(ast, ast, ast): bool", "bool", (pairs, at) => every(pairs, at));
  two("list.exists(ast, ast, ast): bool", "bool", (pairs, at) => !every(pairs, (argument, pair) => !truth(at(argument, pair))));
  for (const name of ["existsOne", "exists_one"]) {
    two(`list.${name}(ast, ast, ast): bool`, "bool", (pairs, at) => pairs.filter((pair) => truth(at(2, pair))).length === 1);
  }
  two("list.transformList(ast, ast, ast): list<dyn>", "list<dyn>", (pairs, at) => pairs.map((pair) => at(2, pair)));
  two("list.transformList(ast, ast, ast, ast): list<dyn>", "list<dyn>", (pairs, at) => chosen(pairs, at).map((pair) => at(3, pair)));
  two("list.transformMap(ast, ast, ast): map<dyn, dyn>", "map", (pairs, at) => mapOf(pairs.map((pair) => [pair[0], at(2, pair)])));
  two("list.transformMap(ast, ast, ast, ast): map<dyn, dyn>", "map", (pairs, at) =>
    mapOf(chosen(pairs, at).map((pair) => [pair[0], at(3, pair)])),
  );
  two("list.transformMapEntry(ast, ast, ast): map<dyn, dyn>", "map", (pairs, at) => mapOf(pairs.flatMap((pair) => pairsOf(at(2, pair)))));
  two("list.transformMapEntry(ast, ast, ast, ast): map<dyn, dyn>", "map", (pairs, at) =>
    mapOf(chosen(pairs, at).flatMap((pair) => pairsOf(at(3, pair)))),
  );
  define("list.sortBy(ast, ast): list<dyn>", sorting);
  define("optional.optMap(ast, ast): optional<dyn>", (call) => overOptional(call, Optional, (value) => Optional.of(value)));
  define("optional.optFlatMap(ast, ast): optional<dyn>", (call) => overOptional(call, Optional, (value) => value));
  define("string.format(ast): string", formatMacro);
}

function comprehension({ args, receiver }: MacroCall, result: string, fold: (pairs: readonly Pair[], at: At) => unknown): Macro {
  const [first, second] = [variable(args[0]), variable(args[1])];
  let [outer, inner]: (Scope | undefined)[] = [];
  return {
    typeCheck: (checker, _macro, scope) => {
      if (first === second) {
        throw new Error(`duplicate variable name: ${first}`);
      }
      const range = checker.check(receiver, scope);
      if (!["dyn", "list", "map"].includes(range.kind)) {
        throw new Error(`expression of type '${range.name}' cannot be range of a comprehension (must be list, map, or dynamic)`);
      }
      const dyn = checker.getType("dyn");
      const key = range.kind === "map" ? (range.keyType ?? dyn) : range.kind === "list" ? checker.getType("int") : dyn;
      outer = scope.forkWithVariable(first, key);
      inner = outer.forkWithVariable(second, range.valueType ?? dyn);
      const types = args.slice(2).map((node) => checker.check(node, made(inner)));
      if (types.length === 2 || result === "bool") {
        mustBeBool(types[0]);
      }
      return checker.getType(result);
    },
    evaluate: (evaluator, _macro, scope) => {
      const at: At = (argument, [key, value]) =>
        evaluator.run(
          nodeAt(args, argument),
          made(inner).reuse(made(outer).reuse(scope).setIterValue(key, evaluator)).setIterValue(value, evaluator),
        );
      const range = evaluator.run(receiver, scope);
      return fold(pairsOf(result === "list<dyn>" ? inOrder(range) : range), at);
    },
  };
}

function sorting({ args, receiver }: MacroCall): Macro {
  const name = variable(args[0]);
  let inner: Scope | undefined;
  return {
    typeCheck: (checker, _macro, scope) => {
      const range = checker.check(receiver, scope);
      if (range.kind !== "dyn" && range.kind !== "list") {
        throw new Error(`found no matching overload for 'sortBy' applied to '${range.name}'`);
      }
      inner = scope.forkWithVariable(name, range.valueType ?? checker.getType("dyn"));
      checker.check(nodeAt(args, 1), inner);
      return range;
    },
    evaluate: (evaluator, _macro, scope) => {
      const list = evaluator.run(receiver, scope);
      if (!Array.isArray(list)) {
        throw new Error("no such overload");
      }
      const key = (item: unknown): unknown => evaluator.run(nodeAt(args, 1), made(inner).reuse(scope).setIterValue(item, evaluator));
      return sortedBy(list, list.map(key));
    },
  };
}

function overOptional({ args, receiver }: MacroCall, Optional: typeof CelOptional, wrapped: (value: unknown) => unknown): Macro {
  const name = variable(args[0]);
  let inner: Scope | undefined;
  return {
    typeCheck: (checker, _macro, scope) => {
      const range = checker.check(receiver, scope);
      if (range.kind !== "dyn" && range.kind !== "optional") {
        throw new Error(`found no matching overload for 'optMap' applied to '${range.name}'`);
      }
      inner = scope.forkWithVariable(name, range.valueType ?? checker.getType("dyn"));
      const result = checker.check(nodeAt(args, 1), inner);
      return result.kind === "optional" ? result : checker.getType(`optional<${result.name}>`);
    },
    evaluate: (evaluator, _macro, scope) => {
      const optional = evaluator.run(receiver, scope);
      if (!(optional instanceof Optional)) {
        throw new Error("no such overload");
      }
      return optional.hasValue()
        ? wrapped(evaluator.run(nodeAt(args, 1), made(inner).reuse(scope).setIterValue(optional.value(), evaluator)))
        : optional;
    },
  };
}

/** The arguments of `format` may be of different types, unlike those of any other list. */
function formatMacro({ args, receiver }: MacroCall): Macro {
  const list = nodeAt(args, 0);
  const items = list.op === "list" ? list.args : undefined;
  return {
    typeCheck: (checker, _macro, scope) => {
      const text = checker.check(receiver, scope);
      if (text.kind !== "dyn" && text.name !== "string") {
        throw new Error(`found no matching overload for 'format' applied to '${text.name}'`);
      }
      (items ?? [list]).forEach((item) => checker.check(item, scope));
      return checker.getType("string");
    },
    evaluate: (evaluator, _macro, scope) => {
      const template = evaluator.run(receiver, scope);
      const values = items?.map((item) => evaluator.run(item, scope)) ?? evaluator.run(list, scope);
      if (typeof template !== "string" || !Array.isArray(values)) {
        throw new Error("no such overload");
      }
      return formatted(template, values);
    },
  };
}

function nodeAt(args: readonly ASTNode[], index: number): ASTNode {
  const node = args[index];
  if (node === undefined) {
    throw new Error(`no argument ${index}`);
  }
  return node;
}

/** A scope that the check has made before anything is evaluated. */
function made(scope: Scope | undefined): Scope {
  if (scope === undefined) {
    throw new Error("an expression is checked before it is evaluated");
  }
  return scope;
}

function variable(node: ASTNode | undefined): string {
  if (node?.op !== "id") {
    throw new Error("argument must be a simple name");
  }
  return node.args;
}

function mustBeBool(type: Type | undefined): void {
  if (type !== undefined && type.kind !== "dyn" && type.name !== "bool") {
    throw new Error(`expected type 'bool' but found '${type.name}'`);
  }
}

function truth(value: unknown): boolean {
  if (typeof value !== "boolean") {
    throw new Error("no such overload");
  }
  return value;
}

/** One false is enough, also where another one could not be evaluated. */
function every(pairs: readonly Pair[], at: At): boolean {
  let failed: Error | undefined;
  for (const pair of pairs) {
    try {
      if (!truth(at(2, pair))) {
        return false;
      }
    } catch (error) {
      failed ??= error instanceof Error ? error : new Error(String(error));
    }
  }
  if (failed !== undefined) {
    throw failed;
  }
  return true;
}

function chosen(pairs: readonly Pair[], at: At): Pair[] {
  return pairs.filter((pair) => truth(at(2, pair)));
}

function pairsOf(value: unknown): Pair[] {
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => [BigInt(index), item]);
  }
  if (value instanceof Map) {
    return [...(value as Map<unknown, unknown>)];
  }
  if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.entries(value);
  }
  throw new Error("no such overload");
}

function mapOf(pairs: readonly Pair[]): Map<unknown, unknown> {
  const map = new Map<unknown, unknown>();
  for (const [key, value] of pairs) {
    if (map.has(key)) {
      throw new Error(`insert failed: key ${String(key)} already exists`);
    }
    map.set(key, value);
  }
  return map;
}
