/** Platforms that are there already and stay their owner's: the stack makes who may sign in and what they may do, and installs nothing. */
import { z } from "zod";
import { addProblem } from "../text/problems";

/** Of a platform that Gatehouse installs otherwise. */
export const installedField = z
  .boolean()
  .optional()
  .describe(
    "It is installed already, and stays its owner's: the stack makes the client, the groups, the Kubernetes Secret and the bindings, and no Helm release. The values that the owner sets are a file of the environment document (`gatehouse files`).",
  );

/** Of a platform that Gatehouse never installs. */
export const alwaysInstalledField = z
  .literal(true)
  .optional()
  .describe("It is installed already. So it is for this kind in any case; the stack configures its sign-in and who may do what.");

interface WithInstallation {
  readonly installed?: boolean;
  readonly adopted?: boolean;
}

/** Two things at once: taken over, and left to its owner. And a chart of the stack's own, for a release that is none of its. */
export function checkInstalled(
  spec: WithInstallation,
  chartPaths: readonly (readonly (string | number)[])[],
  context: z.core.$RefinementCtx,
): void {
  if (spec.installed !== true) {
    return;
  }
  if (spec.adopted === true) {
    addProblem(context, ["installed"], {
      expected: "one of adopted (the stack has taken the release over) and installed (it stays its owner's)",
      received: "both",
    });
  }
  for (const path of chartPaths) {
    addProblem(context, [...path], {
      expected: "it left out: the stack installs no chart, the release is its owner's",
      received: "a path",
      fix: "write the version alone, the one that is installed",
    });
  }
}
