import { mismatch, resourceRule } from "../rule";
import { entra } from "../types";
import { at, isTrue, UNKNOWN } from "../value";

export const entraAssignmentRequired = resourceRule({
  id: "entra-assignment-required",
  candidate: 12,
  title: "Only assigned people and groups can sign in to an Entra application",
  severity: "high",
  level: "mandatory",
  rationale: "By default everyone in the tenant, guests included, obtains a token for the application.",
  remediation: "Set appRoleAssignmentRequired to true and assign the platform's groups.",
  controls: ["microsoft-least-privilege"],
  unknowns:
    "An unknown flag is not judged. A service principal taken over with useExisting (Microsoft Graph's own, for example) is left alone.",
  types: [entra.servicePrincipal],
  settings: {},
  check({ properties }) {
    const required = at(properties, "appRoleAssignmentRequired");
    if (required === UNKNOWN || isTrue(properties, "useExisting") || isTrue(properties, "appRoleAssignmentRequired")) {
      return [];
    }
    return [mismatch("appRoleAssignmentRequired", "true", required)];
  },
});
