/** KubeSphere 3 and 4: what each release has of its own, and what they share (common). */
export { kubeSphereClientSecret } from "./adoption";
export { kubeSphereApis, kubeSphereResourceName } from "./apis";
export { kubeSphereNamespace, kubeSphereProvider, kubeSphereProviderSecret, kubeSphereWorkspaceLabel } from "./common";
export { kubeSphere3, type KubeSphere3Input, type KubeSphere3Spec } from "./kubesphere-3";
export { kubeSphere4, type KubeSphere4Input, type KubeSphere4Spec } from "./kubesphere-4";
