import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { functions, typeNames } from "../../../verifier/api-server/cel/checker/declarations";
import { goIn, kubernetesModule } from "../go";
import type { ParityOptions } from "../part";

/** What cel-go declares for its own use, under other names. */
const internal = ["__not_strictly_false__", "_in_", "in"];

/** Whether the verifier's declarations are those of the Kubernetes that is built here (declarations.go). */
export function declarationsAgree({ folder, say }: ParityOptions): { agreed: number; of: number } {
  const work = join(folder, "declarations");
  mkdirSync(work, { recursive: true });
  for (const name of ["go.mod", "go.sum"]) {
    copyFileSync(join(kubernetesModule, name), join(work, name));
  }
  copyFileSync(join(__dirname, "declarations.go"), join(work, "main.go"));
  const theirs = JSON.parse(goIn(work, ["run", "-mod=mod", "."])) as Record<"functions" | "typeNames", Record<string, string | undefined>>;
  const ours: typeof theirs = { functions, typeNames };
  const names = [...new Set([...Object.keys(theirs.functions), ...Object.keys(functions)])].filter((name) => !internal.includes(name));
  const pairs = [
    ...names.map((name) => [name, theirs.functions[name], ours.functions[name]] as const),
    ...Object.keys(theirs.typeNames).map((name) => [name, theirs.typeNames[name], ours.typeNames[name]] as const),
  ];
  const differing = pairs.filter(([, left, right]) => left !== right);
  for (const [name, left, right] of differing) {
    say(`DISAGREE cel: declaration of ${name}\n  API server: ${left ?? "none"}\n  verifier:   ${right ?? "none"}`);
  }
  return { agreed: pairs.length - differing.length, of: pairs.length };
}
