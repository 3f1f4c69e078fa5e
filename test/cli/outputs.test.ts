import { outputs, type OutputName } from "../../cli/output-schemas";
import { outputText, versionOf } from "../../cli/outputs";
import { stableJson } from "../../model";
import { outputSchema } from "../../scripts/output-schema";
import { holdToSchema, validatorOf } from "./output-schemas";

const names = Object.keys(outputs) as OutputName[];

test.each(names)("%s: its published schema asks for its version, and refuses a field that it does not name", (name) => {
  const validate = validatorOf(name);
  expect(stableJson(outputSchema(name))).toContain(`"${versionOf(name)}"`);
  expect(validate({})).toBe(false);
  expect(validate({ version: versionOf(name), somethingElse: 1 })).toBe(false);
});

test("what is not the schema's is a fault of every test that runs the command", () => {
  const init = { folder: ".", made: [], kept: [] };
  const argv = ["init", "--format", "json"];
  expect(() => holdToSchema(argv, outputText("init", init))).not.toThrow();
  expect(() => holdToSchema(argv, outputText("init", { ...init, made: [1] }))).toThrow(
    "init is not what its schema says: data/made/0 must be string",
  );
  expect(() => holdToSchema(argv, JSON.stringify(init))).toThrow("expected a JSON output with a version of cli/outputs.ts, got undefined");
});
