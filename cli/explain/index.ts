/**
 * `gatehouse explain`: what a failed update at an identity provider, in the cluster or in Helm needs. The vendors' errors do not
 * name a missing permission. Reads a log and nothing else: it asks no engine and no vendor.
 */
import { InvalidArgumentError } from "commander";
import { failureKinds, textLines, type FailureCause } from "../../model";
import { defineCommand, parsed, textOr } from "../command";
import { readInput } from "../inputs";
import { jsonOption } from "../options";
import { allHaveCause, explainFailures } from "./failures";
import { outputText } from "../outputs";

export const explainCommand = defineCommand({
  name: "explain",
  summary: "Read what a failed `pulumi up` printed; say which permission is missing, or what else to do.",
  arguments: { file: textOr("[file]", "the output of the command; - for standard input", "-") },
  options: { json: jsonOption("explanations"), only: parsed("--only <cause>", "status 1 unless every failure has this cause", causeOf) },
  run: async ({ file, json, only }, io) => {
    const output = await readInput(file, "the output of pulumi up", io);
    const explanations = explainFailures(output);
    if (json) {
      io.stdout(outputText("explanation", { failures: explanations }));
    } else {
      io.stdout(textLines(explanations.map(({ resource, remedy }) => `${resource}: ${remedy}`)));
    }
    if (explanations.length === 0) {
      io.stderr("No failure of an identity provider's resource was found there that could be explained.\n");
    }
    return only === undefined || allHaveCause(output, only) ? "ok" : "refused";
  },
});

function causeOf(given: string): FailureCause["cause"] {
  if (!Object.hasOwn(failureKinds, given)) {
    throw new InvalidArgumentError(`Expected one of ${Object.keys(failureKinds).join(", ")}.`);
  }
  return given as FailureCause["cause"];
}
