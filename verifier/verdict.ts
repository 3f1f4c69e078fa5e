import type { DocumentGrant, TokenRules } from "../model";
import type { AdviceCode, CauseCode, WarningCode } from "./cause-codes";
import type { PlatformCode, RejectionCode } from "./errors";
import type { KubernetesUser } from "./api-server/rules";
import type { Check } from "./steps";

export type { Check } from "./steps";

/** Who a person is to Kubernetes, after the platform's prefix rule. */
export interface EffectiveIdentity {
  readonly username: string;
  /** Sorted, each once. */
  readonly groups: readonly string[];
}

/** A group that holds a grant on the platform and that the token does not carry. */
export interface LackingGroup {
  readonly group: string;
  readonly displayName: string;
  /** What the token would have to carry. */
  readonly claimValue: string;
  readonly roles: readonly string[];
}

/** A likely reason for a failure, and what to do about it. */
export interface Cause {
  readonly code: CauseCode;
  readonly message: string;
  readonly remedy: string;
}

/** Something that works today and may not tomorrow. */
export interface Warning {
  readonly code: WarningCode;
  readonly message: string;
}

/** Something that the platform lets pass and that we would not: what we advise, apart from what the platform does. */
export interface Advice {
  readonly code: AdviceCode;
  readonly message: string;
  readonly remedy: string;
}

/** What the platform itself says to the token, by its own rules to the letter. */
export interface PlatformDecision {
  readonly accepted: boolean;
  /** Why it refuses: the first of its own checks that fails; null when it accepts. */
  readonly code: RejectionCode | PlatformCode | null;
  /** Whose rules these are. */
  readonly rules: TokenRules;
  /** The person as the API server has them, order and doubles included; null unless accepted. */
  readonly user: KubernetesUser | null;
}

/** A decision about one token by the rules of one API server. Holds claims of the token, never the token itself. */
export interface ClusterVerdict {
  readonly outcome: "accepted" | "rejected" | "not-for-platform";
  /** That of the decision; null when accepted. */
  readonly code: RejectionCode | PlatformCode | null;
  readonly decision: PlatformDecision;
  /** All checks in order. */
  readonly checks: readonly Check[];
  readonly identity: EffectiveIdentity | null;
  readonly advice: readonly Advice[];
  /** What the verdict cannot know: settings that were not judged, and what a running server may remember. */
  readonly notes: readonly string[];
  /** End of the token (RFC 3339, UTC); null where `exp` is unreadable. */
  readonly expiresAt: string | null;
}

/** The decision about one token at one platform of an environment. */
export interface TokenVerdict extends ClusterVerdict {
  /** `rejected`: the token is bad. `not-for-platform`: it is good, and opens nothing here. */
  readonly outcome: "accepted" | "rejected" | "not-for-platform";
  /** The code of the first failed check; null when accepted. */
  readonly code: RejectionCode | PlatformCode | null;
  /** Key of the platform; null when the audience belongs to none of the environment's. */
  readonly platform: string | null;
  /** Null unless signature, issuer and audience hold: claims of an unproven token are nobody's identity. */
  readonly identity: EffectiveIdentity | null;
  /** Grants that the person's groups meet today. */
  readonly grants: readonly DocumentGrant[];
  /** Grants that the groups would meet, whose last day has passed. */
  readonly endedGrants: readonly DocumentGrant[];
  readonly lackingGroups: readonly LackingGroup[];
  readonly causes: readonly Cause[];
  readonly warnings: readonly Warning[];
}
