/**
 * The Kubernetes API server's way with bearer tokens, to the letter: its AuthenticationConfiguration or flags in, accepted or refused and
 * the resulting user out. Holds no advice and nothing of Gatehouse's environments; `go/` beside it reads the bytes.
 */
import type { ApiServerRules } from "./rules";

export { authenticate, longestToken, readToken, type Authentication } from "./authenticate";
export type { Surroundings } from "./world";
export { readOidcFlags } from "./flags";
export { signatureAlgorithms, type ApiServerRules, type JwtRules, type KubernetesUser } from "./rules";
export { surroundingsOf, type KeySet, type SurroundingOptions } from "./surroundings";

/**
 * Reads an AuthenticationConfiguration (apiserver.config.k8s.io) as kube-apiserver 1.36 does: YAML or JSON, unknown and doubled fields
 * refused, every expression compiled. YAML and CEL are loaded here and not before: most verdicts need neither.
 * @param content the file's text
 * @returns rules for `verifyClusterToken`, and for `rules` of `verifyToken`
 * @throws InvalidRulesError with every problem and its path (`invalid_authentication_configuration`: the API server does not start with
 * such a file, or keeps the earlier one), or with an expression that is not evaluated here (`unsupported_expression`: nothing is decided)
 */
export async function readAuthenticationConfiguration(content: string): Promise<ApiServerRules> {
  return (await import("./configuration.js")).readAuthenticationConfiguration(content);
}
