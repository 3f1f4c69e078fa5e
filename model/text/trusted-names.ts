/**
 * Names of users and groups that something trusts by itself. A name from an identity provider must never be one of them, and a
 * prefix must never make one.
 */
import { z } from "zod";
import { addProblem, describeReceived } from "./problems";

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
 * The literal text before user and group names. Never empty: with an empty prefix anyone who may name a group in the
 * identity provider can name it `k10:admins` or like a group that the cluster already trusts.
 */
export const prefixSchema = z.string().superRefine((value, context) => {
  const received = describeReceived(value, []);
  const fix = 'leave it out for the default "<idp kind>:", or write one such as "okta:"';
  if (value === "") {
    addProblem(context, [], { expected: "a non-empty prefix", received, fix });
  } else if (value === "-") {
    addProblem(context, [], { expected: "a prefix, not the dash that switches prefixing off for usernames", received, fix });
  } else if (isTrustedName(value)) {
    // With kubeadm: before it, a group named cluster-admins would be the one that kubeadm binds to cluster-admin.
    addProblem(context, [], {
      expected: "a prefix that nothing trusts yet, outside of system:, k10: and those of cluster makers such as kubeadm: and eks:",
      received,
      fix,
    });
  } else if (!/^[A-Za-z0-9][A-Za-z0-9._/-]{0,38}[:_/#.-]$/.test(value)) {
    addProblem(context, [], {
      expected: "letters, digits and . _ / - ending in a separator (: _ / # . -), at most 40 characters",
      received,
      fix,
    });
  }
});
