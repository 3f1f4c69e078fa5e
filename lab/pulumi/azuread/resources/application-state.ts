// An application as Graph answers it, in the words of azuread:index/application:Application.
import { objectOf, objectsOf, textOf, textsOf } from "../../provider/json";
import { equal, type Properties, type Value } from "../../provider/values";

/** Graph answers lists in an order of its own: what is known keeps its place, so that order is no drift. */
function inKnownOrder(found: Properties[], known: Value | undefined, key: string): Properties[] {
  const order = objectsOf(known).map((one) => one[key]);
  const place = (one: Properties): number => {
    const at = order.findIndex((value) => equal(value, one[key]));
    return at < 0 ? order.length : at;
  };
  return [...found].sort((left, right) => place(left) - place(right));
}

const text = (value: Value | undefined): string => textOf(value) ?? "";

/** A block whose fields are all at their defaults counts as not given, unless it was (applicationDiffSuppress in the official plugin). */
function block(fields: Properties, isDefault: boolean, known: Value | undefined): Value {
  return isDefault && (known === undefined || known === null) ? null : fields;
}

function claims(value: Value | undefined, known: Value | undefined): Value[] {
  const found = objectsOf(value).map((claim) => ({
    additionalProperties: textsOf(claim.additionalProperties),
    essential: claim.essential === true,
    name: text(claim.name),
    source: text(claim.source),
  }));
  return inKnownOrder(found, known, "name");
}

function scopes(app: Properties, known: Properties): Properties[] {
  const found = objectsOf(objectOf(app.api).oauth2PermissionScopes).map((scope) => ({
    adminConsentDescription: text(scope.adminConsentDescription),
    adminConsentDisplayName: text(scope.adminConsentDisplayName),
    enabled: scope.isEnabled !== false,
    id: text(scope.id),
    type: text(scope.type),
    userConsentDescription: text(scope.userConsentDescription),
    userConsentDisplayName: text(scope.userConsentDisplayName),
    value: text(scope.value),
  }));
  return inKnownOrder(found, objectOf(known.api).oauth2PermissionScopes, "id");
}

function roles(app: Properties, known: Properties): Properties[] {
  const found = objectsOf(app.appRoles).map((role) => ({
    allowedMemberTypes: textsOf(role.allowedMemberTypes),
    description: text(role.description),
    displayName: text(role.displayName),
    enabled: role.isEnabled !== false,
    id: text(role.id),
    value: text(role.value),
  }));
  return inKnownOrder(found, known.appRoles, "id");
}

/** Ids of roles and scopes, by the value that tokens carry. */
export function idsByValue(entries: readonly Properties[]): Properties {
  return Object.fromEntries(entries.flatMap((entry) => (textOf(entry.value) ? [[textOf(entry.value) ?? "", entry.id ?? ""]] : [])));
}

function redirectBlock(platform: Value | undefined, known: Value | undefined): Value {
  const redirectUris = textsOf(objectOf(platform).redirectUris);
  return block({ redirectUris }, redirectUris.length === 0, known);
}

function webBlock(value: Value | undefined, known: Value | undefined): Value {
  const web = objectOf(value);
  const settings = objectOf(web.implicitGrantSettings);
  const implicitGrant = {
    accessTokenIssuanceEnabled: settings.enableAccessTokenIssuance === true,
    idTokenIssuanceEnabled: settings.enableIdTokenIssuance === true,
  };
  const implicit = implicitGrant.accessTokenIssuanceEnabled || implicitGrant.idTokenIssuanceEnabled;
  const redirectUris = textsOf(web.redirectUris);
  const fields: Properties = {
    homepageUrl: text(web.homePageUrl),
    // Both off is the same as not given.
    ...(implicit || objectOf(known).implicitGrant ? { implicitGrant } : {}),
    logoutUrl: text(web.logoutUrl),
    redirectUris,
  };
  return block(fields, !implicit && redirectUris.length === 0 && fields.homepageUrl === "" && fields.logoutUrl === "", known);
}

function apiBlock(app: Properties, permissionScopes: Properties[], known: Value | undefined): Value {
  const api = objectOf(app.api);
  const fields = {
    knownClientApplications: textsOf(api.knownClientApplications),
    mappedClaimsEnabled: api.acceptMappedClaims === true,
    oauth2PermissionScopes: permissionScopes,
    requestedAccessTokenVersion: typeof api.requestedAccessTokenVersion === "number" ? api.requestedAccessTokenVersion : 1,
  };
  const isDefault =
    fields.requestedAccessTokenVersion === 1 &&
    permissionScopes.length === 0 &&
    !fields.mappedClaimsEnabled &&
    fields.knownClientApplications.length === 0;
  return block(fields, isDefault, known);
}

function optionalClaimsBlock(value: Value | undefined, known: Value | undefined): Value {
  const [optional, knownOptional] = [objectOf(value), objectOf(known)];
  const fields = {
    accessTokens: claims(optional.accessToken, knownOptional.accessTokens),
    idTokens: claims(optional.idToken, knownOptional.idTokens),
    saml2Tokens: claims(optional.saml2Token, knownOptional.saml2Tokens),
  };
  return block(
    fields,
    Object.values(fields).every((one) => one.length === 0),
    known,
  );
}

function resourceAccesses(value: Value | undefined, known: Value | undefined): Properties[] {
  const found = objectsOf(value).map((one) => ({
    resourceAccesses: objectsOf(one.resourceAccess).map(({ id, type }) => ({ id: text(id), type: text(type) })),
    resourceAppId: text(one.resourceAppId),
  }));
  return inKnownOrder(found, known, "resourceAppId");
}

/** @param known the inputs or the state so far */
export function applicationState(app: Properties, owners: readonly string[], postResponse: boolean, known: Properties): Properties {
  const info = objectOf(app.info);
  const [appRoles, permissionScopes] = [roles(app, known), scopes(app, known)];
  return {
    api: apiBlock(app, permissionScopes, known.api),
    appRoleIds: idsByValue(appRoles),
    appRoles,
    clientId: text(app.appId),
    description: text(app.description),
    deviceOnlyAuthEnabled: app.isDeviceOnlyAuthSupported === true,
    disabledByMicrosoft: text(app.disabledByMicrosoftStatus),
    displayName: text(app.displayName),
    fallbackPublicClientEnabled: app.isFallbackPublicClient === true,
    groupMembershipClaims: (textOf(app.groupMembershipClaims) ?? "").split(",").filter(Boolean),
    identifierUris: textsOf(app.identifierUris),
    logoUrl: text(info.logoUrl),
    marketingUrl: text(info.marketingUrl),
    notes: text(app.notes),
    oauth2PermissionScopeIds: idsByValue(permissionScopes),
    oauth2PostResponseRequired: postResponse,
    objectId: text(app.id),
    optionalClaims: optionalClaimsBlock(app.optionalClaims, known.optionalClaims),
    owners: [...owners],
    privacyStatementUrl: text(info.privacyStatementUrl),
    publicClient: redirectBlock(app.publicClient, known.publicClient),
    publisherDomain: text(app.publisherDomain),
    requiredResourceAccesses: resourceAccesses(app.requiredResourceAccess, known.requiredResourceAccesses),
    serviceManagementReference: text(app.serviceManagementReference),
    signInAudience: text(app.signInAudience),
    singlePageApplication: redirectBlock(app.spa, known.singlePageApplication),
    supportUrl: text(info.supportUrl),
    tags: textsOf(app.tags),
    termsOfServiceUrl: text(info.termsOfServiceUrl),
    web: webBlock(app.web, known.web),
  };
}
