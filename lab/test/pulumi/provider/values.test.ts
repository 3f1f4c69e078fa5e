import { containsUnknown, decodeProperties, encodeProperties, equal, UNKNOWN, type Value } from "../../../pulumi/provider/values";

// The signatures and the unknown constant, as pulumi/pulumi sdk/nodejs/runtime/rpc.ts has them.
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

test("secrets and outputs are unwrapped, unknowns recognised, at any depth", () => {
  const wire = {
    plain: "a",
    secret: { [SIGNATURE]: SECRET, value: "s" },
    output: { [SIGNATURE]: OUTPUT, value: { [SIGNATURE]: SECRET, value: 1 } },
    pending: { [SIGNATURE]: OUTPUT, dependencies: [] },
    nested: { list: [UNKNOWN_TEXT, { [SIGNATURE]: SECRET, value: true }] },
  };
  expect(decodeProperties(wire)).toEqual({ plain: "a", secret: "s", output: 1, pending: UNKNOWN, nested: { list: [UNKNOWN, true] } });
});

test("an asset is refused with its path", () => {
  expect(() => decodeProperties({ chart: { files: [{ [SIGNATURE]: ASSET, text: "x" }] } })).toThrow("chart.files[0]: assets");
});

test("nulls are left out, unknowns and secrets marked", () => {
  const wire = encodeProperties({ a: null, b: UNKNOWN, c: "s", d: { e: [UNKNOWN, null] } }, new Set(["c"]));
  expect(wire).toEqual({ b: UNKNOWN_TEXT, c: { [SIGNATURE]: SECRET, value: "s" }, d: { e: [UNKNOWN_TEXT, null] } });
});

test.each<[Value, Value, boolean]>([
  [{ a: 1, b: null }, { a: 1 }, true],
  [{ a: [1, 2] }, { a: [2, 1] }, false],
  [UNKNOWN, UNKNOWN, false],
  ["1", 1, false],
])("equal(%p, %p) is %p", (left, right, expected) => {
  expect(equal(left, right)).toBe(expected);
});

test("an unknown deep inside is found", () => {
  expect(containsUnknown({ a: [{ b: UNKNOWN }] })).toBe(true);
  expect(containsUnknown({ a: [{ b: "known" }] })).toBe(false);
});
