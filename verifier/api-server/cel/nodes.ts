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

/** What cel-js has at a node and does not declare: how it is evaluated, what a macro became, the type that the check found. */
export interface NodeInternals {
  readonly checkedType?: NodeType;
  readonly meta: {
    readonly alternate?: { readonly args: { iterable: ASTNode } };
    readonly macro?: {
      readonly args: readonly ASTNode[];
      evaluate: (evaluator: NodeEvaluator, macro: unknown, scope: unknown) => unknown;
      typeCheck: (checker: NodeChecker, macro: unknown, scope: unknown) => unknown;
    };
  };
  setMeta(key: "evaluate", value: (evaluator: NodeEvaluator, node: ASTNode, scope: unknown) => unknown): void;
  setMeta(key: "async", value: boolean): void;
  clone(operator: { name: string; check: unknown; evaluate: unknown }, args: ASTNode): ASTNode;
}
export interface NodeChecker {
  getType(name: string): unknown;
}
export interface NodeType {
  readonly kind: string;
  readonly name: string;
  readonly keyType?: NodeType;
  readonly valueType?: NodeType;
}
export interface NodeEvaluator {
  run(node: ASTNode, scope: unknown): unknown;
}

export function internals(node: ASTNode): NodeInternals {
  return node as unknown as NodeInternals;
}
