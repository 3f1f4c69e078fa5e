import { mismatch, resourceRule, type Finding } from "../rule";
import { entra } from "../types";
import { at, isTrue, items, unknownValue } from "../value";

export const entraGroupSecurity = resourceRule({
  id: "entra-group-security",
  candidate: 15,
  title: "A group that grants access is a security group with owners",
  severity: "medium",
  level: "advisory",
  rationale:
    "A group that is not security-enabled never appears in a groups claim. A mail-enabled one can often be joined from a mailbox, which turns a mailing list into an access list.",
  remediation: "Set securityEnabled and preventDuplicateNames to true, leave mailEnabled false, and declare owners.",
  controls: [],
  unknowns: "Unknown flags and an unknown owners list are not judged.",
  types: [entra.group, entra.groupWithoutMembers],
  settings: {},
  check({ properties }) {
    const findings: Finding[] = [];
    for (const flag of ["securityEnabled", "preventDuplicateNames"]) {
      const value = at(properties, flag);
      if (value !== unknownValue && !isTrue(properties, flag)) {
        findings.push(mismatch(flag, "true", value));
      }
    }
    if (isTrue(properties, "mailEnabled")) {
      findings.push(mismatch("mailEnabled", "false", true));
    }
    if (at(properties, "owners") !== unknownValue && items(properties, "owners").length === 0) {
      findings.push(mismatch("owners", "at least one entry", 0));
    }
    return findings;
  },
});
