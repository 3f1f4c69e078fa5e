import type { ASTNode } from "@marcbachmann/cel-js";

import { nodesOf } from "./nodes";

const comprehensions = [
  "all",
  "exists",
  "exists_one",
  "existsOne",
  "map",
  "filter",
  "sortBy",
  "transformList",
  "transformMap",
  "transformMapEntry",
];

/**
 * Claims have the type `any`, over which cel-go's checker refuses a comprehension (checker.go `checkComprehension`), although it would
 * run: `claims.groups.map(…)` must be written `dyn(claims.groups).map(…)`. What is inside a claim has no type, and is good.
 * @returns why the expression is refused; undefined when it is not
 */
export function comprehensionOverAny(root: ASTNode): string | undefined {
  for (const node of nodesOf(root)) {
    if (node.op === "rcall" && comprehensions.includes(node.args[0]) && isAny(node.args[1])) {
      return `expression of type 'any' cannot be range of a comprehension (${node.args[0]}); write dyn(…) around it`;
    }
  }
  return undefined;
}

/**
 * Whether an expression is a value inside of a claim or else a bool, which cel-go's checker takes for a bool. A claim itself, of type `any`,
 * stays one.
 */
export function isBoolByDefault(root: ASTNode): boolean {
  return root.op === "rcall" && root.args[0] === "orValue" && !isAny(root) && isBool(root.args[2][0]);
}

/** Asked when cel-js has checked the expression, and left its types at the nodes. */
function isBool(node: unknown): boolean {
  return (node as { readonly checkedType?: { readonly name: string } } | undefined)?.checkedType?.name === "bool";
}

/** A claim itself, also as an optional with a value in its place. */
export function isAny(node: ASTNode): boolean {
  switch (node.op) {
    case ".":
    case "[]":
      return isClaims(node.args[0]);
    case ".?":
    case "[?]":
      return isClaims(node.args[0]);
    case "rcall":
      return (node.args[0] === "orValue" || node.args[0] === "value") && isAny(node.args[1]);
    default:
      return false;
  }
}

function isClaims(node: ASTNode): boolean {
  return node.op === "id" && node.args === "claims";
}
