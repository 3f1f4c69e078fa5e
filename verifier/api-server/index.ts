/**
 * The Kubernetes API server's way with bearer tokens, to the letter: its AuthenticationConfiguration or flags in, accepted or refused and
 * the resulting user out. Holds no advice and nothing of Gatehouse's environments; `go/` beside it reads the bytes.
 */
export { authenticate, longestToken, readToken, type Authentication } from "./authenticate";
export type { Surroundings } from "./world";
export { readAuthenticationConfiguration } from "./configuration";
export { readOidcFlags } from "./flags";
export { signatureAlgorithms, type ApiServerRules, type JwtRules, type KubernetesUser } from "./rules";
export { surroundingsOf, type KeySet, type SurroundingOptions } from "./surroundings";
