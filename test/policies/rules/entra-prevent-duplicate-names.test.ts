import { entraPreventDuplicateNames } from "../../../policies/rules/entra-prevent-duplicate-names";
import { entra } from "../../../policies/types";
import { describeRule } from "../harness";

describeRule(entraPreventDuplicateNames, {
  passing: { type: entra.application, props: { preventDuplicateNames: true } },
  violations: {
    "the default": { change: { preventDuplicateNames: undefined }, messages: ["preventDuplicateNames: expected true, got nothing"] },
    "duplicates allowed": { change: { preventDuplicateNames: false }, messages: ["preventDuplicateNames: expected true, got false"] },
  },
});
