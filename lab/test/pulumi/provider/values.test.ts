import { containsUnknown, decodeProperties, encodeProperties, equal, unknownValue, type Value } from "../../../pulumi/provider/values";

// The signatures and the unknown constant, as pulumi/pulumi sdk/nodejs/runtime/rpc.ts has them.
const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const output = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const assetSignature = "c44067f5952c0a294b673a41bacd8c17";
const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

test("secrets and outputs are unwrapped, unknowns recognised, at any depth", () => {
  const wire = {
    plain: "a",
    secret: { [signature]: secretSignature, value: "s" },
    output: { [signature]: output, value: { [signature]: secretSignature, value: 1 } },
    pending: { [signature]: output, dependencies: [] },
    nested: { list: [unknownText, { [signature]: secretSignature, value: true }] },
  };
  expect(decodeProperties(wire)).toEqual({
    plain: "a",
    secret: "s",
    output: 1,
    pending: unknownValue,
    nested: { list: [unknownValue, true] },
  });
});

test("an asset is refused with its path", () => {
  expect(() => decodeProperties({ chart: { files: [{ [signature]: assetSignature, text: "x" }] } })).toThrow("chart.files[0]: assets");
});

test("nulls are left out, unknowns and secrets marked", () => {
  const wire = encodeProperties({ a: null, b: unknownValue, c: "s", d: { e: [unknownValue, null] } }, new Set(["c"]));
  expect(wire).toEqual({ b: unknownText, c: { [signature]: secretSignature, value: "s" }, d: { e: [unknownText, null] } });
});

test.each<[Value, Value, boolean]>([
  [{ a: 1, b: null }, { a: 1 }, true],
  [{ a: [1, 2] }, { a: [2, 1] }, false],
  [unknownValue, unknownValue, false],
  ["1", 1, false],
])("equal(%j, %j) is %j", (left, right, expected) => {
  expect(equal(left, right)).toBe(expected);
});

test("an unknown deep inside is found", () => {
  expect(containsUnknown({ a: [{ b: unknownValue }] })).toBe(true);
  expect(containsUnknown({ a: [{ b: "known" }] })).toBe(false);
});
