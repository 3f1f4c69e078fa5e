import { releaseVersionPinned } from "../../../policies/rules/release-version-pinned";
import { releases } from "../../../policies/types";
import { describeRule } from "../harness";

describeRule(releaseVersionPinned, {
  passing: { type: releases[0], props: { chart: "k10", version: "8.0.15" } },
  alsoPassing: {
    "a pre-release": { change: { version: "8.0.15-rc.1+build" } },
    "a chart in a folder": { change: { chart: "./charts/k10", version: undefined } },
    "a chart in a file": { change: { chart: "k10-8.0.15.tgz", version: undefined } },
  },
  violations: {
    "no version": { change: { version: undefined }, messages: ["version: expected one exact version, got nothing"] },
    "a range": { change: { version: "^8.0.0" }, messages: ['version: expected one exact version, got "^8.0.0"'] },
    "half a version": { change: { version: "8.0" }, messages: ['version: expected one exact version, got "8.0"'] },
  },
});
