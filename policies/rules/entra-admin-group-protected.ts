import { mismatch, stackRule } from "../rule";
import { entra } from "../types";
import { at, isTrue, text, unknownValue } from "../value";

const groupTypes: readonly string[] = [entra.group, entra.groupWithoutMembers];

export const entraAdminGroupProtected = stackRule({
  id: "entra-admin-group-protected",
  candidate: 16,
  title: "Administrators' groups are role-assignable or entered through Privileged Identity Management",
  severity: "low",
  level: "advisory",
  rationale:
    "Any Groups Administrator of the tenant can add themselves to an ordinary security group, and so become administrator of the platform. Role-assignable groups are closed to them; an eligibility schedule makes the membership temporary.",
  remediation:
    "Set assignableToRole to true, or manage the group with a PrivilegedAccessGroupEligibilitySchedule (both need Entra ID P1 or P2).",
  controls: [],
  unknowns:
    "A display name that is unknown is not judged. A schedule counts for the group that its groupId is computed from, also before the ID is known.",
  types: [...groupTypes, entra.groupEligibility],
  settings: {
    adminPattern: {
      default: "admin",
      schema: { type: "string", description: "Regular expression (any case) for display names of administrators' groups." },
    },
  },
  check(resources, { adminPattern }) {
    const admin = new RegExp(adminPattern, "i");
    const eligible = new Set(resources.filter(({ type }) => type === entra.groupEligibility).flatMap(({ from }) => from["groupId"] ?? []));
    return resources
      .filter(({ type, urn, properties }) => {
        const name = text(properties, "displayName");
        return (
          groupTypes.includes(type) &&
          name !== undefined &&
          admin.test(name) &&
          at(properties, "assignableToRole") !== unknownValue &&
          !isTrue(properties, "assignableToRole") &&
          !eligible.has(urn)
        );
      })
      .map(({ urn, properties }) => ({
        ...mismatch(
          "assignableToRole",
          `true, or an eligibility schedule, for the group ${JSON.stringify(text(properties, "displayName"))}`,
          false,
        ),
        urn,
      }));
  },
});
