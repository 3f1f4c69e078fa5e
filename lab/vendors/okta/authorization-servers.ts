import { createHash } from "node:crypto";
import { z } from "zod";
import { noContent, created, ok, parseBody, type Call, type Reply, type Route } from "./call";
import { accessDenied, alreadyExists } from "./errors";
import { link } from "./links";
import type { AuthorizationServerRecord, ClaimRecord, ScopeRecord } from "./model";
import { paged } from "./paging";
import { newId, timestamp } from "./store";

const body = z.strictObject({
  name: z.string("The field cannot be left blank").trim().min(1, "The field cannot be left blank").max(100),
  description: z.string().nullish(),
  audiences: z.array(z.string().min(1)).length(1, "expected exactly one audience"),
  issuerMode: z.enum(["ORG_URL", "DYNAMIC", "CUSTOM_URL"]).default("ORG_URL"),
  credentials: z
    .strictObject({ signing: z.strictObject({ rotationMode: z.enum(["AUTO", "MANUAL"]), kid: z.string().optional() }) })
    .optional(),
});

/** Scopes that every custom server knows from the start; `groups` is not one of them (it has to be created). */
const scopesOfEveryServer = ["openid", "profile", "email", "address", "phone", "offline_access"];

export function issuerOf(server: AuthorizationServerRecord, orgUrl: string): string {
  return `${orgUrl}/oauth2/${server.id}`;
}

function systemScopes(): ScopeRecord[] {
  return scopesOfEveryServer.map((name) => ({
    id: newId("scp"),
    name,
    displayName: null,
    description: null,
    consent: "IMPLICIT",
    default: false,
    metadataPublish: "ALL_CLIENTS",
    optional: false,
    system: true,
  }));
}

function subjectClaim(): ClaimRecord {
  return {
    id: newId("ocl"),
    name: "sub",
    status: "ACTIVE",
    claimType: "RESOURCE",
    valueType: "EXPRESSION",
    value: "(appuser != null) ? appuser.userName : app.clientId",
    conditions: { scopes: [] },
    system: true,
    alwaysIncludeInToken: true,
  };
}

export interface NewAuthorizationServer {
  id?: string;
  name: string;
  description: string | null;
  audiences: string[];
  issuerMode: string;
  rotationMode: string;
  default: boolean;
}

export function newAuthorizationServer(given: NewAuthorizationServer): AuthorizationServerRecord {
  const now = timestamp();
  return {
    id: newId("aus"),
    status: "ACTIVE",
    created: now,
    lastUpdated: now,
    claims: [subjectClaim()],
    scopes: systemScopes(),
    policies: [],
    ...given,
  };
}

function after(time: string, days: number): string {
  return timestamp(new Date(Date.parse(time) + days * 86_400_000));
}

function render(server: AuthorizationServerRecord, call: Call): unknown {
  const self = `${call.base}/api/v1/authorizationServers/${server.id}`;
  const issuer = issuerOf(server, call.orgUrl);
  const { claims: _claims, scopes: _scopes, policies: _policies, rotationMode, ...rest } = server;
  const lifecycle = server.status === "ACTIVE" ? "deactivate" : "activate";
  const metadata = ["oauth-authorization-server", "openid-configuration"].map((name) => ({
    name,
    ...link(`${issuer}/.well-known/${name}`, "GET"),
  }));
  return {
    ...rest,
    issuer,
    credentials: {
      signing: {
        kid: createHash("sha256").update(server.id).digest("base64url"),
        rotationMode,
        lastRotated: server.created,
        nextRotation: after(server.created, 90),
      },
    },
    _links: {
      rotateKey: link(`${self}/credentials/lifecycle/keyRotate`, "POST"),
      metadata,
      keys: link(`${self}/credentials/keys`, "GET"),
      claims: link(`${self}/claims`, "GET", "POST"),
      policies: link(`${self}/policies`, "GET", "POST"),
      self: link(self, "GET", "DELETE", "PUT"),
      scopes: link(`${self}/scopes`, "GET", "POST"),
      [lifecycle]: link(`${self}/lifecycle/${lifecycle}`, "POST"),
    },
  };
}

export function serverOf(call: Call): AuthorizationServerRecord {
  return call.store.authorizationServer(call.params.serverId ?? "");
}

function requireFreeName(call: Call, name: string, self?: AuthorizationServerRecord): void {
  if (call.store.state.authorizationServers.some((server) => server !== self && server.name === name)) {
    throw alreadyExists("name", "name");
  }
}

function create(call: Call): Reply {
  const given = parseBody(body, call.body, "authorization server");
  requireFreeName(call, given.name);
  const server = newAuthorizationServer({
    name: given.name,
    description: given.description ?? null,
    audiences: given.audiences,
    issuerMode: given.issuerMode,
    rotationMode: given.credentials?.signing.rotationMode ?? "AUTO",
    default: false,
  });
  call.store.state.authorizationServers.push(server);
  call.store.changed();
  return created(render(server, call));
}

function update(call: Call): Reply {
  const server = serverOf(call);
  const given = parseBody(body, call.body, "authorization server");
  requireFreeName(call, given.name, server);
  Object.assign(server, {
    name: given.name,
    description: given.description ?? null,
    audiences: given.audiences,
    issuerMode: given.issuerMode,
    rotationMode: given.credentials?.signing.rotationMode ?? server.rotationMode,
    lastUpdated: timestamp(),
  });
  call.store.changed();
  return ok(render(server, call));
}

function remove(call: Call): Reply {
  const server = serverOf(call);
  if (server.default) {
    throw accessDenied(`${server.name}: the default authorization server cannot be deleted`);
  }
  call.store.state.authorizationServers = call.store.state.authorizationServers.filter((candidate) => candidate !== server);
  call.store.changed();
  return noContent;
}

function setStatus(status: AuthorizationServerRecord["status"]): (call: Call) => Reply {
  return (call) => {
    const server = serverOf(call);
    server.status = status;
    server.lastUpdated = timestamp();
    call.store.changed();
    return noContent;
  };
}

const serverPath = "/api/v1/authorizationServers/:serverId";
const manage = "okta.authorizationServers.manage";
const read = "okta.authorizationServers.read";

export const authorizationServerRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/authorizationServers",
    query: ["q", "limit", "after"],
    scope: read,
    handle: (call) => {
      const q = call.query.get("q")?.toLowerCase() ?? "";
      const servers = call.store.state.authorizationServers.filter((server) => server.name.toLowerCase().includes(q));
      return paged(call, servers, (server) => render(server, call), { defaultLimit: 200, maxLimit: 200, selfLink: true });
    },
  },
  { method: "POST", path: "/api/v1/authorizationServers", scope: manage, handle: create },
  { method: "GET", path: serverPath, scope: read, handle: (call) => ok(render(serverOf(call), call)) },
  { method: "PUT", path: serverPath, scope: manage, handle: update },
  { method: "DELETE", path: serverPath, scope: manage, handle: remove },
  { method: "POST", path: `${serverPath}/lifecycle/activate`, scope: manage, handle: setStatus("ACTIVE") },
  { method: "POST", path: `${serverPath}/lifecycle/deactivate`, scope: manage, handle: setStatus("INACTIVE") },
];
