import type { ASTNode } from "@marcbachmann/cel-js";
import { isAny } from "./any";
import { internals, nodesOf } from "./nodes";
import { Undecided } from "./undecided";

/**
 * Elements of a literal have one type, wherever no `format` is around it (cel-go v0.26.0, cel/validator.go,
 * `ValidateHomogeneousAggregateLiterals`, which exempts it): `any`, of which a claim is, is another one than `dyn`.
 * @returns why the API server refuses the expression; undefined where it does not
 * @throws Undecided where the types that cel-go would find are not known here
 */
export function mixedLiteral(root: ASTNode): string | undefined {
  for (const node of outsideFormat(root)) {
    const sides =
      node.op === "list" ? [node.args] : node.op === "map" ? [node.args.map(([key]) => key), node.args.map(([, value]) => value)] : [];
    for (const side of sides) {
      const problem = side.length > 1 ? mixed(side) : undefined;
      if (problem !== undefined) {
        return problem;
      }
    }
  }
  return undefined;
}

function mixed(elements: readonly ASTNode[]): string | undefined {
  const types = elements.map(typeOf);
  const known = [...new Set(types.filter((type) => type !== undefined))];
  if (known.length > 1) {
    return `expected type '${known[0] ?? ""}' but found '${known[1] ?? ""}'`;
  }
  if (types.includes(undefined)) {
    throw new Undecided("a list or map of values whose types are not known here");
  }
  return undefined;
}

/** The type that cel-go finds; undefined where cel-js does not tell. */
function typeOf(node: ASTNode): string | undefined {
  const { checkedType } = internals(node);
  if (checkedType?.kind === "dyn") {
    return isAny(node) ? "any" : isDyn(node) ? "dyn" : undefined;
  }
  if (node.op === "list" && node.args.length === 0) {
    return undefined;
  }
  return checkedType === undefined || /\bdyn\b|<[A-Z]>|^[A-Z]$/.test(checkedType.name) ? undefined : checkedType.name;
}

/** Surely of type `dyn`: it says so, or it is a part of such a value, or of a claim. */
function isDyn(node: ASTNode): boolean {
  return (
    (node.op === "call" && node.args[0] === "dyn") ||
    ((node.op === "." || node.op === "[]") && (isAny(node.args[0]) || isDyn(node.args[0])))
  );
}

function* outsideFormat(root: ASTNode): Generator<ASTNode> {
  const inside = new Set<ASTNode>();
  // Parents come before what is in them.
  for (const node of nodesOf(root)) {
    if (inside.has(node)) {
      continue;
    }
    if ((node.op === "rcall" || node.op === "call") && node.args[0] === "format") {
      for (const each of nodesOf(node)) {
        inside.add(each);
      }
      continue;
    }
    yield node;
  }
}

/** A map's keys keep their types: cel-js makes an object of a literal, whose keys are texts. */
export function withTypedKeys(root: ASTNode): void {
  for (const node of nodesOf(root)) {
    if (node.op === "map") {
      const entries = node.args;
      internals(node).setMeta("evaluate", (evaluator, _node, scope) => {
        const map = new Map<unknown, unknown>();
        for (const [key, value] of entries) {
          map.set(plainKey(evaluator.run(key, scope)), evaluator.run(value, scope));
        }
        return map;
      });
    }
  }
}

function plainKey(key: unknown): unknown {
  if (typeof key !== "string" && typeof key !== "bigint" && typeof key !== "boolean") {
    throw new Undecided("a map with keys that are no texts, integers or bools");
  }
  return key;
}
