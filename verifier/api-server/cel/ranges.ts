import type { ASTNode } from "@marcbachmann/cel-js";
import { internals, nodesOf, type NodeEvaluator } from "./nodes";
import { Undecided } from "./undecided";
import { isNumber, isOpaque } from "./values";

const makingLists = ["map", "filter"];
const comprehensions = [...makingLists, "all", "exists", "exists_one"];

/**
 * A list that is made by running over a map has the order of a Go map, which is by chance.
 * @throws Undecided for a map of more than one entry
 */
export function inOrder(range: unknown): unknown {
  if (range instanceof Map && range.size > 1) {
    throw new Undecided("a list made from a map, whose order is by chance,");
  }
  return range;
}

/** Has what a comprehension runs over looked at when it is evaluated: cel-js takes an optional for an empty list. */
export function withRanges(root: ASTNode): void {
  for (const node of nodesOf(root)) {
    const expanded = node.op === "rcall" && comprehensions.includes(node.args[0]) ? internals(node).meta.alternate : undefined;
    if (expanded !== undefined) {
      const makesList = node.op === "rcall" && makingLists.includes(node.args[0]);
      expanded.args.iterable = watched(expanded.args.iterable, (range) => (makesList ? inOrder(iterable(range)) : iterable(range)));
    }
  }
}

function iterable(range: unknown): unknown {
  const plain = typeof range === "object" && range !== null && Object.getPrototypeOf(range) === Object.prototype;
  if (!Array.isArray(range) && !(range instanceof Map) && !plain) {
    throw new Error("expected iterable type");
  }
  return range;
}

/** The value of `a.b.c`; undefined where it is none. What is inside of `has()` was not checked, and cannot be evaluated. */
function valueAt(node: ASTNode, evaluator: NodeEvaluator, scope: unknown): unknown {
  if (node.op === "." || node.op === ".?") {
    const container = valueAt(node.args[0], evaluator, scope);
    return container instanceof Map ? container.get(node.args[1]) : undefined;
  }
  return node.op === "id" ? evaluator.run(node, scope) : undefined;
}

function watched(range: ASTNode, look: (value: unknown) => unknown): ASTNode {
  const check = (checker: { check: (node: ASTNode, scope: unknown) => unknown }, _: ASTNode, scope: unknown): unknown =>
    checker.check(range, scope);
  const evaluate = (evaluator: NodeEvaluator, _: ASTNode, scope: unknown): unknown => look(evaluator.run(range, scope));
  const node = internals(range).clone({ name: "watched", check, evaluate }, range);
  internals(node).setMeta("async", false);
  return node;
}

/** `list[?"text"]` is an error, which cel-js answers with an optional that has no value. */
export function withIndexes(root: ASTNode): void {
  for (const node of nodesOf(root)) {
    if (node.op === "[?]") {
      const args = node.args as ASTNode[];
      const [range, index] = node.args;
      let container: unknown;
      args[0] = watched(range, (value) => {
        container = value;
        return value;
      });
      args[1] = watched(index, (value) => {
        if (Array.isArray(inside(container)) && !isNumber(value)) {
          throw new Error("unsupported index type in list");
        }
        return value;
      });
    }
  }
}

/** `ip(text) == text` is an error, which cel-js answers with false; `!=` and the other order are none. */
export function withEquality(root: ASTNode): void {
  for (const node of nodesOf(root)) {
    if (node.op === "==") {
      const args = node.args as ASTNode[];
      const [one, other] = node.args;
      let left: unknown;
      args[0] = watched(one, (value) => {
        left = value;
        return value;
      });
      args[1] = watched(other, (right) => {
        if (isOpaque(left) && right !== null && left.constructor !== right?.constructor) {
          throw new Error("no such overload");
        }
        return right;
      });
    }
  }
}

/** What stands in an optional's place may be of another type than what is in it: cel-js takes its type for that of the whole. */
export function withOpenAlternatives(root: ASTNode): void {
  for (const node of nodesOf(root)) {
    const macro = node.op === "rcall" && node.args[0] === "orValue" ? internals(node).meta.macro : undefined;
    if (macro !== undefined) {
      const { typeCheck } = macro;
      macro.typeCheck = (checker, called, scope) => {
        typeCheck(checker, called, scope);
        return checker.getType("dyn");
      };
    }
  }
}

/** An optional's value. */
function inside(value: unknown): unknown {
  const optional = value as { hasValue?: () => boolean; value?: () => unknown } | null;
  return optional?.hasValue?.() === true ? optional.value?.() : value;
}

/** `has(list.field)` is an error, which cel-js answers with false. */
export function withPresence(root: ASTNode): void {
  for (const node of nodesOf(root)) {
    const macro = node.op === "call" && node.args[0] === "has" ? internals(node).meta.macro : undefined;
    const selection = macro?.args[0];
    if (macro !== undefined && selection?.op === ".") {
      const { evaluate } = macro;
      const [container] = selection.args;
      macro.evaluate = (evaluator, called, scope) => {
        const found = evaluate(evaluator, called, scope);
        if (found === false && Array.isArray(valueAt(container, evaluator, scope))) {
          throw new Error("unsupported index type 'string' in list");
        }
        return found;
      };
    }
  }
}
