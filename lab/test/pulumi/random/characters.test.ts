import { compare } from "bcryptjs";
import { randomCharacters, type CharacterRules } from "../../../pulumi/random/characters";
import { textOf } from "../../../pulumi/provider/json";
import { resources } from "../../../pulumi/random/resources";

const rules: CharacterRules = {
  length: 12,
  lower: true,
  upper: true,
  numeric: true,
  special: true,
  minLower: 0,
  minUpper: 0,
  minNumeric: 0,
  minSpecial: 0,
  overrideSpecial: "",
};

test("the least counts of each class are kept, and no class that is off occurs", () => {
  for (let round = 0; round < 50; round++) {
    const drawn = randomCharacters({ ...rules, special: false, minNumeric: 5, minUpper: 3 });
    expect(drawn).toHaveLength(12);
    expect(drawn.match(/[0-9]/g)?.length).toBeGreaterThanOrEqual(5);
    expect(drawn.match(/[A-Z]/g)?.length).toBeGreaterThanOrEqual(3);
    expect(drawn).toMatch(/^[0-9A-Za-z]*$/);
  }
});

test("given special characters replace the usual ones", () => {
  expect(randomCharacters({ ...rules, lower: false, upper: false, numeric: false, overrideSpecial: "_" })).toBe("_".repeat(12));
});

test("the least counts must fit the length, and some class must be on", () => {
  expect(() => randomCharacters({ ...rules, minLower: 10, minUpper: 3 })).toThrow(
    "length: expected at least 13, the sum of the minimum counts, got 12",
  );
  expect(() => randomCharacters({ ...rules, lower: false, upper: false, numeric: false, special: false })).toThrow(
    "expected at least one of lower",
  );
});

test("a password is secret, is not its id, and has a true bcrypt hash", async () => {
  const password = resources["random:index/randomPassword:RandomPassword"];
  const { id, state: made } = (await password?.create(undefined, { length: 80 }, () => undefined)) ?? { id: "", state: {} };
  const state = { result: textOf(made.result) ?? "", bcryptHash: textOf(made.bcryptHash) ?? "" };
  expect(id).toBe("none");
  expect(state.result).toHaveLength(80);
  await expect(compare(state.result.slice(0, 72), state.bcryptHash)).resolves.toBe(true);
  expect(password?.properties.result?.secret).toBe(true);
});
