/** The Kubernetes API server: its settings and facts (kubernetes), its trust in an issuer (authentication), a person's kubeconfig (kubeconfig). */
export { apiServerFlags, authenticationConfiguration, type TrustedIssuer } from "./authentication";
export { personalKubeconfig, type PersonalKubeconfig } from "./kubeconfig";
export { kubernetes, type KubernetesInput, type KubernetesSpec } from "./kubernetes";
