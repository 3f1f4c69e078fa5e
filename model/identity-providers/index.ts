/**
 * Identity providers: what each kind can and cannot do, its part of the stack file, and what follows from it. One folder and one line of
 * the registry for each; none knows another, and none knows a platform. What a kind makes at its vendor stands in
 * components/identity-providers, under the same name.
 */
export type {
  DescribedGroup,
  DescribedPlatform,
  DiagnosticRedirect,
  GroupLimit,
  IdentityProviderCapabilities,
  IdentityProviderDefinition,
  IdentityProviderFacts,
} from "./definition";
export {
  directoryCodes,
  nextQuery,
  pathOnly,
  UnreadableDirectoryError,
  type Directory,
  type DirectoryCode,
  type DirectoryDefinition,
  type DirectoryMembers,
  type NewestSecret,
  type DirectoryPerson,
  type DirectorySource,
} from "./directory";
export { adoptedSecretOf } from "./adopted-secrets";
export { diagnosticRedirectUri } from "./diagnostic-redirect";
export type { DeclaredClient, UnseenChange, UnseenReader, UnseenSource } from "./unseen";
export { directoryRoles, isTenantId, type EntraSpec } from "./entra";
export { externalGroups, presetNames, presets, type ExternalSpec, type Preset } from "./external";
export {
  keycloakClaimValue,
  keycloakDefaultScopes,
  keycloakOverlapFault,
  keycloakPoliciesSchema,
  keycloakProfilesSchema,
  keycloakRealm,
  keycloakServerSchema,
  requestKeycloakToken,
  type KeycloakSpec,
} from "./keycloak";
export { oktaGroupsFilter, oktaIssuerMode, type OktaSpec } from "./okta";
export {
  claimValueOf,
  identityProviderFacts,
  identityProviderOf,
  identityProviderOfKind,
  identityProviders,
  identityProviderSchema,
  rotationRuleOf,
  type IdentityProviderInput,
  type IdentityProviderSpec,
} from "./registry";
export { rotationSchedule, type RotationRule, type RotationSchedule, type ScheduledSecret } from "./rotation";
export { looksLikeObjectId, multiFactorClasses, tokenFactsOf } from "./tokens";
export type { TokenFacts, TokenFault } from "./token-facts";
export type {
  AskManagement,
  FoundClient,
  FoundGroup,
  FoundHolders,
  FoundPerson,
  IdentityProviderAdoption,
  WantedClient,
  ManagementQuestion,
} from "./adoption";
