/** Chart values that decide about access in ways that nobody here judges: each has to be written out a second time, by its path. */
import { z } from "zod";
import { addProblem } from "../text/problems";
import { chartValue } from "./chart-values";

/** A chart value, and why it is dangerous, in words that follow "expected it left out:". */
export interface DangerousValue {
  readonly path: readonly string[];
  readonly why: string;
}

/** The part of a spec that this is about. */
interface ValuesHolder {
  readonly values: Readonly<Record<string, unknown>>;
  readonly insecureValues: readonly string[];
}

export const insecureValuesField = z
  .array(z.string().min(1))
  .max(50, "at most 50 paths")
  .default([])
  .describe("Chart values that decide about access in ways that nothing here judges, accepted by their paths: `openunison.secrets`.");

/** Refuses dangerous values that were not accepted, and acceptances of what is not there: they would hide what comes later. */
export function checkInsecureValues(spec: ValuesHolder, dangers: readonly DangerousValue[], context: z.core.$RefinementCtx): void {
  for (const { path, why } of dangers) {
    const name = path.join(".");
    if (!spec.insecureValues.some((accepted) => name === accepted || name.startsWith(`${accepted}.`))) {
      addProblem(context, ["values", ...path], {
        expected: `it left out: ${why}`,
        received: "a value",
        fix: `remove it, or acknowledge with insecureValues: ["${name}"]`,
      });
    }
  }
  spec.insecureValues.forEach((accepted, position) => {
    if (!dangers.some(({ path }) => path.join(".") === accepted || path.join(".").startsWith(`${accepted}.`))) {
      addProblem(context, ["insecureValues", position], {
        expected: "the path of a value that is there and needs it",
        received: JSON.stringify(accepted),
        fix: "remove it",
      });
    }
  });
}

/** One sentence a path: a path that is added later is a new risk, which a preview shows. */
export function insecureValuesRisks({ insecureValues }: Pick<ValuesHolder, "insecureValues">): string[] {
  return [...insecureValues].sort().map((path) => `insecureValues: ${path} decides about access, and nothing here judges how.`);
}

/** Keys under which charts take whole manifests: Prometheus' extraManifests, Bitnami's extraDeploy, and their likes. */
const manifestKey = /^(extra|additional|custom|raw)_?-?(k8s)?(manifests?|objects?|resources?|deploy|templates?|list)$/i;

/** Values with which a chart applies manifests of the stack's own: bindings among them would be seen by nobody. */
export function manifestsIn(values: unknown, path: readonly string[] = []): DangerousValue[] {
  if (typeof values === "string") {
    return hasKey(values, "apiVersion") && hasKey(values, "kind") ? [manifest(path)] : [];
  }
  if (typeof values !== "object" || values === null) {
    return [];
  }
  if ("apiVersion" in values && "kind" in values) {
    return [manifest(path)];
  }
  return Object.entries(values).flatMap(([key, value]: [string, unknown]) => {
    const here = [...path, key];
    const empty = value === undefined || value === null || (typeof value === "object" && Object.keys(value).length === 0) || value === "";
    return manifestKey.test(key) && !empty ? [manifest(here)] : manifestsIn(value, here);
  });
}

/** Whether a text, read as YAML or JSON of whatever style, has a key of this name. */
function hasKey(text: string, key: string): boolean {
  return new RegExp(`(?:^|[\\s{,[-])["']?${key}["']?\\s*:`, "m").test(text);
}

function manifest(path: readonly string[]): DangerousValue {
  return { path, why: "the chart would apply manifests of any kind, bindings of roles among them" };
}

/**
 * Values outside of a list of harmless ones, each as high up as it can be named.
 * @param harmless paths that may be written, with all that is below them
 */
export function valuesBeside(values: Readonly<Record<string, unknown>>, harmless: readonly (readonly string[])[]): string[][] {
  const beside = (path: readonly string[]): string[][] => {
    const value = chartValue(values, path);
    if (harmless.some((allowed) => startsWith(path, allowed))) {
      return [];
    }
    const open = harmless.some((allowed) => startsWith(allowed, path)) && typeof value === "object" && value !== null;
    return open ? Object.keys(value).flatMap((key) => beside([...path, key])) : [[...path]];
  };
  return Object.keys(values).flatMap((key) => beside([key]));
}

function startsWith(path: readonly string[], above: readonly string[]): boolean {
  return above.every((key, depth) => path[depth] === key);
}
