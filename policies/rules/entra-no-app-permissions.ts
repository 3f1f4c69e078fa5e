import { mismatch, resourceRule, type Finding } from "../rule";
import { entra } from "../types";
import { at, items, text, texts } from "../value";

/** Any of them makes an application one that people sign in to. */
const signInParts = ["web", "singlePageApplication", "publicClient", "groupMembershipClaims"];

export const entraNoAppPermissions = resourceRule({
  id: "entra-no-app-permissions",
  candidate: 13,
  title: "An Entra application for sign-in holds no application permissions",
  severity: "high",
  level: "mandatory",
  rationale:
    "Application permissions act on the whole tenant without a person. Signing in needs none. OpenUnison's chain that turns group IDs into names asks for User.Read.All, Group.Read.All and GroupMember.Read.All; binding on object IDs avoids them.",
  remediation: "Remove the application permissions, or list their role IDs under `allowed` where a lookup really needs them.",
  controls: ["microsoft-least-privilege", "asvs-10.4.11"],
  unknowns:
    "A permission whose ID is unknown, but whose type is Role, is reported. An application without any redirect or group claim (a daemon) is left alone; ApplicationApiAccess, which does not say whose it is, is not.",
  types: [entra.application, entra.apiAccess],
  settings: {
    allowed: {
      default: [] as string[],
      schema: { type: "array", items: { type: "string" }, description: "Role IDs that may be asked for (App Role IDs of the API)." },
    },
  },
  check({ type, properties }, { allowed }) {
    if (type === entra.apiAccess) {
      const refused = texts(properties, "roleIds").filter((id) => !allowed.includes(id));
      return refused.length === 0 ? [] : [mismatch("roleIds", "no application permission", refused)];
    }
    // A daemon of its own has no person to act for: application permissions are the only ones that it can hold.
    if (!signInParts.some((part) => at(properties, part) !== undefined)) {
      return [];
    }
    const findings: Finding[] = [];
    for (const [api, access] of items(properties, "requiredResourceAccesses").entries()) {
      for (const [index, permission] of items(access, "resourceAccesses").entries()) {
        const id = text(permission, "id");
        if (text(permission, "type") !== "Role" || (id !== undefined && allowed.includes(id))) {
          continue;
        }
        findings.push(
          mismatch(`requiredResourceAccesses[${api}].resourceAccesses[${index}]`, "no application permission (type Role)", id ?? "Role"),
        );
      }
    }
    return findings;
  },
});
