import { ensureTool, type ToolName } from "../machine/toolchain";
import { findOfficial, writeWrapper } from "./index";

/** Languages of programs besides Node.js'. */
export const otherLanguages = ["go", "python", "yaml"] as const;
export type OtherLanguage = (typeof otherLanguages)[number];

/**
 * Makes sure that programs of a language can be run: by the official host from PATH, else by one that the toolchain builds. YAML's is
 * Pulumi's own module; those of Go and Python are stand-ins, since the modules of the official ones are not served.
 */
export async function ensureLanguageHost(
  language: OtherLanguage,
  options: { readonly path: string; readonly binDirectory: string; readonly report: (line: string) => void },
): Promise<void> {
  const name: ToolName = `pulumi-language-${language}`;
  const official = findOfficial(name, options.path, options.binDirectory);
  const path = official ?? (await ensureTool(name, ({ phase, detail = "" }) => options.report(`${name}: ${phase} ${detail}`))).path;
  options.report(`${name}: ${official === undefined ? "not on PATH, built" : "official"}, ${path}`);
  writeWrapper(name, official === undefined ? "built by the toolchain" : "hands over to the official plugin", [path], options.binDirectory);
}
