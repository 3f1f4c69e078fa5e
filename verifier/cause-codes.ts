/** Likely causes that a verdict may name. The keys are a closed union; the texts are the documentation. */
export const causeCodes = {
  access_token: "The access token was taken instead of the ID token.",
  clock: "The clock of this machine or of the issuer is off.",
  email_unverified: "The identity provider has not verified the address that is used as username.",
  encrypted_token: "Token encryption is switched on for the client at the identity provider.",
  expired: "The sign-in is too long ago.",
  grant_ended: "The grant had a last day, which has passed.",
  group_not_granted: "The person is in a group of the environment that holds no grant on this platform.",
  group_spelling: "The token carries a group that differs from a granted one only in letter case, blanks or a leading slash.",
  groups_claim_absent:
    "The groups scope was not asked for, the claim is not configured, or the person is in no group that it lets through.",
  groups_from_directory: "The platform looks groups up in the directory by itself; the token carries none that could be judged.",
  ids_instead_of_names: "The token carries object ids where group names were expected.",
  issuer_trailing_slash: "The issuers differ by a trailing slash only.",
  issuer_version: "The token comes from the v1 endpoint of Entra ID, the environment expects v2 (or the reverse).",
  key_rotated: "The issuer has replaced its keys, or the token is from another issuer.",
  names_instead_of_ids: "The token carries group names where object ids were expected.",
  not_a_member: "The person is in none of the groups that hold a grant.",
  not_named: "Grants on the platform name single people, and none of them the person of the token.",
  other_platform: "The token was issued for another platform of the same environment.",
  overage: "The person is in more groups than a token can carry, so it carries none.",
  reserved_prefix: "The prefix is missing, so that a group of the identity provider takes a name which Kubernetes trusts.",
  single_factor: "The sign-in policy did not ask for a second factor, or the identity provider does not tell.",
  thin_token: "The identity provider leaves claims out of ID tokens and serves them at the userinfo endpoint, which was not heard.",
  sign_in_level: "The sign-in reached another level of authentication (acr) than the stack requires.",
  truncated: "The groups claim is full: the identity provider leaves further groups out without a sign.",
  username_claim_absent: "The claim for the username was not asked for, or the person has no such attribute.",
  unknown_client: "The token was issued for a client that is not in the environment.",
} as const;
export type CauseCode = keyof typeof causeCodes;

/** What we advise beyond the platform's own rules: it lets all of these pass. */
export const adviceCodes = {
  authorized_party: "`azp` names another client, or is absent although there are several audiences.",
  duplicate_claim: "A claim is there more than once, or in another case, which readers of tokens take differently.",
  header_extension: "The header names an extension (b64, crit), which ID tokens have no use for.",
  issued_at_missing: "`iat` is absent.",
  issued_in_future: "`iat` lies in the future.",
  key_in_header: "The header brings a key or an address of one (jwk, jku, x5c, x5u).",
  not_an_id_token: "An access, refresh or logout token was given where an ID token belongs.",
  reserved_name: "The effective username or a group begins with `system:` or `k10:`, names that are trusted by themselves.",
  subject_missing: "`sub` is absent or empty.",
  weak_key: "The issuer signs with an RSA key of fewer than 2048 bits.",
} as const;
export type AdviceCode = keyof typeof adviceCodes;

/** Warnings that a verdict may carry. */
export const warningCodes = {
  cookie_size: "The token is so long that a session cookie holding it may pass 4096 bytes, where browsers drop it.",
  groups_at_limit: "The number of groups has reached what the identity provider puts into one token.",
  grant_ends_soon: "A grant that the person uses ends within 14 days.",
} as const;
export type WarningCode = keyof typeof warningCodes;
