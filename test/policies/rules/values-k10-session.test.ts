import { valuesK10Session } from "../../../policies/rules/values-k10-session";
import { releases } from "../../../policies/types";
import { describeRule } from "../harness";

const oidc = "values > auth > oidcAuth >";

describeRule(valuesK10Session, {
  passing: {
    type: releases[0],
    props: {
      chart: "k10",
      values: { auth: { secureCookies: true, oidcAuth: { enabled: true, sessionDuration: "8h", refreshTokenSupport: false } } },
    },
  },
  alsoPassing: {
    "the chart's own hour": { change: { [`${oidc} sessionDuration`]: undefined, [`${oidc} refreshTokenSupport`]: undefined } },
    minutes: { change: { [`${oidc} sessionDuration`]: "11h59m30s" } },
    "no sign-in": { change: { [`${oidc} enabled`]: false, [`${oidc} sessionDuration`]: "72h" } },
  },
  violations: {
    "three days": {
      change: { [`${oidc} sessionDuration`]: "72h" },
      messages: ['values.auth.oidcAuth.sessionDuration: expected a duration of at most 12h, got "72h"'],
    },
    "no duration at all": {
      change: { [`${oidc} sessionDuration`]: "8 hours" },
      messages: ['values.auth.oidcAuth.sessionDuration: expected a duration of at most 12h, got "8 hours"'],
    },
    "longer than configured": {
      settings: { sessionHours: 4 },
      messages: ['values.auth.oidcAuth.sessionDuration: expected a duration of at most 4h, got "8h"'],
    },
    "renewal not written out": {
      change: { [`${oidc} refreshTokenSupport`]: undefined },
      messages: ["values.auth.oidcAuth.refreshTokenSupport: expected true or false, written out, got nothing"],
    },
    "cookies over plain http": {
      change: { "values > auth > secureCookies": false },
      messages: ["values.auth.secureCookies: expected true, got false"],
    },
  },
});
