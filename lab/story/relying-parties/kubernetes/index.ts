/**
 * The API server itself: kubelogin's part of a sign-in as the generated kubeconfig says it (`kubelogin-*`), and the questions that
 * kubectl would ask with the ID token (`api-server`).
 */
import type { RelyingPartyDefinition } from "../contract";
import { startApiServerLogin } from "./api-server";

const kubeconfigFile = "kubeconfig.yaml";

export const kubernetesRelyingParty: RelyingPartyDefinition = {
  start({ files = {}, title }, { trusted }) {
    const kubeconfig = files[kubeconfigFile];
    if (kubeconfig === undefined) {
      const there = Object.keys(files).join(", ") || "none";
      throw new Error(`${title}: expected the file ${kubeconfigFile} in the environment document, got ${there}.`);
    }
    return startApiServerLogin({ kubeconfig, trusted });
  },
};
