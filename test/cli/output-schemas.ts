import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv, { type ValidateFunction } from "ajv";
import { outputs, type OutputName } from "../../cli/output-schemas";
import { versionOf } from "../../cli/outputs";

const ajv = new Ajv({ strict: false });
const compiled = new Map<string, ValidateFunction>();
const names = Object.keys(outputs) as OutputName[];

/** Outputs that other parts of the product version themselves. */
const others = ["gatehouse.dev/environment/v1", "gatehouse.dev/evidence/v1"];

export function validatorOf(name: OutputName): ValidateFunction {
  const present = compiled.get(name);
  if (present !== undefined) {
    return present;
  }
  const schema = JSON.parse(readFileSync(join(__dirname, `../../schemas/outputs/${name}.schema.json`), "utf8")) as object;
  const made = ajv.compile(schema);
  compiled.set(name, made);
  return made;
}

/** Names of the outputs that were held to their schema so far. */
const held = new Set<OutputName>();

/**
 * Holds what a command printed to the published schema of its version. Every test that runs the command goes through here.
 * @throws Error for JSON without a known version, or that its schema refuses
 */
export function holdToSchema(argv: readonly string[], stdout: string): void {
  const asked = argv.some(
    (word, index) => word === "--json" || word === "--format=json" || (word === "--format" && argv[index + 1] === "json"),
  );
  if (!asked || !stdout.startsWith("{")) {
    return;
  }
  const value = JSON.parse(stdout) as { version?: unknown };
  if (others.includes(String(value.version))) {
    return;
  }
  const name = names.find((one) => versionOf(one) === value.version);
  if (name === undefined) {
    throw new Error(`${argv.join(" ")}: expected a JSON output with a version of cli/outputs.ts, got ${JSON.stringify(value.version)}`);
  }
  const validate = validatorOf(name);
  if (!validate(value)) {
    throw new Error(`${argv.join(" ")}: ${name} is not what its schema says: ${ajv.errorsText(validate.errors)}`);
  }
  held.add(name);
}
