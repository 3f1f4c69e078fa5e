/**
 * Which application permissions an operation takes, from the "Permissions" table of each operation's reference page
 * (learn.microsoft.com/graph/api). `anyOf`: one of these is enough. `allOf`: each inner list must be met.
 */
export interface Requirement {
  readonly allOf: readonly (readonly string[])[];
  /** Conditional access words its refusal differently from the directory. */
  readonly refusal?: "directory" | "conditionalAccess";
}

function anyOf(...names: string[]): Requirement {
  return { allOf: [names] };
}

const directoryRead = ["Directory.Read.All", "Directory.ReadWrite.All"];
const applicationWrite = ["Application.ReadWrite.OwnedBy", "Application.ReadWrite.All", "Directory.ReadWrite.All"];

export const readApplications = anyOf("Application.Read.All", ...applicationWrite, ...directoryRead);
export const writeApplications = anyOf(...applicationWrite);
export const readAssignments = anyOf(
  "Application.Read.All",
  "Application.ReadWrite.All",
  "AppRoleAssignment.ReadWrite.All",
  ...directoryRead,
);
export const writeAssignments = anyOf("AppRoleAssignment.ReadWrite.All");
export const readGroups = anyOf(
  "GroupMember.Read.All",
  "GroupMember.ReadWrite.All",
  "Group.Read.All",
  "Group.ReadWrite.All",
  ...directoryRead,
);
export const createGroups = anyOf("Group.Create", "Group.ReadWrite.All", "Directory.ReadWrite.All");
export const writeGroups = anyOf("Group.ReadWrite.All", "Directory.ReadWrite.All");
export const writeMembers = anyOf("GroupMember.ReadWrite.All", "Group.ReadWrite.All", "Directory.ReadWrite.All");
export const readUsers = anyOf("User.ReadBasic.All", "User.Read.All", "User.ReadWrite.All", ...directoryRead);
export const readObjects = anyOf(
  "User.Read.All",
  "Group.Read.All",
  "Group.ReadWrite.All",
  "Application.Read.All",
  "Application.ReadWrite.All",
  ...directoryRead,
);
export const readPolicies: Requirement = {
  allOf: [["Policy.Read.All", "Policy.Read.ConditionalAccess"]],
  refusal: "conditionalAccess",
};
/** "Policy.Read.All and Policy.ReadWrite.ConditionalAccess": the page asks for both. */
export const writePolicies: Requirement = {
  allOf: [["Policy.Read.All", "Policy.Read.ConditionalAccess"], ["Policy.ReadWrite.ConditionalAccess"]],
  refusal: "conditionalAccess",
};
export const readRoles = anyOf("RoleManagement.Read.Directory", "RoleManagement.ReadWrite.Directory", ...directoryRead);
export const writeRoles = anyOf("RoleManagement.ReadWrite.Directory");
export const signedInOnly: Requirement = { allOf: [] };

export function permitted(requirement: Requirement, roles: readonly string[]): boolean {
  return requirement.allOf.every((names) => names.some((name) => roles.includes(name)));
}

/**
 * App role ids of Microsoft Graph's permissions that programs name by id; the same in every tenant (learn.microsoft.com, permissions
 * reference). The other roles have ids of the lab's own.
 */
export const graphRoleIds: Readonly<Record<string, string>> = {
  "Group.Read.All": "5b567255-7703-4780-807c-7be8301ae99b",
  "GroupMember.Read.All": "98830695-27a2-44f7-8c18-0c3ebc9698f6",
  "RoleManagement.Read.Directory": "483bed4a-2ad3-4361-a73b-c83ccdbdc53c",
  "RoleManagement.ReadWrite.Directory": "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8",
  "User.Read.All": "df021288-bdef-4463-88db-98f22de89214",
};

/** What a provisioning application needs for everything that Gatehouse makes (the lab's caller has these by default). */
export const provisioningPermissions: readonly string[] = [
  "AppRoleAssignment.ReadWrite.All",
  "Application.ReadWrite.All",
  "Group.ReadWrite.All",
  "Policy.Read.All",
  "Policy.ReadWrite.ConditionalAccess",
  "User.Read.All",
];

/** What `gatehouse evidence` reads beside (docs/evidence.md). */
export const evidencePermissions: readonly string[] = ["RoleManagement.Read.Directory"];
