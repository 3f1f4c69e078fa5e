import { z } from "zod";
import { noContent, flag, ok, parseBody, type Call, type Reply, type Route } from "./call";
import { accessDenied, alreadyExists, invalid } from "./errors";
import { compileFilter } from "./filter";
import { link } from "./links";
import type { Json, UserRecord, UserStatus } from "./model";
import { paged } from "./paging";
import { hashPassword, newId, timestamp, type OktaStore } from "./store";

const filterable = ["id", "status", "created", "lastUpdated", "profile.login", "profile.email", "profile.firstName", "profile.lastName"];
const searchable = [...filterable, "profile.displayName", "profile.department", "profile.title"];

/** The base profile of developer.okta.com/docs/reference/api/users, "Default profile properties"; a further attribute needs a schema change. */
const optionalText = [
  "middleName",
  "honorificPrefix",
  "honorificSuffix",
  "title",
  "displayName",
  "nickName",
  "profileUrl",
  "secondEmail",
  "mobilePhone",
  "primaryPhone",
  "streetAddress",
  "city",
  "state",
  "zipCode",
  "countryCode",
  "postalAddress",
  "preferredLanguage",
  "locale",
  "timezone",
  "userType",
  "employeeNumber",
  "costCenter",
  "organization",
  "division",
  "department",
  "managerId",
  "manager",
] as const;

const text = z.string().min(1, "The field cannot be left blank").max(100);
const profileShape = {
  login: z.string().min(5).max(100),
  email: z.email("Does not match required pattern").max(100),
  firstName: text,
  lastName: text,
  ...Object.fromEntries(optionalText.map((name) => [name, z.string().max(4096).nullish()])),
};
const credentials = z.strictObject({ password: z.strictObject({ value: z.string().min(8).max(72).optional() }).optional() });
const createBody = z.strictObject({
  profile: z.strictObject(profileShape),
  credentials: credentials.optional(),
  groupIds: z.array(z.string()).optional(),
});
const updateBody = z.strictObject({ profile: z.strictObject(profileShape).partial(), credentials: credentials.optional() });

function base(user: UserRecord): Record<string, unknown> {
  const { id, status, created, activated, statusChanged, lastLogin, lastUpdated, passwordChanged, profile } = user;
  const type = { id: "oty0000000000000lab0" };
  const provider = { type: "OKTA", name: "OKTA" };
  const secret = user.password === undefined ? {} : { password: {} };
  return {
    id,
    status,
    created,
    activated,
    statusChanged,
    lastLogin,
    lastUpdated,
    passwordChanged,
    type,
    profile,
    credentials: { ...secret, provider },
  };
}

export function renderUserInList(user: UserRecord, origin: string): unknown {
  return { ...base(user), _links: { self: link(`${origin}/api/v1/users/${user.id}`) } };
}

const lifecycleSteps: Readonly<Record<UserStatus, readonly string[]>> = {
  STAGED: ["activate"],
  PROVISIONED: ["suspend", "resetPassword", "reactivate", "deactivate"],
  ACTIVE: ["suspend", "resetPassword", "expirePassword", "changePassword", "deactivate"],
  SUSPENDED: ["unsuspend", "deactivate"],
  DEPROVISIONED: ["activate", "delete"],
};
const lifecyclePath: Readonly<Record<string, string>> = { resetPassword: "reset_password", expirePassword: "expire_password" };

function renderUser(user: UserRecord, origin: string): unknown {
  const self = `${origin}/api/v1/users/${user.id}`;
  const steps: [string, unknown][] = lifecycleSteps[user.status].map((step) => [
    step,
    { href: `${self}/lifecycle/${lifecyclePath[step] ?? step}`, method: "POST" },
  ]);
  return {
    ...base(user),
    _links: {
      ...Object.fromEntries<unknown>(steps),
      schema: link(`${origin}/api/v1/meta/schemas/user/osc0000000000000lab0`),
      self: link(self),
      type: link(`${origin}/api/v1/meta/types/user/oty0000000000000lab0`),
    },
  };
}

function requireFreeLogin(store: OktaStore, login: string, self?: UserRecord): void {
  const taken = store.state.users.some((user) => user !== self && user.profile.login.toLowerCase() === login.toLowerCase());
  if (taken) {
    throw alreadyExists("login", "login");
  }
}

function present(profile: Record<string, Json | undefined>): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(profile).flatMap(([name, value]) => (value === undefined || value === null ? [] : [[name, value]])),
  );
}

export interface NewUser {
  profile: { login: string; email: string; firstName: string; lastName: string } & Record<string, Json | undefined>;
  password?: string;
  activate: boolean;
}

/** Status after creation: docs, "Create user": with a password ACTIVE, without PROVISIONED, unactivated STAGED. */
export async function addUser(store: OktaStore, user: NewUser): Promise<UserRecord> {
  requireFreeLogin(store, user.profile.login);
  const now = timestamp();
  const { login, email, firstName, lastName } = user.profile;
  const record: UserRecord = {
    id: newId("00u"),
    status: !user.activate ? "STAGED" : user.password === undefined ? "PROVISIONED" : "ACTIVE",
    created: now,
    activated: user.activate ? now : null,
    statusChanged: user.activate ? now : null,
    lastLogin: null,
    lastUpdated: now,
    passwordChanged: user.password === undefined ? null : now,
    profile: { firstName, lastName, mobilePhone: null, secondEmail: null, ...present(user.profile), login, email },
    ...(user.password === undefined ? {} : { password: await hashPassword(user.password) }),
    roles: [],
  };
  store.state.users.push(record);
  store.changed();
  return record;
}

async function create(call: Call): Promise<Reply> {
  const body = parseBody(createBody, call.body, "user");
  const groups = (body.groupIds ?? []).map((id) => call.store.group(id));
  const password = body.credentials?.password?.value;
  const user = await addUser(call.store, { profile: body.profile, password, activate: flag(call, "activate", true) });
  for (const group of groups) {
    group.members.push(user.id);
  }
  call.store.changed();
  return ok(renderUser(user, call.base));
}

async function update(call: Call): Promise<Reply> {
  const user = call.store.user(call.params.userId ?? "");
  const body = parseBody(updateBody, call.body, "user");
  const profile = body.profile as Partial<NewUser["profile"]>;
  if (profile.login !== undefined) {
    requireFreeLogin(call.store, profile.login, user);
  }
  user.profile = { ...user.profile, ...present(profile) };
  const password = body.credentials?.password?.value;
  if (password !== undefined) {
    user.password = await hashPassword(password);
    user.passwordChanged = timestamp();
    if (user.status === "PROVISIONED") {
      user.status = "ACTIVE";
    }
  }
  user.lastUpdated = timestamp();
  call.store.changed();
  return ok(renderUser(user, call.base));
}

function list(call: Call): Reply {
  const q = call.query.get("q")?.toLowerCase();
  const filter = call.query.get("filter");
  const search = call.query.get("search");
  const starts = (value: Json | undefined): boolean => typeof value === "string" && q !== undefined && value.toLowerCase().startsWith(q);
  const tests = [
    ...(q === undefined ? [] : [(user: UserRecord) => [user.profile.email, user.profile.firstName, user.profile.lastName].some(starts)]),
    ...(filter === null ? [] : [compileFilter(filter, "filter", filterable)]),
    ...(search === null ? [] : [compileFilter(search, "search", searchable)]),
    // Without `search` or a filter on status, deactivated users are left out (docs, "List users").
    ...(search === null && !(filter ?? "").includes("status") ? [(user: UserRecord) => user.status !== "DEPROVISIONED"] : []),
  ];
  const users = call.store.state.users.filter((user) => tests.every((test) => test(user)));
  return paged(call, users, (user) => renderUserInList(user, call.base), {
    defaultLimit: q === undefined ? 200 : 10,
    maxLimit: 200,
    selfLink: true,
  });
}

function setStatus(store: OktaStore, user: UserRecord, status: UserStatus): void {
  user.status = status;
  user.statusChanged = timestamp();
  user.lastUpdated = user.statusChanged;
  store.changed();
}

function lifecycle(step: string, from: readonly UserStatus[], to: UserStatus | ((user: UserRecord) => UserStatus)): Route {
  return {
    method: "POST",
    path: `/api/v1/users/:userId/lifecycle/${step}`,
    query: ["sendEmail"],
    scope: "okta.users.manage",
    handle: (call) => {
      const user = call.store.user(call.params.userId ?? "");
      if (!from.includes(user.status)) {
        throw invalid("status", `Cannot ${step} a user whose status is ${user.status}: expected ${from.join(" or ")}`);
      }
      setStatus(call.store, user, typeof to === "string" ? to : to(user));
      return ok({});
    },
  };
}

/** First deactivates, then (a second request) deletes: docs, "Delete user". */
function remove(call: Call): Reply {
  const { store } = call;
  const user = store.user(call.params.userId ?? "");
  if (user.status !== "DEPROVISIONED") {
    setStatus(store, user, "DEPROVISIONED");
    for (const group of store.state.groups) {
      group.members = group.members.filter((id) => id !== user.id);
    }
    for (const app of store.state.apps) {
      app.users = app.users.filter((assignment) => assignment.id !== user.id);
    }
    return noContent;
  }
  store.state.users = store.state.users.filter((candidate) => candidate !== user);
  store.changed();
  return noContent;
}

function me(call: Call): Reply {
  if (call.caller.kind !== "ssws") {
    throw accessDenied("/api/v1/users/me: expected an API token, got an OAuth token that stands for no user");
  }
  return ok(renderUser(call.store.user(call.caller.userId), call.base));
}

export const userRoutes: readonly Route[] = [
  { method: "GET", path: "/api/v1/users", query: ["q", "filter", "search", "limit", "after"], scope: "okta.users.read", handle: list },
  { method: "POST", path: "/api/v1/users", query: ["activate"], scope: "okta.users.manage", handle: create },
  { method: "GET", path: "/api/v1/users/me", scope: "okta.users.read", handle: me },
  {
    method: "GET",
    path: "/api/v1/users/:userId",
    scope: "okta.users.read",
    handle: (call) =>
      ok(renderUser(call.store.user(call.params.userId ?? ""), call.base), {
        etag: `W/"${call.store.user(call.params.userId ?? "").lastUpdated}"`,
      }),
  },
  { method: "POST", path: "/api/v1/users/:userId", scope: "okta.users.manage", handle: update },
  { method: "DELETE", path: "/api/v1/users/:userId", query: ["sendEmail"], scope: "okta.users.manage", handle: remove },
  lifecycle("activate", ["STAGED", "DEPROVISIONED"], (user) => (user.password === undefined ? "PROVISIONED" : "ACTIVE")),
  lifecycle("deactivate", ["STAGED", "PROVISIONED", "ACTIVE", "SUSPENDED"], "DEPROVISIONED"),
  lifecycle("suspend", ["ACTIVE", "PROVISIONED"], "SUSPENDED"),
  lifecycle("unsuspend", ["SUSPENDED"], (user) => (user.password === undefined ? "PROVISIONED" : "ACTIVE")),
];
