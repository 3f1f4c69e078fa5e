import type { ASTNode } from "@marcbachmann/cel-js";
import { internals, nodesOf } from "./nodes";
import { Undecided } from "./undecided";

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
