import { isTrue, text } from "../value";
import { mismatch, stackRule, type Finding, type Subject } from "../rule";
import { entra } from "../types";

/** Membership as such, without a role. */
const defaultAccess = "00000000-0000-0000-0000-000000000000";

/** Application permissions of Microsoft Graph that reach the whole tenant: the same in each (learn.microsoft.com, permissions reference). */
const tenantWide: Readonly<Record<string, string>> = {
  "06b708a9-e830-4db3-a914-8e69da51d44f": "AppRoleAssignment.ReadWrite.All",
  "19dbc75e-c2e2-444c-a770-ec69d8559fc7": "Directory.ReadWrite.All",
  "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9": "Application.ReadWrite.All",
  "5b567255-7703-4780-807c-7be8301ae99b": "Group.Read.All",
  "62a82d76-70ea-41e2-9197-370581804d09": "Group.ReadWrite.All",
  "741f803b-c850-494e-b5df-cde7c675a1ca": "User.ReadWrite.All",
  "7ab1d382-f21e-4acd-a863-ba3e13f7da61": "Directory.Read.All",
  "98830695-27a2-44f7-8c18-0c3ebc9698f6": "GroupMember.Read.All",
  "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8": "RoleManagement.ReadWrite.Directory",
  "dbaae8cf-10b5-4b86-a4a1-f871c94c6695": "GroupMember.ReadWrite.All",
  "df021288-bdef-4463-88db-98f22de89214": "User.Read.All",
};

export const entraNoGrantedPermissions = stackRule({
  id: "entra-no-granted-permissions",
  title: "No Entra application is given permissions or directory roles behind its registration's back",
  severity: "high",
  level: "mandatory",
  rationale:
    "What a registration asks for (requiredResourceAccesses) is a wish; an app role assignment on another API's principal, or a directory role, is the permission itself, and needs no wish. With Application.ReadWrite.All or a directory role, whoever holds the client secret can take over the tenant.",
  remediation:
    "Remove the assignment, or list the role's ID under `allowed` where a lookup really needs it (OpenUnison's chain that turns group IDs into names).",
  controls: ["microsoft-least-privilege"],
  unknowns:
    "Whom an assignment serves is known by the resource that its ID is computed from, at the first preview too. Written out as text, an ID shows neither the principal's kind nor the API's: then only Graph's tenant-wide permissions are recognised.",
  types: [entra.appRoleAssignment, entra.directoryRoleAssignment, entra.servicePrincipal],
  settings: {
    allowed: {
      default: [] as string[],
      schema: { type: "array", items: { type: "string" }, description: "App role IDs, or directory role IDs, that may be given." },
    },
  },
  check(resources, { allowed }) {
    const principals = new Map(resources.filter(({ type }) => type === entra.servicePrincipal).map((each) => [each.urn, each]));
    return resources.flatMap((resource): Finding[] => {
      const serves = (resource.from["principalObjectId"] ?? []).some((urn) => principals.has(urn));
      if (resource.type === entra.directoryRoleAssignment) {
        const role = text(resource.properties, "roleId") ?? "";
        return serves && !allowed.includes(role)
          ? [{ urn: resource.urn, ...mismatch("roleId", "no directory role for an application", role) }]
          : [];
      }
      const role = resource.type === entra.appRoleAssignment ? text(resource.properties, "appRoleId") : undefined;
      if (role === undefined || role === defaultAccess || allowed.includes(role)) {
        return [];
      }
      const refused = tenantWide[role.toLowerCase()] ?? (serves && !isOwn(resource, principals) ? role : undefined);
      return refused === undefined
        ? []
        : [{ urn: resource.urn, ...mismatch("appRoleId", "no application permission on another API", refused) }];
    });
  },
});

/** Whether the role is one of an application that the stack makes. */
function isOwn(assignment: Subject, principals: ReadonlyMap<string, Subject>): boolean {
  return (assignment.from["resourceObjectId"] ?? []).some((urn) => {
    const api = principals.get(urn);
    return api !== undefined && !isTrue(api.properties, "useExisting");
  });
}
