// What azuread:index/application:Application takes, and its body for Graph — terraform-provider-azuread application_resource.go.
import { flag, integer, list, notImplemented, object, set, text, type CheckFailure, type Schema } from "../../provider/schema";
import { objectOf, objectsOf, textOf, textsOf } from "../../provider/json";
import type { Properties, Value } from "../../provider/values";

const redirects = { redirectUris: set(text()) };

const optionalClaim = object({
  additionalProperties: set(text()),
  essential: flag({ computed: true }),
  name: text({ required: true }),
  source: text(),
});

const scope = object({
  adminConsentDescription: text(),
  adminConsentDisplayName: text(),
  enabled: flag({ computed: true }),
  id: text({ required: true }),
  type: text({ computed: true, allowed: ["Admin", "User"] }),
  userConsentDescription: text(),
  userConsentDisplayName: text(),
  value: text(),
});

const appRole = object({
  allowedMemberTypes: set(text({ allowed: ["Application", "User"] }), { required: true }),
  description: text({ required: true }),
  displayName: text({ required: true }),
  enabled: flag({ computed: true }),
  id: text({ required: true }),
  value: text(),
});

export const properties: Schema = {
  api: object({
    knownClientApplications: set(text()),
    mappedClaimsEnabled: flag(),
    oauth2PermissionScopes: list(scope),
    requestedAccessTokenVersion: integer({ computed: true }),
  }),
  appRoleIds: { type: "map", outputOnly: true },
  appRoles: list(appRole),
  clientId: text({ outputOnly: true }),
  description: text(),
  deviceOnlyAuthEnabled: flag(),
  disabledByMicrosoft: text({ outputOnly: true }),
  displayName: text({ required: true }),
  fallbackPublicClientEnabled: flag(),
  featureTags: { ...notImplemented, computed: true },
  groupMembershipClaims: set(text({ allowed: ["None", "SecurityGroup", "DirectoryRole", "ApplicationGroup", "All"] })),
  identifierUris: set(text()),
  logoImage: notImplemented,
  logoUrl: text({ outputOnly: true }),
  marketingUrl: text(),
  notes: text(),
  oauth2PermissionScopeIds: { type: "map", outputOnly: true },
  oauth2PostResponseRequired: flag(),
  objectId: text({ outputOnly: true }),
  optionalClaims: object({ accessTokens: list(optionalClaim), idTokens: list(optionalClaim), saml2Tokens: list(optionalClaim) }),
  owners: set(text()),
  password: notImplemented,
  preventDuplicateNames: flag({ default: false }),
  privacyStatementUrl: text(),
  publicClient: object(redirects),
  publisherDomain: text({ outputOnly: true }),
  requiredResourceAccesses: list(
    object({
      resourceAccesses: list(object({ id: text({ required: true }), type: text({ required: true, allowed: ["Scope", "Role"] }) }), {
        required: true,
      }),
      resourceAppId: text({ required: true }),
    }),
  ),
  serviceManagementReference: text(),
  signInAudience: text({
    default: "AzureADMyOrg",
    allowed: ["AzureADMyOrg", "AzureADMultipleOrgs", "AzureADandPersonalMicrosoftAccount", "PersonalMicrosoftAccount"],
  }),
  singlePageApplication: object(redirects),
  supportUrl: text(),
  tags: set(text(), { computed: true }),
  templateId: { ...notImplemented, computed: true },
  termsOfServiceUrl: text(),
  web: object({
    homepageUrl: text(),
    implicitGrant: object({ accessTokenIssuanceEnabled: flag(), idTokenIssuanceEnabled: flag() }),
    logoutUrl: text(),
    redirectUris: set(text()),
  }),
};

/** The provider's own rule (internal/helpers/tf/validation/uri.go): a trailing slash where there is no path. */
export function validateRedirectUris(inputs: Properties): CheckFailure[] {
  return ["web", "publicClient", "singlePageApplication"].flatMap((platform) =>
    textsOf(objectOf(inputs[platform]).redirectUris).flatMap((uri, index) => {
      const property = `${platform}.redirectUris[${index}]`;
      const fail = (reason: string): CheckFailure[] => [{ property, reason: `${property}: ${reason}` }];
      if (!URL.canParse(uri)) {
        return platform === "publicClient" ? [] : fail(`expected an absolute URI, got ${JSON.stringify(uri)}`);
      }
      const url = new URL(uri);
      const schemes = ["http:", "https:", "ms-appx-web:"];
      if (platform !== "publicClient" && !schemes.includes(url.protocol)) {
        return fail(`unexpected URI scheme, expected one of: http, https, ms-appx-web; got ${JSON.stringify(uri)}`);
      }
      const path = uri.slice(uri.indexOf("//") + 2);
      // Not for public clients: kubelogin sends http://localhost:8000, and the rule of the provider takes it there.
      return platform !== "publicClient" && schemes.includes(url.protocol) && !path.includes("/")
        ? fail("URI must have a trailing slash when there is no path segment")
        : [];
    }),
  );
}

export const orNull = (value: Value | undefined): string | null => textOf(value) ?? null;

function claimBody(claims: Value | undefined): Value {
  return objectsOf(claims).map((claim) => ({
    additionalProperties: textsOf(claim.additionalProperties),
    essential: claim.essential === true,
    name: claim.name ?? "",
    source: orNull(claim.source),
  }));
}

export function roleBody(roles: Value | undefined): Value[] {
  return objectsOf(roles).map((role) => ({
    allowedMemberTypes: textsOf(role.allowedMemberTypes),
    description: role.description ?? "",
    displayName: role.displayName ?? "",
    id: role.id ?? "",
    isEnabled: role.enabled !== false,
    value: orNull(role.value),
  }));
}

export function scopeBody(inputs: Properties): Value[] {
  return objectsOf(objectOf(inputs.api).oauth2PermissionScopes).map((one) => ({
    adminConsentDescription: orNull(one.adminConsentDescription),
    adminConsentDisplayName: orNull(one.adminConsentDisplayName),
    id: one.id ?? "",
    isEnabled: one.enabled !== false,
    type: textOf(one.type) ?? "User",
    userConsentDescription: orNull(one.userConsentDescription),
    userConsentDisplayName: orNull(one.userConsentDisplayName),
    value: orNull(one.value),
  }));
}

export function optionalClaimsBody(inputs: Properties): Properties {
  const claims = objectOf(inputs.optionalClaims);
  if (Object.keys(claims).length === 0) {
    return {};
  }
  return { accessToken: claimBody(claims.accessTokens), idToken: claimBody(claims.idTokens), saml2Token: claimBody(claims.saml2Tokens) };
}

export function resourceAccessBody(inputs: Properties): Value[] {
  return objectsOf(inputs.requiredResourceAccesses).map((one) => ({
    resourceAccess: objectsOf(one.resourceAccesses).map(({ id, type }) => ({ id: id ?? "", type: type ?? "" })),
    resourceAppId: one.resourceAppId ?? "",
  }));
}

/** What creation and update send alike, field by field as recorded (provider-requests/azuread-clientsecret-metadatahost.jsonl). */
export function commonBody(inputs: Properties): Properties {
  const api = objectOf(inputs.api);
  const web = objectOf(inputs.web);
  const implicit = objectOf(web.implicitGrant);
  const claims = textsOf(inputs.groupMembershipClaims);
  return {
    "@odata.type": "#microsoft.graph.application",
    api: {
      acceptMappedClaims: api.mappedClaimsEnabled === true,
      knownClientApplications: textsOf(api.knownClientApplications),
      requestedAccessTokenVersion: typeof api.requestedAccessTokenVersion === "number" ? api.requestedAccessTokenVersion : 1,
    },
    description: orNull(inputs.description),
    displayName: inputs.displayName ?? "",
    groupMembershipClaims: claims.length > 0 ? claims.join(",") : null,
    info: {
      marketingUrl: orNull(inputs.marketingUrl),
      privacyStatementUrl: orNull(inputs.privacyStatementUrl),
      supportUrl: orNull(inputs.supportUrl),
      termsOfServiceUrl: orNull(inputs.termsOfServiceUrl),
    },
    isDeviceOnlyAuthSupported: inputs.deviceOnlyAuthEnabled === true,
    isFallbackPublicClient: inputs.fallbackPublicClientEnabled === true,
    notes: orNull(inputs.notes),
    publicClient: { redirectUris: textsOf(objectOf(inputs.publicClient).redirectUris) },
    serviceManagementReference: orNull(inputs.serviceManagementReference),
    signInAudience: inputs.signInAudience ?? "AzureADMyOrg",
    spa: { redirectUris: textsOf(objectOf(inputs.singlePageApplication).redirectUris) },
    tags: textsOf(inputs.tags),
    web: {
      homePageUrl: orNull(web.homepageUrl),
      implicitGrantSettings: {
        enableAccessTokenIssuance: implicit.accessTokenIssuanceEnabled === true,
        enableIdTokenIssuance: implicit.idTokenIssuanceEnabled === true,
      },
      logoutUrl: orNull(web.logoutUrl),
      redirectUris: textsOf(web.redirectUris),
    },
  };
}
