import type { Problem } from "../../text/problems";

/** One issuer that an API server trusts today, whichever way it was told. */
export interface FoundTrust {
  /** How it was told, for people: `--oidc flags`. */
  readonly from: string;
  readonly issuer: string;
  readonly audiences: readonly string[];
  readonly username: { readonly claim: string; readonly prefix: string };
  /** An empty claim: no groups are read. */
  readonly groups: { readonly claim: string; readonly prefix: string };
  /** Claims that a token must have, with their values. */
  readonly requiredClaims: Readonly<Record<string, string>>;
  /** PEM of the authority behind the issuer's certificate. */
  readonly certificateAuthority?: string;
  /** What a stack would not say again. */
  readonly problems: readonly Problem[];
}
