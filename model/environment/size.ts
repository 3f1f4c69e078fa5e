import type { Problem } from "../text/problems";

/** Values (keys, list items, texts) that a description may hold: more than 50 platforms with 100 groups each need. */
const mostValues = 100_000;
/** Mappings and lists inside each other; chart values of vendors need about ten. */
const deepest = 64;
/** Members of one group: each is looked up at every preview. */
export const mostMembers = 5_000;

/** Refuses what no environment is, before anything that takes longer the larger it is; nothing when it can be judged. */
export function sizeProblems(raw: unknown): Problem[] {
  let values = 0;
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value: raw, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next;
    if (depth > deepest) {
      return [{ path: [], expected: `at most ${deepest} mappings and lists inside each other`, received: "more" }];
    }
    if (typeof value === "object" && value !== null) {
      const inner: unknown[] = Object.values(value);
      values += inner.length;
      if (values > mostValues) {
        return [
          {
            path: [],
            expected: `a description of at most ${mostValues} values`,
            received: "more",
            fix: "give some platforms a stack of their own",
          },
        ];
      }
      inner.forEach((item) => open.push({ value: item, depth: depth + 1 }));
    }
  }
  return [];
}
