import { z } from "zod";
import { serverOf } from "./authorization-servers";
import { noContent, created, ok, parseBody, type Call, type Reply, type Route } from "./call";
import { accessDenied, alreadyExists, invalid, notFound } from "./errors";
import { compileGroupFilter } from "./group-claims";
import { link } from "./links";
import type { ClaimRecord, ScopeRecord } from "./model";
import { newId } from "./store";

const claimBody = z.strictObject({
  name: z.string().min(1, "The field cannot be left blank"),
  status: z.enum(["ACTIVE", "INACTIVE"]).default("ACTIVE"),
  claimType: z.enum(["IDENTITY", "RESOURCE"]),
  valueType: z.enum(["EXPRESSION", "GROUPS"]),
  value: z.string().min(1),
  conditions: z.strictObject({ scopes: z.array(z.string()).optional() }).default({}),
  alwaysIncludeInToken: z.boolean().default(false),
  group_filter_type: z.enum(["STARTS_WITH", "EQUALS", "CONTAINS", "REGEX"]).optional(),
});

const scopeBody = z.strictObject({
  name: z.string().regex(/^[^\s"\\]+$/, "expected no white space"),
  displayName: z.string().nullish(),
  description: z.string().nullish(),
  consent: z.enum(["IMPLICIT", "REQUIRED", "FLEXIBLE"]).default("IMPLICIT"),
  default: z.boolean().default(false),
  metadataPublish: z.enum(["ALL_CLIENTS", "NO_CLIENTS"]).default("NO_CLIENTS"),
  optional: z.boolean().default(false),
});

function claimOf(call: Call): ClaimRecord {
  const claim = serverOf(call).claims.find((candidate) => candidate.id === call.params.claimId);
  if (claim === undefined) {
    throw notFound(call.params.claimId ?? "", "OAuth2Claim");
  }
  return claim;
}

function scopeOf(call: Call): ScopeRecord {
  const scope = serverOf(call).scopes.find((candidate) => candidate.id === call.params.scopeId);
  if (scope === undefined) {
    throw notFound(call.params.scopeId ?? "", "OAuth2Scope");
  }
  return scope;
}

function renderClaim(claim: ClaimRecord, call: Call): unknown {
  const { groupFilterType, ...rest } = claim;
  return {
    ...rest,
    apiResourceId: null,
    ...(groupFilterType === undefined ? {} : { group_filter_type: groupFilterType }),
    _links: { self: link(`${call.base}/api/v1/authorizationServers/${serverOf(call).id}/claims/${claim.id}`, "GET", "PUT", "DELETE") },
  };
}

function renderScope(scope: ScopeRecord, call: Call): unknown {
  return {
    ...scope,
    _links: { self: link(`${call.base}/api/v1/authorizationServers/${serverOf(call).id}/scopes/${scope.id}`, "GET", "PUT", "DELETE") },
  };
}

function claimFrom(call: Call, id: string): ClaimRecord {
  const { group_filter_type: groupFilterType, conditions, ...rest } = parseBody(claimBody, call.body, "claim");
  if (rest.valueType === "GROUPS") {
    if (groupFilterType === undefined) {
      throw invalid("group_filter_type", "group_filter_type: expected one with valueType GROUPS, got none");
    }
    compileGroupFilter(groupFilterType, rest.value);
  }
  const known = new Set(serverOf(call).scopes.map((scope) => scope.name));
  for (const scope of conditions.scopes ?? []) {
    if (!known.has(scope)) {
      throw invalid("conditions", `conditions.scopes: expected scopes of this server, got ${scope}`);
    }
  }
  const taken = serverOf(call).claims.some((claim) => claim.id !== id && claim.name === rest.name && claim.claimType === rest.claimType);
  if (taken) {
    throw alreadyExists("name", "name");
  }
  return {
    id,
    ...rest,
    conditions: { scopes: conditions.scopes ?? [] },
    system: false,
    ...(groupFilterType === undefined ? {} : { groupFilterType }),
  };
}

function createClaim(call: Call): Reply {
  const claim = claimFrom(call, newId("ocl"));
  serverOf(call).claims.push(claim);
  call.store.changed();
  return created(renderClaim(claim, call));
}

function updateClaim(call: Call): Reply {
  const claim = claimOf(call);
  if (claim.system) {
    throw accessDenied(`${claim.name}: expected a claim that is not a system claim`);
  }
  const server = serverOf(call);
  const updated = claimFrom(call, claim.id);
  server.claims = server.claims.map((candidate) => (candidate === claim ? updated : candidate));
  call.store.changed();
  return ok(renderClaim(updated, call));
}

function removeClaim(call: Call): Reply {
  const claim = claimOf(call);
  if (claim.system) {
    throw accessDenied(`${claim.name}: expected a claim that is not a system claim`);
  }
  const server = serverOf(call);
  server.claims = server.claims.filter((candidate) => candidate !== claim);
  call.store.changed();
  return noContent;
}

function scopeFrom(call: Call, id: string): ScopeRecord {
  const given = parseBody(scopeBody, call.body, "scope");
  if (serverOf(call).scopes.some((scope) => scope.id !== id && scope.name === given.name)) {
    throw alreadyExists("name", "name");
  }
  return { id, ...given, displayName: given.displayName ?? null, description: given.description ?? null, system: false };
}

function createScope(call: Call): Reply {
  const scope = scopeFrom(call, newId("scp"));
  serverOf(call).scopes.push(scope);
  call.store.changed();
  return created(renderScope(scope, call));
}

function updateScope(call: Call): Reply {
  const scope = scopeOf(call);
  if (scope.system) {
    throw accessDenied(`${scope.name}: expected a scope that is not a system scope`);
  }
  const server = serverOf(call);
  const updated = scopeFrom(call, scope.id);
  server.scopes = server.scopes.map((candidate) => (candidate === scope ? updated : candidate));
  call.store.changed();
  return ok(renderScope(updated, call));
}

function removeScope(call: Call): Reply {
  const scope = scopeOf(call);
  if (scope.system) {
    throw accessDenied(`${scope.name}: expected a scope that is not a system scope`);
  }
  const server = serverOf(call);
  server.scopes = server.scopes.filter((candidate) => candidate !== scope);
  call.store.changed();
  return noContent;
}

const serverPath = "/api/v1/authorizationServers/:serverId";
const manage = "okta.authorizationServers.manage";
const read = "okta.authorizationServers.read";

export const authorizationServerPartRoutes: readonly Route[] = [
  {
    method: "GET",
    path: `${serverPath}/claims`,
    scope: read,
    handle: (call) => ok(serverOf(call).claims.map((claim) => renderClaim(claim, call))),
  },
  { method: "POST", path: `${serverPath}/claims`, scope: manage, handle: createClaim },
  { method: "GET", path: `${serverPath}/claims/:claimId`, scope: read, handle: (call) => ok(renderClaim(claimOf(call), call)) },
  { method: "PUT", path: `${serverPath}/claims/:claimId`, scope: manage, handle: updateClaim },
  { method: "DELETE", path: `${serverPath}/claims/:claimId`, scope: manage, handle: removeClaim },
  {
    method: "GET",
    path: `${serverPath}/scopes`,
    scope: read,
    handle: (call) => ok(serverOf(call).scopes.map((scope) => renderScope(scope, call))),
  },
  { method: "POST", path: `${serverPath}/scopes`, scope: manage, handle: createScope },
  { method: "GET", path: `${serverPath}/scopes/:scopeId`, scope: read, handle: (call) => ok(renderScope(scopeOf(call), call)) },
  { method: "PUT", path: `${serverPath}/scopes/:scopeId`, scope: manage, handle: updateScope },
  { method: "DELETE", path: `${serverPath}/scopes/:scopeId`, scope: manage, handle: removeScope },
];
