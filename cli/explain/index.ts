import { Command } from "commander";
import { printable, stableJson } from "../../model";
import type { ExitName } from "../exit-codes";
import { readInput } from "../inputs";
import type { Io } from "../io";
import { explainFailures } from "./failures";

/** `gatehouse explain`: what a failed update at an identity provider needs. The vendors' errors do not name a missing permission. */
export function explainCommand(io: Io, end: (name: ExitName) => void): Command {
  return new Command("explain")
    .description("Read what a failed `pulumi up` printed; say which permission is missing, or what else to do.")
    .argument("[file]", "the output of the command; - for standard input", "-")
    .option("--json", "print the explanations as JSON on standard output")
    .action(async (file: string, options: { json?: true }) => {
      const explanations = explainFailures(await readInput(file, "the output of pulumi up", io));
      if (options.json) {
        io.stdout(`${stableJson({ failures: explanations }, 2)}\n`);
      } else {
        explanations.forEach(({ resource, remedy }) => {
          io.stdout(`${printable(`${resource}: ${remedy}`)}\n`);
        });
      }
      if (explanations.length === 0) {
        io.stderr("No failure of an identity provider's resource was found there that could be explained.\n");
      }
      end("ok");
    });
}
