// What the provider sends for a client and reads back: one map of texts for most settings (KP keycloak/openid_client.go).
import { defined, objectOf, textOf, textsOf } from "../../provider/json";
import type { Properties, Value } from "../../provider/values";

const flagText = (value: Value | undefined): string => String(value === true);

/** Settings that are texts at both ends. */
const texts: Readonly<Record<string, string>> = {
  "access.token.lifespan": "accessTokenLifespan",
  "backchannel.logout.url": "backchannelLogoutUrl",
  "client.offline.session.idle.timeout": "clientOfflineSessionIdleTimeout",
  "client.offline.session.max.lifespan": "clientOfflineSessionMaxLifespan",
  "client.session.idle.timeout": "clientSessionIdleTimeout",
  "client.session.max.lifespan": "clientSessionMaxLifespan",
  "consent.screen.text": "consentScreenText",
  "frontchannel.logout.url": "frontchannelLogoutUrl",
  login_theme: "loginTheme",
  "oauth2.device.code.lifespan": "oauth2DeviceCodeLifespan",
  "oauth2.device.polling.interval": "oauth2DevicePollingInterval",
  "oauth2.jwt.authorization.grant.idp": "oauth2JwtAuthorizationGrantIdp",
  "pkce.code.challenge.method": "pkceCodeChallengeMethod",
  "standard.token.exchange.enableRefreshRequestedTokenType": "allowRefreshTokenInStandardTokenExchange",
};

/** Settings that are `"true"` or `"false"` at the server. */
const flags: Readonly<Record<string, string>> = {
  "backchannel.logout.revoke.offline.tokens": "backchannelLogoutRevokeOfflineSessions",
  "backchannel.logout.session.required": "backchannelLogoutSessionRequired",
  "client_credentials.use_refresh_token": "useRefreshTokensClientCredentials",
  "display.on.consent.screen": "displayOnConsentScreen",
  "dpop.bound.access.tokens": "requireDpopBoundTokens",
  "exclude.issuer.from.auth.response": "excludeIssuerFromAuthResponse",
  "exclude.session.state.from.auth.response": "excludeSessionStateFromAuthResponse",
  "oauth2.device.authorization.grant.enabled": "oauth2DeviceAuthorizationGrantEnabled",
  "oauth2.jwt.authorization.grant.enabled": "oauth2JwtAuthorizationGrantEnabled",
  "standard.token.exchange.enabled": "standardTokenExchangeEnabled",
  "use.refresh.tokens": "useRefreshTokens",
};

const list = "##";

export function clientBody(inputs: Properties, id: string | undefined, secret: string | undefined): Properties {
  const overrides = objectOf(inputs.authenticationFlowBindingOverrides);
  const signOut = textsOf(inputs.validPostLogoutRedirectUris);
  return {
    ...defined({ id, secret, rootUrl: textOf(inputs.rootUrl) ?? (id === undefined ? undefined : "") }),
    clientId: inputs.clientId ?? "",
    name: inputs.name ?? "",
    protocol: "openid-connect",
    clientAuthenticatorType: inputs.clientAuthenticatorType ?? "client-secret",
    enabled: inputs.enabled === true,
    description: textOf(inputs.description) ?? "",
    publicClient: inputs.accessType === "PUBLIC",
    bearerOnly: inputs.accessType === "BEARER-ONLY",
    standardFlowEnabled: inputs.standardFlowEnabled === true,
    implicitFlowEnabled: inputs.implicitFlowEnabled === true,
    directAccessGrantsEnabled: inputs.directAccessGrantsEnabled === true,
    serviceAccountsEnabled: inputs.serviceAccountsEnabled === true,
    frontchannelLogout: inputs.frontchannelLogoutEnabled === true,
    authorizationServicesEnabled: false,
    redirectUris: textsOf(inputs.validRedirectUris),
    webOrigins: textsOf(inputs.webOrigins),
    adminUrl: textOf(inputs.adminUrl) ?? "",
    baseUrl: textOf(inputs.baseUrl) ?? "",
    fullScopeAllowed: inputs.fullScopeAllowed === true,
    attributes: {
      ...Object.fromEntries(Object.entries(texts).map(([theirs, ours]) => [theirs, textOf(inputs[ours]) ?? ""])),
      ...Object.fromEntries(Object.entries(flags).map(([theirs, ours]) => [theirs, flagText(inputs[ours])])),
      "post.logout.redirect.uris": signOut.length === 0 ? null : signOut.join(list),
      ...objectOf(inputs.extraConfig),
    },
    consentRequired: inputs.consentRequired === true,
    authenticationFlowBindingOverrides: { browser: textOf(overrides.browserId) ?? "", direct_grant: textOf(overrides.directGrantId) ?? "" },
    alwaysDisplayInConsole: false,
  };
}

/** @param of what the program wants, or the state: some settings are shown only where they were given */
export function clientState(found: Properties, secret: string, of: Properties): Properties {
  const attributes = objectOf(found.attributes);
  const overrides = objectOf(found.authenticationFlowBindingOverrides);
  const [browserId, directGrantId] = [textOf(overrides.browser) ?? "", textOf(overrides.direct_grant) ?? ""];
  const extra = Object.keys(objectOf(of.extraConfig));
  return {
    ...Object.fromEntries(Object.entries(texts).map(([theirs, ours]) => [ours, textOf(attributes[theirs]) ?? ""])),
    ...Object.fromEntries(Object.entries(flags).map(([theirs, ours]) => [ours, attributes[theirs] === "true"])),
    oauth2JwtAuthorizationGrantEnabled: false,
    // Not read back unless given.
    excludeIssuerFromAuthResponse: of.excludeIssuerFromAuthResponse ?? null,
    excludeSessionStateFromAuthResponse: of.excludeSessionStateFromAuthResponse ?? null,
    accessType: found.publicClient === true ? "PUBLIC" : found.bearerOnly === true ? "BEARER-ONLY" : "CONFIDENTIAL",
    adminUrl: found.adminUrl ?? "",
    alwaysDisplayInConsole: found.alwaysDisplayInConsole === true,
    authenticationFlowBindingOverrides: browserId + directGrantId === "" ? null : { browserId, directGrantId },
    baseUrl: found.baseUrl ?? "",
    clientAuthenticatorType: found.clientAuthenticatorType ?? "",
    clientId: found.clientId ?? "",
    clientSecret: secret,
    consentRequired: found.consentRequired === true,
    description: found.description ?? "",
    directAccessGrantsEnabled: found.directAccessGrantsEnabled === true,
    enabled: found.enabled === true,
    extraConfig: extra.length === 0 ? null : Object.fromEntries(extra.map((key) => [key, textOf(attributes[key]) ?? ""])),
    frontchannelLogoutEnabled: found.frontchannelLogout === true,
    fullScopeAllowed: found.fullScopeAllowed === true,
    implicitFlowEnabled: found.implicitFlowEnabled === true,
    import: false,
    name: found.name ?? "",
    rootUrl: found.rootUrl ?? "",
    serviceAccountUserId: "",
    serviceAccountsEnabled: found.serviceAccountsEnabled === true,
    standardFlowEnabled: found.standardFlowEnabled === true,
    validPostLogoutRedirectUris: (textOf(attributes["post.logout.redirect.uris"]) ?? "").split(list).filter(Boolean),
    validRedirectUris: textsOf(found.redirectUris),
    webOrigins: textsOf(found.webOrigins),
  };
}
