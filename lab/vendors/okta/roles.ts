import { z } from "zod";
import { noContent, created, ok, parseBody, type Call, type Route } from "./call";
import { alreadyExists, notFound } from "./errors";
import { link } from "./links";
import type { RoleRecord, UserRecord } from "./model";
import { newId, timestamp } from "./store";

/** developer.okta.com/docs/concepts/role-assignment, "Standard role types". */
const labels = {
  API_ACCESS_MANAGEMENT_ADMIN: "API Access Management Administrator",
  APP_ADMIN: "Application Administrator",
  GROUP_MEMBERSHIP_ADMIN: "Group Membership Administrator",
  HELP_DESK_ADMIN: "Help Desk Administrator",
  ORG_ADMIN: "Organization Administrator",
  READ_ONLY_ADMIN: "Read Only Administrator",
  REPORT_ADMIN: "Report Administrator",
  SUPER_ADMIN: "Super Administrator",
  USER_ADMIN: "Group Administrator",
} as const;

const roleBody = z.strictObject({ type: z.enum(Object.keys(labels) as [keyof typeof labels, ...(keyof typeof labels)[]]) });

function render(role: RoleRecord, user: UserRecord, base: string): unknown {
  return {
    ...role,
    status: "ACTIVE",
    lastUpdated: role.created,
    assignmentType: "USER",
    _links: { assignee: link(`${base}/api/v1/users/${user.id}`) },
  };
}

function userOf(call: Call): UserRecord {
  return call.store.user(call.params.userId ?? "");
}

export const roleRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/users/:userId/roles",
    scope: "okta.roles.read",
    handle: (call) => ok(userOf(call).roles.map((role) => render(role, userOf(call), call.base))),
  },
  {
    method: "POST",
    path: "/api/v1/users/:userId/roles",
    query: ["disableNotifications"],
    scope: "okta.roles.manage",
    handle: (call) => {
      const user = userOf(call);
      const { type } = parseBody(roleBody, call.body, "role");
      if (user.roles.some((role) => role.type === type)) {
        throw alreadyExists("type", "type");
      }
      const role: RoleRecord = { id: newId("ra1"), label: labels[type], type, created: timestamp() };
      user.roles.push(role);
      call.store.changed();
      return created(render(role, user, call.base));
    },
  },
  {
    method: "DELETE",
    path: "/api/v1/users/:userId/roles/:roleId",
    scope: "okta.roles.manage",
    handle: (call) => {
      const user = userOf(call);
      const role = user.roles.find((candidate) => candidate.id === call.params.roleId);
      if (role === undefined) {
        throw notFound(call.params.roleId ?? "", "Role");
      }
      user.roles = user.roles.filter((candidate) => candidate !== role);
      call.store.changed();
      return noContent;
    },
  },
];
