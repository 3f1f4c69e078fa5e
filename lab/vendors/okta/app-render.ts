import { createHash } from "node:crypto";
import type { AppBody } from "./app-schema";
import { shownSecret } from "./client-secrets";
import { link } from "./links";
import type { AppRecord, Json, JsonObject } from "./model";

const logo = "https://op3static2.oktacdn.com/assets/img/logos/default.6770228fb0dab49a1695ef440a5279bb.png";

/** `settings.oauthClient` as Okta answers it (cassettes of terraform-provider-okta): absent optional fields are null or left out, each in its own way. */
export function answeredOauthClient(settings: AppBody["settings"]["oauthClient"]): JsonObject {
  const optional = ["tos_uri", "policy_uri", "post_logout_redirect_uris", "initiate_login_uri", "network", "jwks"] as const;
  const given = optional.flatMap((name) => {
    const value = settings[name];
    return value === undefined || value === null ? [] : [[name, value as Json] as const];
  });
  const signOut: JsonObject =
    settings.participate_slo === true
      ? {
          frontchannel_logout_uri: settings.frontchannel_logout_uri ?? null,
          frontchannel_logout_session_required: settings.frontchannel_logout_session_required ?? false,
        }
      : {};
  return {
    client_uri: settings.client_uri ?? null,
    logo_uri: settings.logo_uri ?? null,
    redirect_uris: settings.redirect_uris ?? [],
    response_types: settings.response_types,
    grant_types: settings.grant_types,
    application_type: settings.application_type,
    consent_method: settings.consent_method,
    issuer_mode: settings.issuer_mode,
    idp_initiated_login: {
      mode: settings.idp_initiated_login?.mode ?? "DISABLED",
      default_scope: settings.idp_initiated_login?.default_scope ?? [],
    },
    wildcard_redirect: settings.wildcard_redirect,
    dpop_bound_access_tokens: settings.dpop_bound_access_tokens,
    participate_slo: settings.participate_slo ?? false,
    ...(settings.grant_types.includes("refresh_token") ? { refresh_token: settings.refresh_token ?? { rotation_type: "STATIC" } } : {}),
    ...Object.fromEntries(given),
    ...signOut,
  };
}

/** The secret is in the answers to create and update only (recorded; traps T8). */
export function renderApp(app: AppRecord, base: string, orgId: string, withSecret: boolean): unknown {
  const self = `${base}/api/v1/apps/${app.id}`;
  const shown = withSecret ? shownSecret(app) : undefined;
  const secret = shown === undefined ? {} : { client_secret: shown };
  const lifecycle = app.status === "ACTIVE" ? "deactivate" : "activate";
  return {
    id: app.id,
    orn: `orn:okta:idp:${orgId}:apps:oidc_client:${app.id}`,
    name: "oidc_client",
    label: app.label,
    status: app.status,
    lastUpdated: app.lastUpdated,
    created: app.created,
    accessibility: app.accessibility,
    visibility: app.visibility,
    features: [],
    signOnMode: "OPENID_CONNECT",
    credentials: {
      userNameTemplate: app.userNameTemplate,
      signing: { kid: createHash("sha256").update(orgId).digest("base64url") },
      oauthClient: {
        autoKeyRotation: app.autoKeyRotation,
        client_id: app.clientId,
        ...secret,
        token_endpoint_auth_method: app.authMethod,
        pkce_required: app.pkceRequired,
      },
    },
    universalLogout: null,
    ...(app.profile === null ? {} : { profile: app.profile }),
    settings: {
      app: {},
      notifications: { vpn: { network: { connection: "DISABLED" }, message: null, helpUrl: null } },
      manualProvisioning: false,
      implicitAssignment: app.implicitAssignment,
      emOptInStatus: "NONE",
      notes: app.notes,
      oauthClient: app.oauthClient,
    },
    _links: {
      uploadLogo: link(`${self}/logo`, "POST"),
      appLinks: [{ name: "oidc_client_link", href: `${base}/home/oidc_client/${app.id}/${app.linkToken}`, type: "text/html" }],
      profileEnrollment: link(`${base}/api/v1/policies/rst0000000000000enr0`),
      policies: link(`${self}/policies`, "PUT"),
      groups: link(`${self}/groups`),
      logo: [{ name: "medium", href: logo, type: "image/png" }],
      clientCredentials: [{ name: "secrets", href: `${self}/credentials/secrets` }],
      accessPolicy: link(`${base}/api/v1/policies/${app.accessPolicyId}`),
      users: link(`${self}/users`),
      [lifecycle]: link(`${self}/lifecycle/${lifecycle}`),
    },
  };
}
