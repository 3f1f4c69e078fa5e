import type { DocumentGrant } from "../model";
import type { CauseCode, WarningCode } from "./cause-codes";
import type { PlatformCode, RejectionCode } from "./errors";

/** One thing that was looked at. `ok` is null where an earlier failure left nothing to look at. */
export interface Check {
  readonly name: string;
  readonly ok: boolean | null;
  readonly expected: string;
  readonly got: string;
  /** Set exactly when `ok` is false. */
  readonly code?: RejectionCode | PlatformCode;
}

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

/** The decision about one token at one platform. Holds claims of the token, never the token itself. */
export interface TokenVerdict {
  /** `rejected`: the token is bad. `not-for-platform`: it is good, and opens nothing here. */
  readonly outcome: "accepted" | "rejected" | "not-for-platform";
  /** The code of the first failed check; null when accepted. */
  readonly code: RejectionCode | PlatformCode | null;
  /** Key of the platform; null when the audience belongs to none of the environment's. */
  readonly platform: string | null;
  /** All checks in order, policy last. */
  readonly checks: readonly Check[];
  /** Null unless signature, issuer and audience hold: claims of an unproven token are nobody's identity. */
  readonly identity: EffectiveIdentity | null;
  /** Grants that the person's groups meet today. */
  readonly grants: readonly DocumentGrant[];
  /** Grants that the groups would meet, whose last day has passed. */
  readonly endedGrants: readonly DocumentGrant[];
  readonly lackingGroups: readonly LackingGroup[];
  readonly causes: readonly Cause[];
  readonly warnings: readonly Warning[];
  /** End of the token (RFC 3339, UTC); null where `exp` is unreadable. */
  readonly expiresAt: string | null;
}
