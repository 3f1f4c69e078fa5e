import type { PlatformCode, RejectionCode } from "./errors";

/** Everything that a verdict may have looked at, in order. Names are for people; whoever decides something goes by the code. */
export const stepNames = [
  "form",
  "token type",
  "issuer",
  "header",
  "algorithm",
  "signature",
  "claims",
  "audience",
  "expiry",
  "not before",
  "nonce",
  "distributed claims",
  "userinfo subject",
  "username",
  "email verified",
  "groups",
  "group names",
  "uid",
  "extra",
  "required claims",
  "claim validation",
  "user validation",
  "multi-factor",
  "authentication level",
  "grants",
] as const;
export type StepName = (typeof stepNames)[number];

/** One thing that was looked at. `ok` is null where an earlier failure left nothing to look at. */
export interface Check {
  readonly name: StepName;
  readonly ok: boolean | null;
  readonly expected: string;
  readonly got: string;
  /** Set exactly when `ok` is false. */
  readonly code?: RejectionCode | PlatformCode;
}

/** A check that holds or fails; the code says how. */
export function check(name: StepName, ok: boolean, expected: string, got: string, code: RejectionCode | PlatformCode): Check {
  return ok ? { name, ok, expected, got } : { name, ok, expected, got, code };
}

/** A check that an earlier failure leaves without an object. */
export function notChecked(name: StepName, expected: string, why: string): Check {
  return { name, ok: null, expected, got: `not checked: ${why}` };
}
