import { openCluster, type ClusterChoice, type Json, type Reply } from "../../../cluster";

/** Where the one ClusterConfiguration of a KubeSphere 3 is; its installer watches this name only. */
const configurationPath = "/apis/installer.kubesphere.io/v1alpha1/namespaces/kubesphere-system/clusterconfigurations/ks-installer";

/** Reads or patches the ClusterConfiguration. */
export async function callConfiguration(choice: ClusterChoice, method: "GET" | "PATCH", body?: Json): Promise<Reply> {
  const call = await openCluster(choice);
  return call(method, configurationPath, body);
}
