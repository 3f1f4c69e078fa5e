import type { ASTNode } from "@marcbachmann/cel-js";

/** Every node of an expression. */
export function* nodesOf(root: ASTNode): Generator<ASTNode> {
  const open: unknown[] = [root];
  while (open.length > 0) {
    const next = open.pop();
    if (Array.isArray(next)) {
      open.push(...(next as unknown[]));
    } else if (typeof next === "object" && next !== null && "op" in next && "args" in next) {
      yield next as ASTNode;
      open.push(next.args);
    }
  }
}
