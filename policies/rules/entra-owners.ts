import { mismatch, resourceRule } from "../rule";
import { entra } from "../types";
import { at, items, unknownValue } from "../value";

export const entraOwners = resourceRule({
  id: "entra-owners",
  candidate: 11,
  title: "An Entra application has declared owners, few and more than one",
  severity: "medium",
  level: "advisory",
  rationale:
    "An application without declared owners loses its creator as owner at the next update (seen on the wire with provider 3.9.0) and then answers to nobody; with one owner it is lost when that person leaves; each further owner can add a secret of their own.",
  remediation: "Declare at least two owners, the deploying identity among them, and no more than needed.",
  controls: ["microsoft-least-privilege"],
  unknowns:
    "Counts the entries, whether their values are known or not; a wholly unknown list is not judged. Whether the deployer is among them cannot be seen.",
  types: [entra.application],
  settings: {
    minOwners: { default: 2, schema: { type: "integer", minimum: 1, description: "Fewest owners." } },
    maxOwners: { default: 5, schema: { type: "integer", minimum: 1, description: "Most owners." } },
  },
  check({ properties }, { minOwners, maxOwners }) {
    if (at(properties, "owners") === unknownValue) {
      return [];
    }
    const count = items(properties, "owners").length;
    return count >= minOwners && count <= maxOwners ? [] : [mismatch("owners", `${minOwners} to ${maxOwners} entries`, count)];
  },
});
