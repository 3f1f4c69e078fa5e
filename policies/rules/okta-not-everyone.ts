import { holdsEverybody } from "../reading/membership";
import { mismatch, resourceRule, type Finding } from "../rule";
import { okta } from "../types";
import { isTrue, items, text } from "../value";

export const oktaNotEveryone = resourceRule({
  id: "okta-not-everyone",
  candidate: 22,
  title: "An Okta application is not given to everybody",
  severity: "high",
  level: "mandatory",
  rationale:
    "implicitAssignment, or the built-in Everyone group, lets each person of the organisation sign in, contractors and service accounts included. So does a group that a rule fills with everybody, once it is assigned.",
  remediation: "Assign the platform's groups only.",
  controls: ["microsoft-least-privilege"],
  unknowns:
    "Group IDs are opaque: list your organisation's Everyone group in `everyoneGroupIds` to have assignments judged. IDs that are unknown at preview belong to groups that the stack makes, which are never Everyone. A group rule must compare with a text in each of its alternatives; whether people can write the attribute themselves is not seen.",
  types: [okta.app, okta.groupAssignment, okta.groupAssignments, okta.groupRule],
  settings: {
    everyoneGroupIds: {
      default: [] as string[],
      schema: { type: "array", items: { type: "string" }, description: "IDs (00g…) of groups that hold everybody." },
    },
  },
  check({ type, properties }, { everyoneGroupIds }) {
    const findings: Finding[] = [];
    const condition = type === okta.groupRule ? text(properties, "expressionValue") : undefined;
    if (condition !== undefined && text(properties, "status") !== "INACTIVE" && holdsEverybody(condition)) {
      findings.push(mismatch("expressionValue", "a condition that names people or groups by a value in each part", condition));
    }
    const everybody = everyoneGroupIds.find((id) => condition?.includes(id) === true);
    if (everybody !== undefined && findings.length === 0) {
      findings.push(mismatch("expressionValue", "a group of the platform", everybody));
    }
    if (isTrue(properties, "implicitAssignment")) {
      findings.push(mismatch("implicitAssignment", "false", true));
    }
    const assigned = [
      { path: "groupId", id: text(properties, "groupId") },
      ...items(properties, "groups").map((group, index) => ({ path: `groups[${index}].id`, id: text(group, "id") })),
    ];
    for (const { path, id } of assigned) {
      if (id !== undefined && everyoneGroupIds.includes(id)) {
        findings.push(mismatch(path, "a group of the platform", id));
      }
    }
    return findings;
  },
});
