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
    "implicitAssignment, or the built-in Everyone group, lets each person of the organisation sign in, contractors and service accounts included.",
  remediation: "Assign the platform's groups only.",
  controls: ["microsoft-least-privilege"],
  unknowns:
    "Group IDs are opaque: list your organisation's Everyone group in `everyoneGroupIds` to have assignments judged. IDs that are unknown at preview belong to groups that the stack makes, which are never Everyone.",
  types: [okta.app, okta.groupAssignment, okta.groupAssignments],
  settings: {
    everyoneGroupIds: {
      default: [] as string[],
      schema: { type: "array", items: { type: "string" }, description: "IDs (00g…) of groups that hold everybody." },
    },
  },
  check({ properties }, { everyoneGroupIds }) {
    const findings: Finding[] = [];
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
