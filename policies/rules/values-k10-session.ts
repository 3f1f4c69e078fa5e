import { isKasten, releaseOf } from "../reading/helm";
import { goDurationHours } from "../reading/time";
import { mismatch, resourceRule, type Finding } from "../rule";
import { releases } from "../types";
import { at, isTrue, text } from "../value";

export const valuesK10Session = resourceRule({
  id: "values-k10-session",
  candidate: 34,
  title: "K10 sessions are short, renewed openly, and kept in secure cookies",
  severity: "medium",
  level: "advisory",
  rationale:
    "A person who is removed from a group keeps K10 until the session ends: groups are read at sign-in only. Cookies without the Secure flag travel over plain http.",
  remediation: "Set auth.oidcAuth.sessionDuration within the limit, write refreshTokenSupport out, and leave auth.secureCookies on.",
  controls: [],
  unknowns: "Unknown values are judged at the update.",
  types: releases,
  settings: {
    sessionHours: { default: 12, schema: { type: "number", minimum: 0.25, description: "Longest session, in hours." } },
  },
  check(resource, { sessionHours }) {
    const release = releaseOf(resource);
    const oidc = at(release.values, "auth", "oidcAuth");
    if (!isKasten(release) || !isTrue(oidc, "enabled")) {
      return [];
    }
    const findings: Finding[] = [];
    const duration = text(oidc, "sessionDuration");
    const hours = duration === undefined ? undefined : goDurationHours(duration);
    if (duration !== undefined && (hours === undefined || hours > sessionHours)) {
      findings.push(mismatch("values.auth.oidcAuth.sessionDuration", `a duration of at most ${sessionHours}h`, duration));
    }
    if (duration !== undefined && at(oidc, "refreshTokenSupport") === undefined) {
      findings.push(mismatch("values.auth.oidcAuth.refreshTokenSupport", "true or false, written out", undefined));
    }
    if (at(release.values, "auth", "secureCookies") === false) {
      findings.push(mismatch("values.auth.secureCookies", "true", false));
    }
    return findings;
  },
});
