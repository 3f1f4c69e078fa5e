import { GatehouseError, type ErrorCause } from "../model/text/errors";

/** Why a token is bad, whatever platform it is shown to. The keys are a closed union; the texts are the documentation. */
export const rejectionCodes = {
  malformed: "The text is no signed JSON web token: three base64url parts with a JSON header and JSON claims.",
  encrypted: "The token is encrypted (JWE, five parts); a platform cannot read it.",
  algorithm_not_allowed: "The signature algorithm is none, symmetric (HS*) or outside the allow-list.",
  too_large: "The token is longer than a request's header may be (1 MiB): the API server answers status 431.",
  header_malformed:
    "The header or the signature is not in the form that go-jose reads: a name twice, jwk, x5c, kid or nonce of another shape, or an extension that nobody knows (crit).",
  claims_malformed:
    "A standard claim has another type than Go's reader takes: iss, sub, nonce and at_hash are texts, times numbers, aud texts, _claim_names and _claim_sources fit each other.",
  keys_unreadable: "The issuer's key set holds something that go-jose cannot read; the API server then refuses every token of the issuer.",
  not_an_id_token:
    "An access, refresh or logout token was given where an ID token belongs, and it is for another audience than the platform's client.",
  issuer_mismatch: "`iss` is not, byte for byte, the issuer of the environment.",
  key_unknown: "The issuer does not publish the key that the token names.",
  signature_invalid: "The signature does not fit the issuer's key.",
  expired: "`exp` has passed; the API server allows no leeway.",
  not_yet_valid: "`nbf` lies more than 60 seconds in the future.",
  time_missing: "A time (`exp`, `iat`, `nbf`) is no number of seconds.",
  nonce_mismatch: "`nonce` is not the value that was sent with the authorization request.",
} as const;
export type RejectionCode = keyof typeof rejectionCodes;

/** Why a good token opens nothing at the platform. */
export const platformCodes = {
  audience_mismatch: "`aud` does not name the platform's client.",
  userinfo_subject_mismatch: "The userinfo answer is about somebody else than the token, so its claims were not used.",
  username_missing: "The claim that the platform takes for the username is absent or no text.",
  email_not_verified: "The username claim is `email` and `email_verified` is there, but not true: the API server refuses the person.",
  groups_overage:
    "The groups were replaced by a pointer: with `_claim_names` the API server asks its endpoint, and refuses the person where that gives no signed token; with `hasgroups` the person has no groups.",
  uid_missing: "The claim or expression for the uid gives no text.",
  extra_malformed: "An expression for an extra field gives neither a text nor a list of texts.",
  required_claim_missing: "A claim that the API server requires is absent or has another value.",
  claim_rule_failed: "A validation rule about the claims does not hold, or could not be evaluated.",
  user_rule_failed: "A validation rule about the user does not hold: Gatehouse's own refuse names beginning with system:.",
  groups_missing: "The groups claim is absent.",
  groups_malformed: "The groups claim is neither a text nor a list of texts.",
  multi_factor_missing: "A multi-factor sign-in was required, and the token does not show one.",
  authentication_level: "The stack requires a level of authentication (acr), and the token shows another; no platform asks for it itself.",
  no_grant: "None of the person's groups holds a grant on the platform that is still running.",
} as const;
export type PlatformCode = keyof typeof platformCodes;

/** Why no decision could be made. */
export const discoveryCodes = {
  unreachable: "The issuer did not answer.",
  bad_answer: "The issuer answered with something else than a discovery document or a key set.",
  issuer_differs: "The discovery document names another issuer than the environment does, byte for byte.",
  userinfo_refused: "The userinfo endpoint refused the access token, or there is none.",
  offline: "Keys or claims were needed that were not given, and nobody might be asked (--offline).",
  insecure_address: "The issuer or its key set is not at an https:// address.",
} as const;
export type DiscoveryCode = keyof typeof discoveryCodes;

/** Why no platform could be chosen to judge by. */
export const platformChoiceCodes = {
  unknown_platform: "The environment has no platform of that name.",
  ambiguous_platform: "Several platforms share the token's client, and none was named.",
} as const;
export type PlatformChoiceCode = keyof typeof platformChoiceCodes;

/** The token is bad: nobody should accept it. `message` reads 'expected X, got Y' and never holds the token. */
export class TokenRejectedError extends GatehouseError<RejectionCode> {
  override readonly name = "TokenRejectedError";
  constructor(code: RejectionCode, message: string, options?: ErrorCause) {
    super(code, "refused", message, options);
  }
}

/** The token is good, but it opens nothing at this platform. */
export class TokenNotForPlatformError extends GatehouseError<PlatformCode> {
  override readonly name = "TokenNotForPlatformError";
  constructor(code: PlatformCode, message: string, options?: ErrorCause) {
    super(code, "notForPlatform", message, options);
  }
}

/** The issuer's discovery document or keys could not be had, so nothing can be said about the token. */
export class DiscoveryError extends GatehouseError<DiscoveryCode> {
  override readonly name = "DiscoveryError";
  constructor(code: DiscoveryCode, message: string, options?: ErrorCause) {
    super(code, "unavailable", message, options);
  }
}

/** Why no rules could be read. */
export const rulesCodes = {
  invalid_authentication_configuration: "The API server would refuse the AuthenticationConfiguration; the message lists every problem.",
  unsupported_expression:
    "What the API server makes of an expression cannot be told here: a function that is not evaluated, or a result that depends on an order, a fraction of a second, or a type that is only guessed. Nothing is decided.",
  invalid_oidc_flags: "The API server would not start with these flags.",
} as const;
export type RulesCode = keyof typeof rulesCodes;

/** An AuthenticationConfiguration or flags with which the API server would not start. `message` lists every problem. */
export class InvalidRulesError extends GatehouseError<RulesCode> {
  override readonly name = "InvalidRulesError";
  constructor(code: RulesCode, message: string, options?: ErrorCause) {
    super(code, code === "unsupported_expression" ? "unavailable" : "refused", message, options);
  }
}

/** The caller named a platform that the environment does not have, or must name one because several share a client. */
export class PlatformChoiceError extends GatehouseError<PlatformChoiceCode> {
  override readonly name = "PlatformChoiceError";
  constructor(code: PlatformChoiceCode, message: string) {
    super(code, "usage", message);
  }
}
