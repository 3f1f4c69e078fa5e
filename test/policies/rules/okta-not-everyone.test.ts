import { oktaNotEveryone } from "../../../policies/rules/okta-not-everyone";
import { okta } from "../../../policies/types";
import { describeRule } from "../harness";

const rule = (expressionValue: string, status = "ACTIVE") => ({
  resources: [{ type: okta.groupRule, props: { expressionValue, status, groupAssignments: ["00gteam"] } }],
});

describeRule(oktaNotEveryone, {
  passing: { type: okta.groupAssignments, props: { appId: "0oa1", groups: [{ id: "00gteam" }, { id: "00gother" }] } },
  settings: { everyoneGroupIds: ["00geveryone"] },
  alsoPassing: {
    "a group rule that names a department": rule('user.department == "Backup" && user.status == "ACTIVE"'),
    "a group rule that names groups": rule('isMemberOfGroupName("Storage Team") || String.stringContains(user.title, "Backup")'),
    "a group rule that is off": rule("true", "INACTIVE"),
    "an application that is assigned": { resources: [{ type: okta.app, props: { implicitAssignment: false } }] },
  },
  violations: {
    "a group rule over the group of everybody, by its ID": {
      ...rule('isMemberOfAnyGroup("00gteam", "00geveryone")'),
      messages: ['expressionValue: expected a group of the platform, got "00geveryone"'],
    },
    ...Object.fromEntries(
      [
        "true",
        "user.login != null",
        'user.status == "ACTIVE"',
        'isMemberOfGroupName("Everyone")',
        'user.department == "Backup" || true',
        'user.title != ""',
      ].map((condition) => [
        `a group rule for everybody: ${condition}`,
        {
          ...rule(condition),
          messages: [
            `expressionValue: expected a condition that names people or groups by a value in each part, got ${JSON.stringify(condition)}`,
          ],
        },
      ]),
    ),
    "an application for everybody": {
      resources: [{ type: okta.app, props: { implicitAssignment: true } }],
      messages: ["implicitAssignment: expected false, got true"],
    },
    "everybody among the groups": {
      change: { "groups > 1 > id": "00geveryone" },
      messages: ['groups[1].id: expected a group of the platform, got "00geveryone"'],
    },
    "everybody, singly": {
      resources: [{ type: okta.groupAssignment, props: { appId: "0oa1", groupId: "00geveryone" } }],
      messages: ['groupId: expected a group of the platform, got "00geveryone"'],
    },
  },
});
