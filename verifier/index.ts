/** The verifier: a token and an environment document in, a decision out. No Pulumi; jose is loaded when a signature is checked. */
export { causeCodes, warningCodes, type CauseCode, type WarningCode } from "./cause-codes";
export { describeVerdict } from "./describe";
export type { Fetch } from "./discovery";
export {
  DiscoveryError,
  discoveryCodes,
  platformChoiceCodes,
  PlatformChoiceError,
  platformCodes,
  rejectionCodes,
  TokenNotForPlatformError,
  TokenRejectedError,
  type DiscoveryCode,
  type PlatformCode,
  type RejectionCode,
} from "./errors";
export { hasEnded } from "./grants";
export type { MultiFactorRequirement } from "./multi-factor";
export { permits, rbacOf, reviewAccess, type AccessQuestion, type EffectiveBinding, type Review } from "./permits";
export { allowedAlgorithms, type KeySet } from "./signature";
export type { Cause, Check, EffectiveIdentity, LackingGroup, TokenVerdict, Warning } from "./verdict";
export { requireAccepted, verifyToken, type VerifyTokenOptions } from "./verify-token";
