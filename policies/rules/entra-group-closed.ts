import { holdsEverybody } from "../reading/membership";
import { mismatch, resourceRule, type Finding } from "../rule";
import { entra } from "../types";
import { at, isTrue, text, texts } from "../value";

export const entraGroupClosed = resourceRule({
  id: "entra-group-closed",
  title: "Nobody enters an Entra group without a decision about that person",
  severity: "high",
  level: "mandatory",
  rationale:
    "A membership rule such as user.accountEnabled -eq true fills a group with everybody, guests included, and one that only excludes does so nearly. A Microsoft 365 group whose visibility is Public is joined by whoever wants to.",
  remediation: "Name people or their attributes in each alternative of the membership rule, and make Microsoft 365 groups Private.",
  controls: ["microsoft-least-privilege"],
  unknowns:
    "A rule is asked of somebody whom no word of it names; one that cannot be read counts as everybody. Who may write the attribute that it reads, and how many people have it, is not seen.",
  types: [entra.group, entra.groupWithoutMembers],
  settings: {},
  check({ properties }) {
    const findings: Finding[] = [];
    const rule = text(properties, "dynamicMembership", "rule");
    // Without the flag the rule rests.
    if (rule !== undefined && isTrue(properties, "dynamicMembership", "enabled") && holdsEverybody(rule)) {
      findings.push(mismatch("dynamicMembership.rule", "a rule that names people or their attributes in each alternative", rule));
    }
    if (texts(properties, "types").includes("Unified") && text(properties, "visibility")?.toLowerCase() === "public") {
      findings.push(mismatch("visibility", "Private (anybody may join a public group)", at(properties, "visibility")));
    }
    return findings;
  },
});
