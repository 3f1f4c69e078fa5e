/**
 * Names of users and groups that something trusts by itself. A name from an identity provider must never be one of them, and a
 * prefix must never make one.
 */
/** What Kubernetes itself and the k10 chart give rights to: `system:masters`, `k10:admins` (templates/rbac.yaml of the chart). */
const reserved = ["system", "k10"] as const;

/** What installers and makers of clusters give rights to: kubeadm binds `kubeadm:cluster-admins` to cluster-admin. */
const clusterMakers = ["kubeadm", "eks", "gke", "aks", "k3s", "rke2", "openshift"] as const;

const reservedName = beginningWith(reserved);
const trustedName = beginningWith([...reserved, ...clusterMakers]);

function beginningWith(words: readonly string[]): RegExp {
  return new RegExp(`^(${words.join("|")}):`, "i");
}

/** Whether Kubernetes or the k10 chart trusts a name by itself, in every cluster. */
export function isReservedName(name: string): boolean {
  return reservedName.test(name);
}

/** Whether a name, or what begins with this prefix, is trusted by Kubernetes, the k10 chart, or an installer or maker of clusters. */
export function isTrustedName(name: string): boolean {
  return trustedName.test(name);
}

/** Whether a group holds everybody, or is one that {@link isReservedName} knows: no environment may call a group so. */
export function isReservedGroupName(name: string): boolean {
  return isReservedName(name) || /^everyone$/i.test(name);
}

/**
 * What a prefix of user and group names must be, in words that follow "expected"; undefined when it is. Never empty: with an empty
 * prefix anyone who may name a group in the identity provider can name it `k10:admins` or like a group that the cluster already trusts.
 */
export function prefixFault(prefix: string): string | undefined {
  if (prefix === "") {
    return "a non-empty prefix";
  }
  if (prefix === "-") {
    return "a prefix, not the dash that switches prefixing off for usernames";
  }
  if (isTrustedName(prefix)) {
    // With kubeadm: before it, a group named cluster-admins would be the one that kubeadm binds to cluster-admin.
    return "a prefix that nothing trusts yet, outside of system:, k10: and those of cluster makers such as kubeadm: and eks:";
  }
  return /^[A-Za-z0-9][A-Za-z0-9._/-]{0,38}[:_/#.-]$/.test(prefix)
    ? undefined
    : "letters, digits and . _ / - ending in a separator (: _ / # . -), at most 40 characters";
}
