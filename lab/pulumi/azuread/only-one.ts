import { textOf } from "../provider/json";
import type { Properties } from "../provider/values";

/** Exactly one of the arguments must be given. @throws Error naming them */
export function onlyOne(token: string, inputs: Properties, keys: readonly string[]): { key: string; value: string } {
  const given = keys.filter((key) => textOf(inputs[key]));
  const [key = ""] = given;
  if (given.length !== 1) {
    throw new Error(`${token}: expected exactly one of ${keys.join(", ")}, got ${given.length === 0 ? "none" : given.join(" and ")}`);
  }
  return { key, value: textOf(inputs[key]) ?? "" };
}
