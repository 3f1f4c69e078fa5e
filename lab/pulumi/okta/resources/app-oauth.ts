// okta:app/oAuth:OAuth — the requests of terraform-provider-okta resource_okta_app_oauth.go.
import { difference } from "../../provider/diff";
import { flag, integer, list, notImplemented, object, set, text, type Schema } from "../../provider/schema";
import { defined, numberOf, objectOf, objectsOf, requiredText, sortedJson, textOf, textsOf } from "../../provider/json";
import type { ResourceType } from "../../provider/table";
import type { Properties, Value } from "../../provider/values";
import type { OktaClient } from "../client";
import { appBody, requireValidApp } from "./app-oauth-body";

const properties: Schema = {
  accessibilityErrorRedirectUrl: text(),
  accessibilityLoginRedirectUrl: text(),
  accessibilitySelfService: flag({ default: false }),
  adminNote: text(),
  appLinksJson: notImplemented,
  appSettingsJson: { ...notImplemented, json: true },
  authenticationPolicy: text({ computed: true }),
  autoKeyRotation: flag({ default: true }),
  autoSubmitToolbar: flag({ default: false }),
  backchannelCustomAuthenticatorId: notImplemented,
  clientBasicSecret: text({ secret: true }),
  clientBasicSecretWo: text({ secret: true }),
  clientBasicSecretWoVersion: integer(),
  clientId: text({ computed: true, forceNew: true }),
  clientSecret: text({ outputOnly: true, secret: true }),
  clientUri: text(),
  consentMethod: text({ default: "TRUSTED" }),
  enduserNote: text(),
  frontchannelLogoutSessionRequired: flag(),
  frontchannelLogoutUri: text(),
  grantTypes: set(text(), { computed: true }),
  groupsClaim: object({
    filterType: text(),
    issuerMode: text({ computed: true }),
    name: text({ required: true }),
    type: text({ required: true }),
    value: text({ required: true }),
  }),
  hideIos: flag({ default: true }),
  hideWeb: flag({ default: true }),
  implicitAssignment: flag(),
  issuerMode: text({ default: "ORG_URL" }),
  jwks: list(object({ e: text(), kid: text({ required: true }), kty: text({ required: true }), n: text(), x: text(), y: text() })),
  jwksUri: text(),
  label: text({ required: true }),
  loginMode: text({ default: "DISABLED" }),
  loginScopes: set(text()),
  loginUri: text(),
  logo: notImplemented,
  logoUri: text(),
  logoUrl: text({ outputOnly: true }),
  name: text({ outputOnly: true }),
  network: notImplemented,
  omitSecret: flag({ default: false }),
  participateSlo: flag(),
  pkceRequired: flag({ computed: true }),
  policyUri: text(),
  postLogoutRedirectUris: set(text()),
  preconfiguredApp: notImplemented,
  profile: text(),
  redirectUris: list(text()),
  refreshTokenLeeway: integer({ default: 0 }),
  refreshTokenRotation: text({ default: "STATIC" }),
  responseTypes: set(text({ allowed: ["code", "token", "id_token"] }), { computed: true }),
  signOnMode: text({ outputOnly: true }),
  skipAuthenticationPolicy: flag({ default: false }),
  status: text({ default: "ACTIVE", allowed: ["ACTIVE", "INACTIVE"] }),
  tokenEndpointAuthMethod: text({ default: "client_secret_basic" }),
  tosUri: text(),
  type: text({ required: true, forceNew: true }),
  userNameTemplate: text({ default: "${source.login}" }),
  userNameTemplatePushStatus: text(),
  userNameTemplateSuffix: text(),
  userNameTemplateType: text({ default: "BUILT_IN" }),
  wildcardRedirect: text({ default: "DISABLED" }),
};

const claimPath = (id: string): string => `/api/v1/internal/apps/${id}/settings/oauth/idToken`;

function policyId(app: Properties): string | undefined {
  return textOf(objectOf(objectOf(app._links).accessPolicy).href)
    ?.split("/")
    .pop();
}

/** An OAuth credential may not use this internal API, and the official plugin then skips the claim without a word (trap T6). */
async function writeGroupsClaim(client: OktaClient, id: string, inputs: Properties): Promise<void> {
  if (client.usesOAuth) {
    return;
  }
  const claim = objectOf(inputs.groupsClaim);
  const issuerMode = textOf(inputs.issuerMode);
  const type = textOf(claim.type);
  const body: Record<string, Value | undefined> = type
    ? {
        name: claim.name,
        value: claim.value,
        valueType: type === "FILTER" ? "GROUPS" : type,
        groupFilterType: textOf(claim.filterType),
        issuerMode,
      }
    : { issuerMode };
  await client.send("POST", claimPath(id), defined(body));
}

async function readGroupsClaim(client: OktaClient, id: string): Promise<Properties | null> {
  // The official plugin takes any failure here for 'no claim'.
  const claim = await client.send("GET", claimPath(id)).catch((): Properties => ({}));
  const name = textOf(claim.name);
  if (!name) {
    return null;
  }
  const filterType = textOf(claim.groupFilterType);
  const type = claim.valueType === "GROUPS" && filterType ? "FILTER" : claim.valueType;
  return defined({ name, value: claim.value, type, filterType, issuerMode: textOf(claim.issuerMode) });
}

async function applyAuthenticationPolicy(client: OktaClient, id: string, wanted: Properties): Promise<void> {
  if (wanted.skipAuthenticationPolicy === true || (await client.isClassic())) {
    return;
  }
  const policy = textOf(wanted.authenticationPolicy) ?? (await systemPolicyId(client));
  await client.send("PUT", `/api/v1/apps/${id}/policies/${policy}`);
}

/** The org's default access policy; exactly one must be marked as the system's. */
export async function systemPolicyId(client: OktaClient): Promise<string> {
  const policies = (await client.list("/api/v1/policies?type=ACCESS_POLICY")).filter((policy) => policy.system === true);
  if (policies.length !== 1) {
    throw new Error(`expected one system policy of type ACCESS_POLICY, got ${policies.length}`);
  }
  return textOf(policies[0]?.id) ?? "";
}

/** A 404 is an error here as in the official plugin, and stops a refresh (trap T23). */
async function readState(client: OktaClient, id: string, known: Properties): Promise<Properties> {
  const app = await client.send("GET", `/api/v1/apps/${id}`).catch((error: unknown) => {
    throw new Error(`failed to get OAuth application: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  });
  if (app.signOnMode !== "OPENID_CONNECT") {
    throw new Error(`app ${id}: expected signOnMode OPENID_CONNECT, got ${textOf(app.signOnMode) ?? "none"}`);
  }
  const hasPolicy = known.skipAuthenticationPolicy !== true && !(await client.isClassic());
  return {
    ...appState(app),
    ...(hasPolicy ? { authenticationPolicy: policyId(app) ?? null } : {}),
    ...(client.usesOAuth ? {} : { groupsClaim: await readGroupsClaim(client, id) }),
  };
}

function appState(app: Properties): Properties {
  const oauth = objectOf(objectOf(app.credentials).oauthClient);
  const template = objectOf(objectOf(app.credentials).userNameTemplate);
  const settings = objectOf(app.settings);
  const client = objectOf(settings.oauthClient);
  const notes = objectOf(settings.notes);
  const visibility = objectOf(app.visibility);
  const accessibility = objectOf(app.accessibility);
  const refresh = objectOf(client.refresh_token);
  const login = objectOf(client.idp_initiated_login);
  const keys = objectsOf(objectOf(client.jwks).keys);
  return {
    accessibilityErrorRedirectUrl: accessibility.errorRedirectUrl ?? null,
    accessibilityLoginRedirectUrl: accessibility.loginRedirectUrl ?? null,
    accessibilitySelfService: accessibility.selfService === true,
    adminNote: notes.admin ?? null,
    autoKeyRotation: oauth.autoKeyRotation === true,
    autoSubmitToolbar: visibility.autoSubmitToolbar === true,
    clientId: oauth.client_id ?? null,
    clientUri: client.client_uri ?? null,
    appSettingsJson: sortedJson({ app: objectOf(settings.app), manualProvisioning: settings.manualProvisioning === true }),
    ...defined({ consentMethod: textOf(client.consent_method) }),
    enduserNote: notes.enduser ?? null,
    frontchannelLogoutSessionRequired: client.frontchannel_logout_session_required ?? null,
    frontchannelLogoutUri: client.frontchannel_logout_uri ?? null,
    grantTypes: textsOf(client.grant_types),
    hideIos: objectOf(visibility.hide).iOS === true,
    hideWeb: objectOf(visibility.hide).web === true,
    implicitAssignment: settings.implicitAssignment === true,
    issuerMode: client.issuer_mode ?? null,
    jwks: keys.length > 0 ? keys.map(({ e, kid, kty, n, x, y }) => defined({ e, kid, kty, n, x, y })) : null,
    jwksUri: client.jwks_uri ?? null,
    label: app.label ?? null,
    ...defined({ loginMode: textOf(login.mode) }),
    loginScopes: textsOf(login.default_scope),
    loginUri: client.initiate_login_uri ?? null,
    logoUri: client.logo_uri ?? null,
    logoUrl: textOf(objectsOf(objectOf(app._links).logo)[0]?.href) ?? null,
    name: app.name ?? null,
    participateSlo: client.participate_slo ?? null,
    pkceRequired: oauth.pkce_required === true,
    policyUri: client.policy_uri ?? null,
    postLogoutRedirectUris: textsOf(client.post_logout_redirect_uris),
    profile: Object.keys(objectOf(app.profile)).length > 0 ? sortedJson(objectOf(app.profile)) : null,
    redirectUris: textsOf(client.redirect_uris),
    ...defined({ refreshTokenRotation: textOf(refresh.rotation_type), refreshTokenLeeway: numberOf(refresh.leeway) }),
    responseTypes: textsOf(client.response_types),
    signOnMode: app.signOnMode ?? null,
    status: app.status ?? null,
    ...defined({ tokenEndpointAuthMethod: textOf(oauth.token_endpoint_auth_method) }),
    tosUri: client.tos_uri ?? null,
    type: client.application_type ?? null,
    ...defined({ userNameTemplate: textOf(template.template), userNameTemplateType: textOf(template.type) }),
    userNameTemplatePushStatus: template.pushStatus ?? null,
    userNameTemplateSuffix: template.userSuffix ?? null,
    wildcardRedirect: client.wildcard_redirect ?? null,
  };
}

function secretOf(app: Properties): string | undefined {
  return textOf(objectOf(objectOf(app.credentials).oauthClient).client_secret);
}

const ownSecret = (inputs: Properties): string | undefined => textOf(inputs.clientBasicSecretWo) ?? textOf(inputs.clientBasicSecret);

export const appOAuth: ResourceType<OktaClient> = {
  properties,
  // Going back to a secret in the state needs a new one, which only a new app gives.
  replacedFor: (state, inputs) => (state.omitSecret === true && inputs.omitSecret !== true ? ["omitSecret"] : []),
  async create(client, inputs, created) {
    requireValidApp(inputs, client.usesOAuth);
    const body = appBody(inputs, textOf(inputs.clientId), ownSecret(inputs), true);
    const app = await client.send("POST", `/api/v1/apps?activate=${inputs.status === "ACTIVE"}`, body);
    const id = requiredText(app, "id");
    created(id);
    await writeGroupsClaim(client, id, inputs);
    if (inputs.type !== "service") {
      await applyAuthenticationPolicy(client, id, inputs);
    }
    const secret = inputs.omitSecret === true ? undefined : secretOf(app);
    return { id, state: { ...(await readState(client, id, inputs)), ...defined({ clientSecret: secret }) } };
  },
  async read(client, id, state) {
    return { state: await readState(client, id, state) };
  },
  async update(client, id, state, inputs) {
    const changed = Object.keys(difference(properties, state, inputs).detailed);
    if (changed.includes("status")) {
      await client.send("POST", `/api/v1/apps/${id}/lifecycle/${inputs.status === "ACTIVE" ? "activate" : "deactivate"}`);
      if (changed.length === 1) {
        return {};
      }
    }
    requireValidApp(inputs, client.usesOAuth);
    const omitted = inputs.omitSecret === true;
    // The secret in the state is sent with every update.
    const secret = omitted ? "" : (ownSecret(inputs) ?? textOf(state.clientSecret));
    const app = await client.send("PUT", `/api/v1/apps/${id}`, appBody(inputs, textOf(state.clientId), secret, false));
    if (changed.some((path) => path.startsWith("groupsClaim"))) {
      await writeGroupsClaim(client, id, inputs);
    }
    await applyAuthenticationPolicy(client, id, {
      ...inputs,
      authenticationPolicy: inputs.authenticationPolicy ?? state.authenticationPolicy ?? null,
    });
    const kept = omitted ? null : (secretOf(app) ?? state.clientSecret ?? null);
    return { ...(await readState(client, id, inputs)), clientSecret: kept };
  },
  async delete(client, id) {
    // An app that is gone is an error to the official plugin here as well, and stays in the state.
    await client.send("POST", `/api/v1/apps/${id}/lifecycle/deactivate`);
    await client.send("DELETE", `/api/v1/apps/${id}`);
  },
};
