import { mismatch, resourceRule, type Finding } from "../rule";
import { at, isTrue, unknownValue } from "../value";

export const releaseAtomic = resourceRule({
  id: "release-atomic",
  candidate: 37,
  title: "A Helm release is upgraded whole or not at all, from the declared values only",
  severity: "low",
  level: "advisory",
  rationale:
    "Without atomic, a failed upgrade leaves half of an authentication change in place. With reuseValues, an inline secret or an old switch of an earlier revision lives on under new values.",
  remediation: "Set atomic and resetValues to true, and leave reuseValues off.",
  controls: [],
  unknowns: "Unknown flags are not judged.",
  types: ["kubernetes:helm.sh/v3:Release"],
  settings: {},
  check({ properties }) {
    const findings: Finding[] = [];
    for (const flag of ["atomic", "resetValues"]) {
      const value = at(properties, flag);
      if (value !== unknownValue && !isTrue(properties, flag)) {
        findings.push(mismatch(flag, "true", value));
      }
    }
    if (isTrue(properties, "reuseValues")) {
      findings.push(mismatch("reuseValues", "false", true));
    }
    return findings;
  },
});
