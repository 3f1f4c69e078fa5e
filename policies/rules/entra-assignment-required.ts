import { mismatch, resourceRule } from "../rule";
import { entra } from "../types";
import { at, isTrue, text, unknownValue } from "../value";

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
    "An unknown flag is not judged. A principal taken over with useExisting is judged like any other, since the provider sets its properties too (service_principal_resource.go); those of Microsoft's own applications, such as Graph's, are left alone.",
  types: [entra.servicePrincipal],
  settings: {
    microsoftApplications: {
      default: ["00000003-0000-0000-c000-000000000000", "00000002-0000-0000-c000-000000000000", "797f4846-ba00-4fd7-ba43-dac1f8f63013"],
      schema: {
        type: "array",
        items: { type: "string" },
        description: "Client IDs of Microsoft's own applications, which everybody may use (Graph, Azure AD Graph, Azure Resource Manager).",
      },
    },
  },
  check({ properties }, { microsoftApplications }) {
    const required = at(properties, "appRoleAssignmentRequired");
    if (required === unknownValue || isTrue(properties, "appRoleAssignmentRequired")) {
      return [];
    }
    if (isTrue(properties, "useExisting") && microsoftApplications.includes(text(properties, "clientId") ?? "")) {
      return [];
    }
    return [mismatch("appRoleAssignmentRequired", "true", required)];
  },
});
