import { entraSecretMaxLifetime } from "../../../policies/rules/entra-secret-max-lifetime";
import { entra } from "../../../policies/types";
import { describeRule, unknown } from "../harness";

describeRule(entraSecretMaxLifetime, {
  passing: { type: entra.password, props: { endDateRelative: "4320h" } },
  alsoPassing: {
    "180 days and the day of grace, to the hour": { change: { endDateRelative: undefined, endDate: "2027-05-23T12:00:00Z" } },
    "a date within 180 days": { change: { endDateRelative: undefined, endDate: "2027-05-01T00:00:00Z" } },
    "a date within 180 days of a start": {
      change: { endDateRelative: undefined, startDate: "2027-06-01T00:00:00Z", endDate: "2027-11-01T00:00:00Z" },
    },
    "a date that is not known yet": { change: { endDateRelative: undefined, endDate: unknown } },
    "an application without a password": { resources: [{ type: entra.application, props: { displayName: "K10" } }] },
    "another limit": { change: { endDateRelative: "8760h" }, settings: { secretLifetimeDays: 365 } },
  },
  violations: {
    "five years": { change: { endDateRelative: "43800h" }, messages: ['endDateRelative: expected at most 180 days, got "43800h"'] },
    "a duration that is none": { change: { endDateRelative: "5y" }, messages: ['endDateRelative: expected at most 180 days, got "5y"'] },
    "a date five years away": {
      change: { endDateRelative: undefined, endDate: "2031-11-23T00:00:00Z" },
      messages: ['endDate: expected a date, at most 180 days after the start, got "2031-11-23T00:00:00Z"'],
    },
    "a password of the service principal": {
      resources: [{ type: entra.servicePrincipalPassword, props: { endDateRelative: "43800h" } }],
      messages: ['endDateRelative: expected at most 180 days, got "43800h"'],
    },
    "no end": { change: { endDateRelative: undefined }, messages: ["endDate: expected a date, at most 180 days away, got nothing"] },
    "a password inside the application": {
      resources: [{ type: entra.application, props: { password: { displayName: "x", endDate: "2031-11-23T00:00:00Z" } } }],
      messages: ['password.endDate: expected a date, at most 180 days after the start, got "2031-11-23T00:00:00Z"'],
    },
    "a shorter limit": {
      settings: { secretLifetimeDays: 90 },
      messages: ['endDateRelative: expected at most 90 days, got "4320h"'],
    },
  },
  reportedWhenUnknown: {},
});
