import { z } from "zod";
import { noContent, ok, parseBody, type Call, type Reply, type Route } from "./call";
import { accessDenied, alreadyExists, invalid } from "./errors";
import { compileFilter } from "./filter";
import { link } from "./links";
import type { GroupRecord } from "./model";
import { paged } from "./paging";
import { newId, timestamp, type OktaStore } from "./store";
import { renderUserInList } from "./users";

const logo = "https://op3static2.oktacdn.com/assets/img/logos/groups/odyssey/okta";
const filterable = ["id", "type", "created", "lastUpdated", "lastMembershipUpdated", "profile.name", "profile.description"];

const groupBody = z.strictObject({
  profile: z.strictObject({
    name: z.string().min(1, "The field cannot be left blank").max(255),
    description: z.string().max(1024).nullish(),
  }),
});

function renderGroup(group: GroupRecord, base: string): Record<string, unknown> {
  const self = `${base}/api/v1/groups/${group.id}`;
  const { id, created, lastUpdated, lastMembershipUpdated, type, profile } = group;
  return {
    id,
    created,
    lastUpdated,
    lastMembershipUpdated,
    objectClass: ["okta:user_group"],
    type,
    profile,
    _links: {
      logo: ["medium", "large"].map((name) => ({ name, href: `${logo}-${name}.png`, type: "image/png" })),
      owners: link(`${self}/owners`),
      users: link(`${self}/users`),
      apps: link(`${self}/apps`),
    },
  };
}

/** Okta keeps group names unique within the organisation (create answers 400 for a second one). */
function requireFreeName(store: OktaStore, name: string, self?: GroupRecord): void {
  const taken = store.state.groups.some((group) => group !== self && group.profile.name.toLowerCase() === name.toLowerCase());
  if (taken) {
    throw alreadyExists("name", "name");
  }
}

/** Built-in groups (Everyone) are managed by Okta: developer.okta.com/docs/reference/api/groups, "Group type". */
function requireOwn(group: GroupRecord): void {
  if (group.type !== "OKTA_GROUP") {
    throw accessDenied(`${group.profile.name}: expected a group of type OKTA_GROUP, got ${group.type}`);
  }
}

function list(call: Call): Reply {
  const q = call.query.get("q")?.toLowerCase();
  const filter = call.query.get("filter");
  const search = call.query.get("search");
  const tests = [
    ...(q === undefined ? [] : [(group: GroupRecord) => group.profile.name.toLowerCase().startsWith(q)]),
    ...(filter === null ? [] : [compileFilter(filter, "filter", filterable)]),
    ...(search === null ? [] : [compileFilter(search, "search", filterable)]),
  ];
  const groups = sorted(
    call,
    call.store.state.groups.filter((group) => tests.every((test) => test(group))),
  );
  const expand = call.query.get("expand");
  if (expand !== null && expand !== "stats") {
    throw invalid("expand", `expand: expected stats (no other is offered by this server), got ${expand}`);
  }
  const render = (group: GroupRecord): unknown =>
    expand === null ? renderGroup(group, call.base) : { ...renderGroup(group, call.base), _embedded: { stats: statsOf(call, group) } };
  return paged(call, groups, render, { defaultLimit: 10_000, maxLimit: 10_000, selfLink: false });
}

/** Group, `_embedded.stats` of the management API's description. */
function statsOf({ store }: Call, group: GroupRecord): Record<string, unknown> {
  return {
    usersCount: store.members(group).length,
    appsCount: store.state.apps.filter((app) => app.groups.some(({ id }) => id === group.id)).length,
    groupPushMappingsCount: 0,
    hasAdminPrivlege: false,
  };
}

/**
 * `sortBy` and `sortOrder` are for search queries; without `sortBy` the order is ignored, and Okta's provider always sends
 * `sortOrder=asc` (terraform-provider-okta data_source_okta_groups.go).
 */
function sorted(call: Call, groups: GroupRecord[]): GroupRecord[] {
  const keys: Record<string, (group: GroupRecord) => string> = {
    created: (group) => group.created,
    id: (group) => group.id,
    lastMembershipUpdated: (group) => group.lastMembershipUpdated,
    lastUpdated: (group) => group.lastUpdated,
    "profile.name": (group) => group.profile.name,
  };
  const key = keys[call.query.get("sortBy") ?? ""];
  if (key === undefined) {
    return groups;
  }
  const direction = call.query.get("sortOrder") === "desc" ? -1 : 1;
  return [...groups].sort((left, right) => direction * (key(left) < key(right) ? -1 : key(left) > key(right) ? 1 : 0));
}

function create(call: Call): Reply {
  const { profile } = parseBody(groupBody, call.body, "group");
  requireFreeName(call.store, profile.name);
  const now = timestamp();
  const group: GroupRecord = {
    id: newId("00g"),
    type: "OKTA_GROUP",
    created: now,
    lastUpdated: now,
    lastMembershipUpdated: now,
    profile: { name: profile.name, description: profile.description ?? null },
    members: [],
  };
  call.store.state.groups.push(group);
  call.store.changed();
  return ok(renderGroup(group, call.base));
}

function update(call: Call): Reply {
  const group = call.store.group(call.params.groupId ?? "");
  requireOwn(group);
  const { profile } = parseBody(groupBody, call.body, "group");
  requireFreeName(call.store, profile.name, group);
  group.profile = { name: profile.name, description: profile.description ?? null };
  group.lastUpdated = timestamp();
  call.store.changed();
  return ok(renderGroup(group, call.base));
}

function remove(call: Call): Reply {
  const { store } = call;
  const group = store.group(call.params.groupId ?? "");
  requireOwn(group);
  store.state.groups = store.state.groups.filter((candidate) => candidate !== group);
  for (const app of store.state.apps) {
    app.groups = app.groups.filter((assignment) => assignment.id !== group.id);
  }
  store.changed();
  return noContent;
}

function setMembership(call: Call, member: boolean): Reply {
  const group = call.store.group(call.params.groupId ?? "");
  const user = call.store.user(call.params.userId ?? "");
  requireOwn(group);
  if (group.members.includes(user.id) !== member) {
    group.members = member ? [...group.members, user.id] : group.members.filter((id) => id !== user.id);
    group.lastMembershipUpdated = timestamp();
    call.store.changed();
  }
  return noContent;
}

export const groupRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/groups",
    query: ["q", "filter", "search", "limit", "after", "expand", "sortBy", "sortOrder"],
    scope: "okta.groups.read",
    handle: list,
  },
  { method: "POST", path: "/api/v1/groups", scope: "okta.groups.manage", handle: create },
  {
    method: "GET",
    path: "/api/v1/groups/:groupId",
    scope: "okta.groups.read",
    handle: (call) => ok(renderGroup(call.store.group(call.params.groupId ?? ""), call.base)),
  },
  { method: "PUT", path: "/api/v1/groups/:groupId", scope: "okta.groups.manage", handle: update },
  { method: "DELETE", path: "/api/v1/groups/:groupId", scope: "okta.groups.manage", handle: remove },
  {
    method: "GET",
    path: "/api/v1/groups/:groupId/users",
    query: ["limit", "after"],
    scope: "okta.groups.read",
    handle: (call) => {
      const members = call.store.members(call.store.group(call.params.groupId ?? ""));
      return paged(call, members, (user) => renderUserInList(user, call.base), { defaultLimit: 1000, maxLimit: 1000, selfLink: true });
    },
  },
  {
    method: "PUT",
    path: "/api/v1/groups/:groupId/users/:userId",
    scope: "okta.groups.manage",
    handle: (call) => setMembership(call, true),
  },
  {
    method: "DELETE",
    path: "/api/v1/groups/:groupId/users/:userId",
    scope: "okta.groups.manage",
    handle: (call) => setMembership(call, false),
  },
  {
    method: "GET",
    path: "/api/v1/users/:userId/groups",
    query: ["limit", "after"],
    scope: "okta.users.read",
    handle: (call) => {
      const groups = call.store.groupsOf(call.store.user(call.params.userId ?? ""));
      return paged(call, groups, (group) => renderGroup(group, call.base), { defaultLimit: 200, maxLimit: 200, selfLink: true });
    },
  },
];
