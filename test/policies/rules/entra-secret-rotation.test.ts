import { entraSecretRotation } from "../../../policies/rules/entra-secret-rotation";
import { entra } from "../../../policies/types";
import { describeRule } from "../harness";

describeRule(entraSecretRotation, {
  passing: { type: entra.password, props: { rotateWhenChanged: { slot: "a-2026-11" } } },
  alsoPassing: {
    "one resource for each period": {
      resources: [{ type: entra.password, name: "k10-app-secret-2026-09-04", props: { endDate: "2027-03-03T00:00:00Z" } }],
    },
  },
  violations: {
    "a name with a day, and no end": {
      resources: [{ type: entra.password, name: "k10-app-secret-2026-09-04", props: {} }],
      messages: ["rotateWhenChanged: expected a map that changes on schedule, got nothing"],
    },
    "no trigger, on the service principal": {
      resources: [{ type: entra.servicePrincipalPassword, props: {} }],
      messages: ["rotateWhenChanged: expected a map that changes on schedule, got nothing"],
    },
    "no trigger": {
      change: { rotateWhenChanged: undefined },
      messages: ["rotateWhenChanged: expected a map that changes on schedule, got nothing"],
    },
  },
});
