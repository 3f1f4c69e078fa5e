import { jsonText } from "../model";
import type { OutputName } from "./output-schemas";

export const versionOf = (name: OutputName): string => `gatehouse.dev/${name}/v1`;

/** The output as text, with its version. Readonly lists are lists. */
export function outputText(name: OutputName, content: object): string {
  return jsonText({ version: versionOf(name), ...content });
}
