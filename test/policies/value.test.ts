import { unknownCheckingProxy } from "@pulumi/policy/proxy";
import { at, hasUnknown, items, leaves, snapshot, text, texts, unknownValue } from "../../policies/value";
import { unknown } from "./harness";

describe("snapshot", () => {
  it("marks what the SDK's proxy refuses to tell, and copies the rest", () => {
    const source = unknownCheckingProxy({ a: 1, b: unknown, c: { d: unknown, e: ["x", unknown, null] }, f: false });
    expect(() => source.b).toThrow("can't be known during preview");
    expect(snapshot(source)).toEqual({ a: 1, b: unknownValue, c: { d: unknownValue, e: ["x", unknownValue, null] }, f: false });
  });

  it("lets other errors through", () => {
    const source = {
      get broken(): string {
        throw new TypeError("broken");
      },
    };
    expect(() => snapshot(source)).toThrow(TypeError);
  });
});

describe("reading a snapshot", () => {
  const value = snapshot(unknownCheckingProxy({ list: ["a", unknown, 3], later: unknown, nothing: null, deep: { flag: true } }));

  it("tells absent from unknown", () => {
    expect(at(value, "absent")).toBeUndefined();
    expect(at(value, "nothing")).toBeUndefined();
    expect(at(value, "later")).toBe(unknownValue);
    expect(at(value, "later", "deeper", 0)).toBe(unknownValue);
    expect(at(value, "deep", "flag")).toBe(true);
    expect(at(value, "deep", "constructor")).toBeUndefined();
  });

  it("reads known texts only", () => {
    expect(text(value, "later")).toBeUndefined();
    expect(texts(value, "list")).toEqual(["a"]);
    expect(items(value, "list")).toEqual(["a", unknownValue, 3]);
    expect(items(value, "later")).toEqual([]);
    expect([hasUnknown(value, "list"), hasUnknown(value, "later"), hasUnknown(value, "deep")]).toEqual([true, true, false]);
  });

  it("walks to every leaf with its path", () => {
    expect([...leaves(value)].map(({ path }) => path)).toEqual(["list[0]", "list[1]", "list[2]", "later", "nothing", "deep.flag"]);
  });
});
