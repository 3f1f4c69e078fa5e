import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { Document, parse, type Node } from "yaml";
import { changed, StackFileEditError } from "../../cli/yaml-edit";

const today = "2026-11-23";

describe("changes in place", () => {
  test.each<[string, string, number[], string]>([
    ["lines", "a:\n  - x # one\n  # between\n  - y\n  - z\n", [0, 2], "a:\n  # between\n  - y\n"],
    ["the last of them, without a line end", "a:\n  - x\n  - y", [1], "a:\n  - x\n"],
    ["all of them", "a:\n  - x\n  - y # last\nb: 1\n", [0, 1], "a:\n    [] # last\nb: 1\n"],
    ["all of a list as deep as its key", "a:\n- x\nb: 1\n", [0], "a:\n  []\nb: 1\n"],
    ["one in a line", "a: [x, y, z]\n", [1], "a: [x, z]\n"],
    ["the last in a line", "a: [x, y, z ]\n", [1, 2], "a: [x ]\n"],
    ["all in a line", "a: [x, y]\n", [0, 1], "a: []\n"],
    ["mappings of several lines", "a:\n  - p: 1\n    q: [1,\n      2]\n  -\n    p: 2\n", [0], "a:\n  -\n    p: 2\n"],
    ["line ends of Windows", "a:\r\n  - x\r\n  - y\r\n", [0], "a:\r\n  - y\r\n"],
  ])("%s are taken out", (_what, before, items, after) => {
    expect(changed(before, [{ kind: "remove", path: ["a"], items }])).toBe(after);
  });

  test("whatever the lists look like, what is taken out and set is, and nothing else changes", () => {
    const items = fc.array(fc.record({ group: fc.constantFrom("a", "b", "c"), role: fc.constantFrom("x", "y") }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(
        items,
        fc.boolean(),
        fc.integer({ min: 1, max: 6 }),
        fc.boolean(),
        fc.infiniteStream(fc.boolean()),
        (list, flow, indent, indentSeq, coin) => {
          const text = (() => {
            const made = new Document<Node>(null);
            made.contents = made.createNode({ top: { access: list, other: 1 } }, { flow });
            return made.toString({ indent, indentSeq });
          })();
          const gone = list.flatMap((_item, position) => (coin.next().value ? [position] : []));
          const kept = list.map((_item, position) => position).filter((position) => !gone.includes(position));
          const edited = changed(text, [
            { kind: "remove", path: ["top", "access"], items: gone },
            ...kept.map((position) => ({ kind: "set" as const, path: ["top", "access", position], key: "reviewed", value: today })),
          ]);
          expect(parse(edited)).toEqual({ top: { access: kept.map((position) => ({ ...list[position], reviewed: today })), other: 1 } });
        },
      ),
    );
  });

  test("an alias is not changed behind the back of its anchor", () => {
    const text = "x: &list [a, b]\ny: *list\n";
    expect(() => changed(text, [{ kind: "remove", path: ["x"], items: [0] }])).toThrow(StackFileEditError);
    expect(() => changed(text, [{ kind: "remove", path: ["y"], items: [0] }])).toThrow(
      "y: expected a list written as YAML, got something else.",
    );
  });

  test("what a merge would take over is not changed behind its back", () => {
    const text = "a:\n  - &one\n    p: 1\n  - <<: *one\n    q: 2\n";
    expect(() => changed(text, [{ kind: "set", path: ["a", 0], key: "until", value: today }])).toThrow("places that can be changed alone");
    expect(changed(text, [{ kind: "set", path: ["a", 1], key: "until", value: today }])).toBe(
      `${text}    until: "${today}"\n`.replace("\n\n", "\n"),
    );
  });

  test("the lab's own stack files keep their text", () => {
    const text = readFileSync(join(__dirname, "../../stacks/Pulumi.lab-k10-okta.yaml"), "utf8");
    const edited = changed(text, [
      { kind: "set", path: ["config", "gatehouse:platforms", "k10", "access", 2], key: "reviewed", value: today },
    ]);
    expect(edited).toBe(text.replace("until: 2027-03-31 }", 'until: 2027-03-31, reviewed: "2026-11-23" }'));
  });
});
