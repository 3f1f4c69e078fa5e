import { entraTokenV2 } from "../../../policies/rules/entra-token-v2";
import { entra } from "../../../policies/types";
import { describeRule } from "../harness";

describeRule(entraTokenV2, {
  passing: { type: entra.application, props: { api: { requestedAccessTokenVersion: 2 } } },
  violations: {
    "the provider's default": { change: { api: undefined }, messages: ["api.requestedAccessTokenVersion: expected 2, got nothing"] },
    "version 1 on a registration": {
      resources: [{ type: entra.registration, props: { requestedAccessTokenVersion: 1 } }],
      messages: ["requestedAccessTokenVersion: expected 2, got 1"],
    },
  },
});
