import { z } from "zod";

/**
 * The request bodies that the emulator takes, field by field as the v1.0 and beta reference pages of each resource list them
 * (learn.microsoft.com/graph/api/resources). Every object is strict: a field that is not here is refused by name. Fields of Graph
 * that nothing of ours sends are left out on purpose, so that their first use is noticed.
 */
const text = z.string();
const optionalText = text.nullable().optional();
const flag = z.boolean();
const optionalFlag = flag.nullable().optional();
const texts = z.array(text);
const guid = z.guid();

function shape<T extends z.ZodRawShape>(fields: T) {
  return z.strictObject({ "@odata.type": text.optional(), ...fields });
}

const redirects = shape({ redirectUris: texts.optional() });

const optionalClaim = shape({
  name: text,
  source: optionalText,
  essential: optionalFlag,
  additionalProperties: texts.nullable().optional(),
});

const appRole = shape({
  id: guid,
  allowedMemberTypes: z.array(z.enum(["User", "Application"])).min(1),
  displayName: text.min(1).max(100),
  description: text.min(1),
  isEnabled: flag.optional(),
  value: optionalText,
  origin: optionalText,
});

const permissionScope = shape({
  id: guid,
  adminConsentDescription: optionalText,
  adminConsentDisplayName: optionalText,
  isEnabled: flag.optional(),
  type: z.enum(["User", "Admin"]).nullable().optional(),
  userConsentDescription: optionalText,
  userConsentDisplayName: optionalText,
  value: optionalText,
  origin: optionalText,
});

export const applicationBody = shape({
  displayName: text.max(256).nullable().optional(),
  description: text.max(1024).nullable().optional(),
  signInAudience: z
    .enum(["AzureADMyOrg", "AzureADMultipleOrgs", "AzureADandPersonalMicrosoftAccount", "PersonalMicrosoftAccount"])
    .nullable()
    .optional(),
  api: shape({
    acceptMappedClaims: optionalFlag,
    knownClientApplications: texts.optional(),
    oauth2PermissionScopes: z.array(permissionScope).optional(),
    preAuthorizedApplications: z.array(shape({ appId: guid, delegatedPermissionIds: texts })).optional(),
    requestedAccessTokenVersion: z
      .union([z.literal(1), z.literal(2)])
      .nullable()
      .optional(),
  })
    .nullable()
    .optional(),
  appRoles: z.array(appRole).optional(),
  groupMembershipClaims: optionalText,
  identifierUris: texts.optional(),
  info: shape({
    marketingUrl: optionalText,
    privacyStatementUrl: optionalText,
    supportUrl: optionalText,
    termsOfServiceUrl: optionalText,
  })
    .nullable()
    .optional(),
  isDeviceOnlyAuthSupported: optionalFlag,
  isFallbackPublicClient: optionalFlag,
  notes: text.max(1024).nullable().optional(),
  oauth2RequirePostResponse: optionalFlag,
  optionalClaims: shape({
    accessToken: z.array(optionalClaim).nullable().optional(),
    idToken: z.array(optionalClaim).nullable().optional(),
    saml2Token: z.array(optionalClaim).nullable().optional(),
  })
    .nullable()
    .optional(),
  publicClient: redirects.nullable().optional(),
  spa: redirects.nullable().optional(),
  requiredResourceAccess: z
    .array(shape({ resourceAppId: guid, resourceAccess: z.array(shape({ id: guid, type: z.enum(["Scope", "Role"]) })) }))
    .optional(),
  serviceManagementReference: optionalText,
  tags: texts.optional(),
  web: shape({
    homePageUrl: optionalText,
    logoutUrl: optionalText,
    redirectUris: texts.optional(),
    implicitGrantSettings: shape({ enableAccessTokenIssuance: optionalFlag, enableIdTokenIssuance: optionalFlag }).nullable().optional(),
  })
    .nullable()
    .optional(),
  "owners@odata.bind": texts.optional(),
});

export const addPasswordBody = z.strictObject({
  passwordCredential: shape({
    displayName: optionalText,
    startDateTime: z.iso.datetime({ offset: true }).nullable().optional(),
    endDateTime: z.iso.datetime({ offset: true }).nullable().optional(),
  })
    .nullable()
    .optional(),
});

export const removePasswordBody = z.strictObject({ keyId: guid });

export const federatedCredentialBody = shape({
  id: guid.optional(),
  name: text.min(1).max(120).optional(),
  description: text.max(600).nullable().optional(),
  issuer: text.min(1).max(600).optional(),
  subject: text.min(1).max(600).optional(),
  audiences: z.array(text.min(1).max(600)).length(1, "exactly one audience is accepted").optional(),
});

export const servicePrincipalBody = shape({
  appId: guid.optional(),
  accountEnabled: optionalFlag,
  alternativeNames: texts.optional(),
  appRoleAssignmentRequired: flag.optional(),
  description: text.max(1024).nullable().optional(),
  loginUrl: optionalText,
  notes: optionalText,
  notificationEmailAddresses: texts.optional(),
  preferredSingleSignOnMode: z.enum(["password", "saml", "notSupported", "oidc", ""]).nullable().optional(),
  samlSingleSignOnSettings: shape({ relayState: optionalText }).nullable().optional(),
  tags: texts.optional(),
  "owners@odata.bind": texts.optional(),
});

export const appRoleAssignmentBody = shape({ appRoleId: guid, principalId: guid, resourceId: guid });

export const groupBody = shape({
  displayName: text.max(256).nullable().optional(),
  description: text.max(1024).nullable().optional(),
  groupTypes: z.array(z.enum(["Unified", "DynamicMembership"])).optional(),
  isAssignableToRole: optionalFlag,
  mailEnabled: flag.optional(),
  mailNickname: text.max(64).optional(),
  membershipRule: optionalText,
  membershipRuleProcessingState: z.enum(["On", "Paused"]).nullable().optional(),
  resourceBehaviorOptions: texts.optional(),
  resourceProvisioningOptions: texts.optional(),
  securityEnabled: flag.optional(),
  theme: optionalText,
  visibility: z.enum(["Private", "Public", "HiddenMembership"]).nullable().optional(),
  writebackConfiguration: shape({ isEnabled: optionalFlag, onPremisesGroupType: optionalText }).nullable().optional(),
  "owners@odata.bind": texts.optional(),
  "members@odata.bind": texts.optional(),
});

export const referenceBody = z.strictObject({ "@odata.id": z.url() });

const guests = shape({
  externalTenants: shape({ membershipKind: text, members: texts.optional() }).nullable().optional(),
  guestOrExternalUserTypes: text,
});
const withStrength = shape({ id: text });

export const conditionalAccessBody = shape({
  displayName: text.max(256).optional(),
  state: z.enum(["enabled", "disabled", "enabledForReportingButNotEnforced"]).optional(),
  conditions: shape({
    applications: shape({
      includeApplications: texts.optional(),
      excludeApplications: texts.optional(),
      includeUserActions: texts.optional(),
      includeAuthenticationContextClassReferences: texts.optional(),
      applicationFilter: z.null().optional(),
    }),
    users: shape({
      includeUsers: texts.optional(),
      excludeUsers: texts.optional(),
      includeGroups: texts.optional(),
      excludeGroups: texts.optional(),
      includeRoles: texts.optional(),
      excludeRoles: texts.optional(),
      includeGuestsOrExternalUsers: guests.nullable().optional(),
      excludeGuestsOrExternalUsers: guests.nullable().optional(),
    }),
    clientAppTypes: z
      .array(z.enum(["all", "browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "easSupported", "other"]))
      .min(1)
      .optional(),
    clientApplications: z.null().optional(),
    platforms: z.null().optional(),
    locations: z.null().optional(),
    devices: z.null().optional(),
    authenticationFlows: z.null().optional(),
    insiderRiskLevels: z.null().optional(),
    signInRiskLevels: texts.optional(),
    userRiskLevels: texts.optional(),
    servicePrincipalRiskLevels: texts.optional(),
  }).optional(),
  grantControls: shape({
    operator: z.enum(["AND", "OR"]).nullable(),
    builtInControls: z
      .array(
        z.enum(["block", "mfa", "compliantDevice", "domainJoinedDevice", "approvedApplication", "compliantApplication", "passwordChange"]),
      )
      .optional(),
    customAuthenticationFactors: texts.optional(),
    termsOfUse: texts.optional(),
    authenticationStrength: withStrength.nullable().optional(),
  })
    .nullable()
    .optional(),
  sessionControls: shape({
    applicationEnforcedRestrictions: z.null().optional(),
    cloudAppSecurity: z.null().optional(),
    disableResilienceDefaults: optionalFlag,
    persistentBrowser: z.null().optional(),
    signInFrequency: shape({
      authenticationType: optionalText,
      frequencyInterval: optionalText,
      isEnabled: optionalFlag,
      type: z.enum(["hours", "days"]).nullable().optional(),
      value: z.number().int().nullable().optional(),
    })
      .nullable()
      .optional(),
  })
    .nullable()
    .optional(),
});

export type AppRole = z.infer<typeof appRole>;
export type ApplicationBody = z.infer<typeof applicationBody>;
export type ServicePrincipalBody = z.infer<typeof servicePrincipalBody>;
export type GroupBody = z.infer<typeof groupBody>;
export type ConditionalAccessBody = z.infer<typeof conditionalAccessBody>;
export type FederatedCredentialBody = z.infer<typeof federatedCredentialBody>;
