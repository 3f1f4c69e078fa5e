/**
 * The verifier: a token and an environment document, or the rules of an API server, in; a decision out. It keeps apart what the platform
 * does (`decision`) and what we advise (`advice`). No Pulumi, no network beyond the issuer's; `rbac/` decides what roles permit.
 */
export {
  readAuthenticationConfiguration,
  readOidcFlags,
  signatureAlgorithms,
  type ApiServerRules,
  type JwtRules,
  type KeySet,
  type KubernetesUser,
} from "./api-server";
export { adviceCodes, causeCodes, warningCodes, type AdviceCode, type CauseCode, type WarningCode } from "./cause-codes";
export { pastedToken } from "./decode";
export { describeClusterVerdict, describeVerdict } from "./describe";
export type { Fetch } from "./discovery";
export {
  DiscoveryError,
  discoveryCodes,
  InvalidRulesError,
  platformChoiceCodes,
  PlatformChoiceError,
  platformCodes,
  rejectionCodes,
  rulesCodes,
  TokenNotForPlatformError,
  TokenRejectedError,
  type DiscoveryCode,
  type PlatformCode,
  type RejectionCode,
  type RulesCode,
} from "./errors";
export { networkFetch } from "./trusted-fetch";
export { hasEnded } from "./grants";
export type { MultiFactorRequirement } from "./multi-factor";
export { permits, rbacOf, reviewAccess, type AccessQuestion, type EffectiveBinding, type Review } from "./permits";
export { stepNames, type Check, type StepName } from "./steps";
export type { Advice, Cause, ClusterVerdict, EffectiveIdentity, LackingGroup, PlatformDecision, TokenVerdict, Warning } from "./verdict";
export { requireAccepted, verifyClusterToken, verifyToken, type VerifyClusterTokenOptions, type VerifyTokenOptions } from "./verify-token";
export * from "./rbac";
