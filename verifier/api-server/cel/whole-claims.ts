import type { ASTNode } from "@marcbachmann/cel-js";
import { internals } from "./nodes";
import { Undecided } from "./undecided";

/** The variable that stands for the values of the claims. */
export const valuesOfClaims = "valuesOfClaims";

const quantifiers = ["all", "exists", "exists_one", "existsOne"];
const lists = ["map", "filter", "transformList", "transformMap", "transformMapEntry"];

/**
 * What may be done with the claims as a whole, where an expression names them and no claim: a Go type of its own stands there
 * (k8s.io/apiserver v0.36.3, pkg/cel/lazy), that can be selected from and run over by its values, and nothing else. Their types are those
 * of the names all the same, so this is done after the check.
 * @throws Undecided where the order of claims, by chance there, decides
 */
export function asWholeClaims(root: ASTNode): void {
  visit(root, undefined);
}

function visit(node: ASTNode, parent: ASTNode | undefined): void {
  if (parent !== undefined && isWhole(node)) {
    use(node, parent);
    return;
  }
  for (const child of childrenOf(node)) {
    visit(child, node);
  }
}

function use(node: ASTNode, parent: ASTNode): void {
  const [first, second] = Array.isArray(parent.args) ? (parent.args as readonly unknown[]) : [];
  if ([".", ".?", "[]", "[?]"].includes(parent.op) && first === node) {
    return;
  }
  if ((parent.op === "in" && second === node) || (isCall(parent) && first === "size")) {
    internals(identifier(node)).setMeta("evaluate", () => {
      throw new Error("no such overload");
    });
    return;
  }
  const args = parent.op === "rcall" ? parent.args[2] : [];
  if (parent.op === "rcall" && parent.args[1] === node && quantifiers.includes(parent.args[0]) && args.length === 2) {
    identifier(node).args = valuesOfClaims;
    return;
  }
  const what =
    parent.op === "rcall" && [...quantifiers, ...lists].includes(parent.args[0])
      ? "a list made from all claims, or a pair of variables over them, whose order is by chance,"
      : "the claims as a whole";
  throw new Undecided(what);
}

/** `claims`, or `dyn(claims)`. */
function isWhole(node: ASTNode): boolean {
  return (
    (node.op === "id" && node.args === "claims") ||
    (node.op === "call" && node.args[0] === "dyn" && node.args[1].some((arg) => isWhole(arg)))
  );
}

/** The name itself: inside of `dyn(claims)` too. */
function identifier(node: ASTNode): { args: string } & ASTNode {
  const [inner] = node.op === "call" ? node.args[1] : [];
  return inner === undefined ? (node as { args: string } & ASTNode) : identifier(inner);
}

function isCall(node: ASTNode): boolean {
  return node.op === "call" || node.op === "rcall";
}

function childrenOf({ args }: ASTNode): ASTNode[] {
  return (Array.isArray(args) ? (args as unknown[]).flat(2) : [args]).filter(
    (each): each is ASTNode => typeof each === "object" && each !== null && "op" in each,
  );
}
