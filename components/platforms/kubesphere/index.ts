/**
 * KubeSphere 3 and 4, which are installed already: the identity provider in each (kubesphere-3, kubesphere-4), the people (kubesphere-people),
 * and the one entry of release 3's shared configuration (cluster-configuration).
 */
export { installKubeSphere3, installKubeSphere4 } from "./install";
export { KubeSphere3, type KubeSphere3Args } from "./kubesphere-3";
export { KubeSphere4, type KubeSphere4Args, type KubeSphereSignInArgs } from "./kubesphere-4";
export { KubeSpherePeople, type KubeSphereBindingArgs, type KubeSpherePeopleArgs, type KubeSpherePersonArgs } from "./kubesphere-people";
