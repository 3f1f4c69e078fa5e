import { platformOf, type IdentityRule, type PlatformSpec } from "../platforms";

/**
 * The prefix rules of the platforms: how a claim value becomes the name that RBAC sees.
 *
 * Kasten K10 and the legacy flags of kube-apiserver share them (docs.kasten.io access/authentication 8.0;
 * kubernetes.io authentication, `--oidc-username-prefix`): a prefix is concatenated as it stands, no separator is added.
 */

/** The username that a platform derives from a claim value. */
export function effectiveUsername(rule: { claim: string; prefix: string; issuer: string; value: string }): string {
  if (rule.prefix === "-") {
    // A lone dash switches prefixing off for usernames, and only for them.
    return rule.value;
  }
  if (rule.prefix === "") {
    return rule.claim === "email" ? rule.value : `${rule.issuer}#${rule.value}`;
  }
  return rule.prefix + rule.value;
}

/** The group that a platform derives from a claim value. A dash has no special meaning here: it would be a literal dash. */
export function effectiveGroup(rule: { prefix: string; value: string }): string {
  return rule.prefix + rule.value;
}

/** Whether a platform's RBAC names groups by their display names, which it looks up, and not by what tokens carry. */
export function namesGroupsByDisplayName(spec: PlatformSpec): boolean {
  return platformOf(spec).groupNames?.(spec) === "display-names";
}

/** The subject that a platform's bindings name for a group: the one place that decides between claim value and display name. */
export function groupSubject(
  spec: PlatformSpec,
  { prefix }: IdentityRule["groups"],
  group: { readonly displayName: string; readonly claimValue: string },
): string {
  return effectiveGroup({ prefix, value: namesGroupsByDisplayName(spec) ? group.displayName : group.claimValue });
}
