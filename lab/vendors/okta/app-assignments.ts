import { z } from "zod";
import { noContent, ok, parseBody, type Call, type Reply, type Route, appOf } from "./call";
import { found, invalid, notFound } from "./errors";
import { link } from "./links";
import type { AppGroupRecord, AppRecord, UserRecord } from "./model";
import { paged } from "./paging";
import { timestamp } from "./store";

const groupBody = z.strictObject({
  id: z.string().optional(),
  priority: z.int().min(0).optional(),
  profile: z.record(z.string(), z.json()).optional(),
});

const userBody = z.strictObject({
  id: z.string(),
  scope: z.literal("USER").optional(),
  credentials: z.strictObject({ userName: z.string().optional() }).optional(),
  profile: z.record(z.string(), z.json()).optional(),
});

function renderGroup(assignment: AppGroupRecord, app: AppRecord, base: string): unknown {
  const self = `${base}/api/v1/apps/${app.id}`;
  const { id, lastUpdated, priority, profile } = assignment;
  return {
    id,
    lastUpdated,
    priority,
    profile,
    _links: { app: link(self), self: link(`${self}/groups/${id}`), group: link(`${base}/api/v1/groups/${id}`) },
  };
}

/** A priority that another group holds moves that group, and those behind it, down by one (docs, "Assign a group to an application"). */
function place(app: AppRecord, assignment: AppGroupRecord): void {
  const others = app.groups.filter((candidate) => candidate.id !== assignment.id).sort((left, right) => left.priority - right.priority);
  let taken = assignment.priority;
  for (const other of others) {
    if (other.priority !== taken) {
      continue;
    }
    other.priority += 1;
    taken = other.priority;
  }
  app.groups = [...others, assignment].sort((left, right) => left.priority - right.priority);
}

function assignGroup(call: Call): Reply {
  const app = appOf(call);
  const group = call.store.group(call.params.groupId ?? "");
  const body = call.body === undefined ? {} : parseBody(groupBody, call.body, "app group assignment");
  if (body.id !== undefined && body.id !== group.id) {
    throw invalid("id", `id: expected ${group.id} as in the path, got ${body.id}`);
  }
  const former = app.groups.find((candidate) => candidate.id === group.id);
  const next = Math.max(-1, ...app.groups.map((candidate) => candidate.priority)) + 1;
  const assignment: AppGroupRecord = {
    id: group.id,
    priority: body.priority ?? former?.priority ?? next,
    profile: body.profile ?? former?.profile ?? {},
    lastUpdated: timestamp(),
  };
  place(app, assignment);
  call.store.changed();
  return ok(renderGroup(assignment, app, call.base));
}

function assignmentOf(call: Call): AppGroupRecord {
  return found(appOf(call).groups, call.params.groupId, "AppGroupAssignment");
}

function renderUser(user: UserRecord, app: AppRecord, scope: "USER" | "GROUP", base: string): unknown {
  const direct = app.users.find((candidate) => candidate.id === user.id);
  const self = `${base}/api/v1/apps/${app.id}`;
  return {
    id: user.id,
    created: direct?.created ?? user.created,
    lastUpdated: user.lastUpdated,
    scope,
    status: "ACTIVE",
    statusChanged: user.statusChanged,
    passwordChanged: null,
    syncState: "DISABLED",
    credentials: { userName: direct?.userName ?? user.profile.login },
    profile: direct?.profile ?? {},
    _links: { app: link(self), user: link(`${base}/api/v1/users/${user.id}`) },
  };
}

function assignUser(call: Call): Reply {
  const app = appOf(call);
  const body = parseBody(userBody, call.body, "app user");
  const user = call.store.user(body.id);
  app.users = app.users.filter((candidate) => candidate.id !== user.id);
  app.users.push({
    id: user.id,
    userName: body.credentials?.userName ?? user.profile.login,
    profile: body.profile ?? {},
    created: timestamp(),
  });
  call.store.changed();
  return ok(renderUser(user, app, "USER", call.base));
}

function listUsers(call: Call): Reply {
  const app = appOf(call);
  const users = call.store.state.users.filter((user) => call.store.assigned(app, user) !== undefined);
  const render = (user: UserRecord): unknown => renderUser(user, app, call.store.assigned(app, user) ?? "USER", call.base);
  return paged(call, users, render, { defaultLimit: 50, maxLimit: 500, selfLink: true });
}

export const appAssignmentRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/apps/:appId/groups",
    query: ["limit", "after"],
    scope: "okta.apps.read",
    handle: (call) =>
      paged(call, appOf(call).groups, (item) => renderGroup(item, appOf(call), call.base), {
        defaultLimit: 20,
        maxLimit: 200,
        selfLink: true,
      }),
  },
  { method: "PUT", path: "/api/v1/apps/:appId/groups/:groupId", scope: "okta.apps.manage", handle: assignGroup },
  {
    method: "GET",
    path: "/api/v1/apps/:appId/groups/:groupId",
    scope: "okta.apps.read",
    handle: (call) => ok(renderGroup(assignmentOf(call), appOf(call), call.base)),
  },
  {
    method: "DELETE",
    path: "/api/v1/apps/:appId/groups/:groupId",
    scope: "okta.apps.manage",
    handle: (call) => {
      const assignment = assignmentOf(call);
      const app = appOf(call);
      app.groups = app.groups.filter((candidate) => candidate !== assignment);
      call.store.changed();
      return noContent;
    },
  },
  { method: "GET", path: "/api/v1/apps/:appId/users", query: ["limit", "after"], scope: "okta.apps.read", handle: listUsers },
  { method: "POST", path: "/api/v1/apps/:appId/users", scope: "okta.apps.manage", handle: assignUser },
  {
    method: "GET",
    path: "/api/v1/apps/:appId/users/:userId",
    scope: "okta.apps.read",
    handle: (call) => {
      const app = appOf(call);
      const user = call.store.user(call.params.userId ?? "");
      const scope = call.store.assigned(app, user);
      if (scope === undefined) {
        throw notFound(user.id, "AppUser");
      }
      return ok(renderUser(user, app, scope, call.base));
    },
  },
  {
    method: "DELETE",
    path: "/api/v1/apps/:appId/users/:userId",
    scope: "okta.apps.manage",
    handle: (call) => {
      const app = appOf(call);
      const left = app.users.filter((candidate) => candidate.id !== call.params.userId);
      if (left.length === app.users.length) {
        throw notFound(call.params.userId ?? "", "AppUser");
      }
      app.users = left;
      call.store.changed();
      return noContent;
    },
  },
];
