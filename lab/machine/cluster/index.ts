/** A real control plane on loopback: etcd, kube-apiserver and kube-controller-manager; no kubelet, so nothing is ever run. */
export { startCluster } from "./cluster";
export type { Cluster, ClusterOptions } from "./cluster";
export { authenticationConfiguration } from "./authentication-configuration";
export type { TrustedIssuer } from "./authentication-configuration";
