import { matchesGlob } from "../text/glob";

/**
 * Namespaces, with `*` as wildcard, whose service accounts rule the cluster: Kubernetes' own controllers, the platforms, and controllers that
 * read every Secret or apply anything. Whoever may start a pod there, as edit and admin allow, is one of them.
 */
export const guardedNamespaces: readonly string[] = [
  ...["kube-system", "kasten-io*", "openunison*", "kubesphere-*system", "argocd", "flux-system", "cert-manager", "external-secrets"],
  ...["crossplane-system", "velero", "kyverno", "gatekeeper-system", "cattle-system", "cattle-fleet-system", "openshift-*"],
];

export function isGuardedNamespace(name: string): boolean {
  return guardedNamespaces.some((glob) => matchesGlob(glob, name));
}
