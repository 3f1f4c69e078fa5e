import { releaseAtomic } from "../../../policies/rules/release-atomic";
import { releases } from "../../../policies/types";
import { describeRule } from "../harness";

describeRule(releaseAtomic, {
  passing: { type: releases[0], props: { chart: "k10", atomic: true, resetValues: true } },
  violations: {
    "a release that may stop half way": { change: { atomic: undefined }, messages: ["atomic: expected true, got nothing"] },
    "values of the release before": { change: { resetValues: false }, messages: ["resetValues: expected true, got false"] },
    "reused values": { change: { reuseValues: true }, messages: ["reuseValues: expected false, got true"] },
  },
});
