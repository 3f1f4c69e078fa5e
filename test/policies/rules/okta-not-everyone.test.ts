import { oktaNotEveryone } from "../../../policies/rules/okta-not-everyone";
import { okta } from "../../../policies/types";
import { describeRule } from "../harness";

describeRule(oktaNotEveryone, {
  passing: { type: okta.groupAssignments, props: { appId: "0oa1", groups: [{ id: "00gteam" }, { id: "00gother" }] } },
  settings: { everyoneGroupIds: ["00geveryone"] },
  alsoPassing: { "an application that is assigned": { resources: [{ type: okta.app, props: { implicitAssignment: false } }] } },
  violations: {
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
