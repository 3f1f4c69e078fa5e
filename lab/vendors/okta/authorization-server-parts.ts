import { z } from "zod";
import { serverOf } from "./authorization-servers";
import { noContent, created, ok, parseBody, type Call, type Reply, type Route } from "./call";
import { accessDenied, alreadyExists, found, invalid } from "./errors";
import { compileGroupFilter } from "./group-claims";
import { link } from "./links";
import type { AuthorizationServerRecord, ClaimRecord, ScopeRecord } from "./model";
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

/** What a claim and a scope have in common: the operations on them are the same. */
interface Part<T extends ClaimRecord | ScopeRecord> {
  /** Of the path, and of the word for one of them. */
  readonly name: "claim" | "scope";
  readonly type: "OAuth2Claim" | "OAuth2Scope";
  readonly idPrefix: "ocl" | "scp";
  readonly of: (server: AuthorizationServerRecord) => T[];
  /** The record by the call's body. @throws OktaApiError */
  readonly from: (call: Call, id: string) => T;
  /** As the API shows it, but for its links. */
  readonly shown: (part: T) => object;
}

const claims: Part<ClaimRecord> = {
  name: "claim",
  type: "OAuth2Claim",
  idPrefix: "ocl",
  of: (server) => server.claims,
  from: claimFrom,
  shown: ({ groupFilterType, ...rest }) => ({
    ...rest,
    apiResourceId: null,
    ...(groupFilterType === undefined ? {} : { group_filter_type: groupFilterType }),
  }),
};

const scopes: Part<ScopeRecord> = {
  name: "scope",
  type: "OAuth2Scope",
  idPrefix: "scp",
  of: (server) => server.scopes,
  from: scopeFrom,
  shown: (scope) => scope,
};

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

function scopeFrom(call: Call, id: string): ScopeRecord {
  const given = parseBody(scopeBody, call.body, "scope");
  if (serverOf(call).scopes.some((scope) => scope.id !== id && scope.name === given.name)) {
    throw alreadyExists("name", "name");
  }
  return { id, ...given, displayName: given.displayName ?? null, description: given.description ?? null, system: false };
}

const read = "okta.authorizationServers.read";
const manage = "okta.authorizationServers.manage";

function routesOf<T extends ClaimRecord | ScopeRecord>({ name, type, idPrefix, of, from, shown }: Part<T>): Route[] {
  const path = `/api/v1/authorizationServers/:serverId/${name}s`;
  const render = (part: T, call: Call): unknown => {
    const self = `${call.base}/api/v1/authorizationServers/${serverOf(call).id}/${name}s/${part.id}`;
    return { ...shown(part), _links: { self: link(self, "GET", "PUT", "DELETE") } };
  };
  const partOf = (call: Call): T => found(of(serverOf(call)), call.params.partId, type);
  const create = (call: Call): Reply => {
    const part = from(call, newId(idPrefix));
    of(serverOf(call)).push(part);
    call.store.changed();
    return created(render(part, call));
  };
  /** What takes the place of one; nothing removes it. */
  const replace = (call: Call, by: (part: T) => T | undefined): Reply => {
    const part = partOf(call);
    if (part.system) {
      throw accessDenied(`${part.name}: expected a ${name} that is not a system ${name}`);
    }
    const updated = by(part);
    const all = of(serverOf(call));
    all.splice(all.indexOf(part), 1, ...(updated === undefined ? [] : [updated]));
    call.store.changed();
    return updated === undefined ? noContent : ok(render(updated, call));
  };
  return [
    { method: "GET", path, scope: read, handle: (call) => ok(of(serverOf(call)).map((part) => render(part, call))) },
    { method: "POST", path, scope: manage, handle: create },
    { method: "GET", path: `${path}/:partId`, scope: read, handle: (call) => ok(render(partOf(call), call)) },
    { method: "PUT", path: `${path}/:partId`, scope: manage, handle: (call) => replace(call, ({ id }) => from(call, id)) },
    { method: "DELETE", path: `${path}/:partId`, scope: manage, handle: (call) => replace(call, () => undefined) },
  ];
}

export const authorizationServerPartRoutes: readonly Route[] = [...routesOf(claims), ...routesOf(scopes)];
