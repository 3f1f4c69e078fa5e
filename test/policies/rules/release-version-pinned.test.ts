import { releaseVersionPinned } from "../../../policies/rules/release-version-pinned";
import { releases } from "../../../policies/types";
import { describeRule } from "../harness";

describeRule(releaseVersionPinned, {
  passing: { type: releases[0], props: { chart: "k10", version: "8.0.15" } },
  alsoPassing: {
    "a repository on this machine": { change: { repositoryOpts: { repo: "http://127.0.0.1:8879" } } },
    "an image by its digest": {
      change: { chart: `oci://registry.example.com/k10@sha256:${"ab".repeat(32)}`, version: undefined },
    },
    "a pre-release": { change: { version: "8.0.15-rc.1+build" } },
    "a chart in a folder": { change: { chart: "./charts/k10", version: undefined } },
    "a chart in a file": { change: { chart: "k10-8.0.15.tgz", version: undefined } },
  },
  violations: {
    "an archive behind an address": {
      change: { chart: "http://charts.example.com/k10-8.0.15.tgz", version: undefined },
      messages: [
        'chart: expected an https address, got "http://charts.example.com/k10-8.0.15.tgz"',
        "version: expected one exact version, got nothing",
      ],
    },
    "an archive behind an https address, which may change": {
      change: { chart: "https://charts.example.com/k10-8.0.15.tgz", version: undefined },
      messages: ["version: expected one exact version, got nothing"],
    },
    "a name that looks like a file, in a repository": {
      change: { chart: "k10.tgz", version: undefined, repositoryOpts: { repo: "https://charts.example.com" } },
      messages: ["version: expected one exact version, got nothing"],
    },
    "an image by its tag": {
      change: { chart: "oci://registry.example.com/k10", version: undefined },
      messages: ["version: expected one exact version, got nothing"],
    },
    "a repository over http": {
      change: { repositoryOpts: { repo: "HTTP://charts.example.com" } },
      messages: ['repositoryOpts.repo: expected an https address, got "HTTP://charts.example.com"'],
    },
    "no version": { change: { version: undefined }, messages: ["version: expected one exact version, got nothing"] },
    "a range": { change: { version: "^8.0.0" }, messages: ['version: expected one exact version, got "^8.0.0"'] },
    "half a version": { change: { version: "8.0" }, messages: ['version: expected one exact version, got "8.0"'] },
  },
});
