/** The Kubernetes API server: the files that its owner and its people take away (api-server). Nothing is installed in the cluster. */
export { ApiServer, type ApiServerArgs } from "./api-server";
export { installApiServer } from "./install";
