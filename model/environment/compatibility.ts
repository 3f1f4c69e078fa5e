import type { IdentityProviderCapabilities } from "../identity-providers";
import type { PlatformCapabilities } from "../platforms";

/** What follows when a platform is put behind an identity provider; the README's matrix is generated from it. */
export interface Compatibility {
  /** Reasons why the pair cannot work. Empty when it does. */
  readonly errors: readonly string[];
  /** What a person who chooses the pair should know. */
  readonly warnings: readonly string[];
}

/** Judges a pair by its two rows alone. */
export function compatibility(identityProvider: IdentityProviderCapabilities, platform: PlatformCapabilities): Compatibility {
  const errors: string[] = [];
  const warnings: string[] = [];
  if (platform.authorises === "users-only" && identityProvider.pairwiseSubject) {
    errors.push(
      `${platform.title} cannot read groups, so people must be bound one by one; ${identityProvider.title} gives each client another subject, which is not known beforehand. Instead, use an identity provider whose subject is the user's id, such as Okta, or let people sign in through one`,
    );
  }
  if (platform.authorises === "users-only" && identityProvider.peopleKnown === false) {
    warnings.push(
      "who is in a group cannot be looked up, and the platform reads none: only grants to single people (`user:`), whose sub the stack file says",
    );
  } else if (platform.authorises === "users-only") {
    warnings.push("groups are expanded into people at each up: a change of membership takes effect at the next one");
  }
  if (platform.prefixedBy === "nobody" && platform.authorises === "kubernetes-rbac") {
    warnings.push("group names reach RBAC without a prefix: names that the cluster already trusts are refused");
  }
  if (identityProvider.claimValue === "id") {
    warnings.push("bindings name object ids; the display name stands beside it as an annotation");
  }
  const { groupLimit } = identityProvider;
  if (groupLimit !== undefined) {
    warnings.push(
      groupLimit.above === "truncated"
        ? `above ${groupLimit.count} groups the claim is cut off without a sign: it is bounded to the environment's groups`
        : `above ${groupLimit.count} groups the claim is replaced by a pointer and the person is locked out: it is bounded to assigned groups`,
    );
  }
  if (identityProvider.thinIdToken && platform.authorises === "kubernetes-rbac") {
    if (platform.readsUserInfo) {
      warnings.push("the ID token carries no groups here: the platform has them from the userinfo endpoint, a verifier needs both");
    } else {
      errors.push(
        `${platform.title} reads the ID token alone, which carries no groups here; a custom authorization server puts them in (authorizationServer: { existing: default })`,
      );
    }
  }
  if (!identityProvider.overlappingSecrets && platform.secretChange !== undefined) {
    warnings.push("a new client secret ends the old one at once: sign-ins fail until the platform has read the new one");
  }
  if (!platform.secretByReference && platform.secretChange !== undefined) {
    warnings.push("the platform takes its client secret in plain text in a custom resource");
  }
  return { errors, warnings };
}
