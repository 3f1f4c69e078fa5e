import { randomBytes } from "node:crypto";
import { z } from "zod";
import { answeredOauthClient, renderApp } from "./app-render";
import { appBody, checkApp, type AppBody } from "./app-schema";
import { noContent, flag, ok, parseBody, type Call, type Reply, type Route, appOf } from "./call";
import { saidByApp } from "./client-secrets";
import { alreadyExists, deleteForbidden, invalid, notFound } from "./errors";
import { compileFilter } from "./filter";
import { compileGroupFilter } from "./group-claims";
import type { AppRecord, IdTokenSettings } from "./model";
import { paged } from "./paging";
import { newId, timestamp, type OktaStore } from "./store";

const filterable = ["id", "status", "name", "label", "credentials.oauthClient.client_id"];

const idTokenBody = z.discriminatedUnion(
  "valueType",
  [
    z.strictObject({ issuerMode: z.string(), valueType: z.undefined().optional() }),
    z.strictObject({ issuerMode: z.string(), valueType: z.literal("EXPRESSION"), name: z.string().min(1), value: z.string().min(1) }),
    z.strictObject({
      issuerMode: z.string(),
      valueType: z.literal("GROUPS"),
      name: z.string().min(1),
      value: z.string().min(1),
      groupFilterType: z.enum(["STARTS_WITH", "EQUALS", "CONTAINS", "REGEX"]),
    }),
  ],
  "expected issuerMode, and with a claim name, value, valueType (and groupFilterType for GROUPS)",
);

function answer(call: Call, app: AppRecord, withSecret: boolean): Reply {
  return ok(renderApp(app, call.base, call.store.state.orgId, withSecret));
}

/** What the body says; the same for create and update, which replaces everything (PUT). */
function described(
  body: AppBody,
): Pick<
  AppRecord,
  | "label"
  | "autoKeyRotation"
  | "pkceRequired"
  | "authMethod"
  | "accessibility"
  | "visibility"
  | "userNameTemplate"
  | "notes"
  | "implicitAssignment"
  | "profile"
  | "oauthClient"
> {
  const client = body.credentials.oauthClient;
  const settings = body.settings.oauthClient;
  return {
    label: body.label,
    autoKeyRotation: client.autoKeyRotation,
    // Docs: on by default for browser and native apps, off for web.
    pkceRequired: client.pkce_required ?? ["browser", "native"].includes(settings.application_type),
    authMethod: client.token_endpoint_auth_method,
    accessibility: {
      selfService: body.accessibility.selfService ?? false,
      errorRedirectUrl: body.accessibility.errorRedirectUrl ?? null,
      loginRedirectUrl: body.accessibility.loginRedirectUrl ?? null,
    },
    visibility: {
      autoLaunch: body.visibility.autoLaunch ?? false,
      autoSubmitToolbar: body.visibility.autoSubmitToolbar ?? false,
      hide: body.visibility.hide ?? { iOS: false, web: false },
      appLinks: body.visibility.appLinks ?? { oidc_client_link: true },
    },
    userNameTemplate: { ...body.credentials.userNameTemplate },
    notes: { admin: body.settings.notes.admin ?? null, enduser: body.settings.notes.enduser ?? null },
    implicitAssignment: body.settings.implicitAssignment,
    profile: body.profile ?? null,
    oauthClient: answeredOauthClient(settings),
  };
}

function usesSecret(body: AppBody): boolean {
  return !["none", "private_key_jwt"].includes(body.credentials.oauthClient.token_endpoint_auth_method);
}

function createApp(store: OktaStore, body: AppBody, active: boolean): AppRecord {
  checkApp(body);
  const id = newId("0oa");
  const { client_id: clientId = id, client_secret: secret } = body.credentials.oauthClient;
  if (store.state.apps.some((app) => app.clientId === clientId)) {
    throw alreadyExists("client_id", "client_id");
  }
  const now = timestamp();
  const app: AppRecord = {
    id,
    status: active ? "ACTIVE" : "INACTIVE",
    created: now,
    lastUpdated: now,
    clientId,
    clientSecrets: usesSecret(body) ? saidByApp([], secret) : [],
    linkToken: `aln${randomBytes(8).toString("hex")}`,
    accessPolicyId: store.systemAccessPolicy().id,
    idToken: { issuerMode: "ORG_URL" },
    groups: [],
    users: [],
    grants: [],
    ...described(body),
  };
  store.state.apps.push(app);
  store.changed();
  return app;
}

function update(call: Call): Reply {
  const app = appOf(call);
  const body = parseBody(appBody, call.body, "app");
  checkApp(body);
  const { client_id: clientId, client_secret: secret } = body.credentials.oauthClient;
  if (clientId !== undefined && clientId !== app.clientId) {
    throw invalid("client_id", "client_id: expected the id that the app has; it cannot be changed");
  }
  Object.assign(app, described(body), {
    clientSecrets: usesSecret(body) ? saidByApp(app.clientSecrets, secret) : [],
    lastUpdated: timestamp(),
  });
  call.store.changed();
  return answer(call, app, true);
}

function list(call: Call): Reply {
  const q = call.query.get("q")?.toLowerCase();
  const filter = call.query.get("filter");
  const view = (app: AppRecord): unknown => renderApp(app, call.base, call.store.state.orgId, false);
  const test = filter === null ? undefined : compileFilter(filter, "filter", filterable);
  const apps = call.store.state.apps.filter(
    (app) => (q === undefined || app.label.toLowerCase().startsWith(q)) && (test === undefined || test(view(app))),
  );
  return paged(call, apps, view, { defaultLimit: 20, maxLimit: 200, selfLink: true });
}

function remove(call: Call): Reply {
  const app = appOf(call);
  if (app.status !== "INACTIVE") {
    throw deleteForbidden(`${app.id}: expected a deactivated app, got one that is ${app.status}`);
  }
  call.store.state.apps = call.store.state.apps.filter((candidate) => candidate !== app);
  call.store.changed();
  return noContent;
}

function setStatus(status: AppRecord["status"]): (call: Call) => Reply {
  return (call) => {
    const app = appOf(call);
    app.status = status;
    app.lastUpdated = timestamp();
    call.store.changed();
    return ok({});
  };
}

function setAccessPolicy(call: Call): Reply {
  const app = appOf(call);
  const policy = call.store.policy(call.params.policyId ?? "");
  if (policy.type !== "ACCESS_POLICY") {
    throw invalid("policyId", `policyId: expected an ACCESS_POLICY, got ${policy.type}`);
  }
  app.accessPolicyId = policy.id;
  app.lastUpdated = timestamp();
  call.store.changed();
  return noContent;
}

/** The console's own endpoint for "OpenID Connect ID Token > Groups claim": no OAuth scope reaches it (traps T6). */
function setIdToken(call: Call): Reply {
  const app = appOf(call);
  const settings: IdTokenSettings = parseBody<IdTokenSettings>(idTokenBody, call.body, "idToken");
  if (settings.groupFilterType !== undefined) {
    compileGroupFilter(settings.groupFilterType, settings.value ?? "");
  }
  app.idToken = settings;
  call.store.changed();
  return ok({ issuer: null, orgUrl: null, customUrl: null, audience: null, ...settings });
}

function getIdToken(call: Call): Reply {
  const app = appOf(call);
  return ok({ issuer: call.orgUrl, orgUrl: null, customUrl: null, audience: app.clientId, ...app.idToken });
}

const grantBody = z.strictObject({ scopeId: z.string().startsWith("okta."), issuer: z.string() });

export const appRoutes: readonly Route[] = [
  { method: "GET", path: "/api/v1/apps", query: ["q", "filter", "limit", "after"], scope: "okta.apps.read", handle: list },
  {
    method: "POST",
    path: "/api/v1/apps",
    query: ["activate"],
    scope: "okta.apps.manage",
    handle: (call) => answer(call, createApp(call.store, parseBody(appBody, call.body, "app"), flag(call, "activate", true)), true),
  },
  { method: "GET", path: "/api/v1/apps/:appId", scope: "okta.apps.read", handle: (call) => answer(call, appOf(call), false) },
  { method: "PUT", path: "/api/v1/apps/:appId", scope: "okta.apps.manage", handle: update },
  { method: "DELETE", path: "/api/v1/apps/:appId", scope: "okta.apps.manage", handle: remove },
  { method: "POST", path: "/api/v1/apps/:appId/lifecycle/activate", scope: "okta.apps.manage", handle: setStatus("ACTIVE") },
  { method: "POST", path: "/api/v1/apps/:appId/lifecycle/deactivate", scope: "okta.apps.manage", handle: setStatus("INACTIVE") },
  { method: "PUT", path: "/api/v1/apps/:appId/policies/:policyId", scope: "okta.apps.manage", handle: setAccessPolicy },
  { method: "GET", path: "/api/v1/internal/apps/:appId/settings/oauth/idToken", scope: "ssws", handle: getIdToken },
  { method: "POST", path: "/api/v1/internal/apps/:appId/settings/oauth/idToken", scope: "ssws", handle: setIdToken },
  {
    method: "GET",
    path: "/api/v1/apps/:appId/grants",
    scope: "okta.appGrants.read",
    handle: (call) => ok(appOf(call).grants.map((grant) => ({ ...grant, issuer: call.orgUrl, status: "ACTIVE", source: "ADMIN" }))),
  },
  {
    method: "POST",
    path: "/api/v1/apps/:appId/grants",
    scope: "okta.appGrants.manage",
    handle: (call) => {
      const app = appOf(call);
      const { scopeId, issuer } = parseBody(grantBody, call.body, "grant");
      if (issuer !== call.orgUrl) {
        throw invalid("issuer", `issuer: expected ${call.orgUrl}, got ${issuer}`);
      }
      const grant = app.grants.find((candidate) => candidate.scopeId === scopeId) ?? { id: newId("oag"), scopeId, created: timestamp() };
      if (!app.grants.includes(grant)) {
        app.grants.push(grant);
      }
      call.store.changed();
      return ok({ ...grant, issuer, status: "ACTIVE", source: "ADMIN" });
    },
  },
  {
    method: "DELETE",
    path: "/api/v1/apps/:appId/grants/:grantId",
    scope: "okta.appGrants.manage",
    handle: (call) => {
      const app = appOf(call);
      const left = app.grants.filter((grant) => grant.id !== call.params.grantId);
      if (left.length === app.grants.length) {
        throw notFound(call.params.grantId ?? "", "OAuth2ScopeConsentGrant");
      }
      app.grants = left;
      call.store.changed();
      return noContent;
    },
  },
];
