import type { Environment } from "@marcbachmann/cel-js";

/** Functions of Kubernetes' environment (pkg/cel/library; cel-go v0.26.0, ext) that are not evaluated here: an expression with one is not judged. */
const unsupported =
  /(?:\bsets\.|\bmath\.|\blists\.|\b(?:url|isURL|getScheme|getHost|getHostname|getPort|getEscapedPath|getQuery|find|findAll|isSorted|sum|min|max|charAt|replace|quote|format|quantity|isQuantity|ip|isIP|cidr|isCIDR|semver|isSemver|optMap|optFlatMap|transformList|transformMap|transformMapEntry|existsOne|sort|sortBy|slice|flatten|distinct|reverse)\s*\()/;

/** The first function in an expression that Kubernetes has and this evaluator has not; undefined where there is none. */
export function unsupportedFunction(expression: string): string | undefined {
  const code = expression.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '""');
  return unsupported.exec(code)?.[0].replace(/\s*\($/, "");
}

/** Adds what Kubernetes' CEL has beyond the language (k8s.io/apiserver v0.36.3, pkg/cel/library; cel-go v0.26.0, ext). */
export function registerKubernetesFunctions(environment: Environment): Environment {
  return environment.registerFunction("noOverloadForClaims(): dyn", () => {
    throw new Error("no such overload");
  });
}
