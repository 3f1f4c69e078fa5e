import { z } from "zod";
import { noContent, created, ok, parseBody, type Call, type Reply, type Route } from "./call";
import { alreadyExists, found, invalid, notFound } from "./errors";
import { link } from "./links";
import type { AppRecord, GroupRecord, RoleRecord, UserRecord } from "./model";
import { paged } from "./paging";
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

/** Whoever holds roles: a user, a group, a client. */
interface Assignee {
  readonly record: { roles?: RoleRecord[] };
  readonly assignmentType: "USER" | "GROUP" | "CLIENT";
  readonly self: string;
}

function render(role: RoleRecord, { self, assignmentType }: Assignee): unknown {
  return { ...role, status: "ACTIVE", lastUpdated: role.created, assignmentType, _links: { assignee: link(self) } };
}

function userOf(call: Call): Assignee & { readonly record: UserRecord } {
  const record = call.store.user(call.params.userId ?? "");
  return { record, assignmentType: "USER", self: `${call.base}/api/v1/users/${record.id}` };
}

function groupOf(call: Call): Assignee & { readonly record: GroupRecord } {
  const record = call.store.group(call.params.groupId ?? "");
  return { record, assignmentType: "GROUP", self: `${call.base}/api/v1/groups/${record.id}` };
}

function clientOf(call: Call): Assignee & { readonly record: AppRecord } {
  const record = call.store.state.apps.find((app) => app.clientId === call.params.clientId);
  if (record === undefined) {
    throw notFound(call.params.clientId ?? "", "OAuth2Client");
  }
  return { record, assignmentType: "CLIENT", self: `${call.base}/oauth2/v1/clients/${record.clientId}` };
}

/** Roles of a user are the ones of their own and the ones of their groups. */
function list(call: Call, assignee: Assignee): Reply {
  const own = (assignee.record.roles ?? []).map((role) => render(role, assignee));
  const ofGroups =
    assignee.assignmentType !== "USER"
      ? []
      : call.store
          .groupsOf(assignee.record as UserRecord)
          .flatMap((record) =>
            (record.roles ?? []).map((role) =>
              render(role, { record, assignmentType: "GROUP", self: `${call.base}/api/v1/groups/${record.id}` }),
            ),
          );
  return ok([...own, ...ofGroups]);
}

function assign(call: Call, assignee: Assignee): Reply {
  const { record } = assignee;
  const { type } = parseBody(roleBody, call.body, "role");
  if (record.roles?.some((role) => role.type === type)) {
    throw alreadyExists("type", "type");
  }
  const role: RoleRecord = { id: newId("ra1"), label: labels[type], type, created: timestamp() };
  record.roles = [...(record.roles ?? []), role];
  call.store.changed();
  return created(render(role, assignee));
}

function unassign(call: Call, { record }: Assignee): Reply {
  const role = found(record.roles ?? [], call.params.roleId, "Role");
  record.roles = record.roles?.filter((candidate) => candidate !== role);
  call.store.changed();
  return noContent;
}

function routesAt(path: string, assigneeOf: (call: Call) => Assignee): Route[] {
  const query = ["disableNotifications"];
  return [
    { method: "GET", path, scope: "okta.roles.read", handle: (call) => list(call, assigneeOf(call)) },
    { method: "POST", path, query, scope: "okta.roles.manage", handle: (call) => assign(call, assigneeOf(call)) },
    { method: "DELETE", path: `${path}/:roleId`, scope: "okta.roles.manage", handle: (call) => unassign(call, assigneeOf(call)) },
  ];
}

/** `RoleAssignedUsers` of the management API's description: its next page is in the body, not in the header. */
function assignees(call: Call): Reply {
  const users = call.store.state.users.filter(
    (user) => user.roles.length > 0 || call.store.groupsOf(user).some(({ roles = [] }) => roles.length > 0),
  );
  const render = ({ id }: UserRecord): unknown => {
    const self = `${call.base}/api/v1/users/${id}`;
    return {
      id,
      orn: `orn:okta:directory:${call.store.state.orgId}:users:${id}`,
      _links: { self: link(self), roles: link(`${self}/roles`) },
    };
  };
  const page = paged(call, users, render, { defaultLimit: 100, maxLimit: 200, selfLink: false });
  const next = /<([^>]+)>; rel="next"/.exec(page.headers?.link ?? "")?.[1];
  return ok({ value: page.body, ...(next !== undefined && { _links: { next: link(next) } }) });
}

const ownerBody = z.strictObject({ id: z.string(), type: z.enum(["USER", "GROUP"]) });
type Owner = NonNullable<GroupRecord["owners"]>[number];

/** `GroupOwner` of the management API's description. */
function renderOwner(call: Call, owner: Owner): unknown {
  const displayName =
    owner.type === "GROUP"
      ? call.store.group(owner.id).profile.name
      : (({ firstName, lastName }) => `${firstName} ${lastName}`)(call.store.user(owner.id).profile);
  return { ...owner, displayName, originType: "OKTA_DIRECTORY", originId: null, resolved: true };
}

function addOwner(call: Call): Reply {
  const { record } = groupOf(call);
  const { id, type } = parseBody(ownerBody, call.body, "group owner");
  const owner: Owner = { id: type === "USER" ? call.store.user(id).id : call.store.group(id).id, type, lastUpdated: timestamp() };
  if (record.owners?.some((known) => known.id === owner.id)) {
    throw invalid("id", `id: ${owner.id} owns the group already`);
  }
  record.owners = [...(record.owners ?? []), owner];
  call.store.changed();
  return created(renderOwner(call, owner));
}

const ownersPath = "/api/v1/groups/:groupId/owners";

export const roleRoutes: readonly Route[] = [
  ...routesAt("/api/v1/users/:userId/roles", userOf),
  ...routesAt("/api/v1/groups/:groupId/roles", groupOf),
  ...routesAt("/oauth2/v1/clients/:clientId/roles", clientOf),
  { method: "GET", path: "/api/v1/iam/assignees/users", query: ["limit", "after"], scope: "okta.roles.read", handle: assignees },
  {
    method: "GET",
    path: ownersPath,
    query: ["limit", "after"],
    scope: "okta.groups.read",
    handle: (call) => {
      const owners = groupOf(call).record.owners ?? [];
      return paged(call, owners, (owner) => renderOwner(call, owner), { defaultLimit: 1000, maxLimit: 1000, selfLink: false });
    },
  },
  { method: "POST", path: ownersPath, scope: "okta.groups.manage", handle: addOwner },
];
