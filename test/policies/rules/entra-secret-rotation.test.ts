import { entraSecretRotation } from "../../../policies/rules/entra-secret-rotation";
import { entra } from "../../../policies/types";
import { describeRule } from "../harness";

describeRule(entraSecretRotation, {
  passing: { type: entra.password, props: { rotateWhenChanged: { slot: "a-2026-11" } } },
  violations: {
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
