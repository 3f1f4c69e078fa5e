import { daysBetween } from "../../model/text/calendar";
import { mismatch, resourceRule, type Finding } from "../rule";
import { entra } from "../types";
import { at, hasUnknown, text, type Value } from "../value";

export const entraSecretMaxLifetime = resourceRule({
  id: "entra-secret-max-lifetime",
  candidate: 7,
  title: "A client secret in Entra expires, and soon enough",
  severity: "high",
  level: "mandatory",
  rationale:
    "A leaked secret works until it expires. Without an end date Graph gives it two years (application: addPassword); the portal's ceiling is two years too, the API has none. The provider takes endDateRelative and does nothing with it (hashicorp/terraform-provider-azuread#1424), so two years come of it as well.",
  remediation: "Set endDate within the allowed lifetime, and rotate before it.",
  controls: ["scuba-aad-5.6"],
  unknowns:
    "An end date computed from an output (a rotation clock) is judged at the update. A certificate's own end stands in its bytes, which are not read.",
  types: [entra.password, entra.servicePrincipalPassword, entra.application, entra.certificate, entra.servicePrincipalCertificate],
  settings: {
    secretLifetimeDays: {
      default: 180,
      schema: { type: "number", minimum: 1, description: "Longest lifetime of a client secret, in days." },
    },
    certificateLifetimeDays: {
      default: 730,
      schema: { type: "number", minimum: 1, description: "Longest lifetime of a client certificate, in days." },
    },
  },
  check({ type, properties }, { secretLifetimeDays, certificateLifetimeDays }, { now }) {
    if (type === entra.application) {
      const password = at(properties, "password");
      return password === undefined ? [] : judge(password, "password.", secretLifetimeDays, now);
    }
    if (type === entra.certificate || type === entra.servicePrincipalCertificate) {
      // Without an end date the certificate's own holds.
      return text(properties, "endDate") === undefined ? [] : judge(properties, "", certificateLifetimeDays, now);
    }
    return judge(properties, "", secretLifetimeDays, now);
  },
});

function judge(password: Value, prefix: string, days: number, now: Date): Finding[] {
  if (hasUnknown(password) || hasUnknown(password, "endDate")) {
    return [];
  }
  const expected = `a date, at most ${days} days`;
  const end = text(password, "endDate");
  if (end === undefined) {
    const relative = text(password, "endDateRelative");
    return [
      relative === undefined
        ? mismatch(`${prefix}endDate`, `${expected} away`, undefined)
        : mismatch(`${prefix}endDate`, `${expected} away (endDateRelative has no effect)`, relative),
    ];
  }
  // A start in the future is no reason to be valid for longer.
  const start = Math.min(Date.parse(text(password, "startDate") ?? now.toISOString()), now.getTime() + days * 86_400_000);
  // A day of grace: the start is the moment of creation, which is a little later than the preview.
  return daysBetween(start, Date.parse(end)) <= days + 1 ? [] : [mismatch(`${prefix}endDate`, `${expected} after the start`, end)];
}
