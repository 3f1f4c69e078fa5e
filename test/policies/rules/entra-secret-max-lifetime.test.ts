import { entraSecretMaxLifetime } from "../../../policies/rules/entra-secret-max-lifetime";
import { entra } from "../../../policies/types";
import { describeRule, unknown } from "../harness";

const relative = (hours: string) => `endDate: expected a date, at most 180 days away (endDateRelative has no effect), got "${hours}"`;

describeRule(entraSecretMaxLifetime, {
  passing: { type: entra.password, props: { endDate: "2027-05-01T00:00:00Z" } },
  alsoPassing: {
    "180 days and the day of grace, to the hour": { change: { endDate: "2027-05-23T12:00:00Z" } },
    "a date within 180 days of a start": { change: { startDate: "2027-06-01T00:00:00Z", endDate: "2027-11-01T00:00:00Z" } },
    "a date that is not known yet": { change: { endDate: unknown } },
    "a date beside the input without effect": { change: { endDateRelative: "43800h" } },
    "an application without a password": { resources: [{ type: entra.application, props: { displayName: "K10" } }] },
    "another limit": { change: { endDate: "2027-11-01T00:00:00Z" }, settings: { secretLifetimeDays: 365 } },
  },
  violations: {
    "fifteen days that the provider ignores": { change: { endDate: undefined, endDateRelative: "360h" }, messages: [relative("360h")] },
    "five years": { change: { endDate: undefined, endDateRelative: "43800h" }, messages: [relative("43800h")] },
    "a date five years away": {
      change: { endDate: "2031-11-23T00:00:00Z" },
      messages: ['endDate: expected a date, at most 180 days after the start, got "2031-11-23T00:00:00Z"'],
    },
    "a date that is none": {
      change: { endDate: "never" },
      messages: ['endDate: expected a date, at most 180 days after the start, got "never"'],
    },
    "a password of the service principal": {
      resources: [{ type: entra.servicePrincipalPassword, props: { endDateRelative: "240h" } }],
      messages: [relative("240h")],
    },
    "no end": { change: { endDate: undefined }, messages: ["endDate: expected a date, at most 180 days away, got nothing"] },
    "a password inside the application": {
      resources: [{ type: entra.application, props: { password: { displayName: "x", endDate: "2031-11-23T00:00:00Z" } } }],
      messages: ['password.endDate: expected a date, at most 180 days after the start, got "2031-11-23T00:00:00Z"'],
    },
    "a shorter limit": {
      settings: { secretLifetimeDays: 90 },
      messages: ['endDate: expected a date, at most 90 days after the start, got "2027-05-01T00:00:00Z"'],
    },
  },
});
