import fc from "fast-check";
import { InvalidRulesError } from "../../../verifier";
import { Cel } from "../../../verifier/api-server/cel";
import { parseGoJson, type JsonObject } from "../../../verifier/go";
import { anyCharacter, damaged, endsWell, runs } from "./any-input";
import { expression } from "./cel-expressions";

const celStrange = [
  "'",
  '"""',
  "\\",
  "\\u",
  "\\U00110000",
  "{",
  ")",
  "?",
  "..",
  "//",
  "\n",
  "r'",
  "b'",
  "0x",
  "1e",
  "`",
  "in ",
  "?.",
  "\ud800",
];

describe("an expression of CEL", () => {
  const person = { username: "u", uid: "1", groups: ["a", "b"], extra: { "example.com/k": ["v"] } };
  const held = parseGoJson(
    Buffer.from(
      '{"sub":"u","groups":["a","b"],"a":{"b":1.5,"c":null},"__proto__":{"x":1},"n":1e300,"deep":[[[[]]]],"t":"aaaaaaaaaaaaaaaaaaaaaaaaaaaa!"}',
    ),
  ) as JsonObject;

  async function compiledAndEvaluated(text: string): Promise<void> {
    const cel = await Cel.load();
    for (const variable of ["claims", "user"] as const) {
      await endsWell(() => {
        if (cel.problem(text, variable, false) === undefined) {
          return variable === "claims" ? cel.overClaims(text, held) : cel.overUser(text, person);
        }
        return undefined;
      }, InvalidRulesError);
    }
  }

  test("of every function over everything compiles or not, and has a value or none", async () => {
    await fc.assert(fc.asyncProperty(expression, compiledAndEvaluated), { ...runs, numRuns: 600 });
  });

  test("damaged, or of any characters", async () => {
    const text = fc.oneof(damaged(expression, celStrange), fc.string({ unit: anyCharacter, maxLength: 60 }));
    await fc.assert(fc.asyncProperty(text, compiledAndEvaluated), { ...runs, numRuns: 200 });
  });

  test.each<[string, string]>([
    ["brackets", `${"(".repeat(20_000)}1${")".repeat(20_000)}`],
    ["lists", `${"[".repeat(20_000)}${"]".repeat(20_000)}`],
    ["negations", `${"!".repeat(20_000)}true`],
    ["minus signs", `${"- ".repeat(20_000)}1`],
    ["members", `claims${".a".repeat(20_000)}`],
    ["sums", `1${" + 1".repeat(20_000)}`],
    ["conditions", `${"true ? 1 : ".repeat(20_000)}1`],
    ["calls", `${"size(".repeat(20_000)}'a'${")".repeat(20_000)}`],
    ["blanks", `1${" ".repeat(200_000)}`],
    ["line comments", `1 ${"//\n".repeat(50_000)}`],
    ["backslashes", `'${"\\\\".repeat(50_000)}'`],
    ["quotes that never end", `'${"a".repeat(200_000)}`],
    ["comprehensions", `${"[1].map(x, ".repeat(12)}1${")".repeat(12)}`],
    ["a pattern that explodes elsewhere", `'${"a".repeat(5_000)}!'.matches('(a+)+$')`],
    ["a pattern that nests", `'a'.matches('${"(".repeat(5_000)}${")".repeat(5_000)}')`],
    ["a pattern that repeats itself", "'a'.matches('((a{0,1000}){0,1000}){0,1000}')"],
    ["a width of many places", "'%.999999999f'.format([1.0])"],
  ])("of very many %s", async (_, text) => {
    await compiledAndEvaluated(text);
  });
});
