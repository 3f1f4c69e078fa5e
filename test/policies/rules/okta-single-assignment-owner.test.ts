import { oktaSingleAssignmentOwner } from "../../../policies/rules/okta-single-assignment-owner";
import { okta } from "../../../policies/types";
import { describeRule, unknown } from "../harness";

const whole = { type: okta.groupAssignments, name: "all", props: { appId: "0oa1" } };
const one = { type: okta.groupAssignment, name: "one", props: { appId: "0oa1" } };

describeRule(oktaSingleAssignmentOwner, {
  passing: [whole, { type: okta.groupAssignment, name: "other", props: { appId: "0oa2" } }],
  alsoPassing: {
    "several single assignments": { resources: [one, { ...one, name: "two" }] },
    "assignments of applications that are not known": {
      resources: [
        { ...whole, props: { appId: unknown } },
        { ...one, props: { appId: unknown } },
      ],
    },
  },
  violations: {
    "one by the resource, one by the text": {
      resources: [{ type: okta.app, name: "app", props: { clientId: "0oa1" } }, { ...whole, from: { appId: ["app"] } }, one],
      messages: ['appId: expected all to be the only owner of the application\'s group assignments, got also ["one"]'],
    },
    "both kinds": {
      resources: [whole, one, { ...one, name: "another" }],
      messages: ['appId: expected all to be the only owner of the application\'s group assignments, got also ["another","one"]'],
    },
    "two owners of everything": {
      resources: [whole, { ...whole, name: "twice" }],
      messages: [
        'appId: expected all to be the only owner of the application\'s group assignments, got also ["twice"] (AppGroupAssignments twice)',
      ],
    },
    "both kinds, before the application exists": {
      resources: [
        { type: okta.groupAssignment, name: "app", props: {} },
        { ...whole, props: { appId: unknown }, from: { appId: ["app"] } },
        { ...one, props: { appId: unknown }, from: { appId: ["app"] } },
      ],
      messages: ['appId: expected all to be the only owner of the application\'s group assignments, got also ["one"]'],
    },
  },
});
