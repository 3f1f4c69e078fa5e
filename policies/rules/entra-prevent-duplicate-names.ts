import { mismatch, resourceRule } from "../rule";
import { entra } from "../types";
import { at, isTrue, unknownValue } from "../value";

export const entraPreventDuplicateNames = resourceRule({
  id: "entra-prevent-duplicate-names",
  candidate: 14,
  title: "Two Entra applications cannot share a display name by accident",
  severity: "low",
  level: "advisory",
  rationale:
    "Entra accepts any number of applications of one name. A second deployment, or an attacker's copy, is then taken for the first in consent pages and reviews.",
  remediation: "Set preventDuplicateNames to true.",
  controls: [],
  unknowns: "An unknown flag is not judged.",
  types: [entra.application],
  settings: {},
  check({ properties }) {
    const prevent = at(properties, "preventDuplicateNames");
    return prevent === unknownValue || isTrue(properties, "preventDuplicateNames")
      ? []
      : [mismatch("preventDuplicateNames", "true", prevent)];
  },
});
