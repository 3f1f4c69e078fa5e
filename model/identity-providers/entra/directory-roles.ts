/** Microsoft Graph's application permissions by name: ids of app roles, the same in every tenant (learn.microsoft.com, permissions reference). */
export const directoryRoles = {
  "group-members": { id: "98830695-27a2-44f7-8c18-0c3ebc9698f6", permission: "GroupMember.Read.All" },
  groups: { id: "5b567255-7703-4780-807c-7be8301ae99b", permission: "Group.Read.All" },
  users: { id: "df021288-bdef-4463-88db-98f22de89214", permission: "User.Read.All" },
} as const;
