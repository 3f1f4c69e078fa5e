/** `--fail-on`: the kinds of change that end a command with a status of its own. */
import { InvalidArgumentError } from "commander";
import { findingKinds, type AccessChange, type FindingKind } from "../reports";
import { parsedOr } from "./command";

export const failOnOption = parsedOr<readonly FindingKind[]>(
  "--fail-on <kinds>",
  `end with a status of its own when the change holds one of these (${Object.keys(findingKinds).join(", ")})`,
  kindsOf,
  [],
  "none",
);

/** The kinds among those that are wanted which a change holds, each once. */
export function failedKinds(change: AccessChange, wanted: readonly FindingKind[]): FindingKind[] {
  return [...new Set(wanted)].filter((kind) => change.findings.some((finding) => finding.kind === kind));
}

function kindsOf(list: string): FindingKind[] {
  const known = Object.keys(findingKinds) as FindingKind[];
  return list.split(",").map((word) => {
    const kind = known.find((candidate) => candidate === word.trim());
    if (kind === undefined) {
      throw new InvalidArgumentError(`Expected a list of ${known.join(", ")}; got '${word.trim()}'.`);
    }
    return kind;
  });
}
